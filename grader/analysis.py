"""What the results of a class, or of a team's replies, show as a whole: plain numbers and words.

Pure; `grader/report.py` draws it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from statistics import fmean, quantiles

from grader.item_analysis import cronbachs_alpha, discriminations
from grader.model import Criterion
from grader.results import Reply, Results, Task, asked, learner_score, marked
from grader.rubric import load_rubric
from grader.text import shortened

STEP = 10  # percent in a shade of a heat map, and in a bar of a histogram
EXAMPLES = 3
LONGEST_EXAMPLE = 160
LONGEST_EXCERPT = 300


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a heat map: percent, of how many replies; None where nobody was asked."""

    percent: int | None
    count: int

    @property
    def shade(self) -> int:
        """0 (light) to 10 (dark)."""
        return (self.percent or 0) // STEP


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a heat map: a criterion over all tasks, and in each."""

    criterion: Criterion
    all: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """Some numbers in short. Quartiles are None below two numbers."""

    count: int
    mean: float
    low: float
    high: float
    quartiles: tuple[float, float, float] | None

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread | None:
        """The spread of values; None where there are none."""
        if not values:
            return None
        found = quantiles(values, n=4, method="inclusive") if len(values) > 1 else None
        fourths = (found[0], found[1], found[2]) if found else None
        return cls(len(values), fmean(values), min(values), max(values), fourths)

    @property
    def median(self) -> float:
        """The number in the middle."""
        return self.quartiles[1] if self.quartiles else self.mean


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a histogram: from, up to, how many."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """A scenario in the table of the hardest."""

    number: int
    task: Task
    spread: Spread
    empty: int
    discrimination: float | None


@dataclass(frozen=True, slots=True)
class Drafts:
    """First drafts against what was handed in."""

    pairs: tuple[tuple[float, float], ...]
    first: Spread
    last: Spread
    better: int
    same: int


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault: in how many replies, of how many, and words that were marked for it."""

    criterion: Criterion
    count: int
    percent: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlikeLine:
    """Learners whose replies are nearly the same, to one task or to several."""

    tasks: tuple[Task, ...]
    learners: tuple[str, ...]
    alike: int
    text: str


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group of a team's replies: how many, their mean total, its moves and its faults."""

    task: Task
    count: int
    mean: float | None
    moves: tuple[Cell, ...]
    faults: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """One learner: the mark, the level of each move, how often a fault, what to practise next."""

    learner: str
    name: str
    submitted: bool
    percent: float | None
    cells: tuple[Cell, ...]
    faults: int
    strong: Criterion | None
    next: Criterion | None


