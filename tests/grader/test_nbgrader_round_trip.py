"""The whole way through nbgrader, by its own commands: release, hand in, mark, hand back, export.

One autograding marks every submission below, good and bad, so that each also proves that the rest
goes on.
"""

import csv
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from exercises import bank
from tests.grader.attacks import ANSWERS, FIRST, NAMED, NOTEBOOKS, WITNESS, change_notebook
from tests.grader.course import NAME, ROOT, Course, Entry, write_answers


def model_replies(kind: str) -> dict[str, str]:
    """For each scenario of the assignment the second model reply of the kind."""
    source = Path("notebooks", "assignments", "source", NAME, "assignment.json")
    ids = [s["id"] for s in json.loads((ROOT / source).read_text(encoding="utf-8"))["scenarios"]]
    return {i: [m.reply for m in bank.scenario(i).models if m.kind == kind][1] for i in ids}


STRONG = model_replies("strong")
WEAK = model_replies("weak")
_, SECOND, THIRD = STRONG
TRIED = ("attempts.jsonl", f"{NAME}.zip")  # what an instructor's own "Hand in" makes
SECRET = "We are sorry for the two visits we missed. What matters most to you? Signed, Secret."
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> [a](javascript:alert(3)) "

# ---- the round trip, once ----


@pytest.fixture(scope="module")
def course() -> Iterator[Course]:
    # Not pytest's own folder: on a shared machine no other account could look into that one.
    with TemporaryDirectory(prefix="talk-it-down-") as name:
        Path(name).chmod(0o755)
        yield graded(Course(Path(name, "course")))


def graded(made: Course) -> Course:
    made.exchange.mkdir()
    made.exchange.chmod(0o777)
    (made.root / "secret.txt").write_text(SECRET, encoding="utf-8")
    write_answers(made.source, dict.fromkeys(STRONG, "The instructor tried this out."))
    for name in TRIED:
        (made.source / name).write_bytes(b"The instructor tried this out.")
    data = json.loads((made.source / "assignment.json").read_text(encoding="utf-8"))
    data["due"] = "2026-11-01T13:00+01:00"
    (made.source / "assignment.json").write_text(json.dumps(data), encoding="utf-8")
    made.nbgrader("generate_assignment", NAME)
    made.nbgrader("release_assignment", NAME)
    hand_in_through_the_exchange(made)
    (made.folder / "collect.log").write_text(made.nbgrader("collect", NAME), encoding="utf-8")
    made.submit("strong", STRONG)
    made.submit("weak", WEAK)
    made.submit("untouched", {})
    made.submit("hostile", {i: HOSTILE + text for i, text in STRONG.items()})
    run_code(made.submit("runs-code", STRONG), made.folder / WITNESS)
    for student, edit in NOTEBOOKS.items():
        edit(made.submit(student, STRONG))
    for student, (edit, _) in ANSWERS.items():
        edit(made.submit(student, STRONG))
    # Good answers, but somewhere else.
    elsewhere = made.submit("linked-folder", STRONG) / "answers"
    elsewhere.rename(made.root / "elsewhere")
    if os.name == "posix":
        elsewhere.symlink_to(made.root / "elsewhere")
    late = made.submit("u-late", STRONG)
    (late / "timestamp.txt").write_text("2026-11-01 12:00:01 UTC", encoding="utf-8")
    in_time = made.submit("u-in-time", STRONG)
    (in_time / "timestamp.txt").write_text("2026-11-01 12:00:00 UTC", encoding="utf-8")
    made.submit("=1+1", STRONG)
    if os.name == "posix":
        made.submit("<img src=x onerror=alert(1)>", STRONG)
        made.submit("\u0430na", STRONG)  # the first letter is Cyrillic
        (made.root / "submitted" / "u-linked").symlink_to(made.root / "submitted" / "strong")
    log = made.nbgrader("autograde", NAME, fails=os.name == "posix")  # for the linked submission
    (made.folder / "autograde.log").write_text(log, encoding="utf-8")
    made.nbgrader("generate_feedback", NAME, "--student=[ahrsu]*")
    (made.folder / "release.log").write_text(
        made.nbgrader("release_feedback", NAME), encoding="utf-8"
    )
    made.nbgrader("export", "--to", "grades.csv")
    return made


# What any learner can put into the exchange: each would stop nbgrader's own collecting, or more.
IN_EXCHANGE = {
    f"dora+{NAME}+yesterday+x": "holds no time",
    f"dora+{NAME}++x": "holds no time",
    f"dora+{NAME}+9999-99-99 99:99:99 UTC+x": "holds no time",
    f"dora+{NAME}+more+TIME+x": "not of the form",
    f"..+{NAME}+TIME+x": "",  # never looked at
    f"=1+1+{NAME}+TIME+x": "begins or ends with",
    f"<b>+{NAME}+TIME+x": "which no name has",
    f"a\nna+{NAME}+TIME+x": "which no name has",
    f"\u0430na+{NAME}+TIME+x": "scripts that look alike",
    f"carl+{NAME}+2020-01-01 00:00:00 UTC+x": "",  # collected, and doubted
}


