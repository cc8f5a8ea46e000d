"""When to practise something again: the rule of every review in the course.

The first wait is one day. "Fully", on the day a review was due or later, lengthens the next wait
to 3, 7 and then 21 days; "partly" leaves it as it is; "not yet" takes it back to one day. It is
counted from the last day of practice. Practising sooner does no harm and lengthens nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

WAITS = (1, 3, 7, 21)  # days
NOT_YET, PARTLY, FULLY = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Review:
    """When something was practised last, how long the wait is after that, and when it is due."""

    last: date
    wait: int

    @property
    def due(self) -> date:
        """The day of the next review."""
        return self.last + timedelta(days=self.wait)


def review(results: Iterable[tuple[date, int]]) -> Review | None:
    """The next review after results (day, NOT_YET | PARTLY | FULLY), the oldest first.

    Of several results of a day the last one counts. None without any result.
    """
    found: Review | None = None
    step = 0
    for day, result in dict(results).items():
        if result == NOT_YET:
            step = 0
        elif result == FULLY and (found is None or day >= found.due):
            step = min(step + 1, len(WAITS) - 1)
        found = Review(day, WAITS[step])
    return found


def result_of(total: float | None) -> int:
    """The result that a total of 0 to 100 stands for; None counts as "not yet"."""
    if total is None or total < 40:
        return NOT_YET
    return FULLY if total >= 70 else PARTLY