class Analysis:
    """The analysis of results; each part is computed when it is asked for."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.graded = results.points > 0

    # ---- who, and how many ----

    @cached_property
    def submitted(self) -> int:
        """How many learners handed in."""
        return sum(learner.submitted for learner in self.results.learners)

    @property
    def latest(self) -> datetime | None:
        """When the last submission came in."""
        found = (learner.handed_in for learner in self.results.learners)
        return max((moment for moment in found if moment), default=None)

    @cached_property
    def rejected(self) -> Counter[str]:
        """Why replies could not be marked, and how many each."""
        return Counter(reply.rejected for reply in self.results.replies if reply.rejected)

    @cached_property
    def unmarked(self) -> int:
        """Replies whose levels are not there: not graded yet, or their notebook is gone."""
        return sum(reply.row is None for reply in self.results.replies)

    @cached_property
    def overridden(self) -> int:
        """Replies with a mark of the instructor's."""
        return sum(reply.manual is not None for reply in self.results.replies)

    # ---- criterion by task ----

    @cached_property
    def moves(self) -> list[Line]:
        """The heat map of the moves that any task asks for."""
        return [line for line in self._all_lines if line.criterion.kind == "move"]

    @cached_property
    def fault_lines(self) -> list[Line]:
        """The heat map of the faults."""
        return [line for line in self._all_lines if line.criterion.kind == "fault"]

    @cached_property
    def _all_lines(self) -> list[Line]:
        return list(self._lines())

    def _lines(self) -> Iterator[Line]:
        levels: dict[str, list[Mapping[str, int]]] = {task.id: [] for task in self.results.tasks}
        for reply in marked(self.results):
            levels[reply.task].append(reply.levels)
        wanted = {task.id: {found.id for found in asked(task)} for task in self.results.tasks}
        for criterion in load_rubric().criteria.values():
            found = [
                [each[criterion.id] for each in levels[task.id]] if criterion.id in wanted[task.id]
                else []
                for task in self.results.tasks
            ]  # fmt: skip
            if any(criterion.id in ids for ids in wanted.values()):
                cells = tuple(_cell(each, criterion.top) for each in found)
                yield Line(
                    criterion, _cell([x for each in found for x in each], criterion.top), cells
                )

    # ---- totals ----

    @cached_property
    def totals(self) -> list[float]:
        """Of 100: each learner's mark in the end; for a team each reply's total."""
        results = self.results
        if not self.graded:
            found = (results.percent(reply) for reply in marked(results))
            return [total for total in found if total is not None]
        replies = results.by_learner()
        return [
            100 * learner_score(replies[learner.id], learner.late) / results.points
            for learner in results.learners
            if learner.submitted
        ]

    @cached_property
    def helping(self) -> list[float]:
        """How many moves each reply makes, partly or fully; for replies without totals."""
        moves = [move.id for move in load_rubric().moves]
        return [float(sum(r.levels[m] > 0 for m in moves)) for r in marked(self.results)]

    @property
    def spread(self) -> Spread | None:
        """The totals in short; where there are none, the moves of a reply."""
        return Spread.of(self.totals or self.helping)

    @property
    def bars(self) -> list[Bar]:
        """The bars of the histogram of the totals, else of the moves a reply makes."""
        if self.totals:
            edges = [float(edge) for edge in range(0, 100 + STEP, STEP)]
            return list(_bars(self.totals, edges))
        return list(
            _bars(self.helping, [float(n) for n in range(int(max(self.helping, default=0)) + 2)])
        )

    # ---- first draft and last ----

    @cached_property
    def drafts(self) -> Drafts | None:
        """First drafts against last; None where no learner handed in a record."""
        pairs = [
            (reply.first, float(reply.row["total"]))
            for reply in self.results.replies
            if reply.first is not None and reply.row is not None and not reply.rejected
        ]
        first, last = Spread.of([pair[0] for pair in pairs]), Spread.of([pair[1] for pair in pairs])
        if first is None or last is None:
            return None
        better = sum(after > before for before, after in pairs)
        same = sum(after == before for before, after in pairs)
        return Drafts(tuple(pairs), first, last, better, same)

    # ---- scenarios ----

    @cached_property
    def scores(self) -> list[list[float]]:
        """A row for each learner whose replies all have marks, each of 100."""
        rows = [
            [self.results.percent(reply) for reply in replies]
            for replies in self.results.by_learner().values()
            if replies
        ]
        return [[x for x in row if x is not None] for row in rows if None not in row]

    @cached_property
    def alpha(self) -> float | None:
        """Cronbach's alpha over the scenarios."""
        return cronbachs_alpha(self.scores)

    @cached_property
    def scenarios(self) -> list[ScenarioLine]:
        """The scenarios, the hardest first."""
        lines = []
        tells = discriminations(self.scores) if len(self.results.tasks) > 1 else [None]
        for place, task in enumerate(self.results.tasks):
            replies = [reply for reply in self.results.replies if reply.task == task.id]
            percents = (self.results.percent(reply) for reply in replies)
            spread = Spread.of([percent for percent in percents if percent is not None])
            if spread:
                empty = sum(reply.rejected == "empty" for reply in replies)
                tell = tells[place] if tells else None
                lines.append(ScenarioLine(place + 1, task, spread, empty, tell))
        return sorted(lines, key=lambda line: (line.spread.mean, line.number))

    # ---- faults ----

    @cached_property
    def faults(self) -> list[FaultLine]:
        """The faults that were found, the most frequent first, with words from the replies."""
        replies = list(marked(self.results))
        names = {learner.id: learner.name for learner in self.results.learners}
        lines = []
        for fault in load_rubric().faults:
            having = [reply for reply in replies if reply.levels[fault.id]]
            if having:
                percent = round(100 * len(having) / len(replies))
                examples = _examples(having, fault.id, names)
                lines.append(FaultLine(fault, len(having), percent, tuple(examples)))
        return sorted(lines, key=lambda line: -line.count)

    # ---- nearly the same ----

    @cached_property
    def alike(self) -> list[AlikeLine]:
        """Learners whose replies to the same task are nearly the same."""
        from grader.alike import alike

        found: dict[tuple[str, ...], AlikeLine] = {}
        for task in self.results.tasks:
            replies = [r for r in self.results.replies if r.task == task.id and r.text.strip()]
            for group in alike([reply.text for reply in replies]):
                own = [replies[place] for place in group.places]
                learners = tuple(reply.learner for reply in own)
                line = AlikeLine(
                    (task,), learners, group.alike, shortened(own[0].text, LONGEST_EXCERPT)
                )
                if learners in found:
                    before = found[learners]
                    tasks, percent = (*before.tasks, task), min(before.alike, group.alike)
                    line = replace(before, tasks=tasks, alike=percent)
                found[learners] = line
        # Two people who agree again and again come first.
        return sorted(
            found.values(), key=lambda line: (-len(line.tasks), -len(line.learners), -line.alike)
        )

    # ---- groups of a team's replies ----

    @cached_property
    def groups(self) -> list[GroupLine]:
        """The groups that replies were put into, by name; none where there is only one."""
        if len(self.results.tasks) < 2:
            return []
        found: dict[str, list[Reply]] = {task.id: [] for task in self.results.tasks}
        for reply in self.results.replies:
            found[reply.task].append(reply)
        lines = []
        for place, task in enumerate(self.results.tasks):
            percents = (self.results.percent(reply) for reply in found[task.id])
            totals = [percent for percent in percents if percent is not None]
            cells = [(line.criterion.kind, line.cells[place]) for line in self._all_lines]
            lines.append(
                GroupLine(
                    task,
                    len(found[task.id]),
                    fmean(totals) if totals else None,
                    tuple(cell for kind, cell in cells if kind == "move"),
                    tuple(cell for kind, cell in cells if kind == "fault"),
                )
            )
        return lines

    # ---- learners ----

    @cached_property
    def profiles(self) -> list[Profile]:
        """Every learner, in the order of their ids."""
        replies = self.results.by_learner()
        tasks = {task.id: task for task in self.results.tasks}
        found = []
        for learner in self.results.learners:
            own = [reply for reply in replies[learner.id] if reply.levels]
            cells = []
            for line in self.moves:
                move = line.criterion
                levels = [
                    reply.levels[move.id]
                    for reply in own
                    if not tasks[reply.task].asks or move.id in (tasks[reply.task].asks or {})
                ]
                cells.append(_cell(levels, move.top))
            told = [
                (cell.percent, line.criterion)
                for cell, line in zip(cells, self.moves, strict=True)
                if cell.percent is not None
            ]
            strong = max(told, key=lambda pair: pair[0], default=None)
            weak = min(told, key=lambda pair: pair[0], default=None)
            score = learner_score(replies[learner.id], learner.late)
            found.append(
                Profile(
                    learner.id,
                    learner.name,
                    learner.submitted,
                    100 * score / self.results.points if learner.submitted else None,
                    tuple(cells),
                    sum(any(r.levels[f.id] for f in load_rubric().faults) for r in own),
                    strong[1] if strong and strong[0] else None,
                    weak[1] if weak and weak[0] < 100 else None,
                )
            )
        return found