def hand_in_through_the_exchange(course: Course) -> None:
    """Ana does as she is told; Bert puts his own things into the exchange."""
    learner = course.folder.parent / "learner"
    learner.mkdir()
    shutil.copyfile(course.folder / "nbgrader_config.py", learner / "nbgrader_config.py")
    course.nbgrader("fetch_assignment", NAME, cwd=learner)
    write_answers(learner / NAME, STRONG)
    (learner / NAME / "attempts.jsonl").write_text("{}\n", encoding="utf-8")
    course.nbgrader("submit", NAME, "--student=ana", cwd=learner)
    inbound = course.exchange / "talk-it-down" / "inbound"
    (handed_in,) = inbound.iterdir()
    moment = handed_in.name.split("+")[2]
    for name in IN_EXCHANGE:
        shutil.copytree(handed_in, inbound / name.replace("TIME", moment))
    (inbound / f"file+{NAME}+{moment}+x").write_text("No folder.", encoding="utf-8")
    berts = handed_in.with_name(handed_in.name.replace("ana+", "bert+"))
    shutil.copytree(handed_in, berts)
    (berts / "answers" / f"{SECOND}.txt").write_bytes(b" " * 70_000)
    if os.name == "posix":
        (berts / "answers" / f"{FIRST}.txt").unlink()
        (berts / "answers" / f"{FIRST}.txt").symlink_to(course.root / "secret.txt")
        os.mkfifo(berts / "pipe")
        os.link(course.root / "secret.txt", berts / "linked.txt")
        (inbound / f"linked+{NAME}+{moment}+x").symlink_to(berts)
        (inbound / f"dead-link+{NAME}+{moment}+x").symlink_to(inbound / "nowhere")
        if os.geteuid() == 0:  # an account that every such system has, and somebody else's folder
            theirs = inbound / f"daemon+{NAME}+{moment}+x"
            shutil.copytree(handed_in, theirs)
            os.chown(theirs, 65534, 65534)


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
    kept = [cell["metadata"]["result_row"] for cell in cells if "nbgrader" in cell["metadata"]]
    assert kept == [
        json.dumps(expected[f"{student} {scenario}"] | {"id": scenario}) for scenario in STRONG
    ]


def test_nothing_waits_for_a_human(grades: dict[str, dict[str, Entry]]) -> None:
    waiting = [s for s, entries in grades.items() if any(e.waits for e in entries.values())]
    assert waiting == (["u-linked"] if os.name == "posix" else [])  # the one that failed


def test_submitted_code_never_runs_and_its_outputs_are_dropped(
    course: Course, grades: dict[str, dict[str, Entry]], expected: dict[str, dict[str, Any]]
) -> None:
    assert not (course.folder / WITNESS).exists()
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


@pytest.mark.parametrize("name", ["=1+1", "<img src=x onerror=alert(1)>", "\u0430na"])
def test_folder_that_bears_no_learners_name_is_passed_over_and_named(
    name: str, course: Course, grades: dict[str, dict[str, Entry]]
) -> None:
    if course.submission(name).is_dir():  # not every system lets a folder have such a name
        log = (course.folder / "autograde.log").read_text(encoding="utf-8")
        assert re.search(
            rf"ERROR\] .*{re.escape(ascii(name)[1:-1])}.* is passed over: the name", log
        )
        assert name not in grades


def test_others_folder_under_ones_own_name_has_no_marks(
    course: Course, grades: dict[str, dict[str, Entry]]
) -> None:
    if os.name == "posix":
        assert {entry.auto for entry in grades["u-linked"].values()} == {None}
        log = (course.folder / "autograde.log").read_text(encoding="utf-8")
        assert "error processing assignment 'active-listening' for student 'u-linked'" in log


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
    outbound = course.exchange / "talk-it-down" / "outbound" / NAME
    for folder in (course.root / "release" / NAME, outbound):
        assert {path.name for path in folder.iterdir()} == {f"{NAME}.ipynb", "assignment.json"}
    kept = course.root / "autograded" / "strong" / NAME
    assert not any((kept / name).exists() for name in TRIED)
    copied = course.root / "autograded" / "strong" / NAME / "answers" / f"{FIRST}.txt"
    assert copied.read_bytes() == STRONG[FIRST].encode("utf-8")


def test_answers_go_through_the_exchange(
    course: Course, grades: dict[str, dict[str, Entry]], expected: dict[str, dict[str, Any]]
) -> None:
    assert automatic(grades["ana"]) == points(expected, "strong")
    record = course.root / "autograded" / "ana" / NAME / "attempts.jsonl"
    assert record.read_text(encoding="utf-8") == "{}\n"


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


def test_exchange_is_collected_whatever_stands_in_it(
    course: Course, grades: dict[str, dict[str, Entry]]
) -> None:
    log = (course.folder / "collect.log").read_text(encoding="utf-8")
    for name, why in IN_EXCHANGE.items():
        start = re.escape(ascii(name.split("TIME")[0])[1:-1])
        assert not why or re.search(rf"{start}.* is not collected: .*{why}", log), name
    assert re.search(rf"file\+{NAME}.* is not collected: it is no folder", log)
    assert {"dora", "..", "=1+1", "<b>", "file", "linked"} & grades.keys() == set()
    assert not (course.root / NAME).exists()  # where ".." would have been put
    assert "cheating attempt" in log  # ana's, who has no account on this machine
    if os.name == "posix":
        assert re.search(rf"dead-link\+{NAME}.* is not collected: it is no folder", log)
        assert "linked.txt' is the same file as another; it is not collected" in log


