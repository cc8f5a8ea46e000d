"""A copy of the course's nbgrader folder for tests, driven by the commands an instructor types."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.assignment import Assignment, load_assignment

ROOT = Path(__file__).resolve().parents[2]
NAME = "active-listening"


@dataclass(frozen=True)
class Entry:
    """What the gradebook holds for one reply."""

    auto: float | None
    manual: float | None
    comment: str | None
    waits: bool


class Course:
    """The configuration and the shipped assignment in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "notebooks" / "assignments"
        self.exchange = folder.parent / f"{folder.name}-exchange"
        source = Path("notebooks", "assignments", "source", NAME)
        (folder / source).mkdir(parents=True)
        for name in ("nbgrader_config.py", source / f"{NAME}.ipynb", source / "assignment.json"):
            shutil.copyfile(ROOT / name, folder / name)

    @property
    def source(self) -> Path:
        """The instructor's folder of the assignment."""
        return self.root / "source" / NAME

    @property
    def assignment(self) -> Assignment:
        """The assignment as it is graded."""
        return load_assignment(self.source / "assignment.json")

    def nbgrader(self, *arguments: str, cwd: Path | None = None, fails: bool = False) -> str:
        """Run an nbgrader command from the course's folder; returns all it says."""
        return self.python("-m", "nbgrader", *arguments, cwd=cwd, fails=fails)

    def python(self, *arguments: str, cwd: Path | None = None, fails: bool = False) -> str:
        """Run Python with this project on its path."""
        run = subprocess.run(
            [sys.executable, *arguments],
            cwd=cwd or self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=300,
        )
        assert (run.returncode != 0) == fails, run.stdout
        return run.stdout

    @property
    def environment(self) -> dict[str, str]:
        """The tests' environment with this project and an exchange of this course's own."""
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        own = {"NBGRADER_EXCHANGE": str(self.exchange), "PYTHONPATH": path, "PYTHONUTF8": "1"}
        return os.environ | own

    def submission(self, student: str) -> Path:
        """The folder of what a student handed in."""
        return self.root / "submitted" / student / NAME

    def submit(self, student: str, answers: Mapping[str, str]) -> Path:
        """Put a released notebook with answers into the place of submissions."""
        folder = self.submission(student)
        shutil.copytree(self.root / "release" / NAME, folder)
        write_answers(folder, answers)
        return folder

    def marked(self, student: str) -> dict[str, Any]:
        """The autograded notebook."""
        path = self.root / "autograded" / student / NAME / f"{NAME}.ipynb"
        notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return notebook

    def feedback(self, student: str) -> str:
        """The page that the student gets back."""
        path = self.root / "feedback" / student / NAME / f"{NAME}.html"
        return path.read_text(encoding="utf-8")

    def gradebook(self) -> dict[str, dict[str, Entry]]:
        """Student -> scenario -> what the gradebook holds."""
        from nbgrader.api import Gradebook

        found: dict[str, dict[str, Entry]] = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SQLAlchemy's, about nbgrader
            with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as book:
                for submission in book.find_assignment(NAME).submissions:
                    (notebook,) = submission.notebooks
                    comments = {comment.name: comment.auto_comment for comment in notebook.comments}
                    found[submission.student.id] = {
                        grade.name: Entry(
                            grade.auto_score,
                            grade.manual_score,
                            comments[grade.name],
                            grade.needs_manual_grade,
                        )
                        for grade in notebook.grades
                    }
        return found

    def everything(self, url: str | None = None) -> dict[str, list[tuple[Any, ...]]]:
        """All that the gradebook holds about submissions: table -> rows by names, not by ids."""
        from nbgrader import api

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with api.Gradebook(url or f"sqlite:///{self.root / 'gradebook.db'}") as book:
                submissions = book.db.query(api.SubmittedAssignment).all()
                notebooks = book.db.query(api.SubmittedNotebook).all()
                grades = book.db.query(api.Grade).all()
                comments = book.db.query(api.Comment).all()
                tables: dict[str, list[tuple[Any, ...]]] = {
                    "student": [(s.id, s.first_name, s.last_name) for s in book.students],
                    "submission": [
                        (s.student_id, s.name, str(s.timestamp), str(s.extension), s.score)
                        for s in submissions
                    ],
                    "notebook": [
                        (n.student.id, n.name, n.flagged, n.late_submission_penalty, n.score)
                        for n in notebooks
                    ],
                    "grade": [
                        (g.student.id, g.name, g.auto_score, g.manual_score, g.max_score, waits)
                        for g in grades
                        for waits in [g.needs_manual_grade]
                    ],
                    "comment": [
                        (c.student.id, c.name, c.auto_comment, c.manual_comment) for c in comments
                    ],
                }
        return {table: sorted(rows, key=repr) for table, rows in tables.items()}

    def penalties(self, *students: str) -> list[float]:
        """The points that each of the students loses for being late."""
        from nbgrader.api import Gradebook

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as book:
                found = [book.find_submission(NAME, student) for student in students]
                return [float(submission.late_submission_penalty) for submission in found]

    def set_manual_score(self, student: str, scenario: str, score: float) -> None:
        """Do what the formgrader does when an instructor types a score."""
        from nbgrader.api import Gradebook

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as book:
                grade = book.find_grade(scenario, NAME, NAME, student)
                grade.manual_score, grade.needs_manual_grade = score, False
                book.db.commit()


def write_answers(folder: Path, answers: Mapping[str, str]) -> None:
    """Write answers as the exercise does: UTF-8, as they are."""
    (folder / "answers").mkdir(exist_ok=True)
    for scenario, text in answers.items():
        (folder / "answers" / f"{scenario}.txt").write_bytes(text.encode("utf-8"))
