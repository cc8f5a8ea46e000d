"""The short exercises at run time: every kind that is one file in `exercises/quizzes`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from exercises.compiled import compiled
from exercises.unknown import UnknownExerciseError


@lru_cache(maxsize=1)
def quizzes() -> Mapping[str, Mapping[str, Any]]:
    """Every short exercise by its id, as its schema has it; sorted."""
    return compiled("quizzes")


def quiz(id: str, kind: str) -> Mapping[str, Any]:
    """One exercise of a kind. Raises UnknownExerciseError."""
    found = quizzes().get(id)
    if found is None or found["kind"] != kind:
        known = [other for other, data in quizzes().items() if data["kind"] == kind]
        raise UnknownExerciseError(id, known)
    return found
