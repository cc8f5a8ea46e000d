"""The results of a class, or of a team's replies, as plain values; whatever reads or shows them.

Pure: the gradebook is read by `grader/gradebook.py`, a file of replies by `grader/replies.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from grader.model import Criterion
from grader.rubric import load_rubric


@dataclass(frozen=True, slots=True)
class Learner:
    """Someone who has handed in, or should have: `handed_in` is in UTC, None where not known.

    `submitted` says whether there is a submission; `late` are the points taken off for lateness.
    """

    id: str
    name: str = ""
    submitted: bool = True
    handed_in: datetime | None = None
    late: float = 0


@dataclass(frozen=True, slots=True)
class Task:
    """What was replied to: a scenario of an assignment, or a group of real replies.

    `asks` are the moves with their weights; `points` is None where no marks were given.
    """

    id: str
    setting: str = ""
    asks: Mapping[str, float] | None = None
    points: float | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply and what it was worth.

    `row` is its result row (as `python -m grader score` prints it), None where it was not marked.
    `auto` is the grader's mark, `manual` an instructor's, `extra` points on top. `first` is the
    total of the first draft, where the learner handed in a record. `confidence` is how sure the
    grader is of each level that counts, 0.5 to 1; `given` are the levels an instructor gave.
    """

    learner: str
    task: str
    row: Mapping[str, Any] | None
    text: str = ""
    auto: float | None = None
    manual: float | None = None
    extra: float = 0
    comment: str = ""
    first: float | None = None
    confidence: Mapping[str, float] = field(default_factory=dict)
    given: Mapping[str, int] = field(default_factory=dict)

    @property
    def score(self) -> float | None:
        """The mark that counts: the instructor's where there is one, and points on top."""
        mark = self.auto if self.manual is None else self.manual
        return None if mark is None else round(mark + self.extra, 2)

    @property
    def levels(self) -> Mapping[str, int]:
        """The level of every criterion that counts: the instructor's, else the grader's.

        None where the reply was rejected or missing and no instructor has read it.
        """
        if self.row is None or (self.row["rejected"] and not self.given):
            return {}
        return {**self.row["levels"], **self.given}

    @property
    def rejected(self) -> str:
        """Why there was nothing to mark: the rubric's word for it, or "" where there was."""
        return str(self.row["rejected"] or "") if self.row is not None else ""

    def quotes(self, criterion: str) -> list[str]:
        """The words that decided a criterion, each on one line."""
        found = self.row["evidence"] if self.row is not None else []
        return [" ".join(e["quote"].split()) for e in found if e["criterion"] == criterion]


@dataclass(frozen=True, slots=True)
class Results:
    """All replies to the tasks of an assignment, or of a file; learners and tasks in order."""

    name: str
    tasks: tuple[Task, ...]
    learners: tuple[Learner, ...]
    replies: tuple[Reply, ...]

    def of(self, learner: str) -> list[Reply]:
        """One learner's replies, in the order of the tasks."""
        order = {task.id: place for place, task in enumerate(self.tasks)}
        found = [reply for reply in self.replies if reply.learner == learner]
        return sorted(found, key=lambda reply: order[reply.task])

    def by_learner(self) -> dict[str, list[Reply]]:
        """Learner -> replies in the order of the tasks; those without a submission have none."""
        order = {task.id: place for place, task in enumerate(self.tasks)}
        found: dict[str, list[Reply]] = {learner.id: [] for learner in self.learners}
        for reply in sorted(self.replies, key=lambda reply: order[reply.task]):
            found[reply.learner].append(reply)
        return found

    def task(self, task: str) -> Task:
        """A task by its id."""
        return next(found for found in self.tasks if found.id == task)

    @property
    def points(self) -> float:
        """The points of the whole assignment."""
        return sum(task.points or 0 for task in self.tasks)

    def percent(self, reply: Reply) -> float | None:
        """A reply's mark of 100; the grader's total where no marks were given."""
        points = self.task(reply.task).points
        if points:
            return None if reply.score is None else 100 * reply.score / points
        total = reply.row["total"] if reply.row is not None else None
        return None if total is None else float(total)


def asked(task: Task) -> list[Criterion]:
    """The criteria that count for a task: the moves it asks for (all where none), every fault."""
    rubric = load_rubric()
    moves = [m for m in rubric.moves if not task.asks or m.id in task.asks]
    return [*moves, *rubric.faults]


def learner_score(replies: Sequence[Reply], late: float = 0) -> float:
    """What a learner has in the end, as nbgrader counts it: never below 0 for being late."""
    return round(max(0.0, sum(reply.score or 0 for reply in replies) - late), 2)


def anonymous(results: Results, word: str = "Learner") -> Results:
    """The same results with "Learner 1", "Learner 2" for ids and names.

    The numbers follow a digest of the ids, so that the order of names does not give them away.
    """
    ids = sorted(
        (learner.id for learner in results.learners),
        key=lambda id: hashlib.sha256(f"{results.name}/{id}".encode()).digest(),
    )
    width = len(str(len(ids)))
    new = {id: f"{word} {number:0{width}}" for number, id in enumerate(ids, start=1)}
    learners = [replace(learner, id=new[learner.id], name="") for learner in results.learners]
    return replace(
        results,
        learners=tuple(sorted(learners, key=lambda learner: learner.id)),
        replies=tuple(replace(reply, learner=new[reply.learner]) for reply in results.replies),
    )


def marked(results: Results) -> Iterator[Reply]:
    """The replies that were read by the grader and not rejected."""
    return (reply for reply in results.replies if reply.levels)
