"""What the tests of bulk grading share: a course with good and bad submissions, and copies."""

from __future__ import annotations

import os
import shutil
import warnings
from contextlib import chdir
from pathlib import Path

from sqlalchemy import create_engine, text

from grader.__main__ import main
from tests.grader.attacks import FIRST
from tests.grader.course import NAME, Course
from tests.grader.test_nbgrader_round_trip import HOSTILE, SECOND, STRONG, WEAK

CONFIG = "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"


def autograde(course: Course, *options: str) -> int:
    """Run the command as from the course's folder; returns its exit status."""
    with chdir(course.folder), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SQLAlchemy's, about nbgrader
        return main(["autograde", NAME, *options])


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Each file's content and permissions, by its place."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode)
        for path in folder.rglob("*")
        if path.is_file()
    }


def hand_in(course: Course) -> None:
    """Good and bad submissions, in time and late, as they come."""
    course.submit("strong", STRONG)
    course.submit("weak", WEAK)
    course.submit("untouched", {})
    course.submit("hostile", {scenario: HOSTILE + text for scenario, text in STRONG.items()})
    late = course.submit("late", STRONG)
    (late / "timestamp.txt").write_text("2026-11-05 10:00:00 UTC", encoding="utf-8")
    in_time = course.submit("in-time", STRONG)
    (in_time / "timestamp.txt").write_text("2026-11-01 10:00:00 UTC", encoding="utf-8")
    broken = course.submit("broken", WEAK)
    (broken / f"{NAME}.ipynb").write_text("{", encoding="utf-8")
    (broken / "answers" / f"{FIRST}.txt").write_bytes(b"\xa320 back")
    (broken / "notes").mkdir()
    (broken / "notes" / "mine.txt").write_text("My notes.", encoding="utf-8")
    (broken / "assignment.json").write_text("{}", encoding="utf-8")
    (course.submit("no-file", STRONG) / f"{NAME}.ipynb").unlink()
    course.submit("=1+1", STRONG)
    if os.name == "posix":
        linked = course.submit("linked", STRONG) / "answers" / f"{SECOND}.txt"
        linked.unlink()
        linked.symlink_to(course.submission("strong") / "answers" / f"{SECOND}.txt")


def due(course: Course, url: str | None = None) -> None:
    """Set the date by which the assignment was to be handed in."""
    change(course, "UPDATE assignment SET duedate = '2026-11-03 00:00:00'", url)


def change(course: Course, statement: str, url: str | None = None) -> None:
    """Change the gradebook behind nbgrader's back."""
    engine = create_engine(url or f"sqlite:///{course.root / 'gradebook.db'}")
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def release(folder: Path, *options: str) -> Course:
    """A course with submissions that nothing has marked yet."""
    course = Course(folder)
    with (course.folder / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(CONFIG)
    course.nbgrader("generate_assignment", NAME, *options)
    hand_in(course)
    return course


def copied(course: Course, folder: Path) -> Course:
    """The same course somewhere else."""
    shutil.copytree(course.folder, folder / "course", symlinks=True)
    copy = Course.__new__(Course)
    copy.folder = folder / "course"
    copy.root = copy.folder / "notebooks" / "assignments"
    copy.exchange = folder / "course-exchange"
    return copy
