"""What learners read in the views, from the package's compiled data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from exercises.compiled import compiled


@lru_cache(maxsize=1)
def texts() -> Mapping[str, str]:
    """Every text by its key."""
    return compiled("texts")


def say(key: str, **values: object) -> str:
    """The text of a key with each `{name}` replaced by its value, as plain text, not HTML.

    Values are only put in, never read as a format.
    """
    text = texts()[key]
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text
