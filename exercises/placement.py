"""The placement check without a screen: six replies, and where they say one should begin.

Each reply is graded on what its message asks for. What is short, the faults first and then the
moves that go worst, leads to the chapters that train it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum
from pathlib import Path
from statistics import median_low
from typing import Any

from exercises.compiled import compiled
from exercises.drafts import Draft
from exercises.files import clean
from exercises.kept import Kept
from exercises.kinds import PLACEMENT
from exercises.record import Entry, Record
from exercises.rehearsal import numbered
from exercises.training import chapters_for
from grader import Assessment, Scenario, assess
from grader.rubric import FAULTS, MOVES

BEGINNING, CHAPTERS, CAPSTONE = "beginning", "chapters", "capstone"
MOST_STEPS = 3


@dataclass(frozen=True, slots=True)
class Message:
    """One message to answer; `knows` says who the learner is and what they know."""

    scenario: Scenario
    knows: str
    asks: Mapping[str, float]
    strong: str

    def grade(self, reply: str) -> Assessment:
        """What a reply is worth by what the message asks for."""
        return assess(reply, self.scenario, self.asks)


@dataclass(frozen=True, slots=True)
class Step:
    """A chapter to go to, and the criteria that lead there, the weakest first."""

    chapter: str
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where to begin.

    `where` is BEGINNING (the first chapter), CHAPTERS (those of `steps`) or CAPSTONE; `steps` are
    at most a few chapters, what needs them most first. `levels` has each criterion that was asked
    for in an answered message, and each fault. `strong` are the moves that were made fully
    wherever they were asked for. `found` has an assessment a message, None where it was skipped;
    `total` is the mean of theirs, None where all were skipped.
    """

    where: str
    steps: tuple[Step, ...]
    levels: Mapping[str, int]
    strong: tuple[str, ...]
    found: tuple[Assessment | None, ...]
    total: float | None

    @property
    def answered(self) -> int:
        """How many replies could be read as such."""
        return sum(found is not None and not found.rejected for found in self.found)


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    return compiled("placement")


@lru_cache(maxsize=1)
def messages() -> tuple[Message, ...]:
    """The messages of the check, in order."""
    return tuple(
        Message(Scenario.of(data), data["knows"], data["asks"], data["strong"])
        for data in _data()["messages"]
    )


def draft_name(place: int) -> str:
    """The name of a message's draft; `place` is 0 for the first."""
    return f"{PLACEMENT}.{place + 1}"  # no exercise has an id with a dot


def propose(replies: Sequence[str]) -> Proposal:
    """Where to begin after these replies, one a message; an empty one is a message skipped."""
    found = tuple(
        message.grade(reply) if reply.strip() else None
        for message, reply in zip(messages(), replies, strict=True)
    )
    read = [assessment for assessment in found if assessment and not assessment.rejected]
    asked = {
        name: [a.levels[name] for a in read if name in a.asks]
        for name in MOVES
        if any(name in a.asks for a in read)
    }
    faults = {name: sum(a.levels[name] for a in read) for name in FAULTS}
    made = [name for name in FAULTS if faults[name]]
    short = {name: 2 - fsum(levels) / len(levels) for name, levels in asked.items()}
    weak = sorted((name for name in short if short[name]), key=lambda name: -short[name])
    steps = _steps([*made, *weak])
    return Proposal(
        where=_where(read, made, steps),
        steps=steps,
        levels={
            **{name: median_low(levels) for name, levels in asked.items()},
            **({name: min(1, count) for name, count in faults.items()} if read else {}),
        },
        strong=tuple(name for name in asked if not short[name]),
        found=found,
        total=round(fsum(a.total or 0 for a in read) / len(read), 2) if read else None,
    )


