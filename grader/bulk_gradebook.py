"""nbgrader's gradebook, many submissions at a time: nbgrader's tables, few transactions.

nbgrader opens the gradebook a dozen times and commits four times for each submission. Here a
transaction books a whole batch, with a receipt for each submission, so that a run that was killed
goes on where the last transaction ended, and a second run knows what has not changed.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from nbgrader import api
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session

from grader.bulk_course import Course, HandedIn, UnusableError
from grader.marking import Mark
from grader.nbgrader_bridge import check_fit, graded_cells, record

WAIT = 60  # seconds for another writer's transaction
_INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

# What each submission's marks were made of. Not one of nbgrader's tables; nbgrader passes it by.
RECEIPTS = Table(
    "talk_it_down_receipt",
    MetaData(),
    Column("submission_id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One submission with its marks, ready to be booked."""

    handed_in: HandedIn
    marks: Mapping[str, Mark]


class GradebookLostError(Exception):
    """The gradebook cannot be reached any more, or is locked; what is booked stays booked."""


class Book:
    """The gradebook of a course, for one assignment.

    Raises UnusableError where there is none for this assignment.
    """

    def __init__(self, course: Course) -> None:
        url = course.directory.db_url
        try:
            dialect = make_url(url).get_backend_name()
            if dialect not in _INSERT:
                raise UnusableError(f"--db: {dialect} is not known here; use SQLite or PostgreSQL")
            self._insert = _INSERT[dialect]
            # nbgrader makes the tables where they are missing.
            with api.Gradebook(url, course.directory.course_id) as gradebook:
                self._read(gradebook, course)
            self._engine = _engine(url)
            _create(RECEIPTS, self._engine)
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            raise UnusableError(f"--db: {error}") from error
        except DBAPIError as error:
            raise UnusableError(f"the gradebook cannot be opened: {error.orig}") from error
        self._penalties = AssignLatePenalties(parent=course.app)
        self._penalties.init_plugin()

    def _read(self, gradebook: api.Gradebook, course: Course) -> None:
        """Keep the ids of the assignment's parts, which no learner changes."""
        again = f"run `nbgrader generate_assignment {course.name} --force`, with the same --db"
        try:
            assignment = gradebook.find_assignment(course.name)
        except api.MissingEntry:
            raise UnusableError(f"the gradebook has no assignment {course.name}; {again}") from None
        self._assignment = assignment.id
        self.has_deadline = assignment.duedate is not None
        self._cells: dict[str, str] = {}  # the id of a graded cell -> its scenario
        self._parts: list[tuple[str, list[str], list[str]]] = []
        booked = {notebook.name: notebook for notebook in assignment.notebooks}
        if missing := sorted(booked.keys() - course.notebooks.keys()):
            raise UnusableError(f"source/{course.name} has no {missing[0]}.ipynb; {again}")
        for name in sorted(course.notebooks.keys() - booked.keys()):
            del course.notebooks[name]  # nbgrader passes over what it does not know
        if not booked:
            raise UnusableError(f"assignment {course.name} has no notebook; {again}")
        for name, notebook in booked.items():
            cells = set(graded_cells(course.notebooks[name]))
            if cells:
                points = {cell.name: cell.max_score for cell in notebook.grade_cells}
                try:
                    check_fit(course.assignment, cells, points)
                except ValueError as error:
                    raise UnusableError(str(error)) from error
            graded = [*notebook.grade_cells, *notebook.task_cells]
            commented = [*notebook.solution_cells, *notebook.task_cells]
            if cells:
                self._cells |= {cell.id: cell.name for cell in [*graded, *commented]}
            parts = [cell.id for cell in graded], [cell.id for cell in commented]
            self._parts.append((notebook.id, *parts))

    def unchanged(self, found: Sequence[HandedIn]) -> set[str]:
        """The learners among these whose marks are booked and still come from the same."""
        submitted, receipts = api.SubmittedAssignment, RECEIPTS.c
        wanted = (
            select(submitted, receipts.digest)
            .join(RECEIPTS, receipts.submission_id == submitted.id)
            .where(submitted.assignment_id == self._assignment)
            .where(submitted.student_id.in_([handed_in.student for handed_in in found]))
        )
        digests = {handed_in.student: handed_in.digest for handed_in in found}
        with self._session() as session:
            return {
                row.student_id
                for row, digest in session.execute(wanted)
                if digest == _digest(digests[row.student_id], row)
            }

    def book(self, entries: Sequence[Entry]) -> None:
        """Book marks, comments and late penalties of these submissions in one transaction.

        Raises GradebookLostError where nothing can be booked now, SQLAlchemyError or another
        exception where one of the entries cannot be.
        """
        entries = sorted(entries, key=lambda entry: entry.handed_in.student)
        with self._session() as session:
            self._lock(session)
            rows = self._rows(session, [entry.handed_in.student for entry in entries])
            late = []
            for entry in entries:
                row = rows[entry.handed_in.student]
                if entry.handed_in.timestamp:
                    row.submission.timestamp = entry.handed_in.timestamp
                for cell, grade in row.grades.items():
                    record(grade, row.comments[cell], entry.marks[cell])
                for notebook in row.notebooks:
                    notebook.late_submission_penalty = None
                if row.submission.total_seconds_late > 0:
                    late += [(row.submission, notebook) for notebook in row.notebooks]
            session.flush()
            self._penalise(session, late)
            session.flush()
            receipts = [
                {"submission_id": row.id, "digest": _digest(entry.handed_in.digest, row)}
                for entry in entries
                for row in [rows[entry.handed_in.student].submission]
            ]
            insert = self._insert(RECEIPTS)
            session.execute(
                insert.on_conflict_do_update(
                    index_elements=["submission_id"], set_={"digest": insert.excluded.digest}
                ),
                receipts,
            )

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    @contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            with Session(self._engine, autoflush=False) as session, session.begin():
                yield session
        except DBAPIError as error:
            if error.connection_invalidated or _is_operational(error):
                raise GradebookLostError(str(error.orig)) from error
            raise

    def _lock(self, session: Session) -> None:
        """One writer at a time for an assignment; SQLite has one for the whole file anyway."""
        wanted = select(api.Assignment.id).where(api.Assignment.id == self._assignment)
        session.execute(wanted.with_for_update(key_share=True))

    def _rows(self, session: Session, students: Sequence[str]) -> dict[str, _Rows]:
        """The rows of these learners' submissions, made where they are missing."""
        self._add(session, api.Student.__table__, ({"id": student} for student in students))
        self._add(
            session,
            api.SubmittedAssignment.__table__,
            ({"assignment_id": self._assignment, "student_id": s} for s in students),
        )
        submissions = {
            row.id: row
            for row in session.scalars(
                select(api.SubmittedAssignment)
                .where(api.SubmittedAssignment.assignment_id == self._assignment)
                .where(api.SubmittedAssignment.student_id.in_(students))
            )
        }
        self._add(
            session,
            api.SubmittedNotebook.__table__,
            (
                {"assignment_id": submission, "notebook_id": notebook}
                for submission in submissions
                for notebook, _, _ in self._parts
            ),
        )
        notebooks = {
            row.id: row
            for row in session.scalars(
                select(api.SubmittedNotebook).where(
                    api.SubmittedNotebook.assignment_id.in_(submissions)
                )
            )
        }
        cells = {part: (graded, commented) for part, graded, commented in self._parts}
        found = {id: _Rows(row, [], {}, {}) for id, row in submissions.items()}
        for notebook in notebooks.values():
            found[notebook.assignment_id].notebooks.append(notebook)
        for model, which, kept in (
            (api.Grade, 0, "grades"),
            (api.Comment, 1, "comments"),
        ):
            self._add(
                session,
                model.__table__,
                (
                    {"notebook_id": row.id, "cell_id": cell}
                    for row in notebooks.values()
                    for cell in cells[row.notebook_id][which]
                ),
            )
            for row in session.scalars(select(model).where(model.notebook_id.in_(notebooks))):
                if row.cell_id in self._cells:
                    rows = found[notebooks[row.notebook_id].assignment_id]
                    getattr(rows, kept)[self._cells[row.cell_id]] = row
        return {rows.submission.student_id: rows for rows in found.values()}

    def _add(self, session: Session, table: Table, rows: Iterable[Mapping[str, str]]) -> None:
        """Insert rows; those that are there already stay as they are."""
        listed = list(rows)
        if listed:
            session.execute(self._insert(table).on_conflict_do_nothing(), listed)

    def _penalise(self, session: Session, late: Sequence[tuple[Any, Any]]) -> None:
        """Set late penalties as nbgrader's step AssignLatePenalties does."""
        plugin, limit = self._penalties.plugin_inst, self._penalties._check_late_penalty
        for submission, notebook in late:
            session.refresh(notebook, ["score"])
            penalty = plugin.late_submission_penalty(
                submission.student_id, notebook.score, submission.total_seconds_late
            )
            if penalty is not None:
                notebook.late_submission_penalty = limit(notebook, penalty)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one submission; grades and comments by scenario."""

    submission: Any
    notebooks: list[Any]
    grades: dict[str, Any]
    comments: dict[str, Any]


def _digest(handed_in: str, submission: api.SubmittedAssignment) -> str:
    """What was handed in, and by when it had to be: together they decide the marks."""
    due = f"{handed_in} {submission.assignment.duedate} {submission.extension}"
    return hashlib.blake2b(due.encode("utf-8"), digest_size=16).hexdigest()


def _is_operational(error: DBAPIError) -> bool:
    return type(error).__name__ in {"OperationalError", "InterfaceError", "InternalError"}


def _create(table: Table, engine: Engine) -> None:
    """Create a table where it is missing; another process may do so at the same moment."""
    for _ in range(2):
        try:
            table.create(engine, checkfirst=True)
        except SQLAlchemyError as error:
            failed = error
        else:
            return
    raise failed


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url)
    engine = create_engine(url, connect_args={"timeout": WAIT})

    # Lock before reading: whoever reads first and writes later may find the file locked for good.
    # https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#transactions-with-sqlite-and-the-sqlite3-driver
    @event.listens_for(engine, "connect")
    def no_begin_of_its_own(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
