"""What a learner does in an exercise of choices: kept for the next time, and put on record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exercises.files import read_text, write_atomic
from exercises.record import Entry, Record


class Kept:
    """The choices so far as an object in a JSON file, and the record of attempts.

    Readers take from the object what fits the exercise as it is now, and leave the rest: an
    author may have changed the exercise, and a file may be damaged. `path` or `record` may be
    None: then nothing is kept there. `trouble` is the key of a text for the learner where files
    are not as they should be, else None. Nothing here raises for what is wrong with files.
    """

    def __init__(self, path: Path | None = None, record: Record | None = None) -> None:
        self.trouble: str | None = None
        self._path = path
        self._record = record
        self._unsaved: dict[str, Any] | None = None
        self._last: Entry | None = None

    def load(self) -> dict[str, Any]:
        """The object; empty where there is none."""
        if self._unsaved is not None:
            return self._unsaved  # it stands nowhere else
        self.trouble = None
        try:
            data = json.loads(read_text(self._path) or "{}") if self._path else {}
        except OSError:
            self.trouble = "choices_not_read"
            return {}
        except (ValueError, RecursionError):
            return {}
        return data if isinstance(data, dict) else {}

    def save(self, data: Mapping[str, Any]) -> None:
        """Write the object."""
        if self._path is None:
            return
        try:
            write_atomic(self._path, json.dumps(data, ensure_ascii=True, indent=1) + "\n")
            self.trouble = self._unsaved = None
        except OSError:
            self.trouble, self._unsaved = "choices_not_kept", dict(data)

    def add(self, entry: Entry) -> None:
        """Put an attempt on record, unless nothing has changed since the last."""
        if self._record is None or entry == self._last:
            return
        try:
            self._record.append(entry)
            self._last = entry
        except OSError:
            self.trouble = "choices_not_kept"

    def forget(self) -> None:
        """Start afresh: the next attempt counts, even if it is like the last."""
        self._last = None
