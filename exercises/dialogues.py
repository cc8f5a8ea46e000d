"""The role plays at run time: read once from the package's compiled data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from exercises.unknown import UnknownExerciseError


@lru_cache(maxsize=1)
def dialogues() -> Mapping[str, Mapping[str, Any]]:
    """Every role play by its id, as its schema has it; sorted."""
    data = files("exercises").joinpath("data", "dialogues.json").read_text(encoding="utf-8")
    return dict(json.loads(data))


def dialogue(id: str) -> Mapping[str, Any]:
    """One role play. Raises UnknownExerciseError."""
    try:
        return dialogues()[id]
    except KeyError:
        raise UnknownExerciseError(id, dialogues(), "role play") from None
