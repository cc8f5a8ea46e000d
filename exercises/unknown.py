"""What is raised where no exercise has the id that was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class UnknownExerciseError(LookupError):
    """No exercise has this id; `near` holds those of `known` most like it, nearest first.

    `what` is what there is none of, in words for the message.
    """

    def __init__(self, id: str, known: Iterable[str], what: str = "exercise") -> None:
        self.id = id
        self.near = tuple(get_close_matches(id, known, n=3, cutoff=0.5))
        hint = f"; the nearest: {', '.join(self.near)}" if self.near else ""
        super().__init__(f"no {what} has the id {id!r}{hint}")
