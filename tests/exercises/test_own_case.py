"""The learner's own case: the same feedback, and nothing kept unless they say so."""

# ruff: noqa: ANN401  (widgets have no types)

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from exercises import own_case
from exercises.own_case import OwnCase, private_words
from exercises.record import Record
from exercises.texts import say
from grader import assess
from grader.rubric import FAULTS, MOVES, USUAL_ASKS
from tests.exercises.onscreen import by_class, html_of, region, session, widgets, words_of

MESSAGE = "The boiler man came twice, and both times he had the wrong part. I have no heating!"
WEAK = "I understand your frustration. We will pass on your comments to the team."
REPLY = (
    "Two visits, two wrong parts, and still a cold house: anyone would be fed up. That's our "
    "mistake. I'm bringing the right valve myself tomorrow at nine."
)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


# ---- the model ----


def test_reply_is_graded_against_the_message_with_the_default_asks() -> None:
    attempt = OwnCase().check(MESSAGE, REPLY)
    assert attempt.assessment == assess(REPLY, {"customer": MESSAGE}, USUAL_ASKS)
    assert attempt.assessment.levels["reflect"] == 2
    assert OwnCase().check(MESSAGE, MESSAGE).assessment.rejected == "copied"


def test_learner_chooses_what_the_reply_should_do() -> None:
    work = OwnCase()
    for move in ("reflect", "expect"):
        work.ask(move, on=False)
    for move in ("relate", "relate", "explore"):
        work.ask(move, on=True)
    work.ask("thank", on=False)
    assert work.asks == {"acknowledge": 2, "explore": 1, "own": 1, "solve": 2, "relate": 1}
    assert [*work.asks] == [move for move in MOVES if move in work.asks]
    work.ask("reflect", on=True)
    assert work.asks["reflect"] == USUAL_ASKS["reflect"]
    for move in MOVES:
        work.ask(move, on=False)
    assert work.check(MESSAGE, REPLY).assessment.total is None


def test_second_draft_is_compared_only_at_the_same_case() -> None:
    work = OwnCase()
    first, second = work.check(MESSAGE, WEAK), work.check(MESSAGE, REPLY)
    assert work.before(first) == second
    assert work.before(second) == first
    work.ask("thank", on=True)
    assert work.before(work.check(MESSAGE, WEAK)) is None
    assert work.before(work.check("Another message, another day.", REPLY)) is None


def kept(home: Path) -> list[str]:
    return [entry.text for entry in Record(home).read()]


def test_nothing_is_kept_unless_the_learner_says_so(learner_home: Path) -> None:
    work = OwnCase(Record(learner_home))
    work.check(MESSAGE, WEAK)
    assert not learner_home.exists()
    work.keep_attempts(on=True)
    assert (kept(learner_home), work.is_kept) == ([WEAK], True)  # the one just checked
    work.keep_attempts(on=True)
    work.check(MESSAGE, WEAK)
    work.check(MESSAGE, REPLY)
    work.keep_attempts(on=False)
    assert work.is_kept
    work.check(MESSAGE, f"{REPLY} Bye.")
    assert (kept(learner_home), work.is_kept) == ([WEAK, REPLY], False)


def test_record_holds_the_reply_what_it_was_to_do_and_no_word_of_the_message(
    learner_home: Path,
) -> None:
    work = OwnCase(Record(learner_home))
    work.keep_attempts(on=True)
    work.check(MESSAGE, "")
    assert not learner_home.exists()
    attempt = work.check(MESSAGE, REPLY)
    (entry,) = Record(learner_home).read()
    assert (entry.exercise, entry.kind, entry.text) == ("own-case", "own-case", REPLY)
    assert entry.total == attempt.assessment.total
    assert set(entry.levels) == {*USUAL_ASKS, *FAULTS}
    assert "boiler man" not in Record(learner_home).path.read_text()


def test_record_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    work = OwnCase(Record(tmp_path / "file"))
    work.keep_attempts(on=True)
    assert work.check(MESSAGE, REPLY).assessment.total
    assert (work.trouble, work.is_kept) == ("own_case_not_saved", False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to ana.b@example.co.uk or ring 07700 900-123.", ["ana.b@example.co.uk"]),
        ("Mrs Pritchard of LS1 4AP", ["Mrs Pritchard", "LS1 4AP"]),
        ("Dear Lorna, Dr. O'Brien said so. Dear Lorna again", ["Dear Lorna", "Dr. O'Brien"]),
        ("Dear Sir, dear customer, Dear Madam, Mrs B.", []),
        ("I paid £1,250 on 12 March 2026 at 10:30, order 4417.", []),
        ("", []),
    ],
)
def test_words_that_give_a_person_away_are_found(text: str, found: list[str]) -> None:
    assert [word for word in private_words(text) if not word[0].isdigit()] == found
    assert [w for w in private_words(text) if w[0].isdigit()] == re.findall("07700.{8}", text)


