"""The exercise "do not interrupt": the clock, what authors may write, what a learner sees."""

# ruff: noqa: ANN401  (widgets have no types)

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from exercises import listen
from exercises.kept import Kept
from exercises.listen import ASKED, BEFORE, DONE, LISTENING, Listen, Result, problems
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
    widgets,
    words_of,
)

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> & \"'"
PARTS = ("The cake came at six.", f"The party was at four. {HOSTILE}", "My girl cried.")
LENGTH = 6.0  # seconds: three parts of two


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


def exercise(**changes: object) -> dict[str, Any]:
    """An exercise as an author writes it; a field is left out where its change is None."""
    data: dict[str, Any] = {
        "kind": "listen",
        "source": "rebuilding-trust/active-listening",
        "setting": "Bakery, on the phone",
        "task": f"Let her finish. {HOSTILE}",
        "customer": list(PARTS),
        "pause": 2,
        "interrupted": f"Now you're not even letting me finish! {HOSTILE}",
        "question": {
            "ask": "What matters?",
            "options": [
                {"text": "The girl", "right": True, "why": f"She said so. {HOSTILE}"},
                {"text": f"The cake {HOSTILE}", "right": False, "why": "It came first."},
            ],
        },
    }
    data |= changes
    return {field: value for field, value in data.items() if value is not None}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def work(tmp_path: Path, clock: Clock) -> Listen:
    return Listen("cake", exercise(), Kept(tmp_path / "cake.json", Record(tmp_path)), clock)


def place(work: Listen, text: str) -> int:
    return next(i for i, option in enumerate(work.options) if option.text.startswith(text))


def answer(work: Listen, text: str = "The girl") -> Result:
    result = work.choose(place(work, text))
    assert result is not None
    return result


# ---- the clock ----


@pytest.mark.parametrize(("silence", "patience"), [(0.0, 40), (0.9, 40), (1.0, 50), (60.0, 50)])
def test_waiting_for_the_end_earns_and_a_second_of_silence_earns_more(
    work: Listen, clock: Clock, silence: float, patience: int
) -> None:
    work.start()
    clock.wait(LENGTH + silence)
    assert work.answer()
    assert work.stage == ASKED
    assert answer(work) == Result(patience, 50)


def test_cutting_in_costs_and_they_start_over_with_a_word_on_it(work: Listen, clock: Clock) -> None:
    work.start()
    clock.wait(LENGTH - 0.1)
    assert not work.answer()
    assert (work.stage, work.cut_in, work.patience) == (LISTENING, 1, 20)
    assert work.spoken == (exercise()["interrupted"], *PARTS)
    clock.wait(LENGTH)  # now they speak for one part longer
    assert not work.answer()
    assert work.patience == 0
    clock.wait(8.0)
    assert work.answer()
    assert answer(work, "The cake") == Result(0, 0)


@pytest.mark.parametrize("times", [3, 9])
def test_patience_never_falls_below_nothing(work: Listen, clock: Clock, times: int) -> None:
    work.start()
    for _ in range(times):
        clock.wait(1)
        work.answer()
    assert work.patience == 0
    clock.wait(9.5)
    work.answer()
    assert answer(work).total == 60  # for the silence, at last, and for the answer


def test_a_double_press_is_one_interruption(work: Listen, clock: Clock) -> None:
    work.start()
    assert not work.answer()  # nobody decides that fast
    clock.wait(3)
    for _ in range(2):
        assert not work.answer()
        clock.wait(0.1)
    assert (work.stage, work.cut_in) == (LISTENING, 1)


def test_another_start_is_a_clean_sheet(work: Listen, clock: Clock) -> None:
    work.start()
    clock.wait(1)
    work.answer()
    work.start()
    assert (work.cut_in, work.spoken) == (0, PARTS)
    clock.wait(LENGTH)
    assert work.answer()


def test_reading_instead_costs_nothing(work: Listen) -> None:
    work.read()
    assert work.stage == ASKED
    assert answer(work) == Result(50, 50)


def test_nothing_is_answered_before_they_have_finished(work: Listen, tmp_path: Path) -> None:
    assert not work.answer()
    assert work.stage == BEFORE
    work.start()
    assert work.choose(0) is None
    assert (work.stage, work.result) == (LISTENING, None)
    assert list(Record(tmp_path).read()) == []


