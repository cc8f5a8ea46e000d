"""assess(): what a caller can rely on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import grader
from grader.engine import total
from grader.rubric import FAULTS, MOVES, USUAL_ASKS

SCENARIO = {
    "setting": "Plumber, phone",
    "customer": "Two days off work for nothing! Nobody turned up with the boiler part and my "
    "mother is sitting there in her coat. What are you going to do about it?",
    "agent_bad": "The engineer was busy.",
}
GOOD = (
    "Two days waiting in and nobody came, and your mother cold in her coat. I'd be furious too. "
    "I'm so sorry we left you sitting there. That was our mistake, and I'll see it through myself. "
    "I'm sending Dave with the part tomorrow at 8, or tonight at 7 if you'd rather. "
    "What else would help her until then?"
)


def levels(reply: str, scenario: dict[str, str] | None = None) -> dict[str, int]:
    return dict(grader.assess(reply, scenario or SCENARIO).levels)


def test_a_good_reply_earns_its_moves_and_no_fault() -> None:
    found = levels(GOOD)
    moves = ("acknowledge", "reflect", "explore", "apologise", "own", "solve", "options", "expect")
    assert {move: found[move] for move in moves} == dict.fromkeys(moves, 2)
    assert not any(found[fault] for fault in FAULTS)


def test_every_criterion_is_reported_in_the_rubrics_order() -> None:
    assert tuple(levels(GOOD)) == (*MOVES, *FAULTS)


@pytest.mark.parametrize(
    "reply",
    [
        "I don't care that you're upset. The engineer will ring you.",
        "I understand, but you should have read the email we sent.",
        "You can be as upset as you like, it changes nothing. You should have stayed in.",
    ],
)
def test_feelings_denied_or_undone_are_not_acknowledged(reply: str) -> None:
    assert levels(reply)["acknowledge"] == 0


def test_the_customers_own_sentence_gives_nothing_back() -> None:
    reply = "Right. Nobody turned up with the boiler part. Let me look into that for you today."
    assert levels(reply)["reflect"] == 0


def test_a_fault_quoted_to_reject_it_is_no_fault() -> None:
    reply = 'Nobody here will tell you to "calm down". You waited two days and nobody came.'
    assert levels(reply)["dismiss"] == 0


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        ("You should have read the email, it was all in there.", "blame"),
        ("Calm down, it's not the end of the world.", "dismiss"),
        ("That's our policy, and nobody else has complained.", "defend"),
        ("Who do you think you are? Get lost.", "hostile"),
        ("I promise this will never happen again.", "overpromise"),
        ("I'm sorry you feel that way.", "pseudo_apology"),
        ("Your RMA is with tier 2 triage, so please wait for the SLA.", "jargon"),
    ],
)
def test_plain_faults_are_found(reply: str, fault: str) -> None:
    assert levels(reply)[fault] == 1


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        ("You should have your refund by Friday.", "blame"),
        ("The boiler is under guarantee until May.", "overpromise"),
        ("I'm sorry you had to wait two days.", "pseudo_apology"),
        ("You stayed in twice for a man who never came, and your mother sat there cold.", "blame"),
        ("You shouldn't have had to ring us twice.", "blame"),
    ],
)
def test_alarming_words_used_innocently_are_no_fault(reply: str, fault: str) -> None:
    assert levels(reply)[fault] == 0


def test_a_bare_sorry_is_full_beside_the_named_wrong_and_formula_alone() -> None:
    assert levels("We forgot your mother on Tuesday. I'm sorry.")["apologise"] == 2
    assert levels("Sorry for any inconvenience. The part comes on Friday.")["apologise"] == 1


def test_the_total_is_the_weighted_share_less_the_faults() -> None:
    nothing = dict.fromkeys((*MOVES, *FAULTS), 0)
    asks = {"acknowledge": 2, "solve": 1}
    assert total(nothing | {"acknowledge": 2, "solve": 1}, asks) == 83.33
    assert total(nothing | {"acknowledge": 2, "solve": 1, "blame": 1}, asks) == 68.33
    assert total(nothing | {"acknowledge": 2, "solve": 2, "hostile": 1}, asks) == 75.0
    assert total(nothing | {"blame": 1, "defend": 1}, asks) == 0.0
    assert total(nothing, {}) is None


def test_without_asks_there_is_no_total_but_every_move() -> None:
    result = grader.assess(GOOD, SCENARIO)
    assert result.total is None
    assert set(MOVES) < set(result.levels)


@pytest.mark.parametrize(
    ("asks", "says"),
    [
        ({"empathy": 1}, "asks.empathy: no move"),
        ({"blame": 1}, "asks.blame: no move"),
        ({"own": 0}, "above 0"),
        ({"own": -1}, "above 0"),
        ({"own": float("inf")}, "finite"),
        ({"own": float("nan")}, "finite"),
        ({"own": "2"}, "number"),
        ({"own": True}, "number"),
        (["own"], "object"),
    ],
)
def test_bad_asks_are_refused_by_name(asks: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        grader.assess(GOOD, SCENARIO, asks)  # type: ignore[arg-type]


def test_weights_of_any_size_give_the_same_total() -> None:
    small = grader.assess(GOOD, SCENARIO, {"acknowledge": 2, "prevent": 1})
    large = grader.assess(GOOD, SCENARIO, {"acknowledge": 2e300, "prevent": 1e300})
    assert small.total == large.total


def test_a_scenario_can_be_a_mapping_or_a_value() -> None:
    value = grader.Scenario(**SCENARIO)
    assert grader.assess(GOOD, value) == grader.assess(GOOD, SCENARIO)


@pytest.mark.parametrize("scenario", [{}, {"customer": 3}, {"customer": "a", "setting": None}, "x"])
def test_a_scenario_that_is_none_is_refused(scenario: object) -> None:
    with pytest.raises(ValueError, match="scenario"):
        grader.assess(GOOD, scenario)  # type: ignore[arg-type]


def test_advice_is_at_most_three_and_a_fault_comes_first() -> None:
    reply = "Calm down. You should have rung us. I'll send Dave tomorrow at 8."
    result = grader.assess(reply, SCENARIO, {"acknowledge": 2, "reflect": 1, "solve": 1})
    assert 1 <= len(result.feedback) <= 3
    assert {advice.criterion for advice in result.feedback[:2]} == {"dismiss", "blame"}


def test_a_reply_said_twice_is_worth_no_more() -> None:
    once, twice = (
        grader.assess(text, SCENARIO, USUAL_ASKS) for text in (GOOD, f"{GOOD}\n\n{GOOD}")
    )
    assert once.total == twice.total


WORDS = st.sampled_from(
    "sorry you I we calm down should have waited two boiler ? ! . , \" “ ” \n — £45 can't refund"
    " will never again tomorrow \u200b \u202e é 😡 \ud800 policy but if feel n't 's I'm a.b. 3:15"
    " IT İ ſ ( - — $".split(" ")
)
JOINED = st.sampled_from(("", " ")).flatmap(lambda gap: st.lists(WORDS, max_size=60).map(gap.join))


@given(JOINED)
def test_evidence_is_exact_for_any_text(reply: str) -> None:
    result = grader.assess(reply, SCENARIO, {"acknowledge": 1})
    for evidence in result.evidence:
        assert reply[evidence.start : evidence.end] == evidence.quote != ""
        assert result.levels[evidence.criterion] > 0
    for name, level in result.levels.items():
        assert 0 <= level <= (2 if name in MOVES else 1)
    assert result.total is not None
    assert 0 <= result.total <= 100
