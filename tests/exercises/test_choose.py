"""The choose exercise: the model, what authors may write, and what a learner sees."""

# ruff: noqa: ANN401  (widgets have no types)

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from exercises import choose
from exercises.choose import Choose, problems
from exercises.kept import Kept
from exercises.record import Record
from exercises.schema import problems as schema_problems
from exercises.texts import say
from tests.exercises.onscreen import (
    by_class,
    html_of,
    is_shown,
    region,
    restart,
    session,
    unmarked,
    widgets,
    words_of,
)

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> & \"'"
STRONG = (
    "Your cake came at six, two hours after the party had begun. No wonder you are furious. I'll "
    "refund all of it today, and I'm seeing to it myself."
)
STOCK = "I understand your frustration and we apologise for any inconvenience."
BLAME = "You should have ordered earlier. Calm down, it's only a cake."


def exercise(**changes: object) -> dict[str, Any]:
    """An exercise as an author writes it; a field is left out where its change is None."""
    data: dict[str, Any] = {
        "kind": "choose",
        "source": "rebuilding-trust/active-listening",
        "task": f"Which is better? {HOSTILE}",
        "setting": "Bakery, at the counter",
        "customer": "The cake came at six. The party was at four!",
        "options": [
            {"text": STRONG, "right": True, "why": "It is about her."},
            {"text": STOCK, "right": False, "why": "It is about nobody."},
            {"text": f"{BLAME} {HOSTILE}", "right": False, "why": f"It hurts. {HOSTILE}"},
        ],
        "reasons": {
            "ask": "Why?",
            "options": [
                {"text": "It has her facts.", "right": True},
                {"text": "It names the feeling.", "right": True},
                {"text": "It is short.", "right": False},
                {"text": "It is polite.", "right": False},
            ],
        },
    }
    data |= changes
    return {field: value for field, value in data.items() if value is not None}


def options(*texts: str, right: int = 0) -> list[dict[str, Any]]:
    return [{"text": t, "right": i == right, "why": "Because."} for i, t in enumerate(texts)]


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "cake.json", Record(tmp_path))


def place(work: Choose, text: str) -> int:
    return next(i for i, option in enumerate(work.options) if option.text.startswith(text))


def tick(work: Choose, *texts: str) -> None:
    for i, reason in enumerate(work.reasons):
        work.tick(i, on=reason.text in texts)


# ---- the model ----


@pytest.mark.parametrize(
    ("choice", "ticked", "total"),
    [
        (STRONG, ["It has her facts.", "It names the feeling."], 100),
        (STRONG, ["It has her facts."], 80),
        (STRONG, ["It has her facts.", "It is short."], 60),
        (STRONG, ["It is short."], 60),
        (STOCK, ["It has her facts.", "It names the feeling."], 40),
        (STOCK, ["It is short.", "It is polite."], 0),
        (
            STRONG,
            ["It has her facts.", "It names the feeling.", "It is short.", "It is polite."],
            60,
        ),
    ],
)
def test_total_is_for_the_choice_and_the_reasons(
    kept: Kept, choice: str, ticked: list[str], total: int
) -> None:
    work = Choose("cake", exercise(), kept)
    work.choose(place(work, choice))
    tick(work, *ticked)
    result = work.check()
    assert result is not None
    assert (result.right, result.total) == (choice == STRONG, total)


def test_without_reasons_the_choice_is_all(kept: Kept) -> None:
    work = Choose("cake", exercise(reasons=None), kept)
    for text, total in ((STRONG, 100), (STOCK, 0)):
        work.start_again()
        work.choose(place(work, text))
        result = work.check()
        assert result is not None
        assert result.total == total


def test_nothing_is_judged_before_a_choice_and_a_reason(kept: Kept, tmp_path: Path) -> None:
    work = Choose("cake", exercise(), kept)
    assert (work.lacks, work.check()) == ("choice", None)
    work.choose(1)
    assert (work.lacks, work.check()) == ("reason", None)
    assert list(Record(tmp_path).read()) == []


def test_an_attempt_is_what_was_chosen_in_words(kept: Kept, tmp_path: Path) -> None:
    work = Choose("cake", exercise(), kept)
    work.choose(place(work, STOCK))
    tick(work, "It is polite.")
    work.check()
    work.check()
    (entry,) = Record(tmp_path).read()
    assert (entry.exercise, entry.kind, entry.levels, entry.total) == ("cake", "choose", {}, 0)
    assert entry.text == f"{STOCK}\n- It is polite."


def test_after_the_check_nothing_changes_until_a_new_start(kept: Kept) -> None:
    work = Choose("cake", exercise(), kept)
    work.choose(0)
    tick(work, "It is short.")
    result = work.check()
    work.choose(1)
    tick(work, "It is polite.")
    assert (work.chosen, work.result) == (0, result)
    work.start_again()
    assert (work.chosen, work.ticked, work.result) == (None, set(), None)


