"""The package's data at run time, as `exercises.build` compiles it from what authors write."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def compiled(name: str) -> dict[str, Any]:
    """One file of compiled data by its name: an object, as its schema has it."""
    text = files("exercises").joinpath("data", f"{name}.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
