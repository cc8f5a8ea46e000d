"""The order exercise: the model, what authors may write, and what a learner sees."""

# ruff: noqa: ANN401  (widgets have no types)

import json
import re
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from exercises import order
from exercises.kept import Kept
from exercises.order import Order, problems
from exercises.record import Record
from exercises.schema import problems as schema_problems
from exercises.texts import say
from exercises.views import order as order_view
from tests.exercises.onscreen import by_class, html_of, region, restart, session, widgets, words_of

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> & \"'"
STEPS = ["Breathe", f"Listen {HOSTILE}", "Say it back", "Act"]


def exercise(**changes: object) -> dict[str, Any]:
    """An exercise as an author writes it; a field is left out where its change is None."""
    data: dict[str, Any] = {
        "kind": "order",
        "source": "rebuilding-trust/active-listening",
        "task": f"In which order? {HOSTILE}",
        "steps": [
            {"text": STEPS[0], "why": f"It calms you. {HOSTILE}"},
            *({"text": text} for text in STEPS[1:]),
        ],
        "note": f"From them to you. {HOSTILE}",
    }
    data |= changes
    return {field: value for field, value in data.items() if value is not None}


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "call.json", Record(tmp_path))


def arrange(work: Order, wanted: list[int]) -> None:
    """Move the steps until they stand in this order."""
    for goal, step in enumerate(wanted):
        place = work.order.index(step)
        while place > goal:
            place = work.move(place, -1)


# ---- the model ----


@pytest.mark.parametrize(
    ("wanted", "total", "in_place"),
    [
        ([0, 1, 2, 3], 100, {0, 1, 2, 3}),
        ([0, 1, 3, 2], 83, {0, 1}),
        ([1, 2, 3, 0], 50, set()),
        ([3, 2, 1, 0], 0, set()),
        ([3, 1, 2, 0], 17, {1, 2}),
    ],
)
def test_total_is_the_share_of_pairs_in_the_right_order(
    kept: Kept, wanted: list[int], total: int, in_place: set[int]
) -> None:
    work = Order("call", exercise(), kept)
    arrange(work, wanted)
    assert work.order == wanted
    assert work.check() == total
    assert (work.in_place, work.done) == (in_place, total == 100)


def test_only_the_right_order_is_worth_everything(kept: Kept) -> None:
    work = Order("call", exercise(), kept)
    full = []
    for wanted in permutations(range(4)):
        work.start_again()
        arrange(work, list(wanted))
        if work.total() == 100:
            full.append(wanted)
    assert full == [(0, 1, 2, 3)]


def test_marks_of_steps_that_did_not_move_stay(kept: Kept) -> None:
    work = Order("call", exercise(), kept)
    arrange(work, [0, 2, 1, 3])
    work.check()
    assert work.in_place == {0, 3}
    assert work.move(3, -1) == 2
    assert (work.in_place, work.judged, work.tried) == ({0}, False, True)


def test_nothing_moves_off_the_list_or_when_all_is_done(kept: Kept) -> None:
    work = Order("call", exercise(), kept)
    before = list(work.order)
    assert (work.move(0, -1), work.move(3, 1)) == (0, 3)
    assert work.order == before
    arrange(work, [0, 1, 2, 3])
    work.check()
    assert work.move(1, 1) == 1
    work.start_again()
    assert (work.order, work.done) == (before, False)


def test_an_attempt_is_the_order_in_words(kept: Kept, tmp_path: Path) -> None:
    work = Order("call", exercise(), kept)
    arrange(work, [1, 0, 2, 3])
    work.check()
    work.check()
    (entry,) = Record(tmp_path).read()
    assert (entry.exercise, entry.kind, entry.levels, entry.total) == ("call", "order", {}, 83)
    assert entry.text == f"1. {STEPS[1]}\n2. Breathe\n3. Say it back\n4. Act"


def test_new_session_finds_order_and_marks(kept: Kept, tmp_path: Path) -> None:
    work = Order("call", exercise(), kept)
    arrange(work, [0, 2, 1, 3])
    work.check()
    work.move(3, -1)
    again = Order("call", exercise(), Kept(tmp_path / "call.json"))
    assert again.order == [0, 2, 3, 1]
    assert (again.in_place, again.judged, again.tried) == ({0}, False, True)


@pytest.mark.parametrize(
    "state",
    [
        {"order": ["Breathe", "Act"], "in_place": [0], "tried": True, "judged": True},
        {"order": [1, 2, 3, 4], "in_place": [0]},
        {"order": "Breathe", "tried": True},
        {"order": ["Breathe"] * 4},
    ],
)
def test_what_no_longer_fits_is_left_out(tmp_path: Path, state: object) -> None:
    (tmp_path / "call.json").write_text(json.dumps(state))
    work = Order("call", exercise(), Kept(tmp_path / "call.json"))
    assert work.order == Order("call", exercise(), Kept()).order
    assert (work.in_place, work.judged, work.tried) == (set(), False, False)


def test_marks_in_a_damaged_file_must_be_true(tmp_path: Path) -> None:
    state = {"order": list(reversed(STEPS)), "in_place": [0, "x", [], 3], "tried": True}
    (tmp_path / "call.json").write_text(json.dumps(state))
    assert Order("call", exercise(), Kept(tmp_path / "call.json")).in_place == set()


# ---- what authors may write ----


def test_good_exercise_passes() -> None:
    assert schema_problems(exercise(), "quiz_order", "x.yml") == []
    assert list(problems(exercise())) == []


