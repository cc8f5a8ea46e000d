"""What people rely on beyond a single module: the wheel, the imports, the lock, the commands."""

import ast
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from exercises.build import compiled_bank

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# ---- the wheel: what is installed, and what the site serves to everybody ----


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    build = ("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder)
    subprocess.run([*pip, *build, ROOT], check=True)
    (built,) = folder.iterdir()
    return built


def test_wheel_holds_code_and_compiled_data_only(wheel: Path) -> None:
    allowed = re.compile(
        r"(grader|exercises)/(\w+/)*\w+\.py|(grader|exercises)/py\.typed"
        r"|(grader|exercises)/data/\w+\.json|exercises/schemas/\w+\.yml|(grader|exercises|exercises/views)/[\w-]+\.(css|js)|grader/templates/(\w+/)*[\w.]+\.(json|j2)"
        r"|talk_it_down-[^/]+\.dist-info/.*"
    )
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if not allowed.fullmatch(name)] == []
    assert {"grader/data/rubric.json", "exercises/data/bank.json"} <= set(names)


PRIVATE = "Nobody but the author has ever read this reply, which came on a Tuesday."


@pytest.fixture(scope="module")
def with_assessment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources with one scenario of the assessment pool, and what is built from them."""
    folder = tmp_path_factory.mktemp("assessment") / "sources"
    made = shutil.ignore_patterns(
        ".*", "_build", "node_modules", "__pycache__", "tests", "notebooks"
    )
    shutil.copytree(ROOT, folder, ignore=made)
    path = next((folder / "exercises" / "bank").glob("*.yml"))
    scenario = yaml.safe_load(path.read_text(encoding="utf-8")) | {"pool": "assessment"}
    for model in scenario["models"]:
        model["reply"] = PRIVATE
    scenario["pitfalls"] = [PRIVATE]
    path.with_name("for-the-test.yml").write_text(yaml.safe_dump(scenario), encoding="utf-8")
    for name, text in compiled_bank(folder).items():
        (folder / name).write_text(text, encoding="utf-8")
    steps = (
        "from hatchling.build import build_sdist; build_sdist('built')",
        "from hatchling.build import build_wheel; build_wheel('built')",
    )
    for step in steps:
        subprocess.run([sys.executable, "-c", step], cwd=folder, check=True, capture_output=True)
    return folder


def test_nothing_that_is_published_gives_away_a_model_reply_of_an_assessment(
    with_assessment: Path,
) -> None:
    (sdist,) = (with_assessment / "built").glob("*.tar.gz")
    (wheel,) = (with_assessment / "built").glob("*.whl")
    contents: dict[str, bytes] = {}
    with tarfile.open(sdist) as tar, zipfile.ZipFile(wheel) as archive:
        for member in tar.getmembers():
            file = tar.extractfile(member)
            contents[member.name] = file.read() if file else b""
        contents |= {name: archive.read(name) for name in archive.namelist()}
    assert any(b"for-the-test" in content for content in contents.values())
    assert [name for name, content in contents.items() if PRIVATE.encode() in content] == []
    derived = [
        *(with_assessment / "exercises" / "data").iterdir(),
        *with_assessment.rglob("*.ipynb"),
    ]
    assert [path.name for path in derived if PRIVATE in path.read_text(encoding="utf-8")] == []
    published = {Path(name).parts[1] for name in contents if name.startswith("talk_it_down")}
    assert not published & {"tests", "book", "notebooks", ".github"}


def test_wheel_is_the_same_from_the_sdist(with_assessment: Path, tmp_path: Path) -> None:
    (sdist,) = (with_assessment / "built").glob("*.tar.gz")
    with tarfile.open(sdist) as tar:
        tar.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    step = "from hatchling.build import build_wheel; build_wheel('built')"
    subprocess.run([sys.executable, "-c", step], cwd=unpacked, check=True, capture_output=True)
    (first,) = (with_assessment / "built").glob("*.whl")
    (second,) = (unpacked / "built").glob("*.whl")
    assert first.read_bytes() == second.read_bytes()


def test_grader_and_bank_run_from_the_wheel_alone(wheel: Path) -> None:
    # -I -S: no installed package is to be had, as in the browser.
    program = """
