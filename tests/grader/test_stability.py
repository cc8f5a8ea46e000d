"""What does not change what a reply does must not change its total: spelling, quotes, names."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest

import grader
from grader.corpus.train import HELD_OUT, HERE, load, with_slips
from grader.rubric import USUAL_ASKS

GOOD = 7  # a mark from here on is a good reply
WRITTEN_OUT = {
    "I'm": "I am",
    "I'll": "I will",
    "we're": "we are",
    "don't": "do not",
    "it's": "it is",
}
AMERICAN = {"isation": "ization", "apologise": "apologize", "colour": "color", "cheque": "check"}


@lru_cache
def good() -> list[dict[str, Any]]:
    return [row for row in load([HERE / HELD_OUT]) if row["mark"] >= GOOD]


def total(reply: str, scenario: dict[str, str]) -> float:
    found = grader.assess(reply, scenario, USUAL_ASKS).total
    assert found is not None
    return found


def replaced(words: dict[str, str]) -> Callable[[str], str]:
    def change(text: str) -> str:
        for one, other in words.items():
            text = text.replace(one, other)
        return text

    return change


@pytest.mark.parametrize(
    ("change", "share"),
    [
        pytest.param(str.lower, 0.95, id="lower case"),
        pytest.param(lambda text: text.replace("'", "’"), 0.95, id="curly quotes"),
        pytest.param(lambda text: re.sub(r" ", "  ", text), 0.95, id="double spaces"),
        pytest.param(lambda text: f"{text} 🙂", 0.95, id="an emoji"),
        pytest.param(replaced(WRITTEN_OUT), 0.95, id="contractions written out"),
        pytest.param(replaced(AMERICAN), 0.95, id="American spelling"),
        pytest.param(lambda text: with_slips(text, text), 0.95, id="a slip in twelve words"),
    ],
)
def test_how_it_is_typed_hardly_moves_the_total(change: Callable[[str], str], share: float) -> None:
    moved = [
        abs(total(change(row["reply"]), row["scenario"]) - total(row["reply"], row["scenario"]))
        for row in good()
    ]
    assert len(moved) >= 30
    assert sum(by <= 10 for by in moved) >= share * len(moved)


MESSAGE = {
    "customer": "Two visits booked, two days off work, and nobody came! My mother has had no "
    "heating since Friday. What are you doing about it, NAME?",
}
REPLY = (
    "NAME here. You stayed in twice and nobody turned up, and your mother is sitting in the cold. "
    "I'd be furious. That's our mistake and I'm sorry. PERSON comes tomorrow at eight with the "
    "part, and PRONOUN will ring you on the way."
)
NAMES = ("Emily", "Mohammed", "Nguyễn", "Oluwaseun", "Agnieszka", "Siobhán", "Jamal", "Mei", "José")


@pytest.mark.parametrize("pronoun", ["he", "she", "they"])
def test_names_and_gender_do_not_matter(pronoun: str) -> None:
    totals = set()
    for name in NAMES:
        reply = REPLY.replace("NAME", name).replace("PERSON", name).replace("PRONOUN", pronoun)
        scenario = {"customer": MESSAGE["customer"].replace("NAME", name)}
        totals.add(total(reply, scenario))
    assert max(totals) - min(totals) <= 10


PAIRS = [
    (
        (
            "You waited in twice and nobody came, so of course you're angry. We got that wrong. "
            "The fitter is with you tomorrow at eight."
        ),
        (
            "You was waiting two times and nobody is coming, of course you are angry. We did it "
            "wrong. The fitter will be by you tomorrow at eight."
        ),
    ),
    (
        "I'm sorry we left your mother without heating. I'll ring you tonight at six with a time.",
        (
            "I am sorry that we have left your mother without the heating. I will ring to you this "
            "night at six with a time."
        ),
    ),
    (
        "No wonder you're cross, two days off for nothing. I'm sending Dave at eight tomorrow.",
        "Nae wonder ye're cross, twa days aff for nothin. I'm sendin Dave at eight the morra.",
    ),
    (
        "You took two days off and nobody came, I'd be furious. I'll have a fitter there by noon.",
        (
            "Y'all took two days off and nobody showed, I'd be mad as heck. I'll have a fitter "
            "out there by noon."
        ),
    ),
    (
        "That was our mistake, and I'm sorry you had to wait. We will send someone today by four.",
        (
            "It was mistake from our side only, and I am sorry you had to wait. We will be sending "
            "someone today itself by four."
        ),
    ),
]


@pytest.mark.parametrize(("plain", "other"), PAIRS)
def test_dialect_and_second_language_earn_the_same(plain: str, other: str) -> None:
    assert total(other, MESSAGE) >= total(plain, MESSAGE) - 25


def test_dialect_and_second_language_earn_the_same_on_average() -> None:
    moved = [total(plain, MESSAGE) - total(other, MESSAGE) for plain, other in PAIRS]
    assert sum(moved) / len(moved) <= 10
