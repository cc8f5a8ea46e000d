"""How far two readers agree on levels: quadratic weighted kappa (Cohen, 1968)."""

from __future__ import annotations

from collections.abc import Sequence

Pairs = Sequence[tuple[int, int]]


def weighted_kappa(pairs: Pairs) -> float | None:
    """Quadratic weighted kappa of pairs of levels: 1 is full agreement, 0 no better than chance.

    On two levels it is Cohen's plain kappa. None where it is not defined: no pair, or both readers
    gave one and the same level to everything.
    """
    seen = sum((one - other) ** 2 for one, other in pairs)
    by_chance = sum((one - other) ** 2 for one, _ in pairs for _, other in pairs)
    return 1 - seen * len(pairs) / by_chance if by_chance else None
