"""Every dialogue of the course, played by every kind of player."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from random import Random
from typing import Any

import pytest

from exercises.dialogues import dialogues
from exercises.role_play import Conversation, play_out
from tests.exercises.players import FORMULAIC, HOSTILE, SILENT, TEXTBOOK

IDS = list(dialogues())
# By how many degrees a player who does it well must end below a hostile one.
APART = 25


@cache
def played(id: str, player: str) -> Conversation:
    dialogue = dialogues()[id]
    replies = {
        "strong": dialogue["strong"],
        "textbook": TEXTBOOK,
        "formulaic": FORMULAIC,
        "same": FORMULAIC[:1] * 8,
        "hostile": HOSTILE,
        "silent": SILENT,
    }
    return play_out(dialogue, replies[player])


PLAYERS = ("strong", "textbook", "formulaic", "same", "hostile", "silent")


def transcript(conversation: Conversation) -> str:
    """The conversation to read in a failing test."""
    lines = [
        f"{turn.said}\n  > {turn.reply}\n  [{turn.before} -> {turn.temper}, {turn.cause}]"
        for turn in conversation.turns
    ]
    return "\n".join(["", *lines, str(conversation.end)])


@pytest.mark.parametrize("player", PLAYERS)
@pytest.mark.parametrize("id", IDS)
def test_every_conversation_comes_to_an_end_in_four_to_eight_turns(id: str, player: str) -> None:
    conversation = played(id, player)
    assert conversation.end is not None
    assert len(conversation.turns) <= 8
    assert len(conversation.turns) >= 4 or conversation.end.id == "hung-up"
    assert conversation.said == conversation.end.says


@pytest.mark.parametrize("player", PLAYERS)
@pytest.mark.parametrize("id", IDS)
def test_no_customer_says_the_same_twice(id: str, player: str) -> None:
    conversation = played(id, player)
    lines = conversation.spoken
    assert all(line.strip() and line != "…" for line in lines), transcript(conversation)
    pieces = [piece for line in lines[1:] for piece in _pieces(dialogues()[id], line)]
    assert len(pieces) == len(set(pieces)), transcript(conversation)


def _pieces(dialogue: Mapping[str, Any], line: str) -> list[str]:
    """The authored texts that a line holds."""
    texts = [part["says"] for part in dialogue["story"]]
    for lines in (*dialogue["wants"].values(), *dialogue["reactions"].values()):
        bands = lines.values() if isinstance(lines, Mapping) else [lines]
        texts += [text for band in bands for text in band]
    return [text for text in texts if text.strip() in line]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("id", IDS)
def test_whatever_order_replies_come_in_no_line_comes_twice_and_none_is_missing(
    id: str, seed: int
) -> None:
    dialogue = dialogues()[id]
    odd = ("", "asdf qwer", "What happened?", "Your RMA is in L2 triage.", dialogue["opening"])
    pool = [*dialogue["strong"], *TEXTBOOK, *FORMULAIC, *HOSTILE[2:5], *odd]
    conversation = play_out(dialogue, Random(seed).choices(pool, k=8))
    lines = conversation.spoken
    assert len(conversation.turns) <= 8
    assert all(line.strip() and line != "…" for line in lines), transcript(conversation)
    pieces = [piece for line in lines for piece in _pieces(dialogue, line)]
    assert len(pieces) == len(set(pieces)), transcript(conversation)


@pytest.mark.parametrize("player", ["strong", "textbook"])
@pytest.mark.parametrize("id", IDS)
def test_who_listens_and_acts_ends_well_below_the_hostile(id: str, player: str) -> None:
    well = played(id, player)
    assert well.temper + APART <= played(id, "hostile").temper, transcript(well)
    assert well.temper + APART <= played(id, "silent").temper, transcript(well)


@pytest.mark.parametrize("id", IDS)
def test_the_good_run_ends_well(id: str) -> None:
    run = played(id, "strong")
    assert run.end is not None
    assert run.end.id in ("thankful", "settled"), transcript(run)
    assert all(turn.assessment.rejected is None for turn in run.turns)
    assert all(turn.change < 0 for turn in run.turns), transcript(run)


def test_the_formulaic_end_between_the_strong_and_the_hostile() -> None:
    between = [
        id
        for id in IDS
        if played(id, "strong").temper
        < played(id, "formulaic").temper
        < played(id, "hostile").temper
    ]
    assert len(between) >= 0.8 * len(IDS), set(IDS) - set(between)


@pytest.mark.parametrize("id", IDS)
def test_the_ends_differ_as_the_players_do(id: str) -> None:
    ends = {player: played(id, player).end for player in PLAYERS}
    assert ends["hostile"] is not None
    assert ends["hostile"].id == "hung-up"
    assert ends["formulaic"] is not None
    assert ends["formulaic"].id in ("unsettled", "gone")
    assert ends["silent"] is not None
    assert ends["silent"].id in ("hung-up", "gone")


@pytest.mark.parametrize("id", IDS)
def test_saying_the_same_polite_thing_again_and_again_does_not_calm(id: str) -> None:
    assert played(id, "same").temper >= dialogues()[id]["temper"], transcript(played(id, "same"))
