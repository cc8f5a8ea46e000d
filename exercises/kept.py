"""What a learner has chosen in an exercise, kept in a file so that it is there the next time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exercises.files import read_text, write_atomic


class Kept:
    """One JSON file with an object in it.

    Readers take from it what fits the exercise as it is now, and leave the rest: an author may
    have changed the exercise, and a file may be damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> dict[str, Any]:
        """The object; empty where there is none. Raises OSError."""
        try:
            data = json.loads(read_text(self.path) or "{}")
        except (ValueError, RecursionError):
            return {}
        return data if isinstance(data, dict) else {}

    def save(self, data: Mapping[str, Any]) -> None:
        """Write the object. Raises OSError."""
        write_atomic(self.path, json.dumps(data, ensure_ascii=True, indent=1) + "\n")
