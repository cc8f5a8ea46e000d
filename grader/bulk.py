"""`python -m grader autograde ASSIGNMENT`: mark all submissions of an assignment at once.

Does what `nbgrader autograde ASSIGNMENT` does with this course's settings, in the folder that has
`nbgrader_config.py`: the same marks, gradebook rows and autograded notebooks. It may be stopped at
any moment and run again; what has not changed since is passed by.

Exit status: 0 when every submission has its marks; 1 when some have none, each of which is a line
of the report; 2 when nothing can be marked or the gradebook is lost on the way.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, chdir, closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from grader.lean_imports import lean_imports
from grader.lms_zip import hand_ins
from grader.marking import Mark
from grader.pool import Cluster, Collect, Here, Processes, Workers, WorkersLostError

if TYPE_CHECKING:
    from grader.bulk_course import Course, HandedIn
    from grader.bulk_gradebook import Book, Entry

BATCH = 25  # submissions that are marked together and booked in one transaction
MARKED, UNCHANGED, FAILED, COLLECTED = "marked", "unchanged", "not marked", "collected"


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one submission; `remarks` say what was set aside, or why it has no marks."""

    student: str
    outcome: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Batch:
    """Submissions on their way: those that are settled, and those that are being marked."""

    settled: list[Row]
    handed_in: list[HandedIn]
    collect: Collect


def mark_all(
    course: Course, book: Book, workers: Workers, folders: Sequence[Path], *, force: bool = False
) -> Iterator[Row]:
    """Mark submissions and book the marks; a row for each, as soon as it is settled.

    Only a few batches are in memory at any time. Raises GradebookLostError.
    """
    waiting: deque[_Batch] = deque()
    for start in range(0, len(folders), BATCH):
        settled, found = _look(course, folders[start : start + BATCH])
        done = set() if force else book.unchanged(found)
        done = {student for student in done if course.is_placed(student)}
        settled += [Row(h.student, UNCHANGED) for h in found if h.student in done]
        found = [handed_in for handed_in in found if handed_in.student not in done]
        texts = [[(answer.text, answer.problem) for answer in h.answers] for h in found]
        waiting.append(_Batch(settled, found, workers.submit(course.text, texts)))
        if len(waiting) > workers.ahead:
            yield from _settle(course, book, waiting.popleft())
    while waiting:
        yield from _settle(course, book, waiting.popleft())


def _look(course: Course, folders: Sequence[Path]) -> tuple[list[Row], list[HandedIn]]:
    rows, found = [], []
    for folder in folders:
        try:
            found.append(course.look(folder))
        except Exception as error:  # one bad submission is one row, and the rest go on
            rows.append(_failed(folder.parent.name, error))
    return rows, found


def _settle(course: Course, book: Book, batch: _Batch) -> Iterator[Row]:
    """Write the autograded notebooks of a batch, then book it."""
    from grader.bulk_gradebook import Entry

    yield from batch.settled
    entries = []
    for handed_in, result in zip(batch.handed_in, batch.collect(), strict=True):
        if "error" in result:
            yield Row(handed_in.student, FAILED, (*handed_in.remarks, result["error"]))
            continue
        earned = [Mark(**fields) for fields in result["marks"]]
        items = course.assignment.items
        marks = {item.id: mark for item, mark in zip(items, earned, strict=True)}
        try:
            course.place(handed_in, marks)
        except Exception as error:
            yield _failed(handed_in.student, error)
        else:
            entries.append(Entry(handed_in, marks))
    yield from _book(book, entries)


def _book(book: Book, entries: Sequence[Entry]) -> Iterator[Row]:
    """Book all in one transaction; if one of them spoils it, each in one of its own."""
    from grader.bulk_gradebook import GradebookLostError

    if not entries:
        return
    try:
        book.book(entries)
    except GradebookLostError:
        raise
    except Exception as error:
        if len(entries) == 1:
            yield _failed(entries[0].handed_in.student, error)
            return
        for entry in entries:
            yield from _book(book, [entry])
    else:
        yield from (Row(e.handed_in.student, MARKED, e.handed_in.remarks) for e in entries)


def _failed(student: str, error: Exception) -> Row:
    from grader.bulk_course import NotGradedError

    kind = "" if isinstance(error, NotGradedError) else f"{type(error).__name__}: "
    return Row(student, FAILED, (f"{kind}{error}",))