def _where(read: Sequence[Assessment], made: Sequence[str], steps: Sequence[Step]) -> str:
    """How far the replies have come."""
    gained = fsum(a.asks[name] * a.levels[name] for a in read for name in a.asks)
    whole = fsum(2 * weight for a in read for weight in a.asks.values())
    share = 100 * gained / whole if whole else 0.0
    if share < _data()["beginning_below"]:
        return BEGINNING
    is_ready = len(read) == len(messages()) and share >= _data()["capstone_from"]
    if is_ready and not made:
        return CAPSTONE
    return CHAPTERS if steps else BEGINNING  # one good reply says nothing of the rest


def _steps(criteria: Iterable[str]) -> tuple[Step, ...]:
    """The chapters for criteria; one that trains several is named once."""
    steps: dict[str, list[str]] = {}
    for criterion in criteria:
        trained = chapters_for(criterion)
        chapter = next((name for name in trained if name in steps), None)
        if chapter is None and trained and len(steps) < MOST_STEPS:
            chapter = trained[0]
        if chapter is not None:
            steps.setdefault(chapter, []).append(criterion)
    return tuple(Step(chapter, tuple(names)) for chapter, names in steps.items())


class Placement:
    """One learner's placement check.

    `texts` are the replies in the boxes; `proposal` is what the check has said of those that were
    `checked`, None until it is asked. `folder` holds a draft a message, and the checked replies.
    `trouble` is the key of a text for the learner where files are not as they should be, else
    None. Nothing here raises for what is wrong with files.
    """

    def __init__(self, folder: Path, record: Record | None = None) -> None:
        self.texts = [""] * len(messages())
        self.proposal: Proposal | None = None
        self.checked: list[str] = []
        self._words_trouble: str | None = None
        names = [draft_name(place) for place in range(len(messages()))]
        self._drafts = [Draft(folder / f"{n}.txt", folder / f"{n}.aside.json") for n in names]
        self._kept = Kept(folder / f"{PLACEMENT}.checked.json", record)
        self.reload()

    @property
    def trouble(self) -> str | None:
        """What is wrong with files now."""
        return self._words_trouble or self._kept.trouble

    def reload(self) -> None:
        """Take up what stands in the files, where another window may have written meanwhile."""
        if self._words_trouble == "not_saved":
            return  # the words in the boxes stand nowhere else
        try:
            self.texts = [draft.load() for draft in self._drafts]
        except OSError:
            self._words_trouble = "not_read"
        self.checked = _texts(self._kept.load().get("checked"))
        self.proposal = propose(self.checked) if self.checked else None

    def write(self, place: int, text: str) -> None:
        """Keep the text of a box; called for every change. `place` is 0 for the first."""
        self.texts[place] = clean(text)
        try:
            is_foreign = self._drafts[place].save(self.texts[place])
            self._words_trouble = "other_window" if is_foreign else None
        except OSError:
            self._words_trouble = "not_saved"

    def check(self) -> Proposal:
        """Say where to begin; it is put on record where a reply could be read."""
        self.checked = replies = [*self.texts]
        self.proposal = found = propose(replies)
        self._kept.save({"checked": replies})
        if found.answered:
            text = numbered(replies)
            self._kept.add(Entry(PLACEMENT, PLACEMENT, text, found.levels, found.total))
        return found

    def again(self) -> None:
        """Empty the boxes for another time; what was checked stays on record."""
        for place in range(len(self.texts)):
            self.write(place, "")
        self.proposal = None
        self._kept.save({})
        self._kept.forget()

    def set_aside(self) -> list[str]:
        """Words of other windows that are nowhere else to be seen, the newest first."""
        try:
            texts = [text for draft in self._drafts for text in draft.set_aside()]
        except OSError:
            return []
        return [text for text in texts if not any(text in other for other in self.texts)]


def _texts(value: object) -> list[str]:
    """One text a message, as a file has them; empty where it holds anything else."""
    texts = value if isinstance(value, list) else []
    is_whole = len(texts) == len(messages()) and all(isinstance(text, str) for text in texts)
    return texts if is_whole else []
