"""How well the scenarios of an assignment tell learners apart: classical item analysis.

Scores are one row a learner, one column a scenario. Pure and small; what the figures mean to an
instructor stands in the report's templates.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import StatisticsError, correlation, variance

Scores = Sequence[Sequence[float]]


def cronbachs_alpha(scores: Scores) -> float | None:
    """Cronbach's alpha: how far the scenarios agree on who does well, at most 1.

    None where it is not defined: fewer than two scenarios or learners, or all totals the same.
    """
    items = list(zip(*scores, strict=True))
    if len(items) < 2 or len(scores) < 2:
        return None
    whole = float(variance([sum(row) for row in scores]))
    if not whole:
        return None
    parts = float(sum(variance(item) for item in items))
    return len(items) / (len(items) - 1) * (1 - parts / whole)


def discriminations(scores: Scores) -> list[float | None]:
    """For each scenario its correlation with the sum of the others (corrected item-total).

    None where it is not defined: fewer than two others' worth of learners, or no spread.
    """
    found: list[float | None] = []
    for place in range(len(scores[0]) if scores else 0):
        own = [row[place] for row in scores]
        rest = [sum(row) - row[place] for row in scores]
        try:
            found.append(correlation(own, rest))
        except StatisticsError:
            found.append(None)
    return found
