"""The self-check: the model, what authors may write, and what a learner sees."""

# ruff: noqa: ANN401  (widgets have no types)

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from exercises import self_check
from exercises.drafts import Draft
from exercises.kept import Kept
from exercises.progress import measure
from exercises.record import Entry, Record
from exercises.schema import problems as schema_problems
from exercises.self_check import SelfCheck, problems
from exercises.texts import say
from exercises.views.days import day_words
from tests.exercises.onscreen import (
    by_class,
    html_of,
    is_shown,
    restart,
    session,
    widgets,
    words_of,
)

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> & \"'"
OWN = "I say it back in my own words."
TODAY = date.today()


def exercise(**changes: object) -> dict[str, Any]:
    """An exercise as an author writes it; a field is left out where its change is None."""
    data: dict[str, Any] = {
        "kind": "self-check",
        "source": "rebuilding-trust/active-listening",
        "question": f"What do you do first? {HOSTILE}",
        "answer": f"I say it back. {HOSTILE}",
        "points": ["Say it back", f"Name the feeling {HOSTILE}", "Ask"],
    }
    data |= changes
    return {field: value for field, value in data.items() if value is not None}


Start = Callable[..., SelfCheck]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Begins a session on a day, as a kernel that was started afresh does."""

    def begin(day: date = TODAY) -> SelfCheck:
        record = Record(tmp_path)
        draft = Draft(tmp_path / "q.txt", tmp_path / "q.aside.json")
        kept = Kept(tmp_path / "q.json", record)
        return SelfCheck("q", exercise(), draft, kept, record, lambda: day)

    return begin


def answered(work: SelfCheck, total: int, text: str = OWN) -> SelfCheck:
    work.write(text)
    assert work.open()
    work.rate(total)
    return work


# ---- the model ----


@pytest.mark.parametrize(
    ("text", "opens"),
    [("", False), ("Say it back.", False), ("Say it back now.", True), ("a-b don't x " * 2, True)],
)
def test_model_answer_opens_after_four_words(start: Start, text: str, opens: bool) -> None:
    work = start()
    work.write(text)
    assert (work.open(), work.is_open) == (opens, opens)
    work.rate(100)
    assert work.rating == (100 if opens else None)


@pytest.mark.parametrize(("total", "days"), [(0, 1), (50, 1), (100, 3)])
def test_rating_is_recorded_with_the_learners_words_and_says_when_it_comes_back(
    start: Start, tmp_path: Path, total: int, days: int
) -> None:
    work = answered(start(), total)
    (entry,) = Record(tmp_path).read()
    assert (entry.exercise, entry.kind, entry.text) == ("q", "self-check", OWN)
    assert (entry.levels, entry.total) == ({}, total)
    assert work.review is not None
    assert work.review.due == TODAY + timedelta(days=days)


def test_progress_brings_it_back_on_the_day_that_the_learner_was_told(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exercises.progress.quizzes", lambda: {"q": exercise()})
    review = answered(start(), 50).review
    coming = measure(list(Record(tmp_path).read()), TODAY).next
    assert review is not None
    assert [(p.kind, p.due) for p in coming if p.exercise == "q"] == [("self-check", review.due)]


def test_thinking_again_is_recorded_once_a_rating(start: Start, tmp_path: Path) -> None:
    work = answered(start(), 100)
    for total in (100, 50, 50):
        work.rate(total)
    assert [(e.text, e.total) for e in Record(tmp_path).read()] == [(OWN, 100), (OWN, 50)]
    assert work.review is not None
    assert work.review.wait == 1  # the last word of the day counts


def test_going_back_keeps_every_word(start: Start) -> None:
    work = start()
    work.write(OWN)
    work.open()
    work.close()
    assert (work.text, work.is_open) == (OWN, False)
    assert start().text == OWN


def test_new_session_finds_words_ticks_and_rating(start: Start) -> None:
    work = start()
    work.write(OWN)
    work.open()
    work.tick(2, on=True)
    work.tick(0, on=True)
    work.tick(2, on=False)
    again = start()
    assert (again.own_answer, again.is_open, again.ticked) == (OWN, True, {0})
    again.rate(50)
    later = start()
    assert (later.own_answer, later.is_open, later.rating) == (OWN, True, 50)
    assert later.text == ""  # a page's copy of the box is empty when it opens


def test_when_due_it_is_asked_afresh_with_an_empty_box(start: Start) -> None:
    answered(start(), 50)
    assert start(TODAY).is_open
    work = start(TODAY + timedelta(days=1))
    assert (work.text, work.is_open, work.ticked, work.rating) == ("", False, set(), None)
    assert work.is_due
    assert work.earlier is not None
    assert work.earlier.text == OWN


def test_the_learner_may_start_afresh_before_it_is_due(start: Start, tmp_path: Path) -> None:
    work = answered(start(), 0)
    work.close()
    assert (work.text, work.is_open, work.rating, work.is_due) == ("", False, None, False)
    answered(work, 100, "Quite another answer, I think.")
    assert work.earlier is not None
    assert work.earlier.text == OWN
    assert len(list(Record(tmp_path).read())) == 2


def test_words_typed_over_a_rated_answer_begin_a_new_one(start: Start) -> None:
    work = answered(start(), 100)
    work.write("Typed while Python was starting")
    assert (work.is_open, work.rating) == (False, None)
    assert start().text == "Typed while Python was starting"


def test_where_nothing_can_be_recorded_the_words_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = Record(tmp_path)
    draft = Draft(tmp_path / "q.txt", tmp_path / "q.aside.json")
    work = SelfCheck("q", exercise(), draft, Kept(tmp_path / "q.json", record), record)

    def full(entry: Entry) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(record, "append", full)
    answered(work, 100)
    assert work.trouble == "choices_not_kept"
    assert (tmp_path / "q.txt").read_text() == OWN


@pytest.mark.parametrize(
    "state", [{"rating": 70, "open": 1, "ticked": "x"}, {"ticked": [{}, 3]}, [1], "torn"]
)
def test_what_does_not_fit_in_the_file_is_left_out(
    start: Start, tmp_path: Path, state: object
) -> None:
    (tmp_path / "q.json").write_text(json.dumps(state))
    work = start()
    assert (work.is_open, work.ticked, work.rating) == (False, set(), None)


# ---- what authors may write ----


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"question": None}, "x.yml: question: is missing; allowed: the question, as text"),
        ({"points": ["One"]}, "allowed: a list of two to six short key points"),
        ({"points": ["One", "x" * 121]}, "points[1]: 'xxx"),
        ({"points": ["One", "Two\nlines"]}, "allowed: one line of text, up to 120 characters"),
        ({"points": ["One", "one"]}, "points[1]: is the same as an earlier one; allowed: another"),
        ({"hint": "x"}, "x.yml: hint: is unknown; allowed: kind, source, question, answer, points"),
    ],
)
def test_bad_exercise_names_field_and_remedy(changes: dict[str, Any], expected: str) -> None:
    data = exercise(**changes)
    found = schema_problems(data, "quiz_self_check", "x.yml")
    assert expected in "\n".join(found or problems(data))


def test_a_good_exercise_passes() -> None:
    assert schema_problems(exercise(), "quiz_self_check", "x.yml") == []
    assert list(problems(exercise())) == []


# ---- on the screen ----


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What was displayed; there is one exercise, and every test is a new session."""
    yield from session(monkeypatch, q=exercise())


