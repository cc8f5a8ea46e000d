"""The whole way through nbgrader, by its own commands: release, hand in, mark, hand back, export.

One autograding marks every submission below, good and bad, so that each also proves that the rest
goes on.
"""

import csv
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exercises import bank
from tests.grader.course import NAME, ROOT, Course, Entry, write_answers

Edit = Callable[[Path], object]


def model_replies(kind: str) -> dict[str, str]:
    """For each scenario of the assignment the second model reply of the kind."""
    source = Path("notebooks", "assignments", "source", NAME, "assignment.json")
    ids = [s["id"] for s in json.loads((ROOT / source).read_text(encoding="utf-8"))["scenarios"]]
    return {i: [m.reply for m in bank.scenario(i).models if m.kind == kind][1] for i in ids}


STRONG = model_replies("strong")
WEAK = model_replies("weak")
FIRST, SECOND, THIRD = STRONG
SECRET = "We are sorry for the two visits we missed. What matters most to you? Signed, Secret."
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> [a](javascript:alert(3)) "

# ---- what learners do to a notebook: it costs no marks ----


def change_notebook(change: Callable[[dict[str, Any]], None]) -> Edit:
    def edit(folder: Path) -> None:
        path = folder / f"{NAME}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        change(notebook)
        path.write_text(json.dumps(notebook), encoding="utf-8")

    return edit


def duplicate_cell(notebook: dict[str, Any]) -> None:
    notebook["cells"].append(notebook["cells"][1] | {"id": "copy"})


def delete_cell(notebook: dict[str, Any]) -> None:
    del notebook["cells"][1]


def add_foreign_cell(notebook: dict[str, Any]) -> None:
    cell = json.loads(json.dumps(notebook["cells"][1])) | {"id": "foreign"}
    cell["metadata"]["nbgrader"]["grade_id"] = "somebody-elses"
    notebook["cells"].append(cell)


def strip_metadata(notebook: dict[str, Any]) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def raise_points(notebook: dict[str, Any]) -> None:
    for cell in notebook["cells"][1:]:
        cell["metadata"]["nbgrader"] |= {"points": 1_000, "schema_version": 1}


def half_a_cell(notebook: dict[str, Any]) -> None:
    notebook["cells"].append({"cell_type": "code"})


def replace_notebook(content: bytes) -> Edit:
    return lambda folder: (folder / f"{NAME}.ipynb").write_bytes(content)


def byte_order_mark(folder: Path) -> None:
    path = folder / f"{NAME}.ipynb"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def rename_notebook(folder: Path) -> None:
    (folder / f"{NAME}.ipynb").rename(folder / f"{NAME} (1).ipynb")


def notebook_folder(folder: Path) -> None:
    (folder / f"{NAME}.ipynb").unlink()
    (folder / f"{NAME}.ipynb").mkdir()


def notebook_pipe(folder: Path) -> None:
    (folder / f"{NAME}.ipynb").unlink()
    os.mkfifo(folder / f"{NAME}.ipynb")


def own_weights(folder: Path) -> None:
    path = folder / "assignment.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    for scenario in data["scenarios"]:
        scenario |= {"points": 1_000, "asks": {"thank": 1}}
    path.write_text(json.dumps(data), encoding="utf-8")


def bad_time(folder: Path) -> None:
    (folder / "timestamp.txt").write_text("yesterday, I think", encoding="utf-8")


def extra_links(folder: Path) -> None:
    (folder / "notes.txt").symlink_to(folder.parents[2] / "secret.txt")
    (folder / "everything").symlink_to(folder.parents[2])


