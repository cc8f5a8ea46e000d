"""Chooses scenarios for an assignment: by pool, by what they ask for, and a fair sample of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from exercises.bank import BankScenario
from exercises.shuffle import shuffled
from grader.rubric import FAULTS, MOVES

POOLS = ("practice", "assessment")


def select(
    bank: Mapping[str, BankScenario],
    *,
    pool: str | None = None,
    criteria: Sequence[str] = (),
    number: int | None = None,
    seed: str = "",
) -> list[str]:
    """The ids of scenarios of a pool (of any, where None) that ask for all of the criteria.

    With `number`, a sample: see `sample`. Raises ValueError naming what cannot be used.
    """
    for criterion in criteria:
        if criterion in FAULTS:
            raise ValueError(f"--criteria: {criterion} is a fault, which nobody is asked for")
        if criterion not in MOVES:
            raise ValueError(f"--criteria: no move {criterion!r}; allowed: {', '.join(MOVES)}")
    found = [
        id
        for id, scenario in sorted(bank.items())
        if pool in (None, scenario.pool) and all(name in scenario.asks for name in criteria)
    ]
    if not found:
        what = f" of the pool {pool}" if pool else ""
        asked = f" that asks for {' and '.join(criteria)}" if criteria else ""
        raise ValueError(f"the bank has no scenario{what}{asked}; ask for less, or give a --bank")
    if number is None:
        return found
    if not 1 <= number <= len(found):
        raise ValueError(f"--sample: {number}; allowed: 1 to {len(found)}, as so many fit")
    return sample([bank[id] for id in found], number, seed)


def sample(scenarios: Iterable[BankScenario], number: int, seed: str) -> list[str]:
    """The ids of so many scenarios, the easier first; the same for a seed on every machine.

    They are put in the order of their hashes with the seed. Then, one by one, that scenario is
    taken whose trade was taken least so far; of those the one whose difficulty was, then the one
    whose channel was, then the first.
    """
    known = {scenario.id: scenario for scenario in scenarios}
    ids = list(known)
    left = [ids[place] for place in shuffled(ids, seed)]
    taken: list[str] = []
    seen: Counter[tuple[str, object]] = Counter()
    for _ in range(number):
        best = min(left, key=lambda id: [seen[feature] for feature in _features(known[id])])
        left.remove(best)
        taken.append(best)
        seen.update(_features(known[best]))
    return sorted(taken, key=lambda id: known[id].difficulty)  # of one difficulty as they came


def _features(scenario: BankScenario) -> list[tuple[str, object]]:
    return [
        ("trade", scenario.trade or scenario.id),
        ("difficulty", scenario.difficulty),
        ("channel", scenario.channel),
    ]
