"""Reviewing an assignment: the queue, one reply at a time, and what becomes of a decision.

A decision goes to `review.jsonl` first, then to the gradebook, whose word counts: a mark that was
typed in the formgrader shows here, and one that is given here shows there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from grader.assignment import Assignment, Item
from grader.results import Reply, Results, Task
from grader.review import (
    Agreement,
    Decision,
    State,
    agreement,
    changes,
    counted,
    digest,
    doubt,
    given,
    latest,
    mark_of,
    pairs_of,
    state,
    told,
)
from grader.review_file import ChangedError, Comments, ReviewFile

Key = tuple[str, str]  # learner and scenario


class Marks(Protocol):
    """The gradebook's marks of one assignment."""

    def read(self) -> Mapping[Key, Mapping[str, Any]]:
        """The fields `auto`, `manual`, `extra` and `comment` of every reply."""

    def write(self, key: Key, manual: float | None, comment: str, *, seen: float | None) -> None:
        """Set an instructor's mark and comment. Raises ChangedError where it is not `seen`."""


@dataclass(frozen=True, slots=True)
class Case:
    """One reply to review, with all there is to know about it."""

    item: Item
    task: Task
    reply: Reply
    decision: Decision | None

    @property
    def key(self) -> Key:
        """Learner and scenario."""
        return self.reply.learner, self.reply.task

    @property
    def state(self) -> State:
        """Whether it is still to be looked at."""
        return state(self.reply, self.decision)

    @property
    def auto(self) -> dict[str, int]:
        """The grader's level of each criterion that counts; 0 where it read nothing."""
        return counted(self.task, self.reply.row["levels"] if self.reply.row else {})

    @property
    def decided(self) -> Decision | None:
        """The decision that stands: about this very text, and not taken back."""
        decision = self.decision
        stands = decision and decision.score is not None and decision.is_about(self.reply.text)
        return decision if stands else None

    @property
    def levels(self) -> dict[str, int]:
        """The level of each criterion that counts: the instructor's, else the grader's."""
        return self.auto | dict(self.decided.levels or {} if self.decided else {})

    @property
    def score(self) -> float:
        """The mark, without points on top: the instructor's, else the grader's."""
        if self.reply.manual is not None:
            return self.reply.manual
        decided = self.decided.score if self.decided else None
        return (self.reply.auto or 0) if decided is None else decided

    @property
    def is_lost(self) -> bool:
        """Whether the gradebook does not have the mark that was decided here."""
        return self.decided is not None and self.reply.manual is None

    @property
    def comment(self) -> str:
        """The instructor's own part of the comment in the gradebook."""
        if self.is_lost and self.decision:
            return self.decision.comment
        written = self.reply.comment
        return self.decision.own_comment(written) if self.decision else written

    @property
    def typed_elsewhere(self) -> bool:
        """Whether the mark in the gradebook is not the one that was decided here."""
        score = self.decision.score if self.decision else None
        return self.reply.manual is not None and self.reply.manual != score

    def mark(self, levels: Mapping[str, int]) -> float:
        """The mark that levels give."""
        return mark_of(self.task, levels)

    def differs(self, levels: Mapping[str, int], score: float) -> bool:
        """Whether a decision is another than the grader's, and so needs a reason."""
        return score != (self.reply.auto or 0) or bool(changes(self.task, self.auto, levels))


class Review:
    """The review of one assignment; `by` names the instructor."""

    def __init__(
        self,
        assignment: Assignment,
        results: Callable[[], Results],
        folder: Path,
        marks: Marks,
        by: str = "",
    ) -> None:
        self.assignment = assignment
        self.comments = Comments(folder)
        self.file = ReviewFile(folder)
        self._items = {item.id: item for item in assignment.items}
        self._results = results
        self._marks = marks
        self._by = by
        self.reload()

    def reload(self) -> None:
        """Read everything anew: replies, marks and decisions. Raises CommandError, OSError."""
        results = self._results()
        self._tasks = {task.id: task for task in results.tasks}
        self._replies = {(reply.learner, reply.task): reply for reply in results.replies}
        self._decisions = latest(self.file.read(self.assignment.name))
        doubts = {
            key: doubt(self._tasks[reply.task], reply) for key, reply in self._replies.items()
        }
        self._order = sorted(doubts, key=lambda key: (-doubts[key], key))
        self.names = {learner.id: learner.name or learner.id for learner in results.learners}

    def refresh(self) -> None:
        """Take in what others have decided and typed since. Raises CommandError, OSError."""
        self._decisions = latest(self.file.read(self.assignment.name))
        for key, fields in self._marks.read().items():
            if key in self._replies:
                self._book(key, fields)

    def _book(self, key: Key, fields: Mapping[str, Any]) -> None:
        reply = replace(self._replies[key], **{"comment": "", **fields})
        self._replies[key] = replace(reply, given=given(self._decisions.get(key), reply))

    def queue(self, states: frozenset[State], scenario: str = "") -> list[Key]:
        """The replies in these states (to one scenario), those in most doubt first."""
        return [
            key
            for key in self._order
            if scenario in ("", key[1])
            and state(self._replies[key], self._decisions.get(key)) in states
        ]

    def count(self) -> Counter[State]:
        """How many replies there are in each state."""
        return Counter(
            state(reply, self._decisions.get(key)) for key, reply in self._replies.items()
        )

    def case(self, key: Key) -> Case:
        """One reply."""
        _, scenario = key
        return Case(
            self._items[scenario],
            self._tasks[scenario],
            self._replies[key],
            self._decisions.get(key),
        )

    def decide(
        self, case: Case, levels: Mapping[str, int], score: float, reason: str, comment: str
    ) -> None:
        """Give a reply its mark.

        Raises ChangedError where somebody else has done so since the case was read; then the case
        holds what they decided. Raises CommandError or OSError where nothing can be written.
        """
        changed = bool(changes(case.task, case.auto, levels))
        # Somebody who types a mark has not said what levels it stands for.
        judged = changed or (not case.reply.rejected and score == case.mark(levels))
        self._decide(
            case,
            Decision(
                *(self.assignment.name, *case.key, digest(case.reply.text)),
                levels=counted(case.task, levels) if judged else None,
                score=score,
                reason=reason,
                comment=comment,
                told=told(case.task, case.auto, levels, reason),
                by=self._by,
            ),
        )

    def take_back(self, case: Case) -> None:
        """Let the grader's mark count again; the comment stays. Raises as `decide` does."""
        self._decide(
            case,
            Decision(
                *(self.assignment.name, *case.key, digest(case.reply.text)),
                levels=None,
                score=None,
                comment=case.comment,
                by=self._by,
            ),
        )

    def _decide(self, case: Case, decision: Decision) -> None:
        try:
            kept = self.file.append(decision, after=case.decision)
            self._decisions[case.key] = kept
            self._marks.write(
                case.key, decision.score, decision.whole_comment, seen=case.reply.manual
            )
        except ChangedError:
            self.refresh()
            raise
        fields = {"manual": decision.score, "comment": decision.whole_comment}
        self._book(case.key, fields)

    def agreement(self) -> list[Agreement]:
        """How far grader and instructors agree on each criterion, on replies that were read."""
        return agreement(pairs_of(self._replies.values()))
