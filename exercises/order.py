"""The order exercise without a screen: put the steps of a conversation in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from exercises.kept import Kept
from exercises.record import Entry, Record
from exercises.shuffle import shuffled_away

KIND = "order"


@dataclass(frozen=True, slots=True)
class Step:
    """A step, and what it is for at its place ("" where nothing is said)."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found.

    `in_place` are the places, counted from 0, that hold the right step; `total` is the share of
    the pairs of steps that stand in the right order, 0 to 100.
    """

    in_place: frozenset[int]
    total: float


def problems(data: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with an exercise that its schema cannot see."""
    texts = [step["text"] for step in data["steps"]]
    for i, text in enumerate(texts):
        if text in texts[:i]:
            yield f"steps[{i}].text: is the same as an earlier one; allowed: another text"


class Order:
    """One learner's work on one exercise.

    `steps` are in the right order; `order` holds their places in it in the order in which they
    stand now. `result` is that of the last check until something is moved. `tries` counts the
    checks since the start. `trouble` is the key of a text where files are not as they should be,
    else None. Nothing here raises for what is wrong with files.
    """

    def __init__(
        self, id: str, data: Mapping[str, Any], kept: Kept, record: Record | None = None
    ) -> None:
        self.id = id
        self.data = data
        self.steps = tuple(Step(step["text"], step.get("why", "")) for step in data["steps"])
        self.note = str(data["note"])
        self.order = self._shuffled()
        self.result: Result | None = None
        self.tries = 0
        self.trouble: str | None = None
        self._kept = kept
        self._record = record
        self.reload()

    @property
    def done(self) -> bool:
        """Whether a check has found every step in its place."""
        return self.result is not None and len(self.result.in_place) == len(self.steps)

    def reload(self) -> None:
        """Take the order from the file, where another window may have written meanwhile."""
        try:
            state = self._kept.load()
        except OSError:
            self.trouble = "choices_not_read"
            return
        texts = [step.text for step in self.steps]
        kept = state.get("order")
        if not isinstance(kept, list) or sorted(map(str, kept)) != sorted(texts):
            return  # nothing kept, or of the exercise as it was once
        self.order = [texts.index(text) for text in kept]
        tries = state.get("tries")
        self.tries = tries if type(tries) is int and tries > 0 else 0
        self.result = self._judge() if state.get("checked") is True else None

    def can_move(self, place: int, by: int) -> bool:
        """Whether the step at a place can change places with its neighbour, -1 or 1 away."""
        return not self.done and 0 <= place + by < len(self.order)

    def move(self, place: int, by: int) -> int:
        """Let a step change places with its neighbour, -1 or 1 away; returns its new place."""
        if not self.can_move(place, by):
            return place
        to = place + by
        self.order[place], self.order[to] = self.order[to], self.order[place]
        self.result = None
        self._keep()
        return to

    def check(self) -> Result:
        """Judge and record the order."""
        found = self.result = self._judge()
        self.tries += 1
        self._keep()
        if self._record is not None:
            words = "\n".join(f"{n}. {self.steps[i].text}" for n, i in enumerate(self.order, 1))
            try:
                self._record.append(Entry(self.id, KIND, words, {}, found.total))
            except OSError:
                self.trouble = "choices_not_kept"
        return found

    def start_again(self) -> None:
        """Shuffle as at the start; what was recorded stays in the record."""
        self.order, self.result, self.tries = self._shuffled(), None, 0
        self._keep()

    def _shuffled(self) -> list[int]:
        return shuffled_away([step.text for step in self.steps], self.id)

    def _judge(self) -> Result:
        in_place = frozenset(place for place, step in enumerate(self.order) if place == step)
        pairs = list(combinations(self.order, 2))
        right = sum(one < other for one, other in pairs)
        return Result(in_place, round(100 * right / len(pairs), 2))

    def _keep(self) -> None:
        texts = [self.steps[i].text for i in self.order]
        try:
            self._kept.save(
                {"order": texts, "checked": self.result is not None, "tries": self.tries}
            )
            self.trouble = None
        except OSError:
            self.trouble = "choices_not_kept"
