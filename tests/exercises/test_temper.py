"""How replies move the temper: what the rules must keep to, whatever their figures."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.temper import FAMILIES, STINGS, Character, Memory, Moved, move, rules

TEMPERAMENTS = ("explosive", "cold", "wounded")
EVERYBODY = [Character(name, level) for name, level in product(TEMPERAMENTS, (1, 2, 3))]
HOT = Memory(75)


def levels(**given: int) -> dict[str, int]:
    return {**dict.fromkeys((*FAMILIES, *STINGS), 0), "positive": 1, **given}


LISTENS = levels(acknowledge=2, reflect=2, explore=2)
FORMULA = levels(acknowledge=1, apologise=1)
FIX = levels(solve=2)


def after(who: Character, *replies: dict[str, int], start: Memory = HOT) -> Moved:
    """What the last of several replies did."""
    memory = start
    moved = None
    for reply in replies:
        moved = move(who, memory, reply)
        memory = moved.memory
    assert moved is not None
    return moved


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_is_listened_to_cools_and_who_is_fobbed_off_does_not(who: Character) -> None:
    heard = after(who, LISTENS)
    assert heard.cause == "heard"
    assert heard.memory.temper <= HOT.temper - 8
    assert heard.memory.temper < after(who, FORMULA).memory.temper
    assert after(who, levels()).cause == "ignored"
    assert after(who, levels()).memory.temper > HOT.temper


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("fault", STINGS)
def test_every_fault_heats_and_draws_its_own_answer(who: Character, fault: str) -> None:
    moved = move(who, HOT, levels(**{fault: 1}))
    assert moved.memory.temper > HOT.temper
    assert moved.cause == STINGS[fault]
    beside = move(who, HOT, {**LISTENS, fault: 1})
    assert beside.memory.temper > after(who, LISTENS).memory.temper


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_fix_before_listening_heats_and_after_it_cools(who: Character) -> None:
    too_soon = after(who, FIX)
    assert too_soon.cause == "too_soon"
    assert too_soon.memory.temper > HOT.temper
    assert not too_soon.memory.acted
    later = after(who, LISTENS, FIX)
    assert later.memory.temper < after(who, LISTENS).memory.temper
    assert later.memory.acted


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_same_formula_wears_out_and_then_wears_down(who: Character) -> None:
    tempers = [after(who, *[FORMULA] * n).memory.temper for n in range(1, 8)]
    assert tempers[-1] > HOT.temper
    assert max(tempers) < rules()["marks"]["hung_up"]
    assert all(a <= b for a, b in pairwise(tempers[1:]))


def test_the_same_good_move_does_less_each_time() -> None:
    who = Character("cold", 3)
    ask = levels(explore=2)
    drops = [
        after(who, *[ask] * n).memory.temper - after(who, *[ask] * (n + 1)).memory.temper
        for n in range(1, 4)
    ]
    assert sorted(drops, reverse=True) == drops
    assert drops[0] > drops[-1] > 0


@pytest.mark.parametrize("who", EVERYBODY)
def test_silence_ends_in_a_rage(who: Character) -> None:
    memory = HOT
    for _ in range(3):
        memory = move(who, memory, levels(positive=0), trouble="silence").memory
    assert memory.temper >= rules()["marks"]["hung_up"]


def test_the_temperaments_differ_in_what_moves_them() -> None:
    def drop(name: str, **given: int) -> int:
        return HOT.temper - after(Character(name, 2), levels(**given)).memory.temper

    assert drop("wounded", acknowledge=2) > drop("cold", acknowledge=2)
    assert drop("cold", own=2) > drop("wounded", own=2) - 1
    calm_down = {name: drop(name, dismiss=1) for name in TEMPERAMENTS}
    assert calm_down["cold"] > calm_down["explosive"]  # that is: it heats the explosive more


def test_a_higher_level_heats_faster_and_cools_slower() -> None:
    hurt, heard = (
        [after(Character("cold", level), reply).memory.temper for level in (1, 2, 3)]
        for reply in (levels(blame=1), LISTENS)
    )
    assert hurt == sorted(hurt)
    assert hurt[0] < hurt[2]
    assert heard == sorted(heard)
    assert heard[0] < heard[2]


def test_what_hurts_has_to_be_picked_up() -> None:
    who = Character("wounded", 2)
    shown = Memory(45, heard=True, tender=True)
    assert shown.moment == "hear"
    passed = move(who, shown, FIX)
    assert passed.cause == "passed_over"
    assert move(who, shown, levels(acknowledge=2)).memory.temper < passed.memory.temper


def test_a_fair_limit_counts_only_where_there_is_abuse() -> None:
    who = Character("explosive", 3)
    limit = levels(boundary=2)
    fair = move(who, Memory(80, abuse=True), limit)
    assert fair.cause == "warned"
    assert fair.memory.warned
    assert fair.memory.temper < 80
    needless = move(who, Memory(80), limit)
    assert not needless.memory.warned
    assert needless.memory.temper >= 80


def test_a_curt_limit_counts_where_it_comes_with_help() -> None:
    who, abused = Character("explosive", 3), Memory(80, abuse=True)
    assert not move(who, abused, levels(boundary=1)).memory.warned
    assert move(who, abused, levels(boundary=1, partner=1)).memory.warned
    assert not move(who, abused, levels(boundary=1, partner=1, hostile=1)).memory.warned


def test_a_promise_the_case_rules_out_is_a_fault() -> None:
    moved = move(Character("cold", 1), HOT, LISTENS, impossible=True)
    assert moved.cause == "impossible"
    assert [shift.cause for shift in moved.shifts if shift.points > 0] == ["overpromise"]


@given(
    st.sampled_from(EVERYBODY),
    st.integers(0, 100),
    st.fixed_dictionaries(
        {
            **dict.fromkeys(FAMILIES, st.integers(0, 2)),
            **dict.fromkeys(STINGS, st.integers(0, 1)),
        }
    ),
    st.sampled_from([None, "silence", "lost", "repeated"]),
    st.booleans(),
    st.booleans(),
)
def test_whatever_is_said_the_temper_stays_a_temper(
    who: Character,
    start: int,
    reply: dict[str, int],
    trouble: str | None,
    tender: bool,
    abuse: bool,
) -> None:
    moved = move(who, Memory(start, tender=tender, abuse=abuse), reply, trouble=trouble)
    assert 0 <= moved.memory.temper <= 100
    known = {*FAMILIES.values(), *STINGS.values(), *rules()["costs"]}
    assert moved.cause in known
    assert all(shift.points for shift in moved.shifts)
