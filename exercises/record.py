"""The learner's attempts: `attempts.jsonl` in the learner's folder, one attempt a line.

    {"v": 1, "time": ISO 8601 UTC, "exercise", "kind", "text", "levels", "total"}

The file only grows. A line is written whole or not at all, so that it survives a killed process
and several writers; reading skips what it cannot read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from exercises.files import locked

FILE = "attempts.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt. `time` is ISO 8601 in UTC; `total` is None where nothing was asked for."""

    exercise: str
    kind: str
    text: str
    levels: Mapping[str, int]
    total: float | None
    time: str = ""


class Record:
    """The attempts in one learner's folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def append(self, entry: Entry) -> None:
        """Add an attempt; its time is now where it has none. Raises OSError."""
        data = {
            "v": 1,
            "time": entry.time or datetime.now(UTC).isoformat(timespec="milliseconds"),
            "exercise": entry.exercise,
            "kind": entry.kind,
            "text": entry.text,
            "levels": dict(entry.levels),
            "total": entry.total,
        }
        line = json.dumps(data, ensure_ascii=True).encode("ascii") + b"\n"
        with locked(self.path):
            _append_line(self.path, line)

    def read(self, exercise: str | None = None) -> Iterator[Entry]:
        """The attempts (at one exercise), oldest first. Raises OSError."""
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return
        for line in lines:
            entry = _entry(line)
            if entry is not None and exercise in (None, entry.exercise):
                yield entry


def _append_line(path: Path, line: bytes) -> None:
    """Add one line in one write, on a line of its own even after a torn one."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
    try:
        size = os.fstat(handle).st_size
        if size:
            os.lseek(handle, size - 1, os.SEEK_SET)
            if os.read(handle, 1) != b"\n":
                line = b"\n" + line
        written = os.write(handle, line)
        if written != len(line):
            os.ftruncate(handle, size)
            raise OSError(f"{path}: the disk is full")
        os.fsync(handle)
    finally:
        os.close(handle)


def _entry(line: bytes) -> Entry | None:
    """An attempt from its line; None for what is no attempt of a version known here."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None
    match data:
        case {
            "v": 1,
            "time": str(time),
            "exercise": str(exercise),
            "kind": str(kind),
            "text": str(text),
            "levels": dict(levels),
            "total": int() | float() | None as total,
        } if all(type(level) is int for level in levels.values()):
            return Entry(exercise, kind, text, levels, total, time)
    return None
