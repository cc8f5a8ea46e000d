"""The benchmark of bulk grading, part of `nox -s bench`: a thousand submissions of five replies.

Beside it, on the same machine and the same submissions: nbgrader's own autograding, which runs
each notebook in a kernel, and a plain program that copies the files, writes the notebooks and
books the rows with nbgrader's own calls, without marking anything. Takes some minutes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from contextlib import chdir, closing
from pathlib import Path

from grader.bulk import mark_all
from grader.pool import Collect, Texts, mark_batch
from tests.benchmarks.course_of import NAME, answers, hand_in, make
from tests.grader.course import Course

MANY, MORE = 1000, 5000
# What is held, on the same machine and in the same run; the page for instructors quotes it.
FASTER = 60  # times, beside nbgrader's own autograding
SLOWER = 3  # times, beside copying, writing and booking alone
MEMORY = 500  # megabytes
OPEN = 2  # seconds until a review of them all shows its first reply
SAMPLE = 10
VARIANTS = 4  # the model replies of a scenario
# nbgrader's own steps: it runs each notebook, and books what came of it.
KERNEL = """
c.Autograde.autograde_preprocessors = [
    f"nbgrader.preprocessors.{step}"
    for step in ("Execute", "LimitOutput", "SaveAutoGrades", "AssignLatePenalties")
]
"""


def run(course: Course, *arguments: str) -> tuple[float, float]:
    """Seconds that a command takes, and megabytes that its largest process needs."""
    start = time.perf_counter()
    command = [sys.executable, "-W", "ignore", "-m", *arguments]
    process = subprocess.Popen(
        command,
        cwd=course.folder,
        env=course.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        raise SystemExit(f"{' '.join(command)} failed in {course.folder}")
    return seconds, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


class Reset:
    """The course as it was before anything was graded."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.empty = course.folder / "empty.db"
        shutil.copyfile(course.root / "gradebook.db", self.empty)

    def __call__(self) -> None:
        shutil.rmtree(self.course.root / "autograded", ignore_errors=True)
        shutil.copyfile(self.empty, self.course.root / "gradebook.db")


def by_kernel(course: Course) -> float:
    """Seconds for each submission that nbgrader runs, without the start of nbgrader itself."""
    config = course.folder / "nbgrader_config.py"
    ours = config.read_text(encoding="utf-8")
    config.write_text(ours + KERNEL, encoding="utf-8")
    first, _ = run(course, "nbgrader", "autograde", NAME, "--student=learner-00000")
    more, _ = run(course, "nbgrader", "autograde", NAME, "--student=learner-0002?")
    config.write_text(ours, encoding="utf-8")
    return (more - first) / (SAMPLE - 1)


def by_hand(course: Course) -> float:
    """Seconds of a plain program that does all but marking for the sample, for each of them."""
    import nbformat
    from nbgrader.api import Gradebook

    start = time.perf_counter()
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as gradebook:
        for number in range(SAMPLE * 10):
            learner = f"learner-{number:05}"
            graded = course.root / "autograded" / learner / NAME
            shutil.copytree(course.root / "submitted" / learner / NAME, graded)
            notebook = nbformat.read(graded / f"{NAME}.ipynb", 4)  # type: ignore[no-untyped-call]
            nbformat.write(notebook, graded / f"{NAME}.ipynb")  # type: ignore[no-untyped-call]
            gradebook.update_or_create_student(learner)
            booked = gradebook.update_or_create_submission(NAME, learner)
            for grade, comment in zip(
                booked.notebooks[0].grades, booked.notebooks[0].comments, strict=True
            ):
                grade.auto_score, grade.needs_manual_grade = 5.0, False
                comment.auto_comment = "As expected."
            gradebook.db.commit()
    return (time.perf_counter() - start) / (SAMPLE * 10)


class Given:
    """Workers that give out marks made beforehand: what is left is everything but marking."""

    ahead = 1

    def __init__(self, course: Course) -> None:
        from grader.pool import grader_digest

        text = (course.root / "source" / NAME / "assignment.json").read_text(encoding="utf-8")
        batch: list[Texts] = [
            [(reply, None) for reply in answers(number).values()] for number in range(VARIANTS)
        ]
        self._marks = mark_batch(text, batch, grader_digest())

    def submit(self, assignment: str, batch: Sequence[Texts]) -> Collect:
        """Give out marks."""
        return lambda: [self._marks[number % VARIANTS] for number in range(len(batch))]

    def close(self) -> None:
        """Nothing to let go."""


def without_marking(made: Course) -> float:
    """Seconds of the command's own work without marking, for each submission."""
    from grader.bulk_course import Course as Folder
    from grader.bulk_gradebook import Book

    given = Given(made)
    start = time.perf_counter()
    with chdir(made.folder):
        course = Folder(NAME)
    with chdir(course.root), closing(Book(course)) as book:
        folders = course.folders()
        done = sum(1 for _ in mark_all(course, book, given, folders))
    return (time.perf_counter() - start) / done


def main() -> None:
    """Print the table."""
    warnings.simplefilter("ignore")  # SQLAlchemy's, about nbgrader
    with tempfile.TemporaryDirectory() as scratch:
        course = make(Path(scratch, "course"), MANY)
        reset = Reset(course)
        kernel = by_kernel(course)
        reset()
        plain = by_hand(course)
        reset()
        rest = without_marking(course)
        reset()
        many, memory = run(course, "grader", "autograde", NAME)
        again, _ = run(course, "grader", "autograde", NAME)
        opened = float(course.python("-W", "ignore", "-m", "tests.benchmarks.open_review"))
        reset()
        hand_in(course, MANY, MORE)
        more, most = run(course, "grader", "autograde", NAME)
    each = many / MANY
    table = [
        (f"autograde, {MANY:,} submissions of 5 replies, {os.cpu_count()} cores", many, "s"),
        ("  for each, start included", each * 1000, "ms"),
        ("  nbgrader in a kernel, for each, start not included", kernel * 1000, "ms"),
        ("  times faster than that", kernel / each, "times"),
        ("  copying, writing and booking by nbgrader's calls, for each", plain * 1000, "ms"),
        ("  all work but marking, for each", rest * 1000, "ms"),
        ("  the whole beside nbgrader's calls", each / plain, "times"),
        ("  the whole beside all work but marking", each / rest, "times"),
        ("  memory of its largest process", memory, "MB"),
        ("  a second run, nothing changed", again, "s"),
        ("  the review of them all opens, in a fresh kernel", opened, "s"),
        (f"autograde, {MORE:,} submissions", more, "s"),
        ("  for each, beside that of the smaller run", more / MORE / each, "times"),
        ("  memory of its largest process", most, "MB"),
    ]
    for what, value, unit in table:
        sys.stdout.write(f"{what:<64}{value:>9.1f} {unit}\n")
    held = kernel / each >= FASTER and each / plain <= SLOWER and max(memory, most) <= MEMORY
    held = held and opened <= OPEN
    sys.stdout.write("" if held else "This is slower or larger than it may be.\n")


if __name__ == "__main__":
    main()
