"""A role play without a screen: a customer who reacts to each reply, until it comes to an end.

A conversation is a pure function of its dialogue and the replies, so any turn of it can be played
again. How the temper moves is in `temper.py`, what the customer says next in `next_line.py`; what
an author writes is in `schemas/dialogue.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from exercises.next_line import next_line
from exercises.temper import GOOD, Character, Memory, Moved, Shift, move, rules
from grader import Assessment, Scenario, assess

# Endings in which somebody breaks off.
HUNG_UP, ENDED_FAIRLY = "hung-up", "ended-fairly"
# A reply that shares this much of its words with an earlier one says the same again.
_SAME = 0.85
_NEGATED = re.compile(r"\b(?:not|no|never|cannot|if|whether|unless|could|might|\w+n't)\b")


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: what the customer said, the reply, what it was worth and where it led.

    `said` is the customer's line before the reply. `temper` is 0 to 100 after it; `moved` says what
    moved it, `moment` what the customer needed: "hear", "act" or "close".
    """

    number: int
    said: str
    reply: str
    assessment: Assessment
    moment: str
    before: int
    temper: int
    cause: str
    moved: tuple[Shift, ...]

    @property
    def change(self) -> int:
        """By how many degrees the temper rose (above 0) or fell."""
        return self.temper - self.before


@dataclass(frozen=True, slots=True)
class End:
    """How a conversation ended: the ending's id, its title, the customer's last words."""

    id: str
    title: str
    says: str


@dataclass(frozen=True)
class Conversation:
    """A role play after some replies. `said` is what the customer has just said.

    `end` is None while it goes on. Nothing here changes; a reply makes the next conversation.
    """

    dialogue: Mapping[str, Any]
    turns: tuple[Turn, ...]
    memory: Memory
    said: str
    told: frozenset[int] = frozenset()
    end: End | None = None

    @property
    def temper(self) -> int:
        """The temper now, 0 to 100."""
        return self.memory.temper

    @cached_property
    def spoken(self) -> tuple[str, ...]:
        """All that the customer has said, in order."""
        return (*(turn.said for turn in self.turns), self.said)

    def reply(self, text: str) -> Conversation:
        """The conversation after this reply. Raises ValueError where it has ended."""
        if self.end is not None:
            raise ValueError("the conversation has ended; start again or from an earlier turn")
        return _Answer(self, text).conversation()


def begin(dialogue: Mapping[str, Any]) -> Conversation:
    """The conversation before the first reply."""
    start = Memory(dialogue["temper"], abuse="abuse" in dialogue)
    return Conversation(dialogue, (), start, _plain(dialogue["opening"]))


def play(dialogue: Mapping[str, Any], replies: Iterable[str]) -> Conversation:
    """Play replies until they or the conversation end; those left over are not read."""
    conversation = begin(dialogue)
    for text in replies:
        if conversation.end is not None:
            break
        conversation = conversation.reply(text)
    return conversation


def play_out(dialogue: Mapping[str, Any], replies: Iterable[str]) -> Conversation:
    """Play to the end; where replies are missing the agent is silent."""
    conversation = play(dialogue, replies)
    while conversation.end is None:
        conversation = conversation.reply("")
    return conversation


def is_capstone(dialogue: Mapping[str, Any]) -> bool:
    """Whether the talk has a fixed number of turns, which are graded on every criterion."""
    return "turns" in dialogue


def length(dialogue: Mapping[str, Any]) -> tuple[int, int]:
    """The least and the most turns of a conversation that nobody breaks off."""
    turns = rules()["turns"]
    return dialogue.get("turns", turns["least"]), dialogue.get("turns", turns["most"])


