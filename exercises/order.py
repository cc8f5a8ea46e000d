"""The order exercise without a screen: put the steps of a conversation in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from exercises.kept import Kept
from exercises.record import Entry
from exercises.shuffle import shuffled_away

KIND = "order"


@dataclass(frozen=True, slots=True)
class Step:
    """A step, and what it is for at its place ("" where nothing is said)."""

    text: str
    why: str = ""


def problems(data: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with an exercise that its schema cannot see."""
    texts = [step["text"] for step in data["steps"]]
    for i, text in enumerate(texts):
        if text in texts[:i]:
            yield f"steps[{i}].text: is the same as an earlier one; allowed: another text"


class Order:
    """One learner's work on one exercise.

    `steps` are in the right order; `order` holds their places in it in the order in which they
    stand now. `in_place` are the places, counted from 0, that the last check found right and
    that have not changed since. `tried` says whether there has been a check at all, `judged`
    whether it was of the order as it stands.
    """

    def __init__(self, id: str, data: Mapping[str, Any], kept: Kept) -> None:
        self.id = id
        self.data = data
        self.kept = kept
        self.steps = tuple(Step(step["text"], step.get("why", "")) for step in data["steps"])
        self.note = str(data["note"])
        self.reload()

    @property
    def done(self) -> bool:
        """Whether a check has found every step in its place."""
        return len(self.in_place) == len(self.steps)

    def reload(self) -> None:
        """Take the order from the file, where another window may have written meanwhile."""
        state = self.kept.load()
        texts = [step.text for step in self.steps]
        kept = state.get("order")
        if not isinstance(kept, list) or sorted(map(str, kept)) != sorted(texts):
            state, kept = {}, [texts[i] for i in self._shuffled()]
        self.order = [texts.index(text) for text in kept]
        self.tried = state.get("tried") is True
        self.judged = self.tried and state.get("judged") is True
        seen = state.get("in_place")
        seen = seen if isinstance(seen, list) else []
        self.in_place = {place for place in self._right() if place in seen}

    def can_move(self, place: int, by: int) -> bool:
        """Whether the step at a place can change places with its neighbour, -1 or 1 away."""
        return not self.done and 0 <= place + by < len(self.order)

    def move(self, place: int, by: int) -> int:
        """Let a step change places with its neighbour, -1 or 1 away; returns its new place."""
        if not self.can_move(place, by):
            return place
        to = place + by
        self.order[place], self.order[to] = self.order[to], self.order[place]
        self.in_place -= {place, to}
        self.judged = False
        self._keep()
        return to

    def check(self) -> int:
        """Judge and put on record: the share of pairs in the right order, 0 to 100."""
        self.tried = self.judged = True
        self.in_place = self._right()
        self._keep()
        words = "\n".join(f"{n}. {self.steps[i].text}" for n, i in enumerate(self.order, 1))
        total = self.total()
        self.kept.add(Entry(self.id, KIND, words, {}, total))
        return total

    def total(self) -> int:
        """The share of the pairs of steps that stand in the right order now, 0 to 100."""
        pairs = list(combinations(self.order, 2))
        return round(100 * sum(one < other for one, other in pairs) / len(pairs))

    def start_again(self) -> None:
        """Shuffle as at the start; what was recorded stays in the record."""
        self.order = self._shuffled()
        self.in_place, self.tried, self.judged = set(), False, False
        self.kept.forget()
        self._keep()

    def _shuffled(self) -> list[int]:
        return shuffled_away([step.text for step in self.steps], self.id)

    def _right(self) -> set[int]:
        return {place for place, step in enumerate(self.order) if place == step}

    def _keep(self) -> None:
        self.kept.save(
            {
                "order": [self.steps[i].text for i in self.order],
                "in_place": sorted(self.in_place),
                "tried": self.tried,
                "judged": self.judged,
            }
        )
