"""What the record says of a learner's progress: chapters, levels over time, what comes next.

A chapter is done when each exercise on its page has a best total of at least PASS. The levels of a
criterion come from the attempts that it was asked in. What is due again follows the rule of
`exercises/review.py`; of what is due, the weakest comes first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import fsum
from typing import Any

from exercises import bank
from exercises.compiled import compiled
from exercises.dialogues import dialogues
from exercises.kinds import REWRITE, ROLE_PLAY
from exercises.quizzes import quizzes
from exercises.record import Entry
from exercises.review import FULLY, NOT_YET, Review, result_of, review
from exercises.role_play import is_capstone
from exercises.unknown import UnknownExerciseError
from grader import load_rubric
from grader.rubric import FAULTS, MOVES, USUAL_ASKS

PASS = 70
RECENT = 5  # attempts that say how a learner does lately
SELF_CHECK = "self-check"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter and the learner's best totals in it.

    `name` is "<part>/<section>"; `best` has (kind, id) of each exercise on its page, in order,
    with the best total, None where it was not tried. `done_on` is the day when it was done.
    """

    name: str
    title: str
    best: Mapping[tuple[str, str], float | None]
    done_on: date | None

    @property
    def passed(self) -> int:
        """How many of its exercises have a best total of at least PASS."""
        return sum(total is not None and total >= PASS for total in self.best.values())


@dataclass(frozen=True, slots=True)
class Track:
    """A criterion over time: its level in each attempt that was asked for it, oldest first."""

    criterion: str
    levels: tuple[int, ...]
    review: Review

    @property
    def lately(self) -> float:
        """The mean level of the last attempts."""
        recent = self.levels[-RECENT:]
        return sum(recent) / len(recent)

    @property
    def strength(self) -> float:
        """How well it goes lately, 0 to 1: a move that is made, a fault that is not."""
        top = load_rubric().criteria[self.criterion].top
        share = self.lately / top
        return 1 - share if self.criterion in FAULTS else share


@dataclass(frozen=True, slots=True)
class Practice:
    """Something to practise: an exercise, when it is due, and why.

    `criterion` is what it trains, "" where it is an exercise of its own. `chapter` is the
    "<part>/<section>" whose page has it, "" where none does. `reason` is "new" or "review".
    """

    exercise: str
    kind: str
    chapter: str
    criterion: str
    due: date
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """All of it, as of `today`. `next` holds what to practise, the first thing first."""

    today: date
    attempts: int
    since: date | None
    chapters: tuple[Chapter, ...]
    tracks: Mapping[str, Track]
    next: tuple[Practice, ...]

    @property
    def weakest(self) -> Track | None:
        """The criterion that goes worst lately; None where all go fully well, or none was tried."""
        found = min(self.tracks.values(), key=lambda track: track.strength, default=None)
        return found if found and found.strength < 1 else None

    @property
    def is_complete(self) -> bool:
        """Whether every chapter is done."""
        return bool(self.chapters) and all(chapter.done_on for chapter in self.chapters)

    @property
    def completed_on(self) -> date | None:
        """The day when the last chapter was done; None where one is not."""
        days = [chapter.done_on for chapter in self.chapters]
        return max(day for day in days if day) if self.is_complete else None


@lru_cache(maxsize=1)
def book() -> Mapping[str, Mapping[str, Any]]:
    """The chapters with exercises, in the book's order, as `exercises.lessons` derives them."""
    return {name: chapter for name, chapter in compiled("chapters").items() if chapter["exercises"]}


@lru_cache(maxsize=1)
def _outline() -> Mapping[str, Mapping[str, Any]]:
    return compiled("outline")


def part_title(part: str) -> str:
    """The title of a part of the book."""
    return str(_outline()[part]["title"])


def measure(entries: Iterable[Entry], today: date) -> Progress:
    """The progress that attempts show; `entries` have the oldest first."""
    entries = list(entries)
    # A clock that was wrong must not put a review off for years.
    days = [min(_day(entry), today) for entry in entries]
    chapters = tuple(_chapters(entries, days))
    tracks = _tracks(entries, days)
    coming = [*_reviews(entries, days, tracks), *_new(chapters, today)]
    # What is due keeps its order, the weakest first; the rest comes when it comes.
    coming.sort(key=lambda practice: max(practice.due, today))
    return Progress(today, len(entries), days[0] if days else None, chapters, tracks, tuple(coming))


def mean_levels(entries: Iterable[Entry]) -> dict[str, float]:
    """The mean level of each criterion over all attempts that have one, to two decimals."""
    levels: dict[str, list[int]] = {}
    for entry in entries:
        for criterion, level in entry.levels.items():
            levels.setdefault(criterion, []).append(level)
    known = [id for id in (*MOVES, *FAULTS) if id in levels]
    names = [*known, *sorted(levels.keys() - {*known})]
    return {name: round(fsum(levels[name]) / len(levels[name]), 2) for name in names}


def _day(entry: Entry) -> date:
    """The day of an attempt where the learner is."""
    try:
        return entry.when().astimezone().date()
    except (OverflowError, OSError, ValueError):  # years that this machine's clock does not know
        return entry.when().date()


