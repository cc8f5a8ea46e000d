"""Choosing scenarios: only those that fit, the same for a seed everywhere, and a fair mixture."""

import pytest

from exercises import bank
from exercises.bank import BankScenario
from exercises.selection import select


def scenario(id: str, **more: object) -> BankScenario:
    data = {"setting": "Shop", "customer": "Where is it?", "agent_bad": "Wait.", "asks": {"own": 1}}
    return BankScenario.of(id, data | more)


BANK = {
    made.id: made
    for made in (
        scenario("a", pool="practice", asks={"own": 1, "solve": 1}),
        scenario("b", pool="practice", asks={"own": 2}),
        scenario("c", pool="assessment", asks={"solve": 1, "own": 1, "thank": 3}),
        scenario("d", pool="assessment", asks={"thank": 1}),
    )
}


def test_pool_and_all_criteria_have_to_fit() -> None:
    assert select(BANK) == ["a", "b", "c", "d"]
    assert select(BANK, pool="assessment") == ["c", "d"]
    assert select(BANK, criteria=["own", "solve"]) == ["a", "c"]
    assert select(BANK, pool="practice", criteria=["solve"]) == ["a"]


def test_choice_that_leaves_nothing_is_named() -> None:
    told = "no scenario of the pool practice that asks for own and thank"
    with pytest.raises(ValueError, match=told):
        select(BANK, pool="practice", criteria=["own", "thank"])


def test_sample_is_the_same_on_every_machine() -> None:
    assert select(BANK, number=3, seed="1") == select(
        dict(reversed(BANK.items())), number=3, seed="1"
    )
    many = {id: scenario(id, difficulty=1) for id in map(str, range(9))}
    assert select(many, number=4, seed="week-1") == ["8", "2", "5", "0"]  # never to change


def test_sample_spreads_over_trades_then_difficulties_then_channels() -> None:
    many = {
        made.id: made
        for made in (
            scenario(
                f"{trade}-{difficulty}-{channel}-{more}",
                trade=trade,
                difficulty=difficulty,
                channel=channel,
            )
            for trade in ("baker", "barber")
            for difficulty in (1, 2, 3)
            for channel in ("phone", "chat", "email")
            for more in ("x", "y")
        )
    }
    for seed in "123":
        taken = [id.split("-") for id in select(many, number=6, seed=seed)]
        assert sorted(trade for trade, *_ in taken) == ["baker"] * 3 + ["barber"] * 3
        assert [difficulty for _, difficulty, *_ in taken] == ["1", "1", "2", "2", "3", "3"]
        assert sorted(channel for _, _, channel, _ in taken) == sorted(
            ["phone", "chat", "email"] * 2
        )


def test_sample_of_the_courses_bank_repeats_no_trade_while_others_are_left() -> None:
    known = {made.id: made for made in bank.scenarios()}
    taken = select(known, pool="practice", number=30, seed="autumn")
    assert len({known[id].trade for id in taken}) == 30
    levels = [known[id].difficulty for id in taken]
    assert levels == sorted(levels)
    assert {levels.count(level) for level in (1, 2, 3)} == {10}
