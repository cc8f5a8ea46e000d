"""The review of an assignment: what comes first, what is decided, how it is kept."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from grader import assess
from grader.agreement import weighted_kappa
from grader.assignment import Assignment, Item
from grader.engine import PENALTY
from grader.model import Scenario
from grader.results import Reply, Results
from grader.review import Decision, State, doubt, passage, passages
from grader.review_file import ChangedError, Comments, ReviewFile
from grader.review_session import Key, Review
from grader.rubric import FAULTS
from tests.grader.classroom import BAD, FAIR, GOOD, LATE, classroom

ROOT = Path(__file__).parents[2]
CLASS = classroom({"ana": (GOOD, BAD), "ben": (FAIR, GOOD), "cem": ("", "Qwx zzt plm.")})
MADE = Assignment(
    CLASS.name,
    "full",
    tuple(
        Item(task.id, task.points or 0, Scenario(task.setting, "Where is it?"), task.asks or {})
        for task in CLASS.tasks
    ),
)
ALL: frozenset[State] = frozenset({"open", "again", "done"})


class Book:
    """A gradebook in memory."""

    def __init__(self, results: Results) -> None:
        self.marks: dict[Key, dict[str, Any]] = {
            (reply.learner, reply.task): {"auto": reply.auto, "manual": None, "extra": 0}
            for reply in results.replies
        }

    def read(self) -> Mapping[Key, Mapping[str, Any]]:
        return self.marks

    def write(self, key: Key, manual: float | None, comment: str, *, seen: float | None) -> None:
        if self.marks[key]["manual"] != seen:
            raise ChangedError
        self.marks[key] |= {"manual": manual, "comment": comment}


@pytest.fixture
def book() -> Book:
    return Book(CLASS)


def sure(results: Results) -> Results:
    """With the confidence that marking leaves with each reply."""
    replies = []
    for reply in results.replies:
        judged = assess(reply.text, {"customer": "Where is it?"}, results.task(reply.task).asks)
        found = {j.criterion: round(j.confidence, 2) for j in judged.judgements}
        replies.append(replace(reply, confidence=found))
    return replace(results, replies=tuple(replies))


def review(folder: Path, book: Book, results: Results = CLASS, by: str = "Ines") -> Review:
    made = Review(MADE, lambda: sure(results), folder, book, by)
    made.refresh()
    return made


def test_the_reply_in_most_doubt_comes_first_and_an_empty_one_last(
    tmp_path: Path, book: Book
) -> None:
    work = review(tmp_path, book)
    queue = work.queue(ALL)
    doubts = [doubt(work.case(key).task, work.case(key).reply) for key in queue]
    assert doubts == sorted(doubts, reverse=True)
    assert queue[0] == ("cem", "wrong-bill")  # turned away, with words in it
    assert queue[-1] == ("cem", "late-parcel")
    assert doubts[-1] == 0
    assert {key[1] for key in work.queue(ALL, "wrong-bill")} == {"wrong-bill"}


def test_doubt_is_the_points_that_hang_on_unsure_levels() -> None:
    row: dict[str, Any] = {"rejected": None, "levels": {}}
    certain = {**dict.fromkeys(LATE.asks or {}, 1.0), **dict.fromkeys(FAULTS, 1.0)}
    reply = Reply("ana", LATE.id, row, GOOD, 5.0, confidence=certain)
    assert doubt(LATE, reply) == 0
    # Apologising has two thirds of the weight; one of its two levels is a third of the points.
    shaky = replace(reply, confidence={**certain, "apologise": 0.7})
    assert doubt(LATE, shaky) == pytest.approx(100 / 3 * 0.3)
    harsh = replace(reply, confidence={**certain, "hostile": 0.9})
    assert doubt(LATE, harsh) == pytest.approx(PENALTY["hostile"] * 0.1)


def test_levels_an_instructor_gives_make_the_mark(tmp_path: Path, book: Book) -> None:
    work = review(tmp_path, book)
    case = work.case(("ben", "late-parcel"))
    levels = case.levels | {"apologise": 2, "solve": 1, "jargon": 1}
    levels |= {fault: 0 for fault in FAULTS if fault != "jargon"}
    # 2 x 2/2 + 1 x 1/2 of 3, less 15 for the fault
    assert case.mark(levels) == round(10 * (100 * 2.5 / 3 - 15) / 100, 2)
    assert case.differs(levels, case.mark(levels))
    assert not case.differs(case.levels, case.reply.auto or 0)
    work.decide(case, levels, case.mark(levels), "The apology is whole.", "Well done.")
    booked = book.marks["ben", "late-parcel"]
    assert booked["manual"] == 6.83
    assert booked["auto"] == case.reply.auto
    assert booked["comment"].startswith("Well done.\n\nYour trainer changed these levels:")
    assert "- Apolog" in booked["comment"]
    assert booked["comment"].endswith("Why: The apology is whole.")
    again = review(tmp_path, book).case(case.key)
    assert (again.state, again.levels, again.comment) == ("done", levels, "Well done.")
    assert again.reply.levels["jargon"] == 1


def test_a_decision_is_one_line_with_all_that_was_decided(tmp_path: Path, book: Book) -> None:
    work = review(tmp_path, book)
    case = work.case(("ana", "late-parcel"))
    work.decide(case, case.levels, 3.5, "Copied from a colleague.", "")
    (line,) = (tmp_path / "review.jsonl").read_text(encoding="utf-8").splitlines()
    kept = json.loads(line)
    assert (kept["learner"], kept["scenario"], kept["score"]) == ("ana", "late-parcel", 3.5)
    assert (kept["by"], kept["reason"]) == ("Ines", "Copied from a colleague.")
    assert kept["time"].endswith("+00:00")
    assert kept["levels"] is None  # a mark alone says nothing about levels
    assert work.case(case.key).reply.given == {}


def test_mark_typed_in_the_formgrader_counts_and_shows(tmp_path: Path, book: Book) -> None:
    work = review(tmp_path, book)
    key = ("ana", "late-parcel")
    work.decide(work.case(key), work.case(key).levels, 3.5, "Too long.", "Mind the tone.")
    told = book.marks[key]["comment"]
    book.marks[key] |= {"manual": 4.0, "comment": told.replace("tone", "*tone*")}
    work.refresh()
    case = work.case(key)
    assert (case.reply.score, case.typed_elsewhere, case.state) == (4.0, True, "done")
    assert case.comment == "Mind the *tone*."
    work.decide(case, case.levels, 5.0, "", case.comment)
    assert book.marks[key]["comment"] == "Mind the *tone*."


def test_marking_again_changes_nothing_a_new_reply_is_to_be_looked_at(
    tmp_path: Path, book: Book
) -> None:
    work = review(tmp_path, book)
    key = ("ana", "late-parcel")
    case = work.case(key)
    levels = case.levels | {"apologise": 0}
    work.decide(case, levels, case.mark(levels), "A formula.", "")
    book.marks[key]["auto"] = 1.0
    after = review(tmp_path, book).case(key)
    assert (after.reply.score, after.levels, after.state) == (case.mark(levels), levels, "done")

    first = replace(CLASS.replies[0], text=f"{GOOD} Thank you.")
    anew = review(tmp_path, book, replace(CLASS, replies=(first, *CLASS.replies[1:]))).case(key)
    assert (anew.state, anew.reply.given) == ("again", {})
    assert anew.reply.score == case.mark(levels)


def test_a_mark_can_be_taken_back(tmp_path: Path, book: Book) -> None:
    work = review(tmp_path, book)
    key = ("ana", "late-parcel")
    auto = book.marks[key]["auto"]
    work.decide(work.case(key), work.case(key).levels, 1.0, "Wrong.", "Hm.")
    work.take_back(work.case(key))
    assert book.marks[key] == {"auto": auto, "manual": None, "extra": 0, "comment": "Hm."}
    assert work.case(key).state == "open"


def test_two_instructors_on_one_reply_lose_nothing(tmp_path: Path, book: Book) -> None:
    ines, omar = review(tmp_path, book), review(tmp_path, book, by="Omar")
    key, other = ("ana", "late-parcel"), ("ben", "late-parcel")
    seen = ines.case(key)
    omar.decide(omar.case(key), seen.levels, 2.0, "By Omar.", "")
    with pytest.raises(ChangedError):
        ines.decide(seen, seen.levels, 9.0, "By Ines.", "")
    assert book.marks[key]["manual"] == 2.0
    assert ines.case(key).decision.reason == "By Omar."  # type: ignore[union-attr]
    ines.decide(ines.case(key), seen.levels, 9.0, "By Ines.", "")
    omar.decide(omar.case(other), seen.levels, 1.0, "Another reply.", "")
    kept = ReviewFile(tmp_path).read(CLASS.name)
    assert [decision.reason for decision in kept] == ["By Omar.", "By Ines.", "Another reply."]


def decision(number: int, **changes: object) -> Decision:
    made = Decision(CLASS.name, f"l{number}", "late-parcel", "0" * 16, None, 1.0, "Why " * 200)
    return replace(made, **changes)  # type: ignore[arg-type]


# What another instructor's kernel does.
ADD = """
import sys
from pathlib import Path
from grader.review import Decision
from grader.review_file import Comments, ReviewFile
folder, start = Path(sys.argv[1]), int(sys.argv[2])
for n in range(start, start + 40):
    made = Decision("two-complaints", f"l{n}", "late-parcel", "0" * 16, None, 1.0, "Why " * 2000)
    ReviewFile(folder).append(made, after=None)
    Comments(folder).keep(f"Comment {n}")