NOTEBOOKS: dict[str, Edit] = {
    "duplicated-cell": change_notebook(duplicate_cell),
    "deleted-cell": change_notebook(delete_cell),
    "foreign-cell": change_notebook(add_foreign_cell),
    "stripped-metadata": change_notebook(strip_metadata),
    "raised-points": change_notebook(raise_points),
    "half-a-cell": change_notebook(half_a_cell),
    "malformed": replace_notebook(b'{"cells": ['),
    "no-notebook": replace_notebook(b"[1, 2]"),
    "deep": replace_notebook(b"[" * 100_000),
    "byte-order-mark": byte_order_mark,
    "renamed": rename_notebook,
    "folder": notebook_folder,
    "own-weights": own_weights,
    "bad-time": bad_time,
}
NAMED = ["half-a-cell", "malformed", "no-notebook", "deep", "byte-order-mark", "folder", "bad-time"]
if os.name == "posix":
    NOTEBOOKS |= {"notebook-pipe": notebook_pipe, "extra-links": extra_links}
    NAMED += ["notebook-pipe", "extra-links"]

# ---- what learners do to an answer: that answer has no marks, the others have theirs ----


def first_answer(edit: Edit) -> Edit:
    def change(folder: Path) -> None:
        path = folder / "answers" / f"{FIRST}.txt"
        path.unlink()
        edit(path)

    return change


ANSWERS: dict[str, tuple[Edit, str]] = {
    "absent": (first_answer(lambda path: None), "No reply was handed in"),
    "empty": (first_answer(lambda path: path.write_text(" \n\t")), "nothing here"),
    "directory": (first_answer(lambda path: path.mkdir()), "not a plain text file"),
    "megabyte": (first_answer(lambda p: p.write_bytes(b"so " * 350_000)), "64 KiB"),
    "binary": (first_answer(lambda p: p.write_bytes(bytes(range(256)))), "not plain text"),
    "latin-1": (first_answer(lambda p: p.write_bytes(b"\xa320 back, sorry")), "UTF-8"),
}
if os.name == "posix":
    ANSWERS |= {
        "link": (
            first_answer(lambda path: path.symlink_to(path.parents[4] / "secret.txt")),
            "not a plain text file",
        ),
        "pipe": (first_answer(lambda path: os.mkfifo(path)), "not a plain text file"),
    }


# ---- the round trip, once ----


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = Course(tmp_path_factory.mktemp("nbgrader") / "course")
    (made.root / "secret.txt").write_text(SECRET, encoding="utf-8")
    write_answers(made.source, dict.fromkeys(STRONG, "The instructor tried this out."))
    made.nbgrader("generate_assignment", NAME)
    made.nbgrader("release_assignment", NAME)
    hand_in_through_the_exchange(made)
    (made.folder / "collect.log").write_text(made.nbgrader("collect", NAME), encoding="utf-8")
    made.submit("strong", STRONG)
    made.submit("weak", WEAK)
    made.submit("untouched", {})
    made.submit("hostile", {i: HOSTILE + text for i, text in STRONG.items()})
    run_code(made.submit("runs-code", STRONG), made.folder / "it-ran")
    for student, edit in NOTEBOOKS.items():
        edit(made.submit(student, STRONG))
    for student, (edit, _) in ANSWERS.items():
        edit(made.submit(student, STRONG))
    # Good answers, but somewhere else.
    elsewhere = made.submit("linked-folder", STRONG) / "answers"
    elsewhere.rename(made.root / "elsewhere")
    if os.name == "posix":
        elsewhere.symlink_to(made.root / "elsewhere")
    # No notebook at all: nbgrader passes this one over, with a warning.
    (made.submit("no-file", STRONG) / f"{NAME}.ipynb").unlink()
    (made.folder / "autograde.log").write_text(made.nbgrader("autograde", NAME), encoding="utf-8")
    made.nbgrader("generate_feedback", NAME)
    made.nbgrader("export", "--to", "grades.csv")
    return made


def hand_in_through_the_exchange(course: Course) -> None:
    """Ana does as she is told; Bert puts his own things into the exchange."""
    learner = course.folder.parent / "learner"
    learner.mkdir()
    shutil.copyfile(course.folder / "nbgrader_config.py", learner / "nbgrader_config.py")
    course.nbgrader("fetch_assignment", NAME, cwd=learner)
    write_answers(learner / NAME, STRONG)
    course.nbgrader("submit", NAME, "--student=ana", cwd=learner)
    (handed_in,) = (course.exchange / "talk-it-down" / "inbound").iterdir()
    berts = handed_in.with_name(handed_in.name.replace("ana+", "bert+"))
    shutil.copytree(handed_in, berts)
    (berts / "answers" / f"{SECOND}.txt").write_bytes(b" " * 70_000)
    if os.name == "posix":
        (berts / "answers" / f"{FIRST}.txt").unlink()
        (berts / "answers" / f"{FIRST}.txt").symlink_to(course.root / "secret.txt")
        os.mkfifo(berts / "pipe")


