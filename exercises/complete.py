"""The complete exercise without a screen: write the part that a reply lacks.

Graded on one move alone, and only what stands in the learner's own part counts.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import Assessment, Evidence, assess, load_rubric
from grader.engine import UNMARKED
from grader.rubric import MOVES

KIND = "complete"
# With fewer words than this, nobody has tried what the model filling shows.
HONEST_WORDS = 4
# What follows the gap without a space.
_GOES_ON = re.compile(r"[,.;:!?)]|$")


@dataclass(frozen=True, slots=True)
class Graded:
    """What the learner's part is worth.

    `level` is the move's level as far as the part itself brings it; `total` is 0 to 100.
    `evidence` and `faults` are offsets into the part, cut to it. `rejected` is the grader's
    reason to reject the whole reply, None if there is none.
    """

    part: str
    level: int
    total: int
    evidence: tuple[Evidence, ...]
    faults: tuple[Evidence, ...]
    rejected: str | None


@dataclass(frozen=True, slots=True)
class Complete:
    """One exercise."""

    id: str
    source: str
    task: str
    setting: str
    customer: str
    facts: tuple[str, ...]
    before: str
    after: str
    criterion: str
    model: str

    @classmethod
    def of(cls, id: str, data: Mapping[str, Any]) -> Complete:
        """Read an exercise from its checked data."""
        fields = {key: value for key, value in data.items() if key != "kind"}
        return cls(id, **(fields | {"facts": tuple(data["facts"])}))

    def whole(self, part: str) -> tuple[str, int]:
        """The reply with a part in the gap, and where the part begins in it."""
        gap = "\n\n" if self.before.endswith("\n") else " "
        before, after = self.before.rstrip(), self.after.strip()
        head = before + gap if before else ""
        joined = "" if _GOES_ON.match(after) else gap
        return head + part + joined + after, len(head)

    def grade(self, part: str) -> Graded:
        """Grade the learner's part on the exercise's move."""
        reply, start = self.whole(part)
        found = self._assess(reply)
        if found.rejected or not part.strip():
            return Graded(part, 0, 0, (), (), found.rejected or "empty")
        end = start + len(part)
        without = self._assess(self.whole("")[0]).levels[self.criterion]
        level = found.levels[self.criterion]
        mine = [e for e in found.evidence if e.criterion == self.criterion and _in(e, start, end)]
        if level <= without:
            # It may all come from the words around the gap.
            mine = [e for e in mine if start <= e.start and e.end <= end]
        faults = {fault.id for fault in load_rubric().faults}
        wrong = [e for e in found.evidence if e.criterion in faults and _in(e, start, end)]
        if not mine:
            # Where nothing is refused, nothing could be turned round: no merit, and no fault.
            level = level if (self.criterion, level) == UNMARKED else 0
        return Graded(
            part,
            level,
            50 * level if mine else 0,
            _cut(mine, reply, start, end),
            _cut(wrong, reply, start, end),
            None,
        )

    def _assess(self, reply: str) -> Assessment:
        return assess(reply, {"setting": self.setting, "customer": self.customer})


def _in(evidence: Evidence, start: int, end: int) -> bool:
    return evidence.start < end and start < evidence.end


def _cut(found: list[Evidence], reply: str, start: int, end: int) -> tuple[Evidence, ...]:
    """Evidence cut to a part of the reply, with offsets into that part."""
    spans = [(e.criterion, max(e.start, start), min(e.end, end)) for e in found]
    return tuple(Evidence(name, a - start, b - start, reply[a:b]) for name, a, b in spans)


def problems(data: Mapping[str, Any]) -> Iterator[str]:
    """What no schema can know of an exercise's data, one line each."""
    if data["criterion"] not in MOVES:
        yield f"criterion: {data['criterion']!r} is no move; allowed: {', '.join(MOVES)}"
        return
    if not (data["before"] + data["after"]).strip():
        yield "before: is empty, and so is after; allowed: text in at least one of them"
        return
    task = Complete.of("", data)
    bare, _ = task.whole("")
    found = task._assess(bare)
    if found.levels[task.criterion] == 2:
        quotes = "; ".join(repr(e.quote) for e in found.evidence if e.criterion == task.criterion)
        yield (
            f"before: the reply makes the move {task.criterion} without the part ({quotes}); "
            "allowed: a reply that lacks it"
        )
    filled = task.grade(task.model)
    if filled.rejected or filled.level < 2:
        why = (
            f"the grader rejects it as {filled.rejected}"
            if filled.rejected
            else (f"it reaches level {filled.level} of {task.criterion}")
        )
        yield f"model: {why}; allowed: a filling that reaches level 2"
    for fault in sorted({e.criterion for e in filled.faults}):
        yield f"model: the grader finds the fault {fault} in it; allowed: a filling without faults"


def explain(path: str | Path) -> None:
    """Print what the grader finds in an exercise's file, for authors."""
    from exercises.schema import load

    data = load(Path(path), "quiz_complete")
    for line in problems(data):
        sys.stdout.write(line + "\n")
    if data["criterion"] in MOVES:
        task = Complete.of("", data)
        for name, reply in (("without", task.whole("")[0]), ("with", task.whole(task.model)[0])):
            found = task._assess(reply)
            sys.stdout.write(f"{name} the part: {reply}\n")
            for e in found.evidence:
                sys.stdout.write(f"  {e.criterion} {found.levels[e.criterion]}: {e.quote}\n")
