"""The complete exercise: the model, what authors may write, and what a learner sees."""

# ruff: noqa: ANN401  (widgets have no types)

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from exercises import complete
from exercises.complete import Complete, Filling, problems
from exercises.drafts import Draft
from exercises.record import Record
from exercises.schema import problems as schema_problems
from exercises.texts import say
from grader import load_rubric
from tests.exercises.onscreen import (
    by_class,
    html_of,
    region,
    restart,
    session,
    unmarked,
    words_of,
)

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> & \"'"
FULL = "No wonder you are furious: the party had begun without its cake."
HALF = "I understand your frustration."
BLAME = "You should have ordered earlier."


def data(**changes: object) -> dict[str, Any]:
    """An exercise as an author writes it; a field is left out where its change is None."""
    made: dict[str, Any] = {
        "kind": "complete",
        "source": "rebuilding-trust/active-listening",
        "task": f"Say what is missing. {HOSTILE}",
        "setting": "Bakery, at the counter",
        "customer": f"The cake came at six. The party was at four! {HOSTILE}",
        "facts": [f"You are Ann. {HOSTILE}"],
        "before": "Dear Ms Roy,\n",
        "after": f"I'll refund all of it today.\n\nAnn {HOSTILE}",
        "criterion": "acknowledge",
        "model": "Anyone would be furious about a cake that comes after the party.",
    }
    made |= changes
    return {field: value for field, value in made.items() if value is not None}


def exercise(**changes: object) -> Complete:
    return Complete.of("cake", data(**changes))


# ---- the model ----


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("Dear Ms Roy,\n", "I'll refund it.", "Dear Ms Roy,\n\nPART\n\nI'll refund it."),
        ("Hello.", "I'll refund it.", "Hello. PART I'll refund it."),
        ("I see that", ", and I'm sorry.", "I see that PART, and I'm sorry."),
        ("", "I'll refund it.", "PART I'll refund it."),
        ("Hello.", "", "Hello. PART"),
        ("Hello.\n", "", "Hello.\n\nPART"),
    ],
)
def test_part_goes_into_the_gap(before: str, after: str, whole: str) -> None:
    reply, start = exercise(before=before, after=after).whole("PART")
    assert reply == whole
    assert reply[start:].startswith("PART")


@pytest.mark.parametrize(
    ("part", "level", "total"),
    [
        (FULL, 2, 100),
        (HALF, 1, 50),
        ("The shop opens at eight.", 0, 0),
        (f"{HALF} But {BLAME.lower()}", 0, 0),
        ("acknowledge empathy furious understand", 0, 0),
    ],
)
def test_part_is_graded_on_the_move_alone(part: str, level: int, total: int) -> None:
    found = exercise().grade(part)
    assert (found.levels["acknowledge"], found.total) == (level, total)
    moves = {move.id for move in load_rubric().moves} - {"acknowledge"}
    assert not any(found.levels[move] for move in moves)
    assert [advice.criterion for advice in found.feedback][-1] == "acknowledge"


def test_only_the_learners_own_words_count() -> None:
    found = exercise(before=f"Dear Ms Roy, {HALF}")
    assert found.grade("The shop opens at eight.").total == 0
    assert found.grade(FULL).total == 100
    other = exercise(after=f"{BLAME} I'll refund it.", criterion="explore", model="How was it?")
    assert other.grade("What would make it up to her?").levels["blame"] == 0


def test_evidence_is_in_the_part() -> None:
    part = f"Hello. {FULL} {BLAME}"
    found = exercise(before="Good morning,").grade(part)
    assert {e.criterion for e in found.evidence} >= {"blame"}
    assert all(part[e.start : e.end] == e.quote for e in found.evidence)


def test_faults_in_the_part_are_told_but_do_not_count() -> None:
    found = exercise(criterion="explore").grade(f"{BLAME} What would make it up to her?")
    assert (found.levels["blame"], found.total) == (1, 100)
    assert [advice.criterion for advice in found.feedback] == ["blame", "explore"]


@pytest.mark.parametrize(
    ("part", "why"), [("", "empty"), (" \n", "empty"), ("word " * 1100, "too-long")]
)
def test_part_that_cannot_be_graded_says_why(part: str, why: str) -> None:
    found = exercise().grade(part)
    assert (found.rejected, found.total, found.evidence) == (why, 0, ())


def test_where_nothing_is_refused_the_words_say_so() -> None:
    found = exercise(criterion="positive").grade("The shop opens at eight.")
    assert found.total == 0
    assert found.feedback[0].text == load_rubric().criteria["positive"].feedback[1]