class _Answer:
    """What a customer does with one reply."""

    def __init__(self, before: Conversation, text: str) -> None:
        self.before = before
        self.dialogue = before.dialogue
        self.text = text
        self.number = len(before.turns) + 1
        self.said = "\n\n".join(before.spoken)
        self.memory = before.memory
        scenario = Scenario(self.dialogue["setting"], self.said)
        self.assessment = assess(text, scenario, rules()["moments"][self.memory.moment])
        self.promise = self._promise()

    def conversation(self) -> Conversation:
        ended = self._ended_by_agent()
        moved = (
            Moved("ended" if self.text.strip() else "silence", (), self.memory)
            if ended
            else move(
                Character(self.dialogue["temperament"], self.dialogue["level"]),
                self.memory,
                self.assessment.levels,
                trouble=self._trouble(),
                impossible=self.promise is not None,
            )
        )
        turn = Turn(
            self.number,
            self.before.said,
            self.text,
            self.assessment,
            self.memory.moment,
            self.memory.temper,
            moved.memory.temper,
            moved.cause,
            moved.shifts,
        )
        turns = (*self.before.turns, turn)
        if end := ended or self._ended(moved):
            return replace(
                self.before,
                turns=turns,
                memory=moved.memory,
                said=_plain(self.dialogue["endings"][end]["says"]),
                end=self._end(end),
            )
        before = self.before
        line = next_line(
            self.dialogue,
            before.spoken,
            before.told,
            moved,
            self.assessment.levels,
            self.promise,
        )
        return Conversation(
            self.dialogue,
            turns,
            replace(moved.memory, tender=line.tender, abuse=line.abuse),
            line.text,
            before.told if line.told is None else before.told | {line.told},
        )

    def _trouble(self) -> str | None:
        rejected = self.assessment.rejected
        if rejected == "empty":
            return "silence"
        if rejected:
            return "lost"
        words = _words(self.text)
        for turn in self.before.turns:
            earlier = _words(turn.reply)
            if earlier and len(words & earlier) >= _SAME * len(words | earlier):
                return "repeated"
        return None

    def _promise(self) -> str | None:
        """How the customer takes up a promise that the case rules out, where one was made."""
        for entry in self.dialogue.get("impossible", ()):
            if _says(self.text, entry["phrases"]):
                return _plain(entry["says"])
        return None

    def _ended_by_agent(self) -> str | None:
        """The ending, where the agent has ended it: fairly after a limit, or by falling silent."""
        memory, table = self.memory, rules()
        least, _ = length(self.dialogue)
        if memory.warned and memory.abuse and _says(self.text, table["last_words"]):
            return ENDED_FAIRLY
        silent = self.assessment.rejected == "empty" and self.number >= least
        done = memory.heard and memory.acted
        if silent and (memory.temper < table["marks"]["hot"] or done):
            return _ending(memory)
        return None

    def _ended(self, moved: Moved) -> str | None:
        """The ending this reply has brought about."""
        memory, marks, turns = moved.memory, rules()["marks"], rules()["turns"]
        least, most = length(self.dialogue)
        if memory.temper >= marks["hung_up"] and self.number >= turns["hung_up"]:
            return HUNG_UP
        if self.number < least:
            return None
        calm = memory.temper < marks["calm"] and moved.cause in GOOD
        if (
            (calm and memory.acted and memory.assured)
            or memory.empty >= turns["empty"]
            or self.number >= most
        ):
            return _ending(memory)
        return None

    def _end(self, id: str) -> End:
        words = self.dialogue["endings"][id]
        return End(id, words["title"], _plain(words["says"]))


def _ending(memory: Memory) -> str:
    """The ending of a conversation that nobody breaks off."""
    for entry in rules()["endings"]:
        if memory.temper < entry["below"] and all(getattr(memory, n) for n in entry["needs"]):
            return str(entry["id"])
    return str(rules()["endings"][-1]["id"])


def _says(text: str, phrases: Sequence[str]) -> bool:
    """Whether the text says one of the phrases, in small letters, and means it."""
    wanted = re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b")
    plain = " ".join(text.casefold().replace("’", "'").split())
    for clause in re.split(r"[.!?;:,]+", plain):
        rest, found = wanted.subn(" ", clause)
        if found and not _NEGATED.search(rest):
            return True
    return False


def _plain(text: str) -> str:
    return text.strip()


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def problems(data: Mapping[str, Any]) -> Iterator[str]:
    """What no schema knows of a dialogue, one line each."""
    if ("abuse" in data) != ("ended-fairly" in data["endings"]):
        yield "endings.ended-fairly: goes with abuse; allowed: both, or neither"
    opens = [part["opens"] for part in data["story"]]
    for key, least in (("asked", 2), ("heard", 1), ("always", 1)):
        if opens.count(key) < least:
            yield f"story: {opens.count(key)} parts open with {key}; allowed: at least {least}"
    seen: dict[str, str] = {}
    for field, text in _lines(data):
        key = " ".join(text.casefold().split())
        if key in seen:
            yield f"{field}: says the same as {seen[key]}; allowed: a line of its own"
        seen[key] = field


def _lines(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every line of the customer with its field."""
    yield "opening", data["opening"]
    yield from ((f"story[{i}].says", part["says"]) for i, part in enumerate(data["story"]))
    for name in ("wants", "reactions"):
        for cause, texts in data[name].items():
            bands = texts if isinstance(texts, Mapping) else {"": texts}
            for band, lines in bands.items():
                field = f"{name}.{cause}.{band}".rstrip(".")
                yield from ((f"{field}[{i}]", text) for i, text in enumerate(lines))
    for name in ("abuse", "warned"):
        yield from ((f"{name}[{i}]", text) for i, text in enumerate(data.get(name, ())))
    for id, ending in data["endings"].items():
        yield f"endings.{id}.says", ending["says"]
