"""The workflows do what the project's own tasks do, with no more rights than that takes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TASK = re.compile(r"(?:.*[\\/])?nox -s (\w+)(?: -- --tag \"\$GITHUB_REF_NAME\")?")
INSTALL = "python -m pip install nox"
# Who may do more than read the repository, and what.
WRITES = {
    ("site.yml", "deploy"): {"pages": "write", "id-token": "write"},
    ("release.yml", "publish"): {"id-token": "write"},
}


def load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in load(path)["jobs"].values():
        yield from job["steps"]


def tasks() -> set[str]:
    """The names of the tasks in noxfile.py."""
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name for node in functions if "nox.session" in decorators(node)}


def decorators(node: ast.FunctionDef) -> str:
    return " ".join(ast.unparse(decorator) for decorator in node.decorator_list)


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.name)
def workflow(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_there_is_a_workflow_for_each_purpose() -> None:
    assert [path.name for path in WORKFLOWS] == [
        "links.yml",
        "release.yml",
        "site.yml",
        "tests.yml",
    ]


def test_actions_are_pinned_to_a_commit_and_say_its_version(workflow: Path) -> None:
    used = re.findall(r"uses: *(\S+)(.*)", workflow.read_text(encoding="utf-8"))
    assert used
    pinned = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}")
    assert [u for u, say in used if not pinned.fullmatch(u) or not re.match(r" # v\d", say)] == []


def test_jobs_may_do_no_more_than_they_need(workflow: Path) -> None:
    allowed = load(workflow)["permissions"]
    assert allowed in ({}, {"contents": "read"})
    for name, job in load(workflow)["jobs"].items():
        expected = WRITES.get((workflow.name, name), {"contents": "read"})
        assert job.get("permissions", allowed) == expected
        assert job["timeout-minutes"] <= 60


def test_no_secret_is_used_and_none_is_left_on_the_disk(workflow: Path) -> None:
    assert "secrets." not in workflow.read_text(encoding="utf-8")
    for step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_jobs_run_the_projects_own_tasks(workflow: Path) -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for command in [step["run"] for step in steps(workflow) if "run" in step]:
        last = ci.splitlines()[-1] if command == ".ci/run" else command
        found = TASK.fullmatch(last)
        assert command == INSTALL or (found and found[1] in tasks()), command


def test_tests_run_on_every_system_and_python() -> None:
    job = load(ROOT / ".github" / "workflows" / "tests.yml")["jobs"]["tests"]
    systems = ["ubuntu-latest", "macos-latest", "windows-latest"]
    pythons = ["3.11", "3.12", "3.13", "3.14"]
    assert job["strategy"]["matrix"] == {"os": systems, "python": pythons}
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert re.findall(r"Python :: (3\.\d+)", project) == pythons


def test_updates_are_looked_for_where_versions_are_named() -> None:
    updates = load(ROOT / ".github" / "dependabot.yml")["updates"]
    places = {(update["package-ecosystem"], update["directory"].strip("/")) for update in updates}
    locks = [path for top in ("book", "tests") for path in (ROOT / top).rglob("package-lock.json")]
    assert places == {
        ("pip", ""),
        ("github-actions", ""),
        *(("npm", path.parent.relative_to(ROOT).as_posix()) for path in locks),
    }
    sources = (ROOT / "book" / "_web" / "package.json", ROOT / "pyproject.toml")
    named = "".join(path.read_text(encoding="utf-8") for path in sources)
    ignored = [each["dependency-name"] for update in updates for each in update.get("ignore", [])]
    assert [name for name in ignored if f'"{name}' not in named] == []