def box(view: Any) -> Any:
    return by_class(view, "tid-self-check-box")


def press(view: Any, name: str) -> None:
    by_class(view, f"tid-self-check-{name}").click()


def test_first_there_is_a_question_and_a_box(shown: list[Any]) -> None:
    assert self_check("q") is None  # type: ignore[func-returns-value]
    words = words_of(html_of(shown[0]))
    assert f"What do you do first? {HOSTILE}" in words
    assert "I say it back." not in words
    assert box(shown[0]).description == say("self_check_box")
    assert is_shown(box(shown[0]))
    assert not any(is_shown(b) for b in widgets(shown[0], ipywidgets.VBox)[1:2])


def test_without_an_honest_try_a_sentence_says_what_to_do(shown: list[Any]) -> None:
    self_check("q")
    box(shown[0]).value = "No idea, sorry"
    press(shown[0], "open")
    assert say("self_check_first", words=4) in words_of(html_of(shown[0]))
    assert "I say it back." not in words_of(html_of(shown[0]))


def test_after_a_try_both_answers_stand_side_by_side_and_points_are_ticked(
    shown: list[Any], learner_home: Path
) -> None:
    self_check("q")
    view = shown[0]
    box(view).value = f"{OWN} {HOSTILE}"
    press(view, "open")
    words = words_of(html_of(view))
    assert f"Your answer {OWN} {HOSTILE}" in words
    assert f"A good answer I say it back. {HOSTILE}" in words
    assert not is_shown(box(view))
    ticks = widgets(view, ipywidgets.Checkbox)
    assert [t.description for t in ticks] == exercise()["points"]
    ticks[1].value = True
    assert "1 of 3" in words_of(html_of(view))
    press(view, "got-it")
    words = words_of(html_of(view))
    assert f"“Got it” is noted. It comes back on {day_words(TODAY + timedelta(days=3))}" in words
    assert by_class(view, "tid-self-check-got-it").description == "✓ Got it"
    assert (learner_home / "drafts" / "q.txt").read_text() == ""