def test_time_that_files_give_the_lie_to_is_doubted(course: Course) -> None:
    log = (course.folder / "collect.log").read_text(encoding="utf-8")
    assert re.search(r"carl\+.*claims 2020-01-01 00:00:00\+00:00, but was last changed at 20", log)
    assert not re.search(r"ana\+.*but was last changed", log)


def test_others_account_cannot_hand_in_under_a_learners_name(course: Course) -> None:
    if os.name == "posix" and os.geteuid() == 0:
        log = (course.folder / "collect.log").read_text(encoding="utf-8")
        assert re.search(r"daemon\+.* is not collected: it belongs to somebody else's account", log)
        assert not (course.root / "submitted" / "daemon").exists()


def test_feedback_is_released_although_others_have_no_secret(course: Course) -> None:
    log = (course.folder / "release.log").read_text(encoding="utf-8")
    assert "this page cannot be released" in log
    pages = list((course.exchange / "talk-it-down" / "feedback").iterdir())
    assert course.feedback("ana") in [page.read_text(encoding="utf-8") for page in pages]


# ---- what another account on the same machine can see ----


def test_what_grading_writes_is_for_the_instructors_account_alone(course: Course) -> None:
    if os.name == "posix":
        made = "gradebook.db submitted autograded feedback refused release".split()
        modes = {name: (course.root / name).stat().st_mode & 0o007 for name in made}
        assert modes == dict.fromkeys(made, 0)


LOOK = """
import os, sys
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
for root in sys.argv[1:]:
    for folder, _, files in os.walk(root):
        for name in files:
            path = os.path.join(folder, name)
            if os.access(path, os.R_OK):
                print(os.path.relpath(path, root))
"""


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs two accounts")
def test_another_account_sees_the_released_assignment_and_nobodys_work(course: Course) -> None:
    seen = course.python("-I", "-c", LOOK, str(course.root), str(course.exchange)).splitlines()
    folders = {Path(line).parts[0] for line in seen if len(Path(line).parts) < 4}
    assert folders <= {"secret.txt", "source", "elsewhere"}  # the test put them there
    exchanged = {Path(line).parts[:3] for line in seen if len(Path(line).parts) >= 4}
    assert {path for path in exchanged if path[0] != "source"} == {
        ("talk-it-down", "outbound", NAME)
    }


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


def test_manual_score_survives_new_answers_count_and_late_ones_lose(
    course: Course, expected: dict[str, dict[str, Any]]
) -> None:
    course.set_manual_score("weak", FIRST, 7.5)
    course.set_manual_score("untouched", FIRST, 1)
    write_answers(course.submission("weak"), {FIRST: STRONG[FIRST], SECOND: STRONG[SECOND]})
    zero = "--LateSubmissionPlugin.penalty_method=zero"
    assert course.penalties("u-late", "u-in-time") == [0, 0]
    course.nbgrader("autograde", NAME, "--force", "--student=[uw]*", zero)
    grades = course.gradebook()
    whole = sum(points(expected, "strong").values())
    assert course.penalties("u-late", "u-in-time") == [pytest.approx(whole), 0]
    again = grades["weak"]
    assert (again[FIRST].manual, again[FIRST].waits) == (7.5, True)
    assert again[FIRST].auto == points(expected, "strong")[FIRST]
    assert (again[SECOND].auto, again[SECOND].waits) == (points(expected, "strong")[SECOND], False)
    assert again[THIRD].auto == points(expected, "weak")[THIRD]
    # What was never answered waits for nobody, whatever was typed.
    assert (grades["untouched"][FIRST].manual, grades["untouched"][FIRST].waits) == (1, False)


def test_new_submission_cannot_stop_a_second_run(course: Course) -> None:
    """Nbgrader compares the times of old and new before it calls its hook."""
    before = course.gradebook()
    (course.submission("weak") / "timestamp.txt").write_text("never", encoding="utf-8")
    if os.name == "posix":
        os.mkfifo(course.submission("strong") / "timestamp.txt")
        for answers in ("link", "pipe"):  # was set aside before, and comes again
            path = course.submission(answers) / "answers" / f"{FIRST}.txt"
            path.touch()
            ANSWERS[answers][0](course.submission(answers))
    course.nbgrader("autograde", NAME, "--student=[wslp]*")
    assert course.gradebook() == before


def test_gradebook_that_does_not_fit_is_named(course: Course) -> None:
    path = course.source / "assignment.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["scenarios"][0]["points"] = 12
    path.write_text(json.dumps(data), encoding="utf-8")
    before = course.gradebook()
    log = course.nbgrader("autograde", NAME, "--force", "--student=strong", fails=True)
    assert f"nbgrader generate_assignment {NAME} --force" in log
    assert course.gradebook() == before
