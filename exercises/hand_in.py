"""Handing in an assignment: what is not ready yet, and the one file that goes to the trainer."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from exercises.files import write_atomic
from exercises.home import home
from exercises.kinds import REWRITE
from exercises.record import Record, line_of
from exercises.rewrite import HONEST_WORDS
from exercises.texts import say
from exercises.writing import word_count
from grader import assess
from grader.assignment import Assignment, Item, load_assignment
from grader.rubric import load_guide
from grader.submission import ANSWERS, LARGEST_OTHER, RECORD, read_answer, read_plain

LARGEST_NOTEBOOK = LARGEST_OTHER  # with a larger one the zip would be too large for grading


@dataclass(frozen=True, slots=True)
class Gap:
    """A reply that is not ready: which one, counted from 1, and why in words for the learner."""

    place: int
    setting: str
    why: str


@dataclass(frozen=True, slots=True)
class HandIn:
    """What was made: the file, its bytes, whether the notebook is in it, how many attempts are."""

    path: Path
    content: bytes
    has_notebook: bool
    attempts: int = 0


class Folder:
    """The folder of an assignment as the learner has it; `path` is its `assignment.json`.

    Raises what `load_assignment` raises.
    """

    def __init__(self, path: Path) -> None:
        self.assignment: Assignment = load_assignment(path)
        self._folder = path.parent

    def gaps(self) -> list[Gap]:
        """The replies that are missing, too short, or would be turned away; no marks in it."""
        found = []
        for place, item in enumerate(self.assignment.items, start=1):
            if why := self._why(item):
                found.append(Gap(place, item.scenario.setting, why))
        return found

    def _why(self, item: Item) -> str:
        answer = read_answer(self._folder, item.id)
        if answer.problem and answer.problem != "missing":
            return say("hand_in_no_text", file=f"{ANSWERS}/{item.id}.txt")
        words = word_count(answer.text)
        if not answer.text.strip():
            return say("hand_in_empty")
        rejected = assess(answer.text, item.scenario, item.asks).rejected
        if rejected:
            return load_guide().rubric.rejections[rejected]
        return say("hand_in_short", words=words) if words < HONEST_WORDS else ""

    def attempts(self) -> list[bytes]:
        """The learner's attempts at these scenarios, the oldest first, as lines of the record.

        None of other exercises, and no more than may be handed in. Raises OSError.
        """
        ids = {item.id for item in self.assignment.items}
        lines, size = [], 0
        for entry in Record(home()).read():
            if entry.kind == REWRITE and entry.exercise in ids:
                line = line_of(entry)
                size += len(line)
                if size > LARGEST_OTHER:
                    break
                lines.append(line)
        return lines

    def make(self, *, attempts: bool = False) -> HandIn:
        """Write `<assignment>.zip` beside the notebook: the notebook and the answers.

        With `attempts` those at these scenarios, too, which are then also put beside the notebook,
        where nbgrader's own submitting finds them; without, such a file is removed. The same files
        always give the same zip. Raises OSError where it cannot be written; an earlier one is then
        unharmed.
        """
        lines = self.attempts() if attempts else []
        record = self._folder / RECORD
        if lines:
            write_atomic(record, b"".join(lines))
        else:
            record.unlink(missing_ok=True)
        name = self.assignment.name
        content = io.BytesIO()
        try:
            notebook = read_plain(self._folder / f"{name}.ipynb", LARGEST_NOTEBOOK)
        except OSError:
            notebook = None
        if notebook is not None and len(notebook) > LARGEST_NOTEBOOK:
            notebook = None
        with ZipFile(content, "w", ZIP_STORED) as archive:
            if notebook is not None:
                _add(archive, f"{name}/{name}.ipynb", notebook)
            for item in self.assignment.items:
                answer = read_answer(self._folder, item.id)
                if answer.problem is None:
                    file = f"{name}/{ANSWERS}/{item.id}.txt"
                    _add(archive, file, answer.text.encode("utf-8"))
            if lines:
                _add(archive, f"{name}/{RECORD}", b"".join(lines))
        path = self._folder / f"{name}.zip"
        made = HandIn(path, content.getvalue(), notebook is not None, len(lines))
        write_atomic(made.path, made.content)
        return made


def due_words(due: datetime) -> str:
    """A deadline in words, as in "Friday 4 December 2026, 17:00 (UTC+01:00)"."""
    return f"{due:%A} {due.day} {due:%B %Y}, {due:%H:%M} ({due.tzname()})"


def _add(archive: ZipFile, name: str, content: bytes) -> None:
    """Add a file without what differs from day to day and from machine to machine."""
    info = ZipInfo(name)  # of the year 1980
    info.create_system, info.external_attr = 3, 0o100644 << 16
    archive.writestr(info, content)