def run_code(folder: Path, witness: Path) -> None:
    """Put in code that would leave a file behind, and outputs that would run in a browser."""

    def change(notebook: dict[str, Any]) -> None:
        code = f"open({str(witness)!r}, 'w').close()"
        script = {"text/html": "<script>document.title = 'owned'</script>"}
        shown = {"output_type": "display_data", "data": script, "metadata": {}}
        for cell in notebook["cells"][1:]:
            cell |= {"source": code, "outputs": [shown]}
        cell = {"cell_type": "code", "id": "more", "metadata": {}, "execution_count": 1}
        notebook["cells"].append(cell | {"source": code, "outputs": [shown]})
        text = {"cell_type": "markdown", "id": "text", "metadata": {}, "source": HOSTILE}
        notebook["cells"].insert(0, text)

    change_notebook(change)(folder)


@pytest.fixture(scope="module")
def grades(course: Course) -> dict[str, dict[str, Entry]]:
    return course.gradebook()


@pytest.fixture(scope="module")
def expected(course: Course) -> dict[str, dict[str, Any]]:
    """What `python -m grader score` says of each text that is an answer above."""
    texts = {"strong": STRONG, "weak": WEAK}
    texts["hostile"] = {scenario: HOSTILE + text for scenario, text in STRONG.items()}
    rows = [
        {
            "id": f"{kind} {item.id}",
            "scenario": {
                "setting": item.scenario.setting,
                "customer": item.scenario.customer,
                "agent_bad": item.scenario.agent_bad,
            },
            "asks": dict(item.asks),
            "reply": replies[item.id],
        }
        for kind, replies in texts.items()
        for item in course.assignment.items
    ]
    path = course.folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    lines = course.python("-m", "grader", "score", str(path)).splitlines()
    results = [json.loads(line) for line in lines]
    return {row["id"]: row for row in results}


def points(expected: dict[str, dict[str, Any]], kind: str) -> dict[str, float]:
    """Scenario -> the mark that the contract asks for, each scenario being worth 10."""
    return {i: round(10 * expected[f"{kind} {i}"]["total"] / 100, 2) for i in STRONG}


def automatic(entries: dict[str, Entry]) -> dict[str, float | None]:
    return {scenario: entry.auto for scenario, entry in entries.items()}


@pytest.mark.parametrize("student", ["strong", "weak", "hostile"])
def test_marks_are_those_of_the_command_line(
    student: str, grades: dict[str, dict[str, Entry]], expected: dict[str, dict[str, Any]]
) -> None:
    assert automatic(grades[student]) == points(expected, student)


def test_strong_replies_earn_more_than_weak_ones(grades: dict[str, dict[str, Entry]]) -> None:
    strong, weak = automatic(grades["strong"]), automatic(grades["weak"])
    assert all((strong[i] or 0) > (weak[i] or 0) + 3 for i in STRONG)


@pytest.mark.parametrize("student", ["strong", "weak", "hostile"])
def test_marked_notebook_holds_the_row_of_the_command_line(
    student: str, course: Course, expected: dict[str, dict[str, Any]]
) -> None:
    cells = course.marked(student)["cells"]
    kept = [cell["metadata"]["result_row"] for cell in cells if cell["cell_type"] == "code"]
    assert kept == [
        json.dumps(expected[f"{student} {scenario}"] | {"id": scenario}) for scenario in STRONG
    ]


def test_nothing_waits_for_a_human(grades: dict[str, dict[str, Entry]]) -> None:
    waiting = [s for s, entries in grades.items() if any(e.waits for e in entries.values())]
    assert waiting == []


