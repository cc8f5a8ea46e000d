"""The results of an assignment: marks from nbgrader's gradebook, levels from its notebooks.

Marks are the gradebook's, where an instructor's word is kept; levels and evidence are the result
rows that marking left in the autograded notebooks, which only the instructor's account writes.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

from grader.assignment import FILE, Assignment, load_assignment
from grader.commands import CommandError
from grader.lean_imports import lean_imports
from grader.results import Learner, Reply, Results, Task
from grader.review import given, latest
from grader.review_file import ChangedError, ReviewFile
from grader.review_session import Key, Review
from grader.submission import LARGEST_OTHER, RECORD, read_answer, read_plain


def read_results(assignment: str, *, db: str | None = None) -> Results:
    """The results of an assignment of the course in the current folder.

    Raises CommandError where the course, the assignment or the gradebook is not there.
    """
    course = _course(db)
    return _results(course, _made(course, assignment))


def open_review(assignment: str, *, db: str | None = None, by: str = "") -> Review:
    """The review of an assignment of the course in the current folder, by an instructor.

    Raises CommandError where the course, the assignment or the gradebook is not there.
    """
    course = _course(db)
    made = _made(course, assignment)
    folder = Path(course.root)
    return Review(
        made, lambda: _results(course, made), folder, _Marks(course.db_url, assignment), by
    )


def _results(course: Any, made: Assignment) -> Results:  # noqa: ANN401
    assignment = made.name
    learners, booked = _booked(course.db_url, assignment)
    decisions = latest(ReviewFile(Path(course.root)).read(assignment))
    items = {item.id: item for item in made.items}
    replies: list[Reply] = []
    for learner in learners:
        if not learner.submitted:
            continue
        folders = [
            Path(course.format_path(step, learner.id, assignment))
            for step in (course.autograded_directory, course.submitted_directory)
        ]
        rows = _rows(folders[0] / f"{assignment}.ipynb")
        firsts = _first_drafts(folders)
        for scenario in items:
            marks = booked.get((learner.id, scenario), {})
            row, confidence = rows.get(scenario, (None, {}))
            reply = Reply(
                learner.id,
                scenario,
                row,
                _text(folders, scenario),
                first=firsts.get(scenario),
                confidence=confidence,
                **marks,
            )
            decision = decisions.get((learner.id, scenario))
            replies.append(replace(reply, given=given(decision, reply)) if decision else reply)
    return Results(assignment, _tasks(made), tuple(learners), tuple(replies))


def _made(course: Any, assignment: str) -> Assignment:  # noqa: ANN401
    source = Path(course.format_path(course.source_directory, ".", assignment), FILE)
    try:
        return load_assignment(source)
    except FileNotFoundError:
        message = f"{source}: there is no such assignment; make it with `python -m exercises"
        raise CommandError(f"{message} assignment`, or run this in the course's folder") from None
    except ValueError as error:
        raise CommandError(str(error)) from None


def _tasks(made: Assignment) -> tuple[Task, ...]:
    return tuple(
        Task(item.id, item.scenario.setting, item.asks, item.points) for item in made.items
    )


def _course(db: str | None) -> Any:  # noqa: ANN401  (nbgrader ships no types)
    """Nbgrader's folders and gradebook, as its own commands find them in the current folder."""
    with lean_imports(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of libraries, about each other
        from nbgrader.apps.baseapp import NbGrader

        app = NbGrader(log_level="CRITICAL")
        app.initialize([])
    if db:
        app.coursedir.db_url = db
    return app.coursedir


def _booked(
    url: str, assignment: str
) -> tuple[list[Learner], dict[tuple[str, str], dict[str, Any]]]:
    """All learners of the gradebook by id, and what it holds for each of their replies."""
    with _gradebook(url, assignment) as (book, found, api):
        return _learners(book, found, api), _marks(book, found, api)


@contextmanager
def _gradebook(url: str, assignment: str) -> Iterator[tuple[Any, Any, Any]]:
    """The open gradebook, its entry of the assignment, and nbgrader's `api`.

    Raises CommandError where one of them cannot be used.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from nbgrader import api
        from sqlalchemy.exc import SQLAlchemyError

        path = Path(url.removeprefix("sqlite:///"))
        if url.startswith("sqlite:///") and not path.is_file():
            raise CommandError(f"{path}: there is no gradebook yet; grade the assignment first")
        try:
            with api.Gradebook(url) as book:
                try:
                    found = book.find_assignment(assignment)
                except api.MissingEntry:
                    message = f"the gradebook has no assignment {assignment}; run"
                    again = f"`nbgrader generate_assignment {assignment}`, then grade it"
                    raise CommandError(f"{message} {again}") from None
                yield book, found, api
        except ModuleNotFoundError as error:
            message = f"the gradebook's address needs {error.name}"
            raise CommandError(
                f"{message}; `pip install 'talk-it-down[scale]'` brings it"
            ) from None
        except SQLAlchemyError as error:
            # Its own words can hold the address with the password.
            kind = type(getattr(error, "orig", None) or error).__name__
            message = f"the gradebook cannot be used ({kind}); check its address"
            raise CommandError(message) from None


class _Marks:
    """The gradebook's marks of one assignment, as a review reads and writes them."""

    def __init__(self, url: str, assignment: str) -> None:
        self._url, self._name = url, assignment

    def read(self) -> dict[Key, dict[str, Any]]:
        with _gradebook(self._url, self._name) as (book, found, api):
            return _marks(book, found, api)

    def write(self, key: Key, manual: float | None, comment: str, *, seen: float | None) -> None:
        learner, scenario = key
        with _gradebook(self._url, self._name) as (book, _, _api):
            entry = scenario, self._name, self._name, learner
            grade = book.find_grade(*entry)
            if grade.manual_score != seen:
                raise ChangedError
            grade.manual_score, grade.needs_manual_grade = manual, False
            book.find_comment(*entry).manual_comment = comment or None
            book.db.commit()


def _learners(book: Any, assignment: Any, api: Any) -> list[Learner]:  # noqa: ANN401
    """Every learner of the gradebook, by id. Plain columns: whole objects cost a query each."""
    submission, notebook, student = api.SubmittedAssignment, api.SubmittedNotebook, api.Student
    ours = submission.assignment_id == assignment.id
    times = book.db.query(submission.student_id, submission.timestamp).filter(ours)
    handed_in = {id: moment and moment.replace(tzinfo=UTC) for id, moment in times}
    late: dict[str, float] = {}
    penalties = book.db.query(submission.student_id, notebook.late_submission_penalty)
    for id, penalty in penalties.join(submission, notebook.assignment_id == submission.id).filter(
        ours
    ):
        late[id] = late.get(id, 0) + (penalty or 0)
    students = book.db.query(student.id, student.first_name, student.last_name)
    return [
        Learner(
            id,
            " ".join(filter(None, (first, last))),
            submitted=id in handed_in,
            handed_in=handed_in.get(id),
            late=late.get(id, 0),
        )
        for id, first, last in sorted(students, key=lambda row: str(row[0]))
    ]


def _marks(
    book: Any,  # noqa: ANN401
    assignment: Any,  # noqa: ANN401
    api: Any,  # noqa: ANN401
) -> dict[tuple[str, str], dict[str, Any]]:
    """(learner, scenario) -> the marks and the instructor's comment; one query each."""
    where = api.SubmittedAssignment.assignment_id == assignment.id
    joined = (api.SubmittedNotebook, api.SubmittedAssignment, api.BaseCell)

    def rows(table: Any, *columns: Any) -> Iterable[Any]:  # noqa: ANN401
        query = book.db.query(api.SubmittedAssignment.student_id, api.BaseCell.name, *columns)
        query = query.select_from(table).join(joined[0], table.notebook_id == joined[0].id)
        query = query.join(joined[1], joined[0].assignment_id == joined[1].id)
        found: Iterable[Any] = query.join(joined[2], table.cell_id == joined[2].id).filter(where)
        return found

    grade, comment = api.Grade, api.Comment
    marks: dict[tuple[str, str], dict[str, Any]] = {
        (learner, cell): {"auto": auto, "manual": manual, "extra": extra or 0}
        for learner, cell, auto, manual, extra in rows(
            grade, grade.auto_score, grade.manual_score, grade.extra_credit
        )
    }
    for learner, cell, written in rows(comment, comment.manual_comment):
        if (learner, cell) in marks and written:
            marks[learner, cell]["comment"] = written
    return marks


def _rows(notebook: Path) -> dict[str, tuple[Mapping[str, Any], Mapping[str, float]]]:
    """Scenario -> result row and confidence, from an autograded notebook; none without one."""
    try:
        found = [cell["metadata"] for cell in json.loads(notebook.read_bytes())["cells"]]
        rows = [
            (json.loads(entry["result_row"]), entry.get("confidence", {}))
            for entry in found
            if entry.get("result_row")
        ]
        return {row["id"]: (row, confidence) for row, confidence in rows}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def _text(folders: Iterable[Path], scenario: str) -> str:
    """The reply as it was marked: the autograded copy, else what was handed in."""
    for folder in folders:
        answer = read_answer(folder, scenario)
        if answer.problem is None:
            return answer.text
    return ""


def _first_drafts(folders: Iterable[Path]) -> dict[str, float]:
    """Scenario -> the total of the first attempt in the record that was handed in.

    A learner can write anything there: what is no attempt is passed over.
    """
    found: dict[str, tuple[str, float]] = {}
    for folder in folders:
        try:
            content = read_plain(folder / RECORD, LARGEST_OTHER) or b""
        except OSError:
            continue
        for line in content[:LARGEST_OTHER].split(b"\n"):
            try:
                entry = json.loads(line)
                exercise, time, total = entry["exercise"], entry["time"], entry["total"]
            except (ValueError, LookupError, TypeError, RecursionError):
                continue
            if not (isinstance(exercise, str) and isinstance(time, str)):
                continue
            if isinstance(total, bool) or not isinstance(total, int | float):
                continue
            if 0 <= total <= 100 and time < found.get(exercise, ("~", 0.0))[0]:
                found[exercise] = (time, float(total))
        break
    return {exercise: total for exercise, (_, total) in found.items()}
