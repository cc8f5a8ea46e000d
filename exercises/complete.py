"""The complete exercise without a screen: write the part that a reply lacks.

Graded on one move alone, and only what stands in the learner's own part counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from exercises.drafts import Draft
from exercises.record import Record
from exercises.writing import Writing
from grader import Advice, Assessment, Evidence, Scenario, assess, load_rubric
from grader.engine import UNMARKED
from grader.feedback import advise
from grader.rubric import FULL, MOVES

KIND = "complete"
# With fewer words than this, nobody has tried what the model filling shows.
HONEST_WORDS = 4
# What follows the gap without a space.
_GOES_ON = re.compile(r"[,.;:!?)]|$")


@dataclass(frozen=True, slots=True)
class Complete:
    """One exercise: a reply with a gap between `before` and `after`, and the move it lacks."""

    id: str
    task: str
    scenario: Scenario
    facts: tuple[str, ...]
    before: str
    after: str
    criterion: str
    model: str

    @classmethod
    def of(cls, id: str, data: Mapping[str, Any]) -> Complete:
        """Read an exercise from its checked data."""
        return cls(
            id,
            data["task"],
            Scenario.of(data),
            tuple(data["facts"]),
            data["before"],
            data["after"],
            data["criterion"],
            data["model"],
        )

    def whole(self, part: str) -> tuple[str, int]:
        """The reply with a part in the gap, and where the part begins in it."""
        gap = "\n\n" if self.before.endswith("\n") else " "
        before, after = self.before.rstrip(), self.after.strip()
        head = before + gap if before else ""
        joined = "" if _GOES_ON.match(after) else gap
        return head + part + joined + after, len(head)

    def grade(self, part: str) -> Assessment:
        """Grade a part on the exercise's move.

        The assessment is of this part alone: offsets are into it, the only move with a level is
        the exercise's own, faults are those in the part, and the total is 0, 50 or 100.
        """
        reply, start = self.whole(part)
        end = start + len(part)
        found = self._assess(reply if part.strip() else "")
        if found.rejected:
            return found
        mine = [e for e in found.evidence if e.start < end and start < e.end]
        made = [e for e in mine if e.criterion == self.criterion]
        level = found.levels[self.criterion]
        if level <= self._assess(self.whole("")[0]).levels[self.criterion]:
            # What shares a sentence with the text around the gap may be that text's merit.
            made = [e for e in made if start <= e.start and e.end <= end]
        level = level if made else 0
        faults = [e for e in mine if e.criterion not in MOVES]
        evidence = tuple(_cut(e, start, end, reply) for e in (*made, *faults))
        levels = dict.fromkeys(found.levels, 0) | {self.criterion: level}
        levels |= {e.criterion: 1 for e in faults}
        asks = {self.criterion: 1.0}
        advice = advise(load_rubric(), levels, evidence, asks)
        if (self.criterion, found.levels[self.criterion]) == UNMARKED:
            # Nothing is refused here; the words for level 0 speak of a refusal.
            text = load_rubric().criteria[self.criterion].feedback[1]
            advice = tuple(Advice(a.criterion, text) if a.criterion in asks else a for a in advice)
        return replace(
            found,
            total=50.0 * level,
            levels=levels,
            evidence=evidence,
            feedback=advice,
            judgements=(),
            asks=asks,
        )

    def _assess(self, reply: str) -> Assessment:
        return assess(reply, self.scenario, {self.criterion: 1})


def _cut(evidence: Evidence, start: int, end: int, reply: str) -> Evidence:
    """Evidence in the reply cut to [start, end), with offsets from there."""
    first, last = max(evidence.start, start), min(evidence.end, end)
    return Evidence(evidence.criterion, first - start, last - start, reply[first:last])


class Filling(Writing):
    """One learner's work on one exercise; what is written and graded is the part alone."""

    kind = KIND
    honest_words = HONEST_WORDS

    def __init__(self, exercise: Complete, draft: Draft, record: Record | None = None) -> None:
        self.exercise = exercise
        super().__init__(exercise.id, draft, record)

    def grade(self, reply: str) -> Assessment:
        """What a part is worth."""
        return self.exercise.grade(reply)

    def levels(self, assessment: Assessment) -> Mapping[str, int]:
        """The one level that this exercise is about."""
        return {self.exercise.criterion: assessment.levels[self.exercise.criterion]}


def problems(data: Mapping[str, Any]) -> Iterator[str]:
    """What no schema can know of an exercise's data, one line each."""
    move = data["criterion"]
    if move not in MOVES:
        yield f"criterion: {move!r} is no move; allowed: {', '.join(MOVES)}"
        return
    if not (data["before"] + data["after"]).strip():
        yield "before: is empty, and so is after; allowed: text in at least one of them"
        return
    exercise = Complete.of("", data)
    bare = assess(exercise.whole("")[0], exercise.scenario)
    if bare.levels[move] == FULL:
        quotes = "; ".join(repr(e.quote) for e in bare.evidence if e.criterion == move)
        yield f"before: {move} is there without the part ({quotes}); allowed: a reply that lacks it"
    filled = exercise.grade(exercise.model)
    if filled.rejected:
        yield f"model: the grader rejects it ({filled.rejected}); allowed: a part in plain English"
    elif filled.levels[move] < 2:
        yield f"model: reaches level {filled.levels[move]} of {move}; allowed: one that reaches 2"
    for e in filled.evidence:
        if e.criterion != move:
            yield f"model: the grader finds {e.criterion} in {e.quote!r}; allowed: no faults"
