"""Export, statements and report from a real gradebook, by the commands an instructor types."""

import csv
import json
import re
import sys
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from exercises import bank
from grader.__main__ import main
from grader.gradebook import open_review, read_results
from grader.results import Reply, Results
from grader.review import Decision, digest
from grader.review_file import ChangedError, ReviewFile
from grader.rubric import FAULTS, MOVES
from tests.grader.course import NAME, Course

RECORD: list[dict[str, Any]] = [
    {"v": 1, "time": "2026-11-01T10:00:00+00:00", "total": 40.0},
    {"v": 1, "time": "2026-11-01T09:00:00+00:00", "total": 20},
    {"v": 1, "time": "2026-11-01T08:00:00+00:00", "total": 120},
    {"v": 1, "time": "2026-11-01T08:00:00+00:00", "total": None},
    {"v": 1, "time": 8, "total": 1},
]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = Course(tmp_path_factory.mktemp("returns") / "course")
    made.nbgrader("generate_assignment", NAME)
    scenarios = [bank.scenario(item.id) for item in made.assignment.items]
    strong = {s.id: next(m.reply for m in s.models if m.kind == "strong") for s in scenarios}
    folder = made.submit("ana", strong)
    (folder / "timestamp.txt").write_text("2026-11-02 10:00:00 UTC", encoding="utf-8")
    first = scenarios[0].id
    lines = [json.dumps(line | {"exercise": first}) for line in RECORD]
    (folder / "attempts.jsonl").write_text("\n".join([*lines, "[", "[]", "7"]), encoding="utf-8")
    made.submit("ben", {first: strong[first]})
    with chdir(made.folder):
        assert main(["autograde", NAME]) == 0
    made.set_manual_score("ana", first, 7.5)
    with Gradebook(f"sqlite:///{made.root / 'gradebook.db'}") as book:
        book.add_student("cas", first_name="Cas", last_name="+Stone")
    return made


