"""No text makes anybody wait, however odd; `nox -s bench` has the figures."""

from __future__ import annotations

import time

import pytest

import grader
from grader.feedback import to_html
from grader.learned import load_learned

LENGTH = 60_000  # bytes
CUSTOMER = "You lost my parcel and my mother's ring is in it!"
PIECES = (
    " ",
    "a",
    "a ",
    ",",
    '"',
    "'",
    "(((",
    "-\n",
    " \n ",
    "…",
    "é",
    "\u200b",
    "😡",
    "1.",
    "i,am,so,sorry,",
    '"sorry" ',
    "sorry understand frustration apologise inconvenience ",
    "I'm so sorry that we lost it. We'll look for it today. ",
    "you should have never told me that we would not help you ",
    "My mother's ring is in it! ",
)


def seconds(reply: str, customer: str) -> float:
    """Of the processor, so that a busy machine is no failure."""
    start = time.process_time()
    to_html(reply, grader.assess(reply, {"customer": customer}, {"own": 1}))
    return time.process_time() - start


@pytest.mark.parametrize("piece", PIECES)
def test_sixty_thousand_bytes_take_less_than_a_second(piece: str) -> None:
    text = piece * (LENGTH // len(piece.encode()))
    assert seconds(text, CUSTOMER) < 1
    assert seconds("I'm so sorry that we lost it.", text) < 1


@pytest.mark.parametrize("piece", PIECES)
def test_the_longest_reply_that_is_graded_takes_less_than_a_second(piece: str) -> None:
    text = " ".join((piece * 3_000).split()[:1_000])
    assert seconds(text, CUSTOMER) < 1


def test_the_weights_load_in_half_a_second() -> None:
    start = time.process_time()
    load_learned.__wrapped__()
    assert time.process_time() - start < 0.5