def test_same_step_twice_is_told() -> None:
    data = exercise(steps=[{"text": text} for text in ("Breathe", "Act", "Breathe")])
    assert schema_problems(data, "quiz_order", "x.yml") == []
    assert list(problems(data)) == [
        "steps[2].text: is the same as an earlier one; allowed: another text"
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"note": None}, "x.yml: note: is missing; allowed: text: why this order"),
        ({"steps": [{"text": "a"}, {"text": "b"}]}, "allowed: a list of three to seven steps in"),
        ({"steps": ["a", "b", "c"]}, "x.yml: steps[0]: 'a' does not fit; allowed: an object with"),
    ],
)
def test_schema_names_field_and_remedy(changes: dict[str, Any], expected: str) -> None:
    assert expected in "\n".join(schema_problems(exercise(**changes), "quiz_order", "x.yml"))


# ---- on the screen ----


class Clock:
    """Stands in for the module `time`; ticks by hand."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(order_view, "time", made)
    return made


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[list[Any]]:
    """What was displayed; there is one exercise, and every test is a new session."""
    yield from session(monkeypatch, call=exercise())


@pytest.fixture
def focused(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the buttons that got the focus."""
    names: list[str] = []
    monkeypatch.setattr(ipywidgets.Button, "focus", lambda button: names.append(button.description))
    return names


def steps(view: Any) -> list[str]:
    """The steps as they stand in the rows."""
    rows = [w for w in widgets(view, ipywidgets.HBox) if "tid-order-row" in w._dom_classes]
    found = (words_of(row.children[0].value) for row in rows)
    return [next(step for step in STEPS if step in words) for words in found]


def button(view: Any, name: str) -> Any:
    (found,) = [b for b in widgets(view, ipywidgets.Button) if b.description == name]
    return found


def told(view: Any, name: str) -> str:
    return words_of(region(view, name))


def solve(view: Any, clock: Clock) -> None:
    for goal, step in enumerate(STEPS):
        for _ in range(steps(view).index(step) - goal):
            clock.now += 10
            button(view, f"Move up: {step}").click()
    by_class(view, "tid-order-check").click()


def test_rows_have_buttons_that_can_be_told_apart(shown: list[Any]) -> None:
    assert order("call") is None  # type: ignore[func-returns-value]
    view = shown[0]
    assert sorted(steps(view)) == sorted(STEPS)
    assert steps(view) != STEPS
    first, *_, last = steps(view)
    for step in STEPS:
        assert button(view, f"Move up: {step}").disabled is (step == first)
        assert button(view, f"Move down: {step}").disabled is (step == last)


def test_moved_step_keeps_the_focus_and_its_place_is_said(
    shown: list[Any], focused: list[str], clock: Clock
) -> None:
    order("call")
    view = shown[0]
    step = steps(view)[2]
    button(view, f"Move up: {step}").click()
    assert steps(view)[1] == step
    assert focused == [f"Move up: {step}"]
    assert told(view, "tid-order-said") == say("order_moved", step=step, place=2, all=4)
    clock.now += 10
    button(view, f"Move up: {step}").click()  # at the top there is only the way down
    assert focused[-1] == f"Move down: {step}"
    assert not button(view, focused[-1]).disabled


def test_a_quick_second_click_on_a_button_means_the_same_step(
    shown: list[Any], focused: list[str], clock: Clock
) -> None:
    order("call")
    view = shown[0]
    first, second, third, fourth = steps(view)
    clicked = button(view, f"Move up: {fourth}")
    for _ in range(3):
        clicked.click()
        clock.now += 0.1
    assert steps(view) == [fourth, first, second, third]
    clock.now += 10
    clicked.click()
    assert steps(view) == [fourth, first, third, second]


def test_check_marks_what_is_in_place(shown: list[Any], clock: Clock) -> None:
    order("call")
    view = shown[0]
    solve(view, clock)
    assert told(view, "tid-order-feedback").startswith(f"{say('order_all')} 100 of 100 From them")
    words = words_of(html_of(view))
    assert words.count(say("order_in_place")) == 4
    assert f"It calms you. {HOSTILE}" in words
    by_class(view, "tid-order-again").click()
    assert told(view, "tid-order-feedback") == ""
    assert say("order_in_place") not in words_of(html_of(view))
    assert steps(view) != STEPS


def test_right_order_is_shown_on_request_after_a_try(shown: list[Any]) -> None:
    order("call")
    view = shown[0]
    show = by_class(view, "tid-order-show")
    assert show.layout.display == "none"
    by_class(view, "tid-order-check").click()
    assert "of 100" in told(view, "tid-order-feedback")
    assert show.layout.display is None
    show.click()
    words = words_of(html_of(view))
    at = [words.index(part, words.index(say("order_solution"))) for part in STEPS]
    assert at == sorted(at)
    assert show.description == say("order_hide")
    show.click()
    assert say("order_solution") not in words_of(html_of(view))


def test_run_again_and_a_new_session_show_the_same(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    order("call")
    button(shown[0], f"Move up: {steps(shown[0])[2]}").click()
    by_class(shown[0], "tid-order-check").click()
    order("call")
    assert shown[1] is shown[0]
    restart(monkeypatch)
    order("call")
    assert shown[2] is not shown[0]
    for view in shown:
        assert steps(view) == steps(shown[0])
        assert told(view, "tid-order-feedback") == told(shown[0], "tid-order-feedback") != ""


def test_page_holds_rows_that_can_be_moved_before_python_runs(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    order("call")
    monkeypatch.setenv("TALK_IT_DOWN_OUTPUT", "page")
    order("call")
    html = shown[1].data
    gone = re.findall(r'data-go="([\w-]+)"', html)
    assert len(gone) == 2 * 4 - 2 + 1
    # Each is a class of the widget that moves the same step.
    for way, step in re.findall(r'data-go="tid-order-(up|down)-(\d)"', html):
        name = f"tid-order-{way}-{step}"
        assert by_class(shown[0], name).description == say(f"order_{way}", step=STEPS[int(step)])
