"""The short exercises at run time: every kind that is one file in `exercises/quizzes`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import Any


class UnknownQuizError(LookupError):
    """There is no exercise of that kind with the id; `near` are ids much like it."""

    def __init__(self, id: str, known: list[str]) -> None:
        super().__init__(f"no exercise has the id {id!r}")
        self.id = id
        self.near = get_close_matches(id, known, n=3)


@lru_cache(maxsize=1)
def quizzes() -> Mapping[str, Mapping[str, Any]]:
    """Every short exercise by its id, as its schema has it; sorted."""
    data = files("exercises").joinpath("data", "quizzes.json").read_text(encoding="utf-8")
    return dict(json.loads(data))


def quiz(id: str, kind: str) -> Mapping[str, Any]:
    """One exercise of a kind. Raises UnknownQuizError."""
    found = quizzes().get(id)
    if found is None or found["kind"] != kind:
        known = [other for other, data in quizzes().items() if data["kind"] == kind]
        raise UnknownQuizError(id, known)
    return found