def test_a_round_is_recorded_once_with_its_answer(
    work: Listen, clock: Clock, tmp_path: Path
) -> None:
    for _ in range(2):
        work.start()
        clock.wait(LENGTH + 1)
        work.answer()
        answer(work, "The cake")
        answer(work, "The girl")  # too late
    entries = list(Record(tmp_path).read())
    assert [(e.exercise, e.kind, e.total, e.levels) for e in entries] == [
        ("cake", "listen", 50, {})
    ] * 2
    assert entries[0].text == f"The cake {HOSTILE}"


def test_new_session_begins_with_the_last_round(work: Listen, clock: Clock, tmp_path: Path) -> None:
    work.start()
    clock.wait(1)
    work.answer()
    clock.wait(10)
    work.answer()
    result = answer(work)
    again = Listen("cake", exercise(), Kept(tmp_path / "cake.json"), clock)
    assert (again.stage, again.result) == (DONE, result)


@pytest.mark.parametrize(
    "state",
    [{"chosen": "gone", "cut_in": 0}, {"chosen": "The girl", "cut_in": -1}, {"chosen": []}, [2]],
)
def test_what_no_longer_fits_is_left_out(tmp_path: Path, state: object) -> None:
    (tmp_path / "cake.json").write_text(json.dumps(state))
    work = Listen("cake", exercise(), Kept(tmp_path / "cake.json"))
    assert (work.stage, work.result) == (BEFORE, None)


# ---- what authors may write ----


def question(*texts: str, right: int = 0) -> dict[str, Any]:
    options = [{"text": t, "right": i == right, "why": "So."} for i, t in enumerate(texts)]
    return {"ask": "What?", "options": options}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"customer": ["a", "b"]}, "allowed: a list of three to seven parts of the customer's"),
        ({"customer": ["a", "b", "x" * 241]}, "allowed: one line of text, up to 240 characters"),
        ({"pause": 0.5}, "x.yml: pause: 0.5 does not fit; allowed: a number of seconds from 1"),
        ({"pause": "2 s"}, "x.yml: pause: '2 s' does not fit; allowed: a number of seconds"),
        ({"interrupted": None}, "x.yml: interrupted: is missing; allowed: one line of text: what"),
        ({"question": {"ask": "What?"}}, "x.yml: question.options: is missing; allowed: a list of"),
        ({"question": question("a", "b", right=2)}, "question.options: 0 of them are right"),
        ({"question": question("a", "a")}, "question.options[1].text: is the same as an earlier"),
    ],
)
def test_bad_exercise_names_field_and_remedy(changes: dict[str, Any], expected: str) -> None:
    data = exercise(**changes)
    found = schema_problems(data, "quiz_listen", "x.yml")
    assert expected in "\n".join(found or problems(data))


def test_a_good_exercise_passes() -> None:
    assert schema_problems(exercise(), "quiz_listen", "x.yml") == []
    assert list(problems(exercise())) == []


# ---- on the screen ----


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[list[Any]]:
    """What was displayed; there is one exercise, and every test is a new session."""
    monkeypatch.setattr(
        "exercises.views.listen.Listen", lambda id, data, kept: Listen(id, data, kept, clock)
    )
    yield from session(monkeypatch, cake=exercise())


def press(view: Any, name: str) -> None:
    by_class(view, f"tid-listen-{name}").click()


def pick(view: Any, text: str) -> None:
    (button,) = [b for b in widgets(view, ipywidgets.Button) if b.description.startswith(text)]
    button.click()


def told(view: Any) -> str:
    return words_of(region(view, "tid-listen-told"))


def question_is_open(view: Any) -> bool:
    return is_shown(by_class(view, "tid-listen-question"))


def delays(view: Any) -> dict[str, float]:
    """The parts of the message that is coming in, with the second at which each appears."""
    found = re.findall(
        r'<p class="tid-listen-part" style="animation-delay:([\d.]+)s">(.*?)</p>', html_of(view)
    )
    return {words_of(part): float(delay) for delay, part in found}


def test_before_the_start_nothing_is_said_and_nothing_asked(shown: list[Any]) -> None:
    assert listen("cake") is None  # type: ignore[func-returns-value]
    words = words_of(html_of(shown[0]))
    assert f"Let her finish. {HOSTILE}" in words
    assert PARTS[0] not in words
    assert not question_is_open(shown[0])
    press(shown[0], "answer")
    assert told(shown[0]) == say("listen_not_begun")


def test_parts_appear_one_after_the_other(shown: list[Any]) -> None:
    listen("cake")
    press(shown[0], "start")
    assert delays(shown[0]) == dict(zip(PARTS, (0, 2, 4), strict=True))
    assert 'role="log" aria-live="polite"' in html_of(shown[0])
    # Only when they have stopped does a screen reader hear of it, and do the dots go.
    assert html_of(shown[0]).count('style="animation-delay:6s"') == 2