def test_submitted_code_never_runs_and_its_outputs_are_dropped(
    course: Course, grades: dict[str, dict[str, Entry]], expected: dict[str, dict[str, Any]]
) -> None:
    assert not (course.folder / "it-ran").exists()
    assert automatic(grades["runs-code"]) == points(expected, "strong")
    assert course.marked("runs-code") == course.marked("strong")


@pytest.mark.parametrize("student", NOTEBOOKS)
def test_broken_notebook_costs_no_marks(
    student: str,
    course: Course,
    grades: dict[str, dict[str, Entry]],
    expected: dict[str, dict[str, Any]],
) -> None:
    assert automatic(grades[student]) == points(expected, "strong")
    assert course.marked(student) == course.marked("strong")


@pytest.mark.parametrize("student", NAMED)
def test_what_was_set_aside_is_named_and_kept(student: str, course: Course) -> None:
    log = (course.folder / "autograde.log").read_text(encoding="utf-8")
    assert re.search(rf"WARNING\] {student}: .*; kept as ", log)
    assert list((course.root / "refused" / student / NAME).iterdir())


@pytest.mark.parametrize("student", ANSWERS)
def test_answer_that_is_no_text_has_no_marks_and_says_why(
    student: str, grades: dict[str, dict[str, Entry]], expected: dict[str, dict[str, Any]]
) -> None:
    assert automatic(grades[student]) == points(expected, "strong") | {FIRST: 0}
    assert ANSWERS[student][1] in str(grades[student][FIRST].comment)


def test_answers_in_a_linked_folder_are_not_followed(grades: dict[str, dict[str, Entry]]) -> None:
    assert automatic(grades["linked-folder"]) == dict.fromkeys(STRONG, 0)


def test_untouched_assignment_has_no_marks_and_says_why(
    course: Course, grades: dict[str, dict[str, Entry]]
) -> None:
    assert automatic(grades["untouched"]) == dict.fromkeys(STRONG, 0)
    assert all("No reply" in str(entry.comment) for entry in grades["untouched"].values())
    assert course.feedback("untouched").count("No reply was handed in") == len(STRONG)


def test_submission_without_a_notebook_is_named(
    course: Course, grades: dict[str, dict[str, Entry]]
) -> None:
    log = (course.folder / "autograde.log").read_text(encoding="utf-8")
    assert re.search(r"WARNING\] No notebooks were matched by .*no-file", log)
    assert "no-file" not in grades


def test_no_link_is_followed(course: Course) -> None:
    copies = [
        path.relative_to(course.root).as_posix()
        for folder in ("submitted", "autograded", "feedback")
        for path in (course.root / folder).rglob("*")
        if path.is_file() and not path.is_symlink() and b"Signed, Secret" in path.read_bytes()
    ]
    assert copies == []


def test_instructors_trial_is_neither_released_nor_marked(course: Course) -> None:
    assert (course.source / "answers" / f"{FIRST}.txt").is_file()
    assert not (course.root / "release" / NAME / "answers").exists()
    assert not (course.exchange / "talk-it-down" / "outbound" / NAME / "answers").exists()
    copied = course.root / "autograded" / "strong" / NAME / "answers" / f"{FIRST}.txt"
    assert copied.read_bytes() == STRONG[FIRST].encode("utf-8")


def test_answers_go_through_the_exchange(
    grades: dict[str, dict[str, Entry]], expected: dict[str, dict[str, Any]]
) -> None:
    assert automatic(grades["ana"]) == points(expected, "strong")


def test_collecting_leaves_out_links_pipes_and_huge_files(
    course: Course, grades: dict[str, dict[str, Entry]], expected: dict[str, dict[str, Any]]
) -> None:
    log = (course.folder / "collect.log").read_text(encoding="utf-8")
    assert re.search(rf"{SECOND}\.txt' has 70,000 bytes.*not collected", log)
    lost = dict.fromkeys([FIRST, SECOND] if os.name == "posix" else [SECOND], 0)
    assert automatic(grades["bert"]) == points(expected, "strong") | lost
    collected = {path.name for path in course.submission("bert").rglob("*")}
    assert "pipe" not in collected
    assert f"{THIRD}.txt" in collected