def main(argv: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m grader autograde",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="its name, as in week-1")
    first = parser.add_mutually_exclusive_group()
    first.add_argument(
        "--collect", action="store_true", help="first collect what is new from nbgrader's exchange"
    )
    first.add_argument(
        "--zip",
        type=Path,
        metavar="FILE",
        help="first take in a learning platform's zip: a folder or a zip for each learner",
    )
    parser.add_argument(
        "--learner",
        type=_pattern,
        metavar="PATTERN",
        help="with --zip: a regular expression that finds the learner in the name of each folder "
        "or zip (default: as Moodle and Canvas name them, else the whole name), and with a group "
        "(?P<timestamp>...) the time of handing in",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--workers", type=_count, metavar="N", help="processes that mark (default: one a core)"
    )
    where.add_argument(
        "--scheduler", metavar="tcp://HOST:PORT", help="mark on the workers of a Dask cluster"
    )
    parser.add_argument("--db", metavar="URL", help="the gradebook (default as nbgrader has it)")
    parser.add_argument("--force", action="store_true", help="mark also what has not changed")
    options = parser.parse_args(argv)
    archive = options.zip and options.zip.resolve()
    # Not before the options are known to be good: nbgrader takes a second to load.
    with lean_imports():
        from grader.bulk_course import Course, UnusableError
        from grader.bulk_gradebook import Book, GradebookLostError

    try:
        with ExitStack() as stack:
            course = Course(options.assignment, options.db)
            stack.enter_context(chdir(course.root))
            book = stack.enter_context(closing(Book(course)))
            taken = list(_unpacked(course, book, archive, options.learner)) if archive else []
            taken += _collected(course) if options.collect else []
            folders = course.folders()
            if not folders and not taken:
                raise UnusableError(f"no submission in {course.submitted}/*/{course.name}")
            workers = stack.enter_context(closing(_workers(options, len(folders))))
            rows = mark_all(course, book, workers, folders, force=options.force)
            return report(chain(taken, rows), len(taken) + len(folders))
    except UnusableError as error:
        return _stop(f"{error}")
    except GradebookLostError as error:
        return _stop(f"the gradebook is lost ({error}); what is booked stays, run this again")
    except WorkersLostError as error:
        return _stop(f"{error}; what is booked stays, run this again")
    except KeyboardInterrupt:
        return _stop("stopped; what is booked stays, run this again to go on", status=130)


def _unpacked(
    course: Course, book: Book, path: Path, learner: re.Pattern[str] | None
) -> Iterator[Row]:
    """Take in a platform's zip; a row for each learner for whom that cannot be done, and for what
    is to be known about lateness.
    """
    from grader.bulk_course import UnusableError

    untimed = 0
    try:
        for hand_in in hand_ins(path, course.assignment, learner):
            try:
                untimed += not course.unpack(hand_in)
            except Exception as error:
                yield _failed(hand_in.learner, error)
            else:
                if hand_in.late:
                    yield Row(hand_in.learner, COLLECTED, ("the platform calls it late",))
        if untimed and book.has_deadline:
            said = f"{untimed:,} without the platform's own time; lateness is not checked"
            yield Row(path.name, COLLECTED, (said,))
    except (OSError, ValueError) as error:
        why = f"cannot be opened: {error.strerror}" if isinstance(error, OSError) else str(error)
        raise UnusableError(f"--zip: {path} {why}") from error


def _collected(course: Course) -> list[Row]:
    """Collect from the exchange; a row for all that it had to say."""
    return [
        Row("exchange", FAILED if lost else COLLECTED, (said,)) for said, lost in course.collect()
    ]


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from error


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError
    return count


def _workers(options: argparse.Namespace, submissions: int) -> Workers:
    if options.scheduler:
        return Cluster(options.scheduler)
    batches = -(-submissions // BATCH)
    count = min(options.workers or os.cpu_count() or 1, batches)
    return Processes(count) if count > 1 else Here()


def _stop(message: str, status: int = 2) -> int:
    sys.stderr.write(f"autograde: {message}\n")
    return status


def report(rows: Iterator[Row], total: int) -> int:
    """Print progress, each row with something to say, and how many there were of each kind."""
    from tqdm import tqdm

    count: Counter[str] = Counter()
    with tqdm(total=total, unit=" submissions", disable=None) as bar:
        for row in rows:
            count[row.outcome] += 1
            for remark in row.remarks:
                bar.write(_printable(f"{row.outcome}: {row.student}: {remark}"))
            bar.update()
    said = ", ".join(f"{count[kind]:,} {kind}" for kind in (MARKED, UNCHANGED, FAILED))
    sys.stdout.write(f"{total - count[COLLECTED]:,} submissions: {said}\n")
    return 1 if count[FAILED] else 0


def _printable(text: str) -> str:
    """One line that every terminal can show; names and messages may hold anything."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
