"""What learners read in the views, from the package's compiled data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def texts() -> Mapping[str, str]:
    """Every text by its key."""
    data = files("exercises").joinpath("data", "texts.json").read_text(encoding="utf-8")
    return dict(json.loads(data))


def say(key: str, **values: object) -> str:
    """The text of a key with each `{name}` replaced by its value, as plain text, not HTML.

    Values are only put in, never read as a format.
    """
    text = texts()[key]
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text