import sys
sys.path.insert(0, sys.argv[1])
import grader
from exercises import bank
scenario = bank.scenarios()[0]
text = {"setting": scenario.setting, "customer": scenario.customer, "agent_bad": ""}
reply = "I am so sorry that we let you down twice this week."
result = grader.assess(reply, text, {"apologise": 1})
print(result.levels["apologise"], len(result.levels))
"""
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, wheel], capture_output=True, text=True
    )
    assert (run.stdout, run.stderr) == ("2 23\n", "")


# ---- imports ----

# The only files that may import each package from outside the standard library.
_GRADEBOOK = [f"grader/{name}.py" for name in ("nbgrader_bridge", "bulk_*", "gradebook", "report")]
_LESSONS = ["exercises/lessons.py"]
_AUTHORING = ["exercises/build.py", "exercises/schema.py"]
_TRAINING = ["grader/corpus/train.py"]  # not in the wheel
EDGES = {
    "distributed": ["grader/pool.py"],
    "IPython": ["exercises/views/*"],
    "font_source_sans_pro": ["exercises/pocket_guide.py"],
    "font_source_serif_pro": ["exercises/pocket_guide.py"],
    "fpdf": ["exercises/pocket_guide.py"],
    "ipywidgets": ["exercises/views/*"],
    "jinja2": ["grader/report.py"],
    "jsonschema": _AUTHORING,
    "markdown_it": _LESSONS,
    "matplotlib": ["grader/charts.py"],
    "myst_nb": _LESSONS,
    "myst_parser": _LESSONS,
    "mistune": _GRADEBOOK,
    "nbconvert": _GRADEBOOK,
    "nbformat": [*_GRADEBOOK, *_LESSONS, *_AUTHORING, "exercises/assignment.py"],
    "nbgrader": _GRADEBOOK,
    "numpy": _TRAINING,
    "platformdirs": ["exercises/home.py"],
    "rapidfuzz": ["grader/alike.py"],
    "scipy": _TRAINING,
    "sklearn": _TRAINING,
    "sqlalchemy": _GRADEBOOK,
    "tqdm": ["grader/bulk.py"],
    "traitlets": _GRADEBOOK,
    "yaml": [*_AUTHORING, *_TRAINING],
}
OWN = {"grader": ["grader"], "exercises": ["exercises", "grader"]}


def imported(path: Path) -> Iterator[str]:
    """The top-level packages a file imports, those inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0] if not node.level else path.parts[0]