@pytest.mark.parametrize("student", ["strong", "hostile", "runs-code", "untouched"])
def test_feedback_page_runs_nothing_and_loads_nothing(student: str, course: Course) -> None:
    page = course.feedback(student)
    tags = set(re.findall(r"<([a-z0-9]+)", page))
    assert not tags & {"script", "img", "iframe", "link", "svg", "object", "form"}
    assert not re.search(r"<[^>]*\s(?:on\w+|src|srcset)\s*=", page)
    assert re.findall(r"(?:https?:)?//\w[^\s\"']*|@import|url\(", page) == []


def test_feedback_page_shows_points_replies_and_evidence(
    course: Course, expected: dict[str, dict[str, Any]]
) -> None:
    page = course.feedback("strong")
    marks = points(expected, "strong")
    assert f"{sum(marks.values()):g} of 30 points" in page
    assert [f"{mark:g} of 10 points" in page for mark in marks.values()] == [True] * 3
    assert page.count('class="tid-marked"') == len(STRONG)
    assert '<mark data-criterion="explore"' in page
    assert page.count('<ul class="tid-criteria">') == len(STRONG)
    assert page.count("<dt>Next step</dt>") == sum(len(i.asks) for i in course.assignment.items)
    assert 'tid-criteria"' not in course.feedback("untouched")


def test_marked_notebook_shows_hostile_words_escaped(course: Course) -> None:
    cells = course.marked("hostile")["cells"]
    shown = "".join("".join(o["data"]["text/html"]) for c in cells for o in c.get("outputs", ()))
    without_marks = re.sub("</?mark[^>]*>", "", shown)
    assert without_marks.count("&lt;script&gt;alert(1)") == len(STRONG)
    assert "<script" not in shown
    assert "<img" not in shown


def test_export_lists_every_submission(course: Course, grades: dict[str, dict[str, Entry]]) -> None:
    with (course.folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(grades)
    for student, entries in grades.items():
        assert float(rows[student]["max_score"]) == 30
        total = sum(entry.auto or 0 for entry in entries.values())
        assert float(rows[student]["score"]) == pytest.approx(total)


def test_released_notebook_passes_nbgraders_own_check(course: Course) -> None:
    from nbgrader.nbgraderformat import read

    released = read(course.root / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    graded = [c.metadata.nbgrader for c in released.cells if "nbgrader" in c.metadata]
    assert [(cell.grade_id, cell.points) for cell in graded] == [(i, 10) for i in STRONG]


# ---- and again: last, because it changes what the tests above look at ----


def test_manual_score_survives_and_new_answers_count(
    course: Course, expected: dict[str, dict[str, Any]]
) -> None:
    course.set_manual_score("weak", FIRST, 7.5)
    course.set_manual_score("untouched", FIRST, 1)
    write_answers(course.submission("weak"), {FIRST: STRONG[FIRST], SECOND: STRONG[SECOND]})
    course.nbgrader("autograde", NAME, "--force", "--student=[uw]*")
    grades = course.gradebook()
    again = grades["weak"]
    assert (again[FIRST].manual, again[FIRST].waits) == (7.5, True)
    assert again[FIRST].auto == points(expected, "strong")[FIRST]
    assert (again[SECOND].auto, again[SECOND].waits) == (points(expected, "strong")[SECOND], False)
    assert again[THIRD].auto == points(expected, "weak")[THIRD]
    # What was never answered waits for nobody, whatever was typed.
    assert (grades["untouched"][FIRST].manual, grades["untouched"][FIRST].waits) == (1, False)


def test_gradebook_that_does_not_fit_is_named(course: Course) -> None:
    path = course.source / "assignment.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["scenarios"][0]["points"] = 12
    path.write_text(json.dumps(data), encoding="utf-8")
    before = course.gradebook()
    log = course.nbgrader("autograde", NAME, "--force", "--student=strong", fails=True)
    assert f"nbgrader generate_assignment {NAME} --force" in log
    assert course.gradebook() == before