@pytest.fixture
def here(course: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.chdir(course.folder)
    return course


@pytest.fixture
def results(here: Course) -> Results:
    return read_results(NAME)


def of(results: Results, learner: str, place: int) -> Reply:
    return results.of(learner)[place]


def test_marks_are_the_gradebooks_and_levels_the_marked_notebooks(
    course: Course, results: Results
) -> None:
    booked = course.gradebook()
    names = {learner.id: (learner.name, learner.submitted) for learner in results.learners}
    assert names == {"ana": ("", True), "ben": ("", True), "cas": ("Cas +Stone", False)}
    assert booked.keys() == {reply.learner for reply in results.replies}
    for reply in results.replies:
        entry = booked[reply.learner][reply.task]
        assert (reply.auto, reply.manual) == (entry.auto, entry.manual)
        assert reply.row is not None
        points = results.task(reply.task).points
        assert reply.auto == pytest.approx((points or 0) * reply.row["total"] / 100, abs=0.01)
        assert list(reply.row["levels"]) == [*MOVES, *FAULTS]
    assert of(results, "ana", 0).score == 7.5
    assert [reply.rejected for reply in results.of("ben")] == ["", "empty", "empty"]


def test_words_times_and_first_drafts_come_from_the_submission(results: Results) -> None:
    ana = of(results, "ana", 0)
    assert ana.text == next(m.reply for m in bank.scenario(ana.task).models if m.kind == "strong")
    assert [reply.first for reply in results.of("ana")] == [20, None, None]
    times = {learner.id: learner.handed_in for learner in results.learners}
    assert str(times["ana"]) == "2026-11-02 10:00:00+00:00"
    assert times["ben"] is None


def run(here: Course, command: str, out: str, *options: str) -> str:
    path = here.folder / out
    assert main([command, NAME, "--out", str(path), *options]) == 0
    return path.read_text(encoding="utf-8")


def test_export_has_a_row_a_learner_scenario_and_criterion(here: Course) -> None:
    text = run(here, "export", "levels.csv")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == 2 * 3 * 23
    assert {row["learner"] for row in rows} == {"ben", "ana"}
    row = next(row for row in rows if row["learner"] == "ana")
    assert (row["manual_score"], row["score"]) == ("7.5", "7.5")
    assert run(here, "export", "e.csv", "--excel", "--per", "learner").startswith("\ufeff")
    assert "ana" not in run(here, "export", "n.csv", "--per", "answer", "--anonymous")


def test_nbgraders_own_export_is_safe_too(here: Course) -> None:
    here.nbgrader("export", "--to", "grades.csv")
    with (here.folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["student_id"] for row in rows) == ["ana", "ben", "cas"]
    cas = next(row for row in rows if row["student_id"] == "cas")
    assert (cas["score"], cas["timestamp"], cas["last_name"]) == ("0.0", "", "'+Stone")
    ana = next(row for row in rows if row["student_id"] == "ana")
    booked = here.gradebook()["ana"].values()
    marks = [e.auto if e.manual is None else e.manual for e in booked]
    assert float(ana["score"]) == pytest.approx(sum(mark or 0 for mark in marks))
    assert ana["max_score"] == "30.0"


def test_statements_are_written_one_a_line(here: Course) -> None:
    lines = run(here, "xapi", "xapi.jsonl", "--home", "https://lms.example.org").splitlines()
    found: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert {s["actor"]["account"]["name"] for s in found} == {"ana", "ben"}
    assert all(s["actor"]["account"]["homePage"] == "https://lms.example.org/" for s in found)


def test_report_is_one_page(here: Course) -> None:
    html = run(here, "report", "report.html")
    assert "2 of 3 learners" in html
    assert "1 reply comes with a record" in html
    assert re.search(r">ana\b", html)
    assert not re.search(r">ana\b", run(here, "report", "hidden.html", "--anonymous"))


def test_notebook_draws_the_report(here: Course) -> None:
    notebook = json.loads(run(here, "report", "report.ipynb", "--anonymous"))
    scope: dict[str, Any] = {}
    first, *sections = ["".join(cell["source"]) for cell in notebook["cells"]]
    exec(first, scope)  # noqa: S102 - our own code, as the notebook's kernel would
    drawn = [eval(source, scope)._repr_html_() for source in sections]  # noqa: S307
    assert "2 of 3 learners" in drawn[0]
    assert "Learner 1" in drawn[-1]
    assert ">ana" not in drawn[-1]


def test_gradebook_whose_driver_is_not_installed_is_told(
    here: Course, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    db = ["--db", "postgresql+psycopg://us:secret@127.0.0.1:9/marks"]
    assert main(["export", NAME, "--out", "x", *db]) == 2
    told = capsys.readouterr().err
    assert "needs psycopg; `pip install 'talk-it-down[scale]'` brings it" in told
    assert "secret" not in told


def test_report_without_its_packages_says_how_to_get_them(
    here: Course, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.report.find_spec", lambda name: None)
    assert main(["report", NAME, "--out", "x"]) == 2
    assert "pip install 'talk-it-down[report]'" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["export", "xapi", "report"])
def test_trouble_is_one_line_that_says_what_to_do(
    here: Course, command: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for arguments, says in [
        (["no-such", "--out", "x"], "there is no such assignment"),
        ([NAME, "--out", str(tmp_path / "no" / "x")], "give a file that can be used"),
        ([NAME, "--out", "x", "--db", f"sqlite:///{tmp_path}/none.db"], "no gradebook yet"),
        ([NAME, "--out", "x", "--db", "gradebook"], "check its address"),
    ]:
        assert main([command, *arguments]) == 2
        told = capsys.readouterr().err
        assert says in told
        assert told.startswith(f"{command}: ")
        assert told.count("\n") == 1
        assert not (here.folder / "x").exists()


def test_statements_need_somewhere_to_go(here: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["xapi", NAME]) == 2
    assert "--out FILE.jsonl, --lrs URL, or both" in capsys.readouterr().err
    assert main(["xapi", NAME, "--out", "x", "--home", "mailto:me"]) == 2
    assert "--home mailto:me" in capsys.readouterr().err


def test_feedback_page_has_the_levels_that_the_trainer_gave(here: Course) -> None:
    second = here.assignment.items[1]
    reply = next(r for r in read_results(NAME).of("ana") if r.task == second.id)
    assert reply.levels["blame"] == 0
    levels = {**reply.levels, "blame": 1}
    made = Decision(NAME, "ana", second.id, digest(reply.text), levels, score=1.0)
    ReviewFile(here.root).append(made, after=None)
    here.set_manual_score("ana", second.id, 1.0)
    here.nbgrader("generate_feedback", NAME, "--student=ana")
    _, first_reply, second_reply, third_reply = here.feedback("ana").split("<section")
    assert "Blames the customer</strong>" in second_reply
    assert second_reply.count("set by your trainer") == 1
    assert "set by your trainer" not in first_reply + third_reply


def test_review_goes_to_the_gradebook_and_outlives_every_marking(here: Course) -> None:
    third = here.assignment.items[2].id
    key = ("ana", third)
    case = open_review(NAME, by="Ines").case(key)
    assert set(case.reply.confidence) >= set(case.item.asks)
    assert all(0.5 <= sure <= 1 for sure in case.reply.confidence.values())
    levels = case.levels | {"jargon": 1}
    score = case.mark(levels)
    open_review(NAME, by="Ines").decide(case, levels, score, "A term nobody knows.", "Warm.")
    before = here.everything()
    for command in ("bulk", "nbgrader"):
        if command == "bulk":
            assert main(["autograde", NAME, "--force"]) == 0
        else:
            here.nbgrader("autograde", NAME, "--force", "--student=ana")
        entry = here.gradebook()["ana"][third]
        assert (entry.auto, entry.manual) == (case.reply.auto, score)
        assert here.everything()["comment"] == before["comment"]
        again = open_review(NAME).case(key)
        assert (again.state, again.levels, again.comment) == ("done", levels, "Warm.")
        assert again.reply.confidence == case.reply.confidence
    rows = list(csv.DictReader(run(here, "export", "reviewed.csv").splitlines()))
    wanted = {"learner": "ana", "scenario": third, "criterion": "jargon"}
    (row,) = [row for row in rows if wanted.items() <= row.items()]
    assert (row["auto_level"], row["manual_level"], row["level"]) == ("0", "1", "1")
    assert float(row["manual_score"]) == float(row["score"]) == score

    # What is typed in the formgrader meanwhile is not overwritten unseen.
    work = open_review(NAME)
    seen = work.case(key)
    here.set_manual_score("ana", third, 2.5)
    with pytest.raises(ChangedError):
        work.decide(seen, levels, 9.0, "Mine.", "")
    assert here.gradebook()["ana"][third].manual == 2.5
    assert work.case(key).typed_elsewhere


# What a kernel does in which an instructor opens the review.
OPENED = f"""
import sys, warnings
warnings.simplefilter("ignore")
from grader.gradebook import open_review
open_review("{NAME}")
print("jsonschema" in sys.modules, "rfc3987_syntax" in sys.modules)
import rfc3987_syntax
"""


def test_review_opens_without_the_import_that_takes_a_second(course: Course) -> None:
    pytest.importorskip("rfc3987_syntax", reason="not installed, so it takes no time")
    assert course.python("-c", OPENED).splitlines() == ["True False"]