def filling(folder: Path, **changes: object) -> Filling:
    """The learner's work as a new session finds it."""
    draft = Draft(folder / "drafts" / "cake.txt", folder / "drafts" / "cake.aside.json")
    return Filling(exercise(**changes), draft, Record(folder))


def test_attempt_is_recorded_with_the_one_level(learner_home: Path) -> None:
    work = filling(learner_home)
    work.check(HALF)
    work.check(HALF)
    work.check("")
    (entry,) = Record(learner_home).read()
    assert (entry.exercise, entry.kind, entry.text) == ("cake", "complete", HALF)
    assert (entry.levels, entry.total) == ({"acknowledge": 1}, 50)


def test_model_opens_after_four_words(learner_home: Path) -> None:
    work = filling(learner_home)
    work.check("So sorry, really")
    assert not work.model_open
    work.check(HALF)
    assert work.model_open
    assert filling(learner_home).model_open


def test_new_session_compares_with_the_last_attempt(learner_home: Path) -> None:
    filling(learner_home).check(HALF)
    work = filling(learner_home)
    earlier = work.before(work.check(FULL))
    assert earlier is not None
    assert earlier.reply == HALF


# ---- what authors may write ----


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"criterion": "blame"}, "criterion: 'blame' is no move; allowed: acknowledge, reflect"),
        (
            {"before": "", "after": " "},
            "before: is empty, and so is after; allowed: text in at least one of them",
        ),
        (
            {"before": FULL},
            "before: acknowledge is there without the part ('No wonder you are furious'); all",
        ),
        ({"model": HALF}, "model: reaches level 1 of acknowledge; allowed: one that reaches 2"),
        ({"model": "Hello."}, "model: reaches level 0 of acknowledge; allowed: one that reaches 2"),
        (
            {"model": f"{FULL} I'll refund it. {BLAME}"},
            f"model: the grader finds blame in {BLAME[:-1]!r}; allowed: no faults",
        ),
        (
            {"model": "Je regrette que vous ayez attendu deux heures, madame, avec vos gens. " * 3},
            "model: the grader rejects it (not-english); allowed: a part in plain English",
        ),
    ],
)
def test_what_a_schema_cannot_see_is_told(changes: dict[str, Any], expected: str) -> None:
    assert schema_problems(data(**changes), "quiz_complete", "x.yml") == []
    assert [line for line in problems(data(**changes)) if line.startswith(expected)]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"facts": [], "before": ""},
        {"after": "", "before": "Hello, Ms Roy."},
        {"criterion": "explore", "model": "What would make it up to your daughter?"},
    ],
)
def test_good_exercises_pass(changes: dict[str, Any]) -> None:
    assert schema_problems(data(**changes), "quiz_complete", "x.yml") == []
    assert list(problems(data(**changes))) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"task": None}, "x.yml: task: is missing; allowed: one line of text: what is missing"),
        ({"facts": None}, "x.yml: facts: is missing; allowed: a list of texts"),
        ({"facts": "Ann"}, "x.yml: facts: 'Ann' does not fit; allowed: a list of texts"),
        ({"criterion": 3}, "x.yml: criterion: 3 does not fit; allowed: the move that is missing"),
        ({"model": ""}, "x.yml: model: '' does not fit; allowed: a good filling of the gap"),
        ({"hint": "x"}, "x.yml: hint: is unknown; allowed: kind, source, task, setting"),
    ],
)
def test_schema_names_field_and_remedy(changes: dict[str, Any], expected: str) -> None:
    assert expected in "\n".join(schema_problems(data(**changes), "quiz_complete", "x.yml"))


