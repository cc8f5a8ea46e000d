"""How a reply moves the temper of a customer in a role play, by the rules in `role_play.yml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

from exercises.compiled import compiled

# What kind of answer a move draws from the customer.
FAMILIES = {
    "acknowledge": "heard",
    "reflect": "heard",
    "relate": "heard",
    "explore": "asked",
    "apologise": "owned",
    "own": "owned",
    "partner": "helped",
    "solve": "helped",
    "options": "helped",
    "positive": "helped",
    "prevent": "helped",
    "expect": "assured",
    "follow_up": "assured",
    "feedback": "assured",
    "thank": "assured",
    "boundary": "warned",
}
# Faults by the answer they draw, the gravest first.
STINGS = {
    "hostile": "insulted",
    "dismiss": "dismissed",
    "blame": "blamed",
    "pseudo_apology": "sorry_if",
    "defend": "defended",
    "overpromise": "impossible",
    "jargon": "jargon",
}
GOOD = frozenset(FAMILIES.values())
# Moves that on their own say nothing about this customer's case.
_THIN = frozenset({"thank", "positive", "feedback", "boundary"})
# What may heat a customer only up to the mark `worn`.
_MILD = frozenset({"ignored", "formula", "too_soon", "passed_over", "repeated", "lost"})


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Any]:
    """The rules, as their schema has them."""
    return compiled("role_play")


@dataclass(frozen=True, slots=True)
class Character:
    """Who is hot: temperament and level."""

    temperament: str
    level: int


@dataclass(frozen=True, slots=True)
class Memory:
    """What a customer remembers of the talk so far.

    `made` counts the turns in which each move was made, `costs` how often each cost was drawn.
    `tender` is true where their last words showed what hurts, `abuse` where they were abusive.
    """

    temper: int
    made: Mapping[str, int] = field(default_factory=dict)
    costs: Mapping[str, int] = field(default_factory=dict)
    heard: bool = False
    acted: bool = False
    assured: bool = False
    warned: bool = False
    tender: bool = False
    abuse: bool = False
    empty: int = 0

    @property
    def moment(self) -> str:
        """What the customer needs now: "hear", "act" or "close"."""
        if self.tender or self.temper >= rules()["marks"]["hot"]:
            return "hear"
        return "close" if self.acted else "act"


@dataclass(frozen=True, slots=True)
class Shift:
    """What moved the temper: a criterion at a level or, at level 0, a cost; above 0 it heats."""

    cause: str
    level: int
    points: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What a reply did: the answer it draws, what moved the temper, and the memory after it."""

    cause: str
    shifts: tuple[Shift, ...]
    memory: Memory


def move(
    who: Character,
    memory: Memory,
    levels: Mapping[str, int],
    *,
    trouble: str | None = None,
    impossible: bool = False,
) -> Moved:
    """Let a reply with these levels move the temper.

    `trouble` is "silence", "lost" (it could not be read as a reply) or "repeated"; `impossible`
    says that it promised what the facts of the case rule out.
    """
    faults = {name: levels[name] for name in STINGS if levels[name]}
    if impossible:
        faults["overpromise"] = 1
    cost = trouble or _cost(memory, levels, faults)
    down = [] if cost in ("silence", "lost", "repeated", "too_soon") else _down(who, memory, levels)
    if faults:
        kept = 0 if "hostile" in faults else Fraction(rules()["beside_fault"], 100)
        down = [(name, level, points * kept) for name, level, points in down]
    down = _at_most(down, _most_down(who, memory))
    up = [(name, 1, _heat(who, name, rules()["faults"][name])) for name in faults]
    if cost:
        seen = memory.costs.get(cost, 0)
        points = _nth(rules()["costs"][cost], seen)
        up.append((cost, 0, _heat(who, cost, points)))
    up = _at_most(up, Fraction(rules()["most_up"]))
    temper = _temper(memory.temper, down, up)
    cause = _cause(memory, levels, faults, cost, down)
    shifts = tuple(
        Shift(name, level, sign * _round(points))
        for sign, moved in ((-1, down), (1, up))
        for name, level, points in moved
    )
    return Moved(
        cause,
        tuple(shift for shift in shifts if shift.points),
        _remember(memory, levels, cost, cause, temper),
    )


_Moves = list[tuple[str, int, Fraction]]


def _cost(memory: Memory, levels: Mapping[str, int], faults: Mapping[str, int]) -> str | None:
    """What a reply without trouble or fault costs all the same; None for nothing."""
    if faults:
        return None
    full = {name for name in FAMILIES if levels[name] == 2} - _THIN
    if memory.abuse and _fair_limit(levels):
        return None
    if not full:
        some = any(levels[name] for name in FAMILIES if name != "positive")
        return "formula" if some else "ignored"
    listens = {"acknowledge", "reflect", "explore", "apologise", "own"} & full
    if memory.moment == "hear" and not memory.heard and not listens and {"solve", "options"} & full:
        return "too_soon"
    if memory.tender and not (
        listens or any(levels[name] for name in ("acknowledge", "reflect", "apologise"))
    ):
        return "passed_over"
    return None