def test_cutting_in_is_answered_by_the_customer(shown: list[Any], clock: Clock) -> None:
    listen("cake")
    press(shown[0], "start")
    before = html_of(shown[0])
    clock.wait(3)
    press(shown[0], "answer")
    assert told(shown[0]) == say("listen_cut_in", points=20)
    assert 'role="alert"' in html_of(shown[0])
    assert delays(shown[0]) == dict(
        zip((exercise()["interrupted"], *PARTS), (0, 2, 4, 6), strict=True)
    )
    assert html_of(shown[0]) != before
    again = html_of(shown[0])
    press(shown[0], "answer")  # the second of a double click
    assert html_of(shown[0]) == again
    clock.wait(1)
    press(shown[0], "answer")
    assert told(shown[0]) == say("listen_cut_in_none")
    assert html_of(shown[0]) != again  # or the browser would not start over
    assert not question_is_open(shown[0])


def test_after_the_end_comes_the_question_and_then_every_why(
    shown: list[Any], clock: Clock
) -> None:
    listen("cake")
    view = shown[0]
    press(view, "start")
    message = next(w for w in widgets(view, ipywidgets.HTML) if "tid-listen-message" in w.value)
    coming = message.value
    clock.wait(LENGTH + 2)
    press(view, "answer")
    assert told(view) == say("listen_asked_waited")
    assert question_is_open(view)
    assert message.value == coming  # so that nothing is read out twice
    pick(view, "The cake")
    words = words_of(html_of(view))
    for part in (f"She said so. {HOSTILE}", "It came first.", say("listen_wrong"), "50 of 100"):
        assert part in words
    assert f"{say('listen_patience', points=50)} {say('listen_patient')}" in words
    assert by_class(view, "tid-listen-start").description == say("listen_again")


@pytest.mark.parametrize(
    ("cuts", "silence", "expected"),
    [
        (0, 0.5, say("listen_no_silence")),
        (1, 5, say("listen_impatient_one")),
        (3, 5, say("listen_impatient", count=3)),
    ],
)
def test_patience_is_explained(
    shown: list[Any], clock: Clock, cuts: int, silence: float, expected: str
) -> None:
    listen("cake")
    press(shown[0], "start")
    for _ in range(cuts):
        clock.wait(1)
        press(shown[0], "answer")
    clock.wait(LENGTH + silence)
    press(shown[0], "answer")
    pick(shown[0], "The girl")
    assert expected in words_of(html_of(shown[0]))
    assert say("listen_right") in words_of(html_of(shown[0]))


def test_whoever_reads_gets_the_message_as_a_whole(shown: list[Any]) -> None:
    listen("cake")
    press(shown[0], "read")
    assert " ".join(PARTS) in words_of(html_of(shown[0]))
    assert delays(shown[0]) == {}
    assert told(shown[0]) == say("listen_asked_read")
    pick(shown[0], "The girl")
    assert f"100 of 100 {say('listen_patience', points=50)}" in words_of(html_of(shown[0]))
    assert say("listen_at_once") in words_of(html_of(shown[0]))


def test_cell_run_again_while_they_speak_begins_anew(shown: list[Any], clock: Clock) -> None:
    listen("cake")
    press(shown[0], "start")
    clock.wait(5)
    listen("cake")
    assert shown[1] is shown[0]
    assert delays(shown[0]) == {}
    assert by_class(shown[0], "tid-listen-start").description == say("listen_start")


def test_new_session_shows_the_last_round(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    listen("cake")
    press(shown[0], "read")
    pick(shown[0], "The girl")
    restart(monkeypatch)
    listen("cake")
    words = words_of(html_of(shown[1]))
    assert shown[1] is not shown[0]
    assert "100 of 100" in words
    assert " ".join(PARTS) in words


def test_page_can_be_started_before_python_runs(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALK_IT_DOWN_OUTPUT", "page")
    listen("cake")
    html = html_of(shown[0])
    assert 'data-go="tid-listen-start"' in html
    assert 'data-go="tid-listen-read"' in html
    assert 'class="tid-listen-answer tid-side" disabled' in html
    assert PARTS[0] not in html


def test_unknown_exercise_is_told_in_plain_words(shown: list[Any]) -> None:
    listen("cakes")
    assert words_of(html_of(shown[0])) == say("unknown_near", id="cakes", near="cake")