"""


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    others = [
        subprocess.Popen([sys.executable, "-c", ADD, tmp_path, str(start)], cwd=ROOT)
        for start in (0, 100)
    ]
    assert [other.wait() for other in others] == [0, 0]
    kept = {decision.learner for decision in ReviewFile(tmp_path).read(CLASS.name)}
    assert kept == {f"l{n}" for start in (0, 100) for n in range(start, start + 40)}
    assert len(Comments(tmp_path).read()) == 80


def test_damaged_lines_are_set_aside_and_the_rest_is_used(tmp_path: Path) -> None:
    file = ReviewFile(tmp_path)
    file.append(decision(1), after=None)
    whole = file.path.read_bytes()
    newer = b'{"v": 2, "learner": 7}\n'
    bad = [
        {"v": 1, "learner": "x"},
        json.loads(whole) | {"levels": {"apologise": 7}},
        json.loads(whole) | {"levels": {"charm": 1}},
        json.loads(whole) | {"score": float("nan")},
        json.loads(whole) | {"score": True},
    ]
    lines = "\n".join(map(json.dumps, bad)).encode()
    file.path.write_bytes(b"\xff\n" + newer + lines + b"\n" + whole + whole[:50])
    assert [decision.learner for decision in file.read(CLASS.name)] == ["l1"]
    assert file.damaged is not None
    assert whole[:50] in file.damaged.read_bytes()
    assert file.path.read_bytes() == newer + whole
    file.read(CLASS.name)
    assert file.damaged is None
    # A writer that was killed half way leaves a line without its end; the next one is whole.
    file.path.write_bytes(whole + whole[:50])
    file.append(decision(2), after=None)
    assert [decision.learner for decision in file.read(CLASS.name)] == ["l1", "l2"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_files_are_for_whoever_the_course_folder_lets_in(tmp_path: Path) -> None:
    before = os.umask(0o007)
    try:
        ReviewFile(tmp_path).append(decision(1), after=None)
        Comments(tmp_path).keep("Warm.")
        file = ReviewFile(tmp_path)
        file.path.write_bytes(file.path.read_bytes() + b"{\n")
        file.read(CLASS.name)
        assert file.damaged
    finally:
        os.umask(before)
    rights = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert set(rights.values()) == {0o660}, rights


def test_comments_are_kept_once_each_on_a_line_that_may_be_edited(tmp_path: Path) -> None:
    comments = Comments(tmp_path)
    assert comments.read() == []
    comments.keep("Name the day,\nnot the week.")
    comments.keep("Name the day, not the week.")
    comments.path.write_text(f"{comments.path.read_text()}\r\n  Warm. \n", encoding="utf-8-sig")
    comments.keep("Short.")
    assert comments.read() == ["Name the day, not the week.", "Warm.", "Short."]


HOSTILE = (
    "<script>alert(1)</script> ![x](javascript:a) [b](http://c) *d* `e` $f$ <img src=x onerror=a>"
    " &lt;b&gt; | ~~g~~ \\<i>"
)


@pytest.mark.parametrize("text", [HOSTILE, *HOSTILE.split(" ")])
def test_quoted_words_of_a_learner_do_nothing_in_a_comment(text: str) -> None:
    html = markdown2html_mistune(f"Look: {passage(text)} and go on.")
    for tag in ("<script", "<img", "<a ", "<em", "<code", "<del", "<i>", "<b>", "<table"):
        assert tag not in html


def test_passages_are_the_sentences_of_a_reply() -> None:
    assert passages("I am sorry. We lost it!\n\nI'll call at 4.") == [
        "I am sorry.",
        "We lost it!",
        "I'll call at 4.",
    ]
    assert passages("") == []


def test_kappa() -> None:
    assert weighted_kappa([(0, 0), (1, 1), (2, 2)]) == 1
    assert weighted_kappa([(0, 2), (2, 0)]) == -1
    assert weighted_kappa([(1, 1), (1, 1)]) is None
    assert weighted_kappa([]) is None
    # scikit-learn's cohen_kappa_score(..., weights="quadratic") says the same.
    pairs = [(0, 0), (0, 1), (1, 1), (2, 1), (2, 2), (2, 2), (0, 2), (1, 0)]
    assert weighted_kappa(pairs) == pytest.approx(4 / 11)


def test_agreement_grows_with_each_decision(tmp_path: Path, book: Book) -> None:
    work = review(tmp_path, book)
    assert work.agreement() == []
    key = ("ben", "late-parcel")
    case = work.case(key)
    work.decide(case, case.levels, case.reply.auto or 0, "", "")
    other = work.case(("ana", "late-parcel"))
    levels = other.levels | {"solve": 0}
    work.decide(other, levels, other.mark(levels), "Nothing is promised.", "")
    found = {line.criterion.id: line for line in work.agreement()}
    assert set(found) == {"apologise", "solve", *FAULTS}
    assert (found["apologise"].count, found["apologise"].same) == (2, 2)
    assert (found["solve"].count, found["solve"].same) == (2, 1)
    assert found["solve"].words == "few"