def test_new_session_finds_choice_ticks_and_result(kept: Kept, tmp_path: Path) -> None:
    work = Choose("cake", exercise(), kept)
    work.choose(2)
    tick(work, "It is short.")
    again = Choose("cake", exercise(), Kept(tmp_path / "cake.json"))
    assert (again.chosen, again.ticked, again.result) == (2, work.ticked, None)
    work.check()
    again.reload()
    assert again.result == work.result


@pytest.mark.parametrize(
    "state",
    [
        {"chosen": "An option of last year", "ticked": ["gone"], "checked": True},
        {"chosen": 3, "ticked": "x", "checked": "yes"},
        {"chosen": [], "ticked": [{}, 1]},
    ],
)
def test_what_no_longer_fits_is_left_out(tmp_path: Path, state: object) -> None:
    (tmp_path / "cake.json").write_text(json.dumps(state))
    work = Choose("cake", exercise(), Kept(tmp_path / "cake.json"))
    assert (work.chosen, work.ticked, work.result) == (None, set(), None)


def test_marks_are_of_moves_made_fully_and_of_faults(kept: Kept) -> None:
    work = Choose("cake", exercise(), kept)
    found = [
        {evidence.criterion for evidence in work.evidence(place(work, text))}
        for text in (STRONG, STOCK, BLAME)
    ]
    assert {"acknowledge", "reflect", "solve"} <= found[0]
    assert found[1] == set()
    assert {"blame", "dismiss"} <= found[2]
    assert Choose("cake", exercise(graded=False), kept).evidence(0) == []


# ---- what authors may write ----


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"options": options(STRONG, STOCK, right=5)}, "options: 0 of them are right; allowed: ex"),
        (
            {"options": options("a", "b", right=1) + options("c")},
            "options: 2 of them are right; allowed: exactly one",
        ),
        ({"options": options(STRONG, STRONG)}, "options[1].text: is the same as an earlier one"),
        (
            {"reasons": {"ask": "Why?", "options": [{"text": t, "right": True} for t in "abc"]}},
            "reasons.options: all are right or all wrong; allowed: at least one of each",
        ),
        (
            {"customer": None, "agent_bad": "No."},
            "agent_bad: there is nothing it could answer; allowed: only with customer",
        ),
        ({"customer": None, "graded": True}, "graded: the grader needs the customer's message"),
        ({"asks": {"smile": 1}}, "asks.smile: is no move; allowed: acknowledge, reflect"),
        ({"asks": {"own": 1}, "graded": False}, "asks: nothing is graded here; allowed: only with"),
        ({"asks": {"own": 1}, "customer": None}, "asks: nothing is graded here; allowed: only"),
        (
            {"options": options(BLAME, STRONG)},
            "options[1]: the grader gives it ",
        ),
    ],
)
def test_what_a_schema_cannot_see_is_told(changes: dict[str, Any], expected: str) -> None:
    data = exercise(**changes)
    assert schema_problems(data, "quiz_choose", "x.yml") == []
    assert [line for line in problems(data) if line.startswith(expected)]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"reasons": None},
        {"customer": None, "setting": None},
        {"graded": False, "options": options(BLAME, STRONG)},
        {"asks": {"explore": 1}, "options": options(f"{STOCK} What happened?", STRONG)},
    ],
)
def test_good_exercises_pass(changes: dict[str, Any]) -> None:
    data = exercise(**changes)
    assert schema_problems(data, "quiz_choose", "x.yml") == []
    assert list(problems(data)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"task": None}, "x.yml: task: is missing; allowed: text: what to choose, and for what"),
        ({"options": options("a")}, "allowed: a list of two to four options"),
        ({"options": [{"text": "a", "right": True}] * 2}, "x.yml: options[0].why: is missing"),
        ({"tip": "x"}, "x.yml: tip: is unknown; allowed: kind, source, task"),
        ({"asks": {"own": 0}}, "x.yml: asks.own: 0 does not fit; allowed: a whole number from 1"),
        ({"source": "listening"}, "x.yml: source: 'listening' does not fit; allowed: <part>/<sec"),
    ],
)
def test_schema_names_field_and_remedy(changes: dict[str, Any], expected: str) -> None:
    assert expected in "\n".join(schema_problems(exercise(**changes), "quiz_choose", "x.yml"))


