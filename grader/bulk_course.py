"""The course folder as `python -m grader autograde` reads and writes it, by nbgrader's rules."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatch
from logging import ERROR, Handler, Logger, LoggerAdapter, LogRecord
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.apps.baseapp import NbGrader
from nbgrader.auth import Authenticator
from nbgrader.converters import Autograde
from nbgrader.exchange import ExchangeError, ExchangeFactory
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import find_all_files, rmtree

from grader.assignment import FILE
from grader.learners import odd_name
from grader.lms_zip import HandIn
from grader.marking import Mark
from grader.nbgrader_bridge import (
    REFUSED,
    course_assignment,
    graded_cells,
    restored_notebook,
    show,
    source_folder,
)
from grader.pool import grader_digest
from grader.submission import (
    LARGEST_OTHER,
    TIME,
    Answer,
    UnsafeError,
    handed_in_answer,
    make_safe,
    read_plain,
)


class UnusableError(Exception):
    """Nothing can be graded at all; the message says what to do."""


class NotGradedError(Exception):
    """This one submission cannot be graded; the message says why."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What one learner handed in, for one assignment.

    `files` are copied to the autograded folder. `digest` changes with whatever a mark or an
    autograded file comes from. `remarks` tell what was set aside.
    """

    student: str
    folder: Path
    files: tuple[Path, ...]
    answers: tuple[Answer, ...]
    timestamp: datetime | None
    digest: str
    remarks: tuple[str, ...]


class Course:
    """One assignment of the course whose `nbgrader_config.py` is in the current folder.

    Raises UnusableError where nbgrader could not grade it either.
    """

    def __init__(self, name: str, db_url: str | None = None) -> None:
        app = NbGrader(log_level="CRITICAL")
        app.initialize([])
        self.app = app
        self.name = name
        self.directory = app.coursedir
        self.directory.assignment_id = name
        if db_url:
            self.directory.db_url = db_url
        self.root = Path(self.directory.root)
        self.submitted = self.root / self.directory.submitted_directory
        self.autograded = self.root / self.directory.autograded_directory
        settings = Autograde(coursedir=self.directory, parent=app)
        self._mode = int(str(settings.permissions), 8)
        self._shared = settings.set_permissions if self.directory.groupshared else None
        source = source_folder(self.directory, name)
        try:
            self.assignment = course_assignment(source)
            self.text = (source / FILE).read_text(encoding="utf-8")
        except ValueError as error:
            raise UnusableError(str(error)) from None
        self._ignored = [*self.directory.ignore, "*.ipynb"]
        kept = settings.exclude_overwriting.get(name, [])
        found = sorted(find_all_files(str(source), self._ignored))
        relative = {os.path.relpath(path, source): Path(path) for path in found}
        self._files = {at: path.read_bytes() for at, path in relative.items() if at not in kept}
        self.notebooks: dict[str, NotebookNode] = {}
        for path in sorted(source.glob("*.ipynb")):
            notebook = restored_notebook(path)
            MetadataValidator().validate_nb(notebook)
            self.notebooks[path.stem] = notebook
        config = app.config
        self._digest = _digest(
            grader_digest(),
            [config.get("AssignLatePenalties", {}), config.get("LateSubmissionPlugin", {})],
            {at: content.hex() for at, content in self._files.items()},
            {stem: nbformat.writes(node) for stem, node in self.notebooks.items()},  # type: ignore[no-untyped-call]
        )

    def folders(self) -> list[Path]:
        """The submissions of the assignment, sorted by learner."""
        excluded = self.directory.student_id_exclude.split(",")
        wanted = self.directory.student_id
        return [
            folder
            for student in sorted(self.submitted.iterdir() if self.submitted.is_dir() else ())
            if not student.name.startswith(".")
            and student.name not in excluded
            and fnmatch(student.name, wanted)
            and os.path.lexists(folder := student / self.name)
        ]

    def collect(self) -> list[tuple[str, bool]]:
        """Collect from the exchange, as `nbgrader collect --update` does.

        Returns what it had to say, each with whether something stays uncollected.

        Raises UnusableError where there is no exchange.
        """
        self.app.exchange = ExchangeFactory(parent=self.app)
        self.app.authenticator = Authenticator(parent=self.app)
        collector = self.app.exchange.Collect(
            coursedir=self.directory, authenticator=self.app.authenticator, parent=self.app
        )
        collector.update = True
        with _told(self.app.log) as told:
            try:
                collector.start()
            except ExchangeError as error:
                said = "; ".join(record.getMessage() for record in told)
                raise UnusableError(f"--collect: {said or error}") from error
        return [(" ".join(r.getMessage().split()), r.levelno >= ERROR) for r in told]

    def unpack(self, hand_in: HandIn) -> bool:
        """Put a learner's unpacked files among the submissions, in the place of earlier ones.

        Returns whether there is a time at which they were handed in: the platform's, or one that
        an instructor has put beside the same files. Raises NotGradedError where it is refused,
        OSError where it cannot be written.
        """
        if hand_in.refused:
            raise NotGradedError(hand_in.refused)
        if why := odd_name(hand_in.learner):
            raise NotGradedError(f"the name {why}")
        target = self.submitted / hand_in.learner / self.name
        aside = self.root / REFUSED / hand_in.learner / self.name
        there = {str(p.relative_to(target)) for p in target.rglob("*") if not p.is_dir()}
        timed = TIME in hand_in.files
        if there - {TIME} <= {str(Path(name)) for name in hand_in.files} and all(
            any(_holds(place / name, content) for place in (target, *aside.glob("*")))
            for name, content in hand_in.files.items()
        ):
            # The same again, but for what was set aside: nothing is to be marked anew.
            return timed or TIME in there

        def fill(folder: Path) -> None:
            for name, content in hand_in.files.items():
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name).write_bytes(content)

        put_folder(target, fill)
        return timed

    def look(self, folder: Path) -> HandedIn:
        """Make a submission safe and read its answers.

        Raises NotGradedError where nbgrader would pass it over or nothing can be done, OSError
        where the system fails.
        """
        student = folder.parent.name
        if why := odd_name(student):
            raise NotGradedError(f"the name {why}")
        aside = self.root / REFUSED / student / self.name
        try:
            remarks = tuple(map(str, make_safe(folder, aside)))
        except UnsafeError as error:
            raise NotGradedError(str(error)) from error
        if not folder.is_dir():
            raise NotGradedError("; ".join(remarks))
        timestamp = self.directory.get_existing_timestamp(str(folder))
        answers = tuple(handed_in_answer(folder, aside, i.id) for i in self.assignment.items)
        files = tuple(Path(at) for at in sorted(find_all_files(str(folder), self._ignored)))
        status = [(path.relative_to(folder), path.stat()) for path in files]
        digest = _digest(
            self._digest,
            [[answer.text, answer.problem] for answer in answers],
            str(timestamp),
            [[str(at), found.st_size, found.st_mtime_ns] for at, found in status],
        )
        return HandedIn(student, folder, files, answers, timestamp, digest, remarks)

    def is_placed(self, student: str) -> bool:
        """Whether the autograded notebooks are there."""
        folder = self._target(student)
        return all((folder / f"{stem}.ipynb").is_file() for stem in self.notebooks)

    def place(self, handed_in: HandedIn, marks: Mapping[str, Mark]) -> None:
        """Write the autograded folder, all of it at once. Raises OSError."""

        def fill(folder: Path) -> None:
            for at, content in self._contents(handed_in, marks):
                path = folder / at
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                path.chmod(self._mode)

        put_folder(self._target(handed_in.student), fill)
        if self._shared:
            self._shared(self.name, handed_in.student)

    def _target(self, student: str) -> Path:
        return Path(self.autograded, student, self.name)

    def _contents(
        self, handed_in: HandedIn, marks: Mapping[str, Mark]
    ) -> Iterator[tuple[str, bytes]]:
        """Name and content of each autograded file: the learner's, ours, the marked notebooks."""
        ours = {Path(at) for at in self._files}
        for path in handed_in.files:
            at = path.relative_to(handed_in.folder)
            content = None if ours & {at, *at.parents} else read_plain(path, LARGEST_OTHER)
            if content is not None:
                yield str(at), content
        yield from self._files.items()
        for stem, notebook in self.notebooks.items():
            for scenario, cell in graded_cells(notebook).items():
                show(cell, marks[scenario])
            text: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
            yield f"{stem}.ipynb", (text.rstrip("\n") + "\n").encode("utf-8")