def _cell(levels: Sequence[int], top: int) -> Cell:
    percent = round(100 * sum(levels) / (top * len(levels))) if levels else None
    return Cell(percent, len(levels))


def _bars(values: Sequence[float], edges: Sequence[float]) -> Iterator[Bar]:
    for low, high in pairwise(edges):
        last = high == edges[-1]
        yield Bar(low, high, sum(low <= x < high or (last and x == high) for x in values))


def _examples(replies: Iterable[Reply], fault: str, names: Mapping[str, str]) -> Iterator[str]:
    """A few words that were marked for a fault, from different tasks before the same."""
    found: dict[str, tuple[str, str]] = {}
    for reply in replies:
        for quote in reply.quotes(fault):
            if len(quote) <= LONGEST_EXAMPLE:
                found.setdefault(quote.casefold(), (reply.task, _masked(quote, reply, names)))
    tasks: Counter[str] = Counter()
    ranked = []
    # Full sentences say more than two words.
    for task, quote in sorted(found.values(), key=lambda pair: (-min(len(pair[1]), 60), pair[1])):
        ranked.append((tasks[task], quote))
        tasks[task] += 1
    return iter([quote for _, quote in sorted(ranked, key=lambda pair: pair[0])][:EXAMPLES])


def _masked(quote: str, reply: Reply, names: Mapping[str, str]) -> str:
    """The words without the learner's own name, addresses and long numbers."""
    words = set(re.findall(r"\w{3,}", f"{names[reply.learner]} {reply.learner}"))
    text = re.sub(r"\S+@\S+", "[…]", quote)
    text = re.sub(r"\+?\d[\d -]{3,}\d", "[…]", text)
    if words:
        own = "|".join(map(re.escape, sorted(words)))
        text = re.sub(rf"\b(?:{own})\b", "[…]", text, flags=re.IGNORECASE)
    return text