def _chapters(entries: Sequence[Entry], days: Sequence[date]) -> Iterator[Chapter]:
    best: dict[tuple[str, str], float] = {}
    passed: dict[tuple[str, str], date] = {}
    for entry, day in zip(entries, days, strict=True):
        key, total = (entry.kind, entry.exercise), entry.total
        if total is not None:
            best[key] = max(total, best.get(key, 0))
            if total >= PASS:
                passed.setdefault(key, day)
    for name, chapter in book().items():
        keys = [(exercise["kind"], exercise["id"]) for exercise in chapter["exercises"]]
        is_done = all(key in passed for key in keys)
        done_on = max(passed[key] for key in keys) if is_done else None
        yield Chapter(name, chapter["title"], {key: best.get(key) for key in keys}, done_on)


def _asked(entry: Entry) -> list[tuple[str, int]]:
    """The criteria that an attempt says something about, with their levels."""
    asks: Collection[str] = MOVES
    if entry.kind == REWRITE:
        asks = _asks(entry.exercise)
    elif entry.kind == ROLE_PLAY and not is_capstone(dialogues().get(entry.exercise, {})):
        # Nobody says what a talk must hold: what most replies should do, and what was done.
        asks = {name for name, level in entry.levels.items() if level or name in USUAL_ASKS}
    return [
        (name, level if name in MOVES else min(level, 1))
        for name, level in entry.levels.items()
        if (name in asks and name in MOVES) or name in FAULTS
    ]


def _asks(id: str) -> Collection[str]:
    try:
        return bank.scenario(id).asks
    except UnknownExerciseError:
        return MOVES


def _tracks(entries: Sequence[Entry], days: Sequence[date]) -> dict[str, Track]:
    """Every move that was asked for and every fault that was made, in the rubric's order."""
    levels: dict[str, list[int]] = {name: [] for name in (*MOVES, *FAULTS)}
    practised: dict[str, list[date]] = {name: [] for name in levels}
    for entry, day in zip(entries, days, strict=True):
        for name, level in _asked(entry):
            levels[name].append(level)
            practised[name].append(day)
    tracks = {}
    for name, found in levels.items():
        results = [NOT_YET if level else FULLY for level in found] if name in FAULTS else found
        again = review(zip(practised[name], results, strict=True))
        if again and (name in MOVES or any(found)):
            tracks[name] = Track(name, tuple(found), again)
    return tracks


def _reviews(
    entries: Sequence[Entry], days: Sequence[date], tracks: Mapping[str, Track]
) -> Iterator[Practice]:
    """What comes back: criteria, the weakest first, and questions to oneself."""
    tried: dict[tuple[str, str], int] = {}
    questions: dict[str, list[tuple[date, int]]] = {}
    for place, (entry, day) in enumerate(zip(entries, days, strict=True)):
        tried[entry.kind, entry.exercise] = place
        if entry.kind == SELF_CHECK and entry.exercise in quizzes():
            questions.setdefault(entry.exercise, []).append((day, result_of(entry.total)))
    chosen: set[tuple[str, str]] = set()
    for track in sorted(tracks.values(), key=lambda track: (track.strength, track.review.due)):
        found = _exercise_for(track.criterion, tried, chosen)
        if found:
            chosen.add(found)
            kind, id = found
            due = track.review.due
            yield Practice(id, kind, chapter_of(kind, id), track.criterion, due, "review")
    for id, results in questions.items():
        again = review(results)
        if again:
            yield Practice(id, SELF_CHECK, chapter_of(SELF_CHECK, id), "", again.due, "review")


def _new(chapters: Iterable[Chapter], today: date) -> Iterator[Practice]:
    """The first exercise of the book that is not passed yet."""
    for chapter in chapters:
        for (kind, id), total in chapter.best.items():
            if total is None or total < PASS:
                yield Practice(id, kind, chapter.name, "", today, "new")
                return


def _exercise_for(
    criterion: str, tried: Mapping[tuple[str, str], int], chosen: Iterable[tuple[str, str]]
) -> tuple[str, str] | None:
    """An exercise that trains a criterion: on a page of the book, and not tried for longest.

    None where there is none, or each is chosen already for something weaker.
    """
    if criterion in FAULTS:  # any reply can be without it
        wanted = [(REWRITE, found.id) for found in bank.scenarios() if found.pool == "practice"]
    else:
        wanted = [
            (REWRITE, found.id)
            for found in bank.scenarios()
            if found.pool == "practice" and criterion in found.asks
        ]
        wanted += [
            (data["kind"], id)
            for id, data in quizzes().items()
            if data.get("criterion") == criterion
        ]
    free = [key for key in wanted if key not in chosen]
    return min(free, key=lambda key: (not chapter_of(*key), tried.get(key, -1), key), default=None)


def chapter_of(kind: str, id: str) -> str:
    """The "<part>/<section>" whose page has an exercise; "" where none has."""
    return _places().get((kind, id), "")


@lru_cache(maxsize=1)
def _places() -> Mapping[tuple[str, str], str]:
    return {
        (exercise["kind"], exercise["id"]): name
        for name, chapter in reversed([*book().items()])
        for exercise in chapter["exercises"]
    }
