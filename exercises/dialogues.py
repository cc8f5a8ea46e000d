"""The role plays at run time: read once from the package's compiled data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from exercises.compiled import compiled
from exercises.unknown import UnknownExerciseError


@lru_cache(maxsize=1)
def dialogues() -> Mapping[str, Mapping[str, Any]]:
    """Every role play by its id, as its schema has it; sorted."""
    return compiled("dialogues")


def dialogue(id: str) -> Mapping[str, Any]:
    """One role play. Raises UnknownExerciseError."""
    try:
        return dialogues()[id]
    except KeyError:
        raise UnknownExerciseError(id, dialogues(), "role play") from None
