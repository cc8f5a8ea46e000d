"""The learner's attempts: `attempts.jsonl` in the learner's folder, one attempt a line.

    {"v": 1, "time": ISO 8601 UTC, "exercise", "kind", "text", "levels", "total"}

The file is replaced as a whole at every change, so that whoever is killed while writing leaves
either the old lines or the new ones. Lines of newer versions are kept and passed on as they are.
Lines that cannot be read are set aside with a copy of the file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from typing import Any

from exercises.files import put_in_place
from grader.files import locked

VERSION = 1
FILE = "attempts.jsonl"
# A copy of a record with lines that could not be read; the name holds a digest of it.
_DAMAGED = "attempts-damaged-{}.jsonl"
_PART = f".{FILE}.tmp"
_LEVELS = {0, 1, 2}
TOP_TOTAL = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt.

    `time` is ISO 8601 in UTC; `levels` are 0 to 2; `total` is 0 to 100, None where nothing was
    asked for.
    """

    exercise: str
    kind: str
    text: str
    levels: Mapping[str, int]
    total: float | None
    time: str = ""

    def when(self) -> datetime:
        """Its time, in UTC. Raises ValueError where it has none."""
        return _moment(self.time)


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of an import, counted in attempts: new here, here already, not readable."""

    added: int
    known: int
    unreadable: int


class Record:
    """The attempts in one learner's folder.

    `mended` is the copy that the last `read` set aside because of damage, else None.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.mended: Path | None = None

    def append(self, entry: Entry) -> None:
        """Add an attempt; its time is now where it has none. Raises OSError."""
        line = line_of(entry)
        with locked(self.path):
            found = self._bytes()
            # Another program may have left the last line without its end.
            end = b"\n" if found and not found.endswith(b"\n") else b""
            self._replace(found + end + line)

    def read(self, exercise: str | None = None) -> Iterator[Entry]:
        """The attempts (at one exercise), oldest first; damage is mended. Raises OSError."""
        self.mended = None
        for entry in self._entries():
            if exercise in (None, entry.exercise):
                yield entry

    def export(self) -> bytes:
        """Every attempt, a line each, those of newer versions too. Raises OSError."""
        return b"".join(line + b"\n" for line in _Lines(self._bytes()).kept)

    def merge(self, data: bytes) -> Merged:
        """Add the attempts of an exported file that are not here yet. Raises OSError."""
        theirs = _Lines(data)
        with locked(self.path):
            found = self._bytes()
            lines = [line for line in found.split(b"\n") if line.strip()]
            known = {_identity(line) for line in _Lines(found).kept}
            added = []
            for line in theirs.kept:
                identity = _identity(line)
                if identity not in known:
                    known.add(identity)
                    added.append(_line(json.loads(line)).rstrip())
            if added:
                lines = sorted([*lines, *added], key=_sort_key)
                self._replace(b"".join(line + b"\n" for line in lines))
        return Merged(len(added), len(theirs.kept) - len(added), theirs.unreadable)

    def delete(self) -> None:
        """Remove every attempt, and the copies that were set aside. Raises OSError."""
        if not self.path.parent.is_dir():
            return
        with locked(self.path):
            for path in (self.path, self.path.with_name(_PART), *self.damaged()):
                path.unlink(missing_ok=True)

    def damaged(self) -> list[Path]:
        """Copies of damaged records that were set aside."""
        return sorted(self.path.parent.glob(_DAMAGED.format("*")))

    def _entries(self) -> tuple[Entry, ...]:
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return ()
        # Every change puts another file in its place.
        state = (status.st_ino, status.st_mtime_ns, status.st_size)
        cached = _cache.get(self.path)
        if cached is None or cached[0] != state:
            lines = _Lines(self._bytes())
            if lines.unreadable:
                with suppress(OSError):  # what is readable is shown all the same
                    self._mend()
                return lines.entries()
            cached = _cache[self.path] = (state, lines.entries())
        return cached[1]

    def _mend(self) -> None:
        """Set a copy of the file aside and leave in it what can be read."""
        with locked(self.path):
            found = self._bytes()
            lines = _Lines(found)
            if lines.unreadable:
                name = _DAMAGED.format(sha256(found).hexdigest()[:8])
                aside = self.path.with_name(name)
                self._write(self.path.with_name(_PART), found)
                put_in_place(self.path.with_name(_PART), aside)
                self._replace(b"".join(line + b"\n" for line in lines.kept))
                self.mended = aside

    def _bytes(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""

    def _replace(self, data: bytes) -> None:
        """Put new contents in the place of the old; only with the lock held."""
        part = self.path.with_name(_PART)
        self._write(part, data)
        put_in_place(part, self.path)

    @staticmethod
    def _write(path: Path, data: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        with open(os.open(path, flags, 0o600), "wb") as file:  # noqa: PTH123  (for the owner only)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def line_of(entry: Entry) -> bytes:
    """An attempt's line in the file; its time is now where it has none."""
    data = {
        "v": VERSION,
        "time": entry.time or datetime.now(UTC).isoformat(timespec="milliseconds"),
        "exercise": entry.exercise,
        "kind": entry.kind,
        "text": entry.text,
        "levels": dict(entry.levels),
        "total": entry.total,
    }
    return _line(data)


def entries_of(data: bytes) -> list[Entry]:
    """The attempts of an exported record, the oldest first; what is none is left out."""
    return list(_Lines(data).entries())


# The attempts of each record as last read, and the state its file had then.
_cache: dict[Path, tuple[tuple[int, int, int], tuple[Entry, ...]]] = {}


class _Lines:
    """The lines of a record: `kept` as they are, attempts and those of newer versions."""

    def __init__(self, data: bytes) -> None:
        self.kept: list[bytes] = []
        self.unreadable = 0
        self._found: list[Entry] = []
        for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
            line = line.strip()
            if not line:
                continue
            value = _value(line)
            entry = _entry(value)
            if entry is not None:
                self._found.append(entry)
            elif not _is_newer(value):
                self.unreadable += 1
                continue
            self.kept.append(line)

    def entries(self) -> tuple[Entry, ...]:
        """The attempts, oldest first."""
        return tuple(sorted(self._found, key=Entry.when))


def _line(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=True).encode("ascii") + b"\n"


def _value(line: bytes) -> Any:  # noqa: ANN401  (any JSON value)
    """The value of a line without space around it; None where it is no JSON."""
    try:
        text = line.decode("utf-8")
        value, end = _decoder.raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return value if end == len(text) else None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


_decoder = json.JSONDecoder(parse_constant=_no_number)


_fields = itemgetter("v", "time", "exercise", "kind", "text", "levels", "total")
_TYPES = (int, str, str, str, str, dict)


def _entry(data: Any) -> Entry | None:  # noqa: ANN401  (any JSON value)
    """An attempt from a line's value; None for what is no attempt of this version."""
    try:
        version, time, exercise, kind, text, levels, total = fields = _fields(data)
        _moment(time)
    except (KeyError, TypeError, ValueError):
        return None
    if tuple(map(type, fields[:-1])) != _TYPES or version != VERSION:
        return None
    # Without a loop in Python: a record may have a quarter of a million levels.
    values = levels.values()
    if not ({*map(type, values)} <= {int} and {*values} <= _LEVELS):
        return None
    if total is not None and not (type(total) in (int, float) and 0 <= total <= TOP_TOTAL):
        return None
    return Entry(exercise, kind, text, levels, total, time)


def _is_newer(data: object) -> bool:
    """Whether a line's value is of a version that is not known here yet."""
    version = data.get("v") if isinstance(data, dict) else None
    return type(version) is int and version > VERSION


def _moment(time: str) -> datetime:
    """A time in UTC; ISO 8601 without a zone is taken as UTC. Raises ValueError."""
    moment = datetime.fromisoformat(time)
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError(f"{time}: is out of range") from None


def _identity(line: bytes) -> str:
    """The same for the same attempt, however its line is laid out."""
    return json.dumps(json.loads(line), sort_keys=True)


def _sort_key(line: bytes) -> tuple[bool, datetime]:
    """By time; lines without one come last."""
    value = _value(line)
    time = value.get("time") if isinstance(value, dict) else None
    try:
        return False, _moment(str(time))
    except ValueError:
        return True, datetime.min.replace(tzinfo=UTC)
