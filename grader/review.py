"""An instructor's review of a graded assignment: what to look at first, and what was decided.

Pure: decisions are kept by `grader/review_file.py`, marks by nbgrader's gradebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from math import fsum
from typing import Literal

from grader.agreement import weighted_kappa
from grader.engine import PENALTY, total
from grader.marking import filled
from grader.model import Criterion
from grader.results import Reply, Task, asked
from grader.rubric import load_guide
from grader.text import sentences, shortened

State = Literal["open", "again", "done"]
LEAST_PAIRS = 10  # fewer say little about agreement
LONGEST_PASSAGE = 120
_UNSURE = 0.5
_MARKUP = re.compile(r"[\\`*_\[\]$~|]")


@dataclass(frozen=True, slots=True)
class Decision:
    """What an instructor decided about one reply.

    `reply` is the digest of the text it is about. `levels` are the instructor's, of every move
    that was asked for and every fault; None where only the mark was changed. `score` is None
    where the instructor took their mark back. The learner reads `comment`, then `told`: what was
    changed and why. `time` is ISO 8601 in UTC.
    """

    assignment: str
    learner: str
    scenario: str
    reply: str
    levels: Mapping[str, int] | None
    score: float | None
    reason: str = ""
    comment: str = ""
    told: str = ""
    by: str = ""
    time: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The reply it is about: learner and scenario."""
        return self.learner, self.scenario

    @property
    def whole_comment(self) -> str:
        """The comment in the gradebook."""
        return "\n\n".join(filter(None, (self.comment, self.told)))

    def own_comment(self, booked: str) -> str:
        """The instructor's own part of the gradebook's comment, which may be edited there."""
        return booked.replace(self.told, "").strip() if self.told else booked

    def is_about(self, text: str) -> bool:
        """Whether it is about this text, and not about one that was handed in before."""
        return self.reply == digest(text)


def digest(text: str) -> str:
    """A short name for a text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def latest(decisions: Iterable[Decision]) -> dict[tuple[str, str], Decision]:
    """The last decision about each reply, of decisions in the order they were made."""
    return {decision.key: decision for decision in decisions}


def given(decision: Decision | None, reply: Reply) -> Mapping[str, int]:
    """The levels an instructor gave to a reply, as it was handed in last; none without any."""
    if decision is None or decision.score is None or reply.manual is None:
        return {}
    return decision.levels or {} if decision.is_about(reply.text) else {}


def state(reply: Reply, decision: Decision | None) -> State:
    """Whether a reply is still to be looked at: "again" where it was handed in anew since."""
    if reply.manual is None:
        return "open"
    return "done" if decision is None or decision.is_about(reply.text) else "again"


def doubt(task: Task, reply: Reply) -> float:
    """How many of 100 points hang on what the grader is unsure of.

    Each level that counts weighs what one step of it moves the total by, times the chance that it
    is wrong. A reply that was turned away has its whole mark in doubt, an empty one nothing.
    """
    if reply.row is None or reply.rejected:
        return 0.0 if reply.rejected == "empty" or not reply.text.strip() else 50.0
    asks = task.asks or {}
    whole = fsum(asks.values())
    return fsum(
        _step(criterion, asks, whole) * (1 - reply.confidence.get(criterion.id, _UNSURE))
        for criterion in asked(task)
    )


def _step(criterion: Criterion, asks: Mapping[str, float], whole: float) -> float:
    if criterion.kind == "fault":
        return PENALTY[criterion.id]
    return 100 * asks.get(criterion.id, 0) / criterion.top / whole if whole else 0


def mark_of(task: Task, levels: Mapping[str, int]) -> float:
    """The mark that levels give: round(points x total / 100, 2)."""
    return round((task.points or 0) * (total(levels, task.asks or {}) or 0) / 100, 2)


def counted(task: Task, levels: Mapping[str, int]) -> dict[str, int]:
    """The levels of the criteria that count for a task."""
    return {criterion.id: levels.get(criterion.id, 0) for criterion in asked(task)}


def passage(text: str) -> str:
    """Words of a reply as a Markdown quotation in a comment: one line, and nothing in it acts."""
    shown = escape(shortened(text, LONGEST_PASSAGE), quote=False)
    quiet = _MARKUP.sub(lambda sign: f"\\{sign[0]}", shown)
    return f"“{quiet.replace('://', '&#58;//')}”"


def changes(task: Task, auto: Mapping[str, int], levels: Mapping[str, int]) -> list[Criterion]:
    """The criteria to which the instructor gave another level than the grader."""
    return [c for c in asked(task) if c.id in levels and levels[c.id] != auto.get(c.id, 0)]


def told(task: Task, auto: Mapping[str, int], levels: Mapping[str, int], reason: str) -> str:
    """What the learner reads of changed levels and the reason, as Markdown; "" without any."""
    words = load_guide().texts
    lines = []
    for criterion in changes(task, auto, levels):
        kind = "move_levels" if criterion.kind == "move" else "fault_levels"
        lines.append(f"- {criterion.name}: {words[kind][levels[criterion.id]]}")
    parts = [filled("changed"), "\n".join(lines)] if lines else []
    if reason:
        parts.append(filled("reason", reason=reason))
    return "\n\n".join(parts)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far grader and instructor agree on one criterion: in `same` of `count` replies.

    `kappa` is None where it says nothing: see `weighted_kappa`.
    """

    criterion: Criterion
    count: int
    same: int
    kappa: float | None

    @property
    def words(self) -> str:
        """The key of the words for it."""
        if self.count < LEAST_PAIRS:
            return "few"
        if self.kappa is None:
            return "one_level"
        return next(
            word
            for least, word in ((0.8, "close"), (0.6, "mostly"), (0.4, "partly"), (-1, "little"))
            if self.kappa >= least
        )


def agreement(pairs: Mapping[str, Sequence[tuple[int, int]]]) -> list[Agreement]:
    """The agreement on each criterion with a pair of levels: the grader's, the instructor's."""
    criteria = load_guide().rubric.criteria
    return [
        Agreement(
            criterion,
            len(found),
            sum(one == other for one, other in found),
            weighted_kappa(found),
        )
        for criterion in criteria.values()
        if (found := pairs.get(criterion.id))
    ]


def pairs_of(replies: Iterable[Reply]) -> dict[str, list[tuple[int, int]]]:
    """Criterion -> the pairs (the grader's level, the instructor's) of replies that have both."""
    found: dict[str, list[tuple[int, int]]] = {}
    for reply in replies:
        if reply.row is not None and not reply.rejected:
            for criterion, level in reply.given.items():
                found.setdefault(criterion, []).append((reply.row["levels"][criterion], level))
    return found


def is_levels(value: object) -> bool:
    """Whether a value from a file can be an instructor's levels."""
    criteria = load_guide().rubric.criteria
    return isinstance(value, dict) and all(
        name in criteria and type(level) is int and 0 <= level <= criteria[name].top
        for name, level in value.items()
    )


def passages(text: str) -> list[str]:
    """The sentences of a reply, in order: what a comment can be about."""
    spelling = load_guide().language.spelling
    return [text[found.start : found.end] for found in sentences(text, spelling)]