def _fair_limit(levels: Mapping[str, int]) -> bool:
    """Whether a reply sets a limit fairly: as a whole, or curtly but with help or understanding."""
    kind = any(levels[name] for name in ("acknowledge", "partner", "solve"))
    return levels["boundary"] == 2 or (levels["boundary"] == 1 and kind)


def _down(who: Character, memory: Memory, levels: Mapping[str, int]) -> _Moves:
    """What each move cools, in the order of its weight."""
    table, moment = rules(), rules()["moments"][memory.moment]
    pace = Fraction(table["temperaments"][who.temperament]["down"], 100)
    pace *= Fraction(table["levels"][str(who.level)]["down"], 100)
    found = []
    for name in FAMILIES:
        level = levels[name]
        if not level or (name, level) == ("positive", 1):
            continue
        if name == "boundary" and not (memory.abuse and _fair_limit(levels)):
            continue
        share = _nth(table["full" if level == 2 else "weak"], memory.made.get(name, 0))
        points = Fraction(table["moves"][name] * share, 100) * pace * _more(who, name)
        if name not in moment and name != "boundary":
            points *= Fraction(table["off_moment"], 100)
        found.append((name, level, points))
    return sorted(found, key=lambda entry: -entry[2])


def _most_down(who: Character, memory: Memory) -> Fraction:
    """How far the best of replies can cool this customer now."""
    once = Fraction(rules()["most_down"] * rules()["levels"][str(who.level)]["down"], 100)
    return min(once, Fraction(memory.temper * rules()["most_share"], 100))


def _heat(who: Character, name: str, points: int) -> Fraction:
    up = Fraction(rules()["temperaments"][who.temperament]["up"], 100)
    up *= Fraction(rules()["levels"][str(who.level)]["up"], 100)
    return points * up * _more(who, name)


def _more(who: Character, name: str) -> Fraction:
    return Fraction(rules()["temperaments"][who.temperament]["more"].get(name, 100), 100)


def _at_most(moves: _Moves, most: Fraction) -> _Moves:
    """The same moves, none lost, but together no more than `most` points."""
    whole = sum((points for _, _, points in moves), Fraction())
    if whole <= most:
        return moves
    return [(name, level, points * most / whole) for name, level, points in moves]


def _temper(before: int, down: _Moves, up: _Moves) -> int:
    """The temper after a reply, 0 to 100. What is merely tiring cannot lift it above `worn`."""
    cooled = before - sum((points for _, _, points in down), Fraction())
    mild = sum((points for name, _, points in up if name in _MILD), Fraction())
    hard = sum((points for name, _, points in up if name not in _MILD), Fraction())
    tired = max(cooled, min(cooled + mild, Fraction(rules()["marks"]["worn"])))
    return min(100, max(0, _round(tired + hard)))


def _cause(
    memory: Memory,
    levels: Mapping[str, int],
    faults: Mapping[str, int],
    cost: str | None,
    down: _Moves,
) -> str:
    """The answer that a reply draws: what was worst, else what did most good."""
    if cost in ("silence", "lost", "repeated"):
        return str(cost)
    for name, cause in STINGS.items():
        if name in faults:
            return cause
    if memory.abuse and _fair_limit(levels):
        return "warned"
    if cost:
        return cost
    good: dict[str, Fraction] = {}
    for name, level, points in down:
        if level == 2:
            good[FAMILIES[name]] = good.get(FAMILIES[name], Fraction()) + points
    return max(good, key=lambda family: good[family])


def _remember(
    memory: Memory, levels: Mapping[str, int], cost: str | None, cause: str, temper: int
) -> Memory:
    made = dict(memory.made)
    for name in FAMILIES:
        if levels[name]:
            made[name] = made.get(name, 0) + 1
    costs = dict(memory.costs)
    if cost:
        costs[cost] = costs.get(cost, 0) + 1
    counts = cause in GOOD
    return Memory(
        temper=temper,
        made=made,
        costs=costs,
        heard=memory.heard
        or (counts and any(levels[name] == 2 for name in ("acknowledge", "reflect", "explore"))),
        acted=memory.acted
        or (
            counts
            and (
                levels["solve"] == 2
                or levels["options"] == 2
                or (levels["solve"] == 1 and levels["expect"] == 2)
            )
        ),
        assured=memory.assured
        or (counts and (levels["follow_up"] >= 1 or levels["feedback"] == 2)),
        warned=memory.warned or (memory.abuse and cause == "warned"),
        empty=0 if temper < memory.temper else memory.empty + 1,
    )


def _nth(shares: Sequence[int], seen: int) -> int:
    return shares[min(seen, len(shares) - 1)]


def _round(points: Fraction) -> int:
    """To the nearest whole number, halves up."""
    return int((points + Fraction(1, 2)).__floor__())
