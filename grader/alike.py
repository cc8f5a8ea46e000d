"""Replies that are nearly the same, for a human to look at.

Comparing each with each would take a hundred times as long for ten times as many. Replies that
are nearly the same share most runs of three words, so only those are compared that share one of
the few runs with the lowest hash (a bottom-k sketch: Broder, "On the resemblance and containment
of documents", 1997).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest
from zlib import crc32

LEAST_ALIKE = 85  # percent of the words, in order
LEAST_WORDS = 12  # two short replies may well be the same by chance
_RUN = 3
_SKETCH = 12
_NEIGHBOURS = 12
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Group:
    """Replies, by their places, that hang together; `alike` is the least percentage of a link."""

    places: tuple[int, ...]
    alike: int


def alike(texts: Sequence[str]) -> list[Group]:
    """Groups of texts that are nearly the same, the largest first, then the most alike.

    Letters' case, punctuation and line ends do not count. Needs rapidfuzz.
    """
    from rapidfuzz import fuzz

    same: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        words = tuple(_WORD.findall(text.casefold()))
        if len(words) >= LEAST_WORDS:
            same[words].append(place)
    unique = sorted(same)
    groups = _Groups(len(unique))
    buckets: dict[int, list[int]] = defaultdict(list)
    for number, words in enumerate(unique):
        for run in _sketch(words):
            buckets[run].append(number)
    seen: set[tuple[int, int]] = set()
    for bucket in buckets.values():
        # Sorted, so near neighbours in a large bucket begin alike.
        for at, one in enumerate(bucket):
            for other in bucket[at + 1 : at + 1 + _NEIGHBOURS]:
                if (one, other) in seen:
                    continue
                seen.add((one, other))
                percent = fuzz.ratio(unique[one], unique[other], score_cutoff=LEAST_ALIKE)
                if percent:
                    groups.join(one, other, int(percent))
    found = []
    for members, percent in groups.all():
        places = sorted(place for number in members for place in same[unique[number]])
        if len(places) > 1:
            found.append(Group(tuple(places), percent))
    return sorted(found, key=lambda group: (-len(group.places), -group.alike, group.places))


def _sketch(words: Sequence[str]) -> list[int]:
    runs = {" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
    return nsmallest(_SKETCH, {crc32(run.encode("utf-8", "replace")) for run in runs})


class _Groups:
    """Numbers that are joined two by two (union-find), with the weakest link of each group."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))
        self._weakest = [100] * count

    def _root(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def join(self, one: int, other: int, percent: int) -> None:
        first, second = self._root(one), self._root(other)
        self._parent[second] = first
        self._weakest[first] = min(self._weakest[first], self._weakest[second], percent)

    def all(self) -> list[tuple[list[int], int]]:
        members: dict[int, list[int]] = defaultdict(list)
        for number in range(len(self._parent)):
            members[self._root(number)].append(number)
        return [(found, self._weakest[root]) for root, found in members.items()]
