"""What instructors decided, kept in the course's folder: `review.jsonl` and their comments.

`review.jsonl` has one decision a line, the newest last; nothing in it is ever changed:

    {"v": 1, "time": ISO 8601 UTC, "by", "assignment", "learner", "scenario", "reply": digest,
     "levels": {criterion: level} | null, "score": points | null, "reason", "comment", "told"}

`review-comments.txt` has one reusable comment a line, and may be edited by hand.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from grader.files import append_line, locked, write_whole
from grader.review import Decision, is_levels, latest

FILE = "review.jsonl"
COMMENTS = "review-comments.txt"
VERSION = 1
_TEXTS = ("assignment", "learner", "scenario", "reply", "reason", "comment", "told", "by", "time")


class ChangedError(Exception):
    """Somebody else has marked this reply since it was opened."""


class ReviewFile:
    """The decisions in a course's folder.

    `damaged` is the copy that the last `read` set aside because of lines it could not read.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.damaged: Path | None = None

    def read(self, assignment: str) -> list[Decision]:
        """The decisions on an assignment, the oldest first. Raises OSError."""
        self.damaged = None
        if _lines(self._bytes())[1]:
            self._mend()
        return _of(self._bytes(), assignment)

    def append(self, decision: Decision, *, after: Decision | None) -> Decision:
        """Keep a decision, with the time of now.

        `after` is the last one about the same reply that its maker has seen: raises ChangedError
        where there is a newer one. Raises OSError.
        """
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        decision = replace(decision, time=now)
        line = json.dumps({"v": VERSION, **asdict(decision)}, ensure_ascii=True).encode("ascii")
        with locked(self.path):
            last = latest(_of(self._bytes(), decision.assignment)).get(decision.key)
            if last != after:
                raise ChangedError
            append_line(self.path, line)
        return decision

    def _mend(self) -> None:
        """Set a copy of the file aside, and leave in it what can be read."""
        with locked(self.path):
            found = self._bytes()
            kept, lost = _lines(found)
            if lost:
                aside = f"review-damaged-{sha256(found).hexdigest()[:8]}.jsonl"
                self.damaged = self.path.with_name(aside)
                self.damaged.write_bytes(found)
                text = "".join(f"{line.decode('utf-8')}\n" for line in kept)
                write_whole(self.path, [text])

    def _bytes(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""


class Comments:
    """The reusable comments in a course's folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / COMMENTS

    def read(self) -> list[str]:
        """Every comment, in the order of the file. Raises OSError."""
        try:
            text = self.path.read_bytes().decode("utf-8-sig", "replace")
        except FileNotFoundError:
            return []
        return list(dict.fromkeys(filter(None, map(str.strip, text.splitlines()))))

    def keep(self, comment: str) -> None:
        """Add a comment, as one line, where it is not there yet. Raises OSError."""
        line = " ".join(comment.split())
        with locked(self.path):
            if line and line not in self.read():
                append_line(self.path, line.encode("utf-8", "replace"))


def _lines(data: bytes) -> tuple[list[bytes], int]:
    """The lines that can be read, those of newer versions too, and how many cannot be."""
    lines = [line.strip() for line in data.split(b"\n") if line.strip()]
    kept = [line for line in lines if _decision(line) is not None or _is_newer(_value(line))]
    return kept, len(lines) - len(kept)


def _of(data: bytes, assignment: str) -> list[Decision]:
    decisions = map(_decision, _lines(data)[0])
    return [d for d in decisions if d is not None and d.assignment == assignment]


def _value(line: bytes) -> Any:  # noqa: ANN401  (any JSON value)
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _is_newer(value: object) -> bool:
    version = value.get("v") if isinstance(value, dict) else None
    return type(version) is int and version > VERSION


def _decision(line: bytes) -> Decision | None:
    """The decision on a line; None for what is none of this version."""
    value = _value(line)
    if not isinstance(value, dict) or value.get("v") != VERSION:
        return None
    texts = {name: value.get(name) for name in _TEXTS}
    levels, score = value.get("levels"), value.get("score")
    if not all(isinstance(text, str) for text in texts.values()):
        return None
    if not (levels is None or is_levels(levels)):
        return None
    if not (score is None or (type(score) in (int, float) and 0 <= score < float("inf"))):
        return None
    return Decision(levels=levels, score=score, **texts)  # type: ignore[arg-type]