# ---- on the screen ----


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What was displayed; there is one exercise, and every test is a new session."""
    yield from session(monkeypatch, cake=data())


def feedback(view: Any) -> str:
    return region(view, "tid-complete-feedback")


def check(view: Any, part: str) -> str:
    by_class(view, "tid-complete-part").value = part
    by_class(view, "tid-complete-check").click()
    return feedback(view)


def test_exercise_shows_the_reply_with_a_box_in_its_gap(shown: list[Any]) -> None:
    assert complete("cake") is None  # type: ignore[func-returns-value]
    view = shown[0]
    words = words_of(html_of(view))
    for part in (
        "Bakery, at the counter",
        "The cake came at six.",
        f"You are Ann. {HOSTILE}",
        f"Say what is missing. {HOSTILE}",
        f"Ann {HOSTILE}",
    ):
        assert part in words
    given, box, rest = by_class(view, "tid-complete-reply").children
    assert "Dear Ms Roy," in given.value
    assert "refund" in rest.value
    assert isinstance(box, ipywidgets.Textarea)
    assert (box.value, box.description, box.continuous_update) == (
        "",
        say("complete_part"),
        True,
    )


def test_check_shows_level_advice_and_marks_in_the_part_alone(shown: list[Any]) -> None:
    complete("cake")
    region = check(shown[0], HALF)
    assert 'data-total="50"' in region
    assert re.findall(r'<li[^>]* data-criterion="(\w+)" data-level="(\d)"', region) == [
        ("acknowledge", "1")
    ]
    assert "shows goodwill, but the same words could go to anyone" in words_of(region)
    quoted = region.partition('<blockquote class="tid-marked">')[2]
    assert words_of(unmarked(quoted)) == HALF
    assert "<mark" in quoted


def test_second_draft_tells_what_changed(shown: list[Any]) -> None:
    complete("cake")
    assert "tid-change" not in check(shown[0], HALF)
    assert "tid-change" in check(shown[0], FULL)


def test_learners_html_is_shown_as_text(shown: list[Any]) -> None:
    complete("cake")
    assert HOSTILE in words_of(check(shown[0], f"{FULL} {HOSTILE}"))


@pytest.mark.parametrize("part", ["", "\0\ud83d\ufffe" * 99, "word " * 9_999, HOSTILE * 9])
def test_bad_part_gets_a_plain_sentence_and_stays_in_the_box(shown: list[Any], part: str) -> None:
    complete("cake")
    assert len(words_of(check(shown[0], part)).replace(HOSTILE, "")) < 900
    assert by_class(shown[0], "tid-complete-part").value == part


def test_every_change_is_on_the_disk_at_once(shown: list[Any], learner_home: Path) -> None:
    complete("cake")
    for end in range(1, 5):
        by_class(shown[0], "tid-complete-part").value = FULL[:end]
        assert (learner_home / "drafts" / "cake.txt").read_text() == FULL[:end]


def test_model_filling_is_shown_after_an_honest_try(shown: list[Any]) -> None:
    complete("cake")
    button = by_class(shown[0], "tid-complete-show")
    check(shown[0], "So sorry.")
    assert button.disabled
    button.click()  # a keyboard or a script may still do it
    assert data()["model"] not in words_of(unmarked(html_of(shown[0])))
    check(shown[0], HALF)
    assert not button.disabled
    button.click()
    html = html_of(shown[0])
    assert data()["model"] in words_of(unmarked(html))
    assert button.description == say("complete_hide")
    button.click()
    assert data()["model"] not in words_of(unmarked(html_of(shown[0])))


def test_run_again_and_a_new_session_find_the_words(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    complete("cake")
    region = check(shown[0], HALF)
    complete("cake")
    assert shown[1] is shown[0]
    assert feedback(shown[1]) == region
    by_class(shown[0], "tid-complete-part").value = f"{HALF} And"
    restart(monkeypatch)
    complete("cake")
    assert by_class(shown[2], "tid-complete-part").value == f"{HALF} And"
    assert say("complete_before", total=50) in words_of(feedback(shown[2]))
    assert not by_class(shown[2], "tid-complete-show").disabled


def test_words_of_another_window_are_kept(shown: list[Any], learner_home: Path) -> None:
    complete("cake")
    by_class(shown[0], "tid-complete-part").value = "Mine"
    (learner_home / "drafts" / "cake.txt").write_text(f"Theirs {HOSTILE}")
    by_class(shown[0], "tid-complete-part").value = "Mine, too"
    assert f"Theirs {HOSTILE}" in words_of(html_of(shown[0]))


def test_error_in_the_grader_is_a_plain_sentence(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    complete("cake")
    monkeypatch.setattr(Filling, "check", lambda _self, _text: 1 / 0)
    assert words_of(check(shown[0], FULL)) == say("went_wrong")


def test_unknown_exercise_is_told_in_a_plain_sentence(shown: list[Any]) -> None:
    complete("cakes")
    assert words_of(html_of(shown[0])) == say("unknown_near", id="cakes", near="cake")


def test_page_holds_a_usable_copy(shown: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALK_IT_DOWN_OUTPUT", "page")
    complete("cake")
    html = shown[0].data
    assert 'data-draft="drafts/cake.txt"' in html
    order = [html.index("Dear Ms Roy,"), html.index("<textarea"), html.index("I&#x27;ll refund")]
    assert order == sorted(order)
    assert re.findall(r'data-go="([\w-]+)"', html) == ["tid-complete-check"]
    assert data()["model"] not in html
