"""The guide for instructors: its settings load, and its commands do what it says of them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from traitlets.config import Config, Configurable

from grader.review import Decision
from grader.review_file import ReviewFile
from tests.benchmarks import bulk
from tests.grader.course import NAME, ROOT, Course

HUB = ROOT / "book" / "_static" / "hub"
LEARNER, OTHER = "l017-of-the-quay", "l018"
SECRET = "The herring gulls of Kirkwall know my name."
DUE = "2026-11-01T12:00+00:00"


def blocks(page: str) -> list[str]:
    """The commands of a page, block by block."""
    return re.findall(r"```bash\n(.*?)```", (ROOT / "book" / page).read_text("utf-8"), re.DOTALL)


def typed(course: Course, commands: str, home: Path) -> None:
    """Type commands into a shell in the course's folder."""
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    run = subprocess.run(
        ["bash", "-eu", "-c", commands],
        cwd=course.folder,
        env=course.environment | {"PATH": programs, "HOME": str(home), "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr


def holding(folder: Path, *words: str) -> list[str]:
    """The files below a folder with one of the words in their names or contents."""
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if any(
            word in path.name or (path.is_file() and word.encode() in path.read_bytes())
            for word in words
        )
    ]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A graded course with two learners, one of them ten hours late."""
    made = Course(tmp_path_factory.mktemp("guide") / "course")
    made.exchange.mkdir()
    data = (made.source / "assignment.json").read_text(encoding="utf-8")
    (made.source / "assignment.json").write_text(
        data.replace('"feedback"', f'"due": "{DUE}",\n  "feedback"', 1), encoding="utf-8"
    )
    shutil.copyfile(HUB / "late.py", made.folder / "late.py")
    with (made.folder / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write('\nc.AssignLatePenalties.plugin_class = "late.TenthADay"\n')
    made.nbgrader("generate_assignment", NAME)
    made.nbgrader("release_assignment", NAME)
    for learner in (LEARNER, OTHER):
        item = made.assignment.items[0].id
        reply = "No wonder you're angry. You waited for nothing: our mistake, and I'm sorry."
        folder = made.submit(learner, {item: f"{reply} {SECRET}"})
        shutil.copytree(folder, made.exchange / "talk-it-down" / "inbound" / f"{learner}+a+b+c")
    late = made.submission(LEARNER) / "timestamp.txt"
    late.write_text("2026-11-01 22:00:00 UTC", encoding="utf-8")
    made.python("-m", "grader", "autograde", NAME)
    made.nbgrader("generate_feedback", NAME)
    review = ReviewFile(made.root)
    for learner in (LEARNER, OTHER):
        review.append(
            Decision(NAME, learner, item, "digest", None, 2.0, reason=SECRET, comment="", by=""),
            after=None,
        )
    return made


@pytest.mark.skipif(sys.platform == "win32", reason="nbgrader has no exchange there")
def test_learners_settings_find_the_exchange(course: Course, tmp_path: Path) -> None:
    run = subprocess.run(
        [
            *(sys.executable, "-m", "nbgrader", "fetch_assignment", NAME),
            f"--Exchange.root={course.exchange}",
        ],
        cwd=tmp_path,
        env=course.environment | {"JUPYTER_CONFIG_PATH": str(HUB), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert (tmp_path / NAME / "assignment.json").is_file()


def test_hub_tells_instructors_the_place_that_it_tells_learners() -> None:
    learners, hub = Config(), Config()
    for file, config in (("nbgrader_config.py", learners), ("jupyterhub_config.py", hub)):
        text = (HUB / file).read_text(encoding="utf-8")
        exec(compile(text, file, "exec"), {"get_config": lambda config=config: config})  # noqa: S102
    assert hub.Spawner.environment == {"NBGRADER_EXCHANGE": learners.Exchange.root}
    ours = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    assert f'course_id = "{learners.CourseDirectory.course_id}"' in ours


def test_values_for_a_cluster_are_whole() -> None:
    values = yaml.safe_load((HUB / "config.yaml").read_text(encoding="utf-8"))
    assert values["singleuser"]["extraEnv"] == {"NBGRADER_EXCHANGE": "ngshare"}
    config = Config()
    config.JupyterHub.services = []
    exec(values["hub"]["extraConfig"]["ngshare.py"], {"c": config})  # noqa: S102
    assert config.JupyterHub.services[0]["name"] == "ngshare"
    compile((HUB / "ngshare_nbgrader_config.py").read_text("utf-8"), "ngshare", "exec")


def classes() -> dict[str, set[str]]:
    """Class -> the settings of all loaded classes of that name."""
    found: dict[str, set[str]] = {}
    waiting = [Configurable]
    while waiting:
        waiting += (one := waiting.pop()).__subclasses__()
        found.setdefault(one.__name__, set()).update(one.class_trait_names(config=True))
    return found


@pytest.mark.parametrize(
    ("file", "program"),
    [
        ("nbgrader_config.py", "nbgrader.apps"),
        ("ngshare_nbgrader_config.py", "ngshare_exchange"),
        ("jupyterhub_config.py", "jupyterhub.app"),
        ("config.yaml", "jupyterhub.app"),
    ],
)
@pytest.mark.filterwarnings("ignore")  # of the programs, about themselves
def test_settings_are_ones_that_the_programs_have(
    file: str, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER", "ana")  # ngshare's part wants one
    pytest.importorskip(program, reason="not installed; no part of the course needs it")
    config = Config()
    text = (HUB / file).read_text(encoding="utf-8")
    if file.endswith(".yaml"):
        config.JupyterHub.services = []
        (text,) = yaml.safe_load(text)["hub"]["extraConfig"].values()
    exec(compile(text, file, "exec"), {"c": config, "get_config": lambda: config})  # noqa: S102
    there = classes()
    unknown = [
        f"{section}.{setting}"
        for section, settings in config.items()
        for setting in settings
        if setting not in there.get(section, ())
    ]
    assert unknown == []


def test_late_day_costs_a_tenth(course: Course) -> None:
    earned = sum(entry.auto or 0 for entry in course.gradebook()[LEARNER].values())
    assert earned > 0
    assert course.penalties(LEARNER, OTHER) == [pytest.approx(earned / 10), 0]


@pytest.mark.skipif(shutil.which("bash") is None, reason="the page's commands are for a Unix shell")
def test_one_learner_is_deleted_and_then_a_cohort_moves(course: Course, tmp_path: Path) -> None:
    one, cohort = blocks("privacy.md")
    # Three folders, the gradebook and the review.
    assert len(holding(course.folder, LEARNER)) >= 5
    typed(course, one.replace("LEARNER=ana", f"LEARNER={LEARNER}"), tmp_path)
    left = [*holding(course.folder, LEARNER), *holding(course.exchange, LEARNER)]
    assert left == []
    assert list(course.gradebook()) == [OTHER]
    assert [d.learner for d in ReviewFile(course.root).read(NAME)] == [OTHER]

    typed(course, cohort.replace("assignment NAME", f"assignment {NAME}"), tmp_path)
    assert holding(course.folder, OTHER, SECRET) == []
    assert holding(course.exchange, OTHER, SECRET) == []
    assert course.gradebook() == {}
    assert (course.source / f"{NAME}.ipynb").is_file()
    assert {"gradebook.db", "submitted"} <= {p.name for p in tmp_path.glob("cohorts/*/*")}


def test_page_quotes_the_ratios_that_the_benchmark_holds() -> None:
    page = " ".join((ROOT / "book" / "instructors.md").read_text(encoding="utf-8").split())
    assert f"at least {bulk.FASTER} times faster" in page
    assert f"at most {bulk.SLOWER} times as long" in page


@pytest.mark.parametrize("page", ["running.md", "instructors.md"])
def test_files_that_a_page_names_are_there(page: str) -> None:
    text = (ROOT / "book" / page).read_text(encoding="utf-8")
    named = re.findall(r"literalinclude\} (\S+)", text) + re.findall(r"\]\((\w[\w-]+\.md)\)", text)
    named += [f"../{path}" for path in re.findall(r"install -D (book/\S+)", text)]
    assert named
    assert [path for path in named if not (ROOT / "book" / path).is_file()] == []