# ---- on the screen ----


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What was displayed; there is one exercise, and every test is a new session."""
    yield from session(monkeypatch, cake=exercise())


def pick(view: Any, text: str) -> Any:
    """The button of the card with this text."""
    (card,) = [
        box
        for box in widgets(view, ipywidgets.VBox)
        if "tid-choose-card" in box._dom_classes
        and text in words_of(unmarked(box.children[0].value))
    ]
    return card.children[1]


def feedback(view: Any) -> str:
    return words_of(region(view, "tid-choose-feedback"))


def answer(view: Any, text: str, *reasons: str) -> str:
    pick(view, text).click()
    for box in widgets(view, ipywidgets.Checkbox):
        box.value = box.description in reasons
    by_class(view, "tid-choose-check").click()
    return feedback(view)


def test_exercise_shows_customer_task_and_lettered_cards(shown: list[Any]) -> None:
    assert choose("cake") is None  # type: ignore[func-returns-value]
    words = words_of(html_of(shown[0]))
    for part in ("Bakery, at the counter", "The cake came at six.", f"Which is better? {HOSTILE}"):
        assert part in words
    picks = [b.description for b in widgets(shown[0], ipywidgets.Button) if "pick" in str(b)]
    assert picks == ["Choose A", "Choose B", "Choose C"]
    assert "It is about her." not in words
    assert "<mark" not in html_of(shown[0])


def test_reasons_are_asked_for_after_the_choice(shown: list[Any]) -> None:
    choose("cake")
    reasons = by_class(shown[0], "tid-choose-reasons")
    assert not is_shown(reasons)
    by_class(shown[0], "tid-choose-check").click()
    assert feedback(shown[0]) == say("choose_no_choice")
    button = pick(shown[0], STOCK)
    button.click()
    assert is_shown(reasons)
    letter = button.description[0]
    assert button.description == say("choose_picked", letter=letter)
    assert feedback(shown[0]) == say("choose_said_why", letter=letter)
    pick(shown[0], STRONG).click()
    assert button.description == say("choose_pick", letter=letter)
    by_class(shown[0], "tid-choose-check").click()
    assert feedback(shown[0]) == say("choose_no_reason")


def test_after_the_check_every_option_says_what_it_does(shown: list[Any]) -> None:
    choose("cake")
    found = answer(shown[0], STOCK, "It has her facts.", "It is short.")
    html = html_of(shown[0])
    assert "does it better. 0 of 100" in found
    assert 'data-total="0"' in html
    for words in ("It is about her.", "It is about nobody.", f"It hurts. {HOSTILE}"):
        assert words in words_of(html)
    assert {"reflect", "blame"} <= set(re.findall(r'<mark data-criterion="(\w+)"', html))
    for said in ("Yes: It has her facts.", "True as well: It names the feeling."):
        assert said in found
    assert "Not so: It is short." in found
    assert "It is polite." not in found
    assert not any(is_shown(pick(shown[0], text)) for text in (STRONG, STOCK, BLAME))


def test_the_best_choice_is_told_so(shown: list[Any]) -> None:
    choose("cake")
    found = answer(shown[0], STRONG, "It has her facts.", "It names the feeling.")
    assert "100 of 100" in found
    assert say("choose_best_yours") in words_of(html_of(shown[0]))


def test_start_again_clears_the_screen(shown: list[Any]) -> None:
    choose("cake")
    again = by_class(shown[0], "tid-choose-again")
    assert not is_shown(again)
    answer(shown[0], STOCK, "It is short.")
    assert is_shown(again)
    again.click()
    assert feedback(shown[0]) == ""
    assert not any(box.value for box in widgets(shown[0], ipywidgets.Checkbox))
    assert all(is_shown(pick(shown[0], text)) for text in (STRONG, STOCK, BLAME))
    assert not is_shown(again)


def test_run_again_and_a_new_session_show_the_same(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    choose("cake")
    found = answer(shown[0], STOCK, "It is short.")
    choose("cake")
    assert shown[1] is shown[0]
    assert feedback(shown[1]) == found
    restart(monkeypatch)
    choose("cake")
    assert shown[2] is not shown[0]
    assert feedback(shown[2]) == found


def test_disk_that_fails_is_told_and_choosing_goes_on(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    monkeypatch.setenv("TALK_IT_DOWN_HOME", str(blocked))
    choose("cake")
    found = answer(shown[0], STRONG, "It has her facts.")
    assert say("choices_not_kept") in found
    assert "80 of 100" in found


def test_error_in_the_grader_is_a_plain_sentence(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    choose("cake")
    monkeypatch.setattr(Choose, "check", lambda _self: 1 / 0)
    assert answer(shown[0], STRONG, "It has her facts.") == say("went_wrong")


def test_unknown_exercise_is_told_in_a_plain_sentence(shown: list[Any]) -> None:
    choose("cakes")
    assert words_of(html_of(shown[0])) == say("unknown_near", id="cakes", near="cake")


def test_page_holds_cards_that_can_be_chosen_before_python_runs(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALK_IT_DOWN_OUTPUT", "page")
    choose("cake")
    html = shown[0].data
    assert 'data-kind="choose"' in html
    gone = re.findall(r'data-go="([\w-]+)"', html)
    assert gone == [*(f"tid-choose-pick-{i}" for i in range(3)), "tid-choose-check"]
    assert "It is about her." not in html
