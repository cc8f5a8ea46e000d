"""The sort exercise without a screen: put phrases where they belong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exercises.kept import Kept
from exercises.record import Entry
from exercises.shuffle import shuffled
from grader import load_rubric
from grader.rubric import FAULTS, MOVES

KIND = "sort"


@dataclass(frozen=True, slots=True)
class Item:
    """A phrase, the id of the bin where it belongs, and why it does."""

    text: str
    bin: str
    why: str


def problems(data: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with an exercise that its schema cannot see."""
    ids = [bin["id"] for bin in data["bins"]]
    names: list[str] = []
    for i, bin in enumerate(data["bins"]):
        if "name" not in bin and bin["id"] not in (*MOVES, *FAULTS):
            yield f"bins[{i}].name: is missing; allowed: left out only where id is a criterion"
            continue
        if bin["id"] in ids[:i]:
            yield f"bins[{i}].id: {bin['id']!r} is given twice; allowed: another id"
        elif _name(bin) in names:
            yield f"bins[{i}].name: is the same as an earlier one; allowed: another name"
        names.append(_name(bin))
        if all(item["bin"] != bin["id"] for item in data["items"]):
            yield f"bins[{i}]: no item belongs here; allowed: bins with an item or more"
    texts = [item["text"] for item in data["items"]]
    for i, item in enumerate(data["items"]):
        if item["bin"] not in ids:
            yield f"items[{i}].bin: {item['bin']!r} is no bin; allowed: {', '.join(ids)}"
        if item["text"] in texts[:i]:
            yield f"items[{i}].text: is the same as an earlier one; allowed: another text"


class Sort:
    """One learner's work on one exercise.

    `bins` gives the name of each bin by its id; `items` are in the order in which they are shown.
    `put` holds the id of the bin for the place of each item that has been put somewhere.
    `settled` and `wrong` are the places that the last check found right and wrong; a wrong one is
    so until it is put elsewhere.
    """

    def __init__(self, id: str, data: Mapping[str, Any], kept: Kept) -> None:
        self.id = id
        self.data = data
        self.kept = kept
        self.bins = {bin["id"]: _name(bin) for bin in data["bins"]}
        texts = [item["text"] for item in data["items"]]
        items = [Item(item["text"], item["bin"], item["why"]) for item in data["items"]]
        self.items = tuple(items[i] for i in shuffled(texts, id))
        self.reload()

    @property
    def left(self) -> int:
        """How many items have not been put anywhere yet."""
        return len(self.items) - len(self.put)

    @property
    def done(self) -> bool:
        """Whether a check has found everything right."""
        return len(self.settled) == len(self.items)

    def reload(self) -> None:
        """Take what was put where from the file, where another window may have written."""
        state = self.kept.load()
        put, checked = state.get("put"), state.get("checked")
        put = put if isinstance(put, dict) else {}
        bins = list(self.bins)
        checked = checked if isinstance(checked, list) else []
        places = {item.text: place for place, item in enumerate(self.items)}
        self.put = {places[t]: bin for t, bin in put.items() if t in places and bin in bins}
        seen = {place for text, place in places.items() if text in checked and place in self.put}
        self.settled = {place for place in seen if self._fits(place)}
        self.wrong = seen - self.settled

    def move(self, place: int, bin: str | None) -> None:
        """Put an item into a bin, or back to where it was (None). A settled one stays."""
        if place in self.settled or self.put.get(place) == bin:
            return
        self.wrong.discard(place)
        self.put.pop(place, None)
        if bin is not None:
            self.put[place] = bin
        self._keep()

    def check(self) -> int | None:
        """Judge and put on record: the share put right, 0 to 100. None while some are left."""
        if self.left:
            return None
        self.settled = {place for place in self.put if self._fits(place)}
        self.wrong = set(self.put) - self.settled
        total = round(100 * len(self.settled) / len(self.items))
        self._keep()
        self.kept.add(Entry(self.id, KIND, self._words(), {}, total))
        return total

    def start_again(self) -> None:
        """Take everything out of the bins; what was recorded stays in the record."""
        self.put, self.settled, self.wrong = {}, set(), set()
        self.kept.forget()
        self._keep()

    def _fits(self, place: int) -> bool:
        return bool(self.put[place] == self.items[place].bin)

    def _words(self) -> str:
        """What was put where, in words."""
        return "\n".join(
            f"{self.bins[bin]}: {self.items[place].text}" for place, bin in sorted(self.put.items())
        )

    def _keep(self) -> None:
        put = {self.items[place].text: bin for place, bin in sorted(self.put.items())}
        checked = [self.items[place].text for place in sorted(self.settled | self.wrong)]
        self.kept.save({"put": put, "checked": checked})


def _name(bin: Mapping[str, str]) -> str:
    """Its own name, else that of the criterion."""
    return bin.get("name") or load_rubric().criteria[bin["id"]].name