def _holds(path: Path, content: bytes) -> bool:
    try:
        return read_plain(path, len(content)) == content
    except OSError:
        return False


def _digest(*parts: object) -> str:
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).hexdigest()


@contextmanager
def _told(logger: Logger | LoggerAdapter[Logger]) -> Iterator[list[LogRecord]]:
    """The warnings and errors that a logger is given meanwhile."""
    told: list[LogRecord] = []
    log = logger if isinstance(logger, Logger) else logger.logger

    class Listener(Handler):
        def emit(self, record: LogRecord) -> None:
            told.append(record)

    level, listener = log.level, Listener("WARNING")
    log.setLevel("WARNING")
    log.addHandler(listener)
    try:
        yield told
    finally:
        log.removeHandler(listener)
        log.setLevel(level)


def put_folder(target: Path, fill: Callable[[Path], None]) -> None:
    """Fill a new folder and put it in the place of `target`, so that none is ever half written.

    Another process may do the same at the same time; the last one's folder stays. What one that
    was killed has left is removed. Raises OSError.
    """
    tries = 5
    for left in reversed(range(tries)):
        stage = _beside(target)
        try:
            stage.mkdir(parents=True)
            fill(stage)
            _swap(stage, target)
            break
        except OSError:
            _remove(stage)
            # Gone under our hands: the other process took it for left over, or was faster.
            if not left:
                raise
    for leftover in target.parent.glob(f".{target.name}.*"):
        _remove(leftover)


def _remove(folder: Path) -> None:
    with suppress(OSError):  # the other process was faster
        rmtree(str(folder))


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}")


def _swap(stage: Path, target: Path) -> None:
    if target.exists():
        old = _beside(target)
        target.rename(old)
        stage.rename(target)
        _remove(old)
    else:
        stage.rename(target)
