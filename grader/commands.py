"""What the commands on a graded assignment share: their options, and errors in one line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from grader.results import Results


class CommandError(Exception):
    """Why a command cannot do its work; the message says what to do about it."""


class Status:
    """The exit status of a command: 0, or 2 where a file or a gradebook cannot be used."""

    status = 0


@contextmanager
def trouble(command: str) -> Iterator[Status]:
    """Turn what a command cannot do anything about into one line on standard error."""
    status = Status()
    try:
        yield status
    except CommandError as error:
        sys.stderr.write(f"{command}: {error}\n")
        status.status = 2
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        problem = f"{where}{error.strerror or error}"
        sys.stderr.write(f"{command}: {problem}; give a file that can be used\n")
        status.status = 2


def course_command(name: str, about: str | None) -> argparse.ArgumentParser:
    """The options of a command on a graded assignment: its name and its gradebook."""
    parser = argparse.ArgumentParser(
        prog=f"python -m grader {name}",
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="the assignment's name")
    parser.add_argument("--db", metavar="URL", help="the gradebook (default as nbgrader has it)")
    return parser


def results_of(options: argparse.Namespace) -> Results:
    """The results the options ask for. Raises CommandError where there are none."""
    from grader.gradebook import read_results  # nbgrader takes a second to load

    return read_results(options.assignment, db=options.db)
