"""Which chapters train a criterion, by what its rubric file names as its sources."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from exercises.compiled import compiled
from exercises.progress import book
from grader import load_rubric


def chapters_for(criterion: str) -> tuple[str, ...]:
    """The chapters that train a criterion, "<part>/<section>", as its rubric file orders them.

    Sections without a chapter are left out.
    """
    known = _sections()
    names = (known[source] for source in load_rubric().criteria[criterion].source)
    return tuple(name for name in names if name in book())


@lru_cache(maxsize=1)
def _sections() -> Mapping[tuple[str, str], str]:
    """The title of a part and of a section -> "<part>/<section>"."""
    return {
        (data["title"], title): f"{part}/{section}"
        for part, data in compiled("outline").items()
        for section, title in data["sections"].items()
    }