# ---- the view ----


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What was displayed; every test is a new session."""
    yield from session(monkeypatch)


def check(view: Any, reply: str, message: str = MESSAGE) -> str:
    by_class(view, "tid-own-case-message").value = message
    by_class(view, "tid-own-case-reply").value = reply
    by_class(view, "tid-own-case-check").click()
    return region(view, "tid-own-case-feedback")


def test_every_control_has_a_name_and_the_usual_moves_are_ticked(shown: list[Any]) -> None:
    own_case()
    view = shown[0]
    assert [box.description for box in widgets(view, ipywidgets.Textarea)] == [
        say("own_case_message"),
        say("own_case_reply"),
    ]
    ticks = widgets(by_class(view, "tid-own-case-asks"), ipywidgets.Checkbox)
    assert len(ticks) == len(MOVES)
    assert [move for move, tick in zip(MOVES, ticks, strict=True) if tick.value] == [
        *sorted(USUAL_ASKS, key=MOVES.index)
    ]
    assert say("own_case_private") in words_of(html_of(view))
    assert by_class(view, "tid-own-case-keep").value is False


def test_check_gives_the_same_feedback_as_any_exercise(shown: list[Any]) -> None:
    own_case()
    region = check(shown[0], f"{REPLY} {HOSTILE}")
    assert re.search(r'data-total="\d+"', region)
    assert len(re.findall(r"<li [^>]*data-level", region)) == len(USUAL_ASKS)
    assert "<mark" in region
    assert "<script" not in region
    assert "<img" not in region
    assert HOSTILE in words_of(region)
    by_class(shown[0], "tid-own-case-ask-thank").value = True
    assert len(re.findall(r"<li [^>]*data-level", check(shown[0], REPLY))) == len(USUAL_ASKS) + 1


def test_what_is_missing_or_private_is_said_beside_the_feedback(shown: list[Any]) -> None:
    own_case()
    assert say("own_case_no_message") in words_of(check(shown[0], REPLY, "  "))
    region = words_of(check(shown[0], f"Dear Lorna, {REPLY}"))
    assert say("own_case_names", words="“Dear Lorna”") in region
    assert "data-total" in check(shown[0], REPLY)
    for move in USUAL_ASKS:
        by_class(shown[0], f"tid-own-case-ask-{move}").value = False
    region = check(shown[0], REPLY)
    assert say("own_case_no_asks") in words_of(region)
    assert "data-total" not in region
    assert len(re.findall(r"<li [^>]*data-level", region)) >= len(MOVES)


def test_drafts_are_compared_side_by_side(shown: list[Any]) -> None:
    own_case()
    check(shown[0], WEAK)
    button = by_class(shown[0], "tid-own-case-compare")
    assert button.layout.display == "none"
    assert "tid-change" in check(shown[0], REPLY)
    button.click()
    assert html_of(shown[0]).count('class="tid-draft"') == 2
    check(shown[0], REPLY, "Another case.")
    assert "tid-draft" not in html_of(shown[0])
    assert button.layout.display == "none"


def test_box_to_tick_keeps_the_reply_and_says_so(shown: list[Any], learner_home: Path) -> None:
    own_case()
    check(shown[0], REPLY)
    assert not learner_home.exists()
    by_class(shown[0], "tid-own-case-keep").value = True
    assert say("own_case_kept") in words_of(html_of(shown[0]))
    assert kept(learner_home) == [REPLY]
    assert [path.name for path in learner_home.iterdir() if path.read_bytes()] == ["attempts.jsonl"]


def test_cell_run_twice_shows_the_same_words(shown: list[Any]) -> None:
    own_case()
    region = check(shown[0], REPLY)
    own_case()
    assert shown[1] is shown[0]
    assert region in html_of(shown[1])


def test_error_is_a_plain_sentence(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    own_case()

    def fail(*_args: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(OwnCase, "check", fail)
    assert words_of(check(shown[0], REPLY)) == say("went_wrong")
    assert capfd.readouterr() == ("", "")


def test_page_holds_a_usable_copy_that_stores_nothing(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALK_IT_DOWN_OUTPUT", "page")
    own_case()
    html = shown[0].data
    assert 'data-kind="own-case" data-exercise="" data-draft=""' in html
    assert len(re.findall(r"<textarea id", html)) == 2
    assert len(re.findall(r'<input type="checkbox"[^>]* checked', html)) == len(USUAL_ASKS)
    assert 'data-go="tid-own-case-check"' in html