def test_a_rating_below_comes_back_tomorrow(shown: list[Any]) -> None:
    self_check("q")
    box(shown[0]).value = OWN
    press(shown[0], "open")
    press(shown[0], "not-yet")
    assert say("self_check_due_tomorrow") in words_of(html_of(shown[0]))


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every press of a button is one of its own."""
    monkeypatch.setattr("exercises.views.self_check.DOUBLE", 0)


def test_a_double_click_opens_and_does_not_close_again(shown: list[Any]) -> None:
    self_check("q")
    box(shown[0]).value = OWN
    for _ in range(2):
        press(shown[0], "open")
    assert not is_shown(box(shown[0]))


@pytest.mark.usefixtures("patient")
def test_back_and_afresh(shown: list[Any]) -> None:
    self_check("q")
    view = shown[0]
    box(view).value = OWN
    press(view, "open")
    assert by_class(view, "tid-self-check-open").description == say("self_check_back")
    press(view, "open")
    assert (is_shown(box(view)), box(view).value) == (True, OWN)
    press(view, "open")
    press(view, "partly")
    assert by_class(view, "tid-self-check-open").description == say("self_check_again")
    press(view, "open")
    assert (is_shown(box(view)), box(view).value) == (True, "")
    assert say("self_check_before", day=day_words(TODAY)) in words_of(html_of(view))


def test_cell_run_again_and_kernel_restarted_find_everything(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    self_check("q")
    box(shown[0]).value = OWN
    press(shown[0], "open")
    widgets(shown[0], ipywidgets.Checkbox)[0].value = True
    self_check("q")
    assert shown[1] is shown[0]
    restart(monkeypatch)
    self_check("q")
    assert shown[2] is not shown[0]
    assert f"Your answer {OWN}" in words_of(html_of(shown[2]))
    assert [t.value for t in widgets(shown[2], ipywidgets.Checkbox)] == [True, False, False]


def test_when_due_the_earlier_answer_is_shown_only_after_the_new_one(
    shown: list[Any], learner_home: Path
) -> None:
    long_ago = datetime.now().astimezone() - timedelta(days=30)
    entry = Entry("q", "self-check", f"Old words {HOSTILE}", {}, 100, long_ago.isoformat())
    Record(learner_home).append(entry)
    self_check("q")
    words = words_of(html_of(shown[0]))
    assert say("self_check_before_due", day=day_words(long_ago.date())) in words
    assert "Old words" not in words
    box(shown[0]).value = OWN
    press(shown[0], "open")
    assert f"Old words {HOSTILE}" in words_of(html_of(shown[0]))


def test_words_of_another_window_are_shown(shown: list[Any], learner_home: Path) -> None:
    self_check("q")
    box(shown[0]).value = "Mine"
    (learner_home / "drafts" / "q.txt").write_text(f"Theirs {HOSTILE}")
    box(shown[0]).value = "Mine, too"
    words = words_of(html_of(shown[0]))
    assert say("other_window") in words
    assert f"Theirs {HOSTILE}" in words


def test_page_has_a_box_to_type_into_before_python_runs(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALK_IT_DOWN_OUTPUT", "page")
    self_check("q")
    html = html_of(shown[0])
    assert 'data-draft="drafts/q.txt"' in html
    assert '<div class="tid-text tid-self-check-box">' in html
    assert 'data-go="tid-self-check-open"' in html
    assert "I say it back." not in words_of(html)


def test_unknown_exercise_is_told_in_plain_words(shown: list[Any]) -> None:
    self_check("qq")
    assert words_of(shown[0].data.partition("</style>")[2]) == say(
        "unknown_near", id="qq", near="q"
    )