@pytest.mark.parametrize("package", OWN)
def test_imports_run_one_way(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    files = sorted(Path(package).rglob("*.py"))
    wrong = [
        f"{path.as_posix()} imports {name}"
        for path in files
        for name in imported(path)
        if name not in sys.stdlib_module_names
        and name not in OWN[package]
        and not any(path.match(edge) for edge in EDGES.get(name, ()))
    ]
    assert files
    assert wrong == []


@pytest.mark.parametrize("package", OWN)
def test_import_loads_nothing_from_outside_the_standard_library(package: str) -> None:
    program = f"""
import sys
before = set(sys.modules)
import {package}
new = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(sorted(new - sys.stdlib_module_names))
"""
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(ast.literal_eval(run.stdout)) <= set(OWN[package])


# ---- the lock ----


def lock_entries() -> dict[str, list[str]]:
    """Canonical name -> the lines of its entries; one entry a version."""
    entries: dict[str, list[str]] = {}
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            name = re.split(r"[=\s]", line, maxsplit=1)[0]
            entries.setdefault(canonicalize_name(name), []).append(line)
    return entries


def test_lock_pins_and_hashes_everything_and_names_no_address() -> None:
    pinned = re.compile(r"[\w.-]+==[\w.]+(?: ; [^;]+?)?(?:\s+--hash=sha256:[0-9a-f]{64})+\s*")
    entries = [line for lines in lock_entries().values() for line in lines]
    assert len(entries) > 100
    assert [line for line in entries if not pinned.fullmatch(line)] == []
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert re.findall(r"\S*(?:://|--index|--find-links|\s/\w)\S*", text) == []


def test_lock_fits_the_dependencies() -> None:
    optional = PROJECT["optional-dependencies"]
    entries = lock_entries()
    for line in [
        *PROJECT["dependencies"],
        *optional["site"],
        *optional["report"],
        *optional["dev"],
    ]:
        wanted = Requirement(line)
        found = entries.get(canonicalize_name(wanted.name), [])
        versions = [re.findall(r"==([^\s;]+)", entry)[0] for entry in found]
        assert any(wanted.specifier.contains(v, prereleases=True) for v in versions), (
            f"{line}: the lock has {versions or 'none'}; run `nox -s lock`"
        )


# ---- commands and documents ----


def test_documents_give_the_commands_that_the_build_machines_run() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    tests = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    windows = re.findall(r"run: (py -m .*)", workflow)
    assert tests in readme
    assert tests.replace("nox -s tests", "nox -s lab") in readme
    assert [line.replace("nox -s tests", "nox -s lab") in readme for line in windows] == [True]


def test_noxfile_offers_every_task() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "nox", "--list", "--nocolor"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = set(re.findall(r"^[*-] (\w+) -> ", listed.stdout, re.MULTILINE))
    assert names >= {"lab", "tests", "book", "notebooks", "bench", "lint", "lock"}


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_documents_point_at_things_that_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
    named = [s for line in re.findall(r"--scenarios ([\w,-]+)", text) for s in line.split(",")]
    assert [s for s in named if not (ROOT / "exercises" / "bank" / f"{s}.yml").exists()] == []


def test_every_line_of_the_page_on_safety_is_shown_by_tests_that_there_are() -> None:
    page = (ROOT / "book" / "safety.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith("|")][2:]
    assert len(lines) > 15
    for line in lines:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", line.split("|")[3])
        assert named, line
        for file, test in named:
            assert f"\ndef {test}(" in (ROOT / file).read_text(encoding="utf-8").replace(
                "\n    def ", "\ndef "
            ), test


def test_one_version_everywhere() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]


def our_texts(folder: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Name and text of each file of ours; a copy without git has them too."""
    made = {"_build", "node_modules", "__pycache__", "dist", "answers"}
    made |= {"release", "submitted", "autograded", "feedback", "refused", "exchange"}  # by nbgrader
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            hidden = path.name.startswith(".") and path.name not in {".ci", ".github"}
            if not hidden and path.name not in made and path.suffix != ".egg-info":
                yield from our_texts(path)
        elif b"\0" not in (data := path.read_bytes()) and path.suffix != ".log":
            yield path.relative_to(ROOT).as_posix(), data.decode("utf-8")


def test_no_file_names_a_folder_or_registry_of_somebodys_machine() -> None:
    # Spelt in parts, so that this file passes. Pyodide and servers have homes of their own.
    folders = r"home(?!/learner|/pyodide)|root|Users|work|opt(?!/tljh|/talk-it-down)|tmp"
    folder = rf"(?<![\w.~-])/(?:{folders})" + r"/[\w.-]+"
    windows = r"\b[A-Z]:" + r"\\\\?Users"
    registry = r'"resolved":' + r'\s*"http|--(?:extra-)?index-' + r"url|find-" + r"links\s*="
    pattern = re.compile(f"{folder}|{windows}|{registry}")
    found = [
        f"{name}: {match.group()}" for name, text in our_texts() for match in pattern.finditer(text)
    ]
    assert found == []
