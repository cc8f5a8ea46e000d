"""What a role play shows when it is over: turning points, what cooled and what heated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exercises.role_play import Conversation, Turn
from exercises.temper import Shift, rules
from grader.engine import total
from grader.model import Evidence
from grader.rubric import FAULTS, MOVES
from grader.text import shortened

_EVERYTHING = dict.fromkeys(MOVES, 1)
COOLED, HEATED, TURNED = "cooled", "heated", "turned"
MOST_EFFECTS = 4
LONGEST_QUOTE = 110  # characters


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """A turn that mattered: `kind` is COOLED, HEATED or TURNED (no longer hot after it).

    `quote` is the learner's own words, "" where they said nothing; `cause` is a criterion, or a
    cost of `role_play.yml`.
    """

    turn: Turn
    kind: str
    cause: str
    quote: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What one cause did over the whole talk, in which turns; `points` above 0 heated."""

    cause: str
    points: int
    turns: tuple[int, ...]
    quote: str


@dataclass(frozen=True, slots=True)
class Reached:
    """The highest level of a criterion over a talk, the first turn that reached it, the words.

    `turn` is None and `quote` "" where no words made the level.
    """

    criterion: str
    level: int
    turn: int | None = None
    quote: str = ""


def turning_points(conversation: Conversation) -> list[TurningPoint]:
    """The turns that mattered most, in order: the best, the worst, where the heat went out."""
    turns = conversation.turns
    hot = rules()["marks"]["hot"]
    found: dict[int, TurningPoint] = {}
    crossed = next((turn for turn in turns if turn.before >= hot > turn.temper), None)
    for turn, kind in (
        (min(turns, key=lambda turn: turn.change, default=None), COOLED),
        (max(turns, key=lambda turn: turn.change, default=None), HEATED),
        (crossed, TURNED),
    ):
        if turn is None or turn.number in found:
            continue
        if (turn.change >= 0 and kind == COOLED) or (turn.change <= 0 and kind == HEATED):
            continue
        shift = _leading(turn.moved, heated=kind == HEATED)
        cause = shift.cause if shift else turn.cause
        found[turn.number] = TurningPoint(turn, kind, cause, quote_of(turn, cause))
    return [found[number] for number in sorted(found)]


def effects(conversation: Conversation) -> tuple[list[Effect], list[Effect]]:
    """What cooled and what heated, the strongest first, at most a few of each."""
    summed: dict[str, list[tuple[Turn, Shift]]] = {}
    for turn in conversation.turns:
        for shift in turn.moved:
            summed.setdefault(shift.cause, []).append((turn, shift))
    found = []
    for cause, parts in summed.items():
        best = max(parts, key=lambda part: abs(part[1].points))[0]
        points = sum(shift.points for _, shift in parts)
        turns = tuple(turn.number for turn, _ in parts)
        found.append(Effect(cause, points, turns, quote_of(best, cause)))
    # A weak formula cools by a degree or two, which is nothing to learn from.
    cooled = sorted((e for e in found if e.points <= -3), key=lambda e: e.points)
    heated = sorted((e for e in found if e.points > 0), key=lambda e: -e.points)
    return cooled[:MOST_EFFECTS], heated[:MOST_EFFECTS]


def _leading(moved: Iterable[Shift], *, heated: bool) -> Shift | None:
    """What did most in a turn."""
    ours = [shift for shift in moved if (shift.points > 0) == heated]
    return max(ours, key=lambda shift: abs(shift.points), default=None)


def marks_of(turn: Turn) -> list[Evidence]:
    """The evidence in a reply for what moved the temper."""
    causes = {shift.cause for shift in turn.moved}
    return [evidence for evidence in turn.assessment.evidence if evidence.criterion in causes]


def quote_of(turn: Turn, cause: str) -> str:
    """The learner's words that did it: the longest piece of evidence, else how the reply begins."""
    pieces = [e.quote for e in turn.assessment.evidence if e.criterion == cause]
    return shortened(max(pieces, key=len) if pieces else turn.reply, LONGEST_QUOTE)


def reached(turns: Sequence[Turn]) -> dict[str, Reached]:
    """The highest level of each criterion over the turns, in the rubric's order."""
    found = {}
    for name in (*MOVES, *FAULTS):
        # max takes the first of equal turns
        best = max(turns, key=lambda turn: turn.assessment.levels[name], default=None)
        level = best.assessment.levels[name] if best else 0
        if best and any(e.criterion == name for e in best.assessment.evidence):
            found[name] = Reached(name, level, best.number, quote_of(best, name))
        else:
            found[name] = Reached(name, level)
    return found


def best_levels(turns: Sequence[Turn]) -> dict[str, int]:
    """The highest level of each criterion over the turns."""
    return {name: best.level for name, best in reached(turns).items()}


def total_of(turns: Sequence[Turn]) -> float:
    """The total of a whole talk on every criterion, each move counting the same."""
    return total(best_levels(turns), _EVERYTHING) or 0.0
