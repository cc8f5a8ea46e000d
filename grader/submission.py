"""What a learner handed in, read as data: answers beside the notebook, and nothing followed.

A submission is untrusted. Answers are regular files of at most 64 KiB; links, pipes and files
that are far too large are set aside before anything copies or opens them.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

ANSWERS = "answers"
RECORD = "attempts.jsonl"  # the learner's attempts, where they were handed in
LARGEST_ANSWER = 64 * 1024  # bytes
LARGEST_NOTEBOOK = 4 * 1024 * 1024
LARGEST_OTHER = 1024 * 1024
LARGEST_SUBMISSION = 32 * 1024 * 1024
MOST_FILES = 1000  # in one folder
DEEPEST = 8  # folders in folders
TIME = "timestamp.txt"
# nbgrader would look up any other name of a time zone as a file.
_ZONE = r"\s?(?:Z|[+-]\d\d:?\d\d)|\s[A-Za-z][\w+-]*(?:/[A-Za-z][\w+-]*)*"
_LONGEST_TIME = 100  # bytes
_TIME = re.compile(
    rf"((?:19|20)\d\d-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:\.\d{{1,9}})?(?:{_ZONE})?", re.ASCII
)

Problem = Literal["missing", "not_plain", "too_large", "not_text", "unreadable"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to one scenario as handed in; `problem` says why there is no text."""

    text: str = ""
    problem: Problem | None = None


def read_answer(folder: Path, scenario_id: str) -> Answer:
    """The learner's reply to a scenario: `answers/<scenario_id>.txt` in a submission's folder.

    Never raises for what a learner did: a file that cannot be used is an answer with a problem.
    A byte order mark is dropped; otherwise the text is as the learner left it.
    """
    answers = folder / ANSWERS
    try:
        if not stat.S_ISDIR(answers.lstat().st_mode):
            return Answer(problem="not_plain")
        content = read_plain(answers / f"{scenario_id}.txt", LARGEST_ANSWER)
    except FileNotFoundError:
        return Answer(problem="missing")
    except OSError:
        return Answer(problem="unreadable")
    if content is None:
        return Answer(problem="not_plain")
    if len(content) > LARGEST_ANSWER:
        return Answer(problem="too_large")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Answer(problem="not_text")
    return Answer(problem="not_text") if "\0" in text else Answer(text)


def read_plain(path: Path, limit: int) -> bytes | None:
    """At most one byte more than `limit`; None where the path is no regular file.

    Nothing is followed or waited for. Raises OSError.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        return None
    # Where the system has them: do not follow a link, do not wait for a pipe's other end.
    careful = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(path, os.O_RDONLY | careful | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return None
        return file.read(limit + 1)


def unsafe_files(folder: Path, *, own: bool = False) -> Iterator[tuple[Path, str]]:
    """Each entry of a submission that must not be copied or opened, and why.

    A folder that is unsafe stands for all that is in it. `own`: no file may stand in another
    place, too; for folders that learners can write, where it may be somebody else's file.
    """
    room = LARGEST_SUBMISSION
    waiting = _entries(folder)
    while waiting:
        path = waiting.pop()
        try:
            status = path.lstat()
            why = _unsafe(path, status, len(path.relative_to(folder).parts))
            if not why and stat.S_ISDIR(status.st_mode):
                waiting += _entries(path)
                continue
        except OSError as error:
            why = f"cannot be looked at: {error.strerror}"
        if not why and status.st_size > room:
            why = f"would make more than {LARGEST_SUBMISSION:,} bytes of all"
        if not why and own and status.st_nlink > 1:
            why = "is the same file as another"
        if why:
            yield path, why
        else:
            room -= status.st_size


def _entries(folder: Path) -> list[Path]:
    """What a folder holds, from the last to the first, which are the answers. Raises OSError."""
    first_last = sorted(folder.iterdir(), reverse=True)
    return sorted(first_last, key=lambda path: path.name == ANSWERS)


def _unsafe(path: Path, status: os.stat_result, depth: int) -> str:
    """Why an entry is unsafe, itself or for what it holds. Raises OSError."""
    if stat.S_ISLNK(status.st_mode):
        return "is a link"
    if stat.S_ISDIR(status.st_mode):
        if depth > DEEPEST:
            return f"is a folder in more than {DEEPEST} others"
        if why := _no_folder(path):
            return why
        count = sum(1 for _ in path.iterdir())
        return f"holds {count:,} files, more than {MOST_FILES:,}" if count > MOST_FILES else ""
    if not stat.S_ISREG(status.st_mode):
        return "is no regular file"
    if path.parent.name == ANSWERS:
        limit = LARGEST_ANSWER
    else:
        limit = LARGEST_NOTEBOOK if path.suffix == ".ipynb" else LARGEST_OTHER
    if status.st_size > limit:
        return f"has {status.st_size:,} bytes, more than {limit:,}"
    return "" if os.access(path, os.R_OK) else "may not be read"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was set aside, why, and where it is now."""

    path: Path
    why: str
    kept: Path

    def __str__(self) -> str:
        return f"{str(self.path)!r} {self.why}; kept as {str(self.kept)!r}"


def make_safe(folder: Path, aside: Path) -> list[Refusal]:
    """Set aside all of a submission that must not be copied or opened, and a time that is none.

    `folder` is `submitted/<learner>/<assignment>`; what is refused goes to a new numbered folder
    in `aside`. It is renamed, so never opened or followed. Raises UnsafeError, and nothing may
    touch the submission then.
    """
    for place in (folder.parent, folder):
        if why := _no_folder(place):
            return [_refuse(place, why, place.parent, _new(aside))]
    kept: Path | None = None
    refusals = []
    for path, why in [*unsafe_files(folder), *_no_time(folder)]:
        if not path.is_symlink() and not os.path.lexists(path):
            continue  # refused already, for something else
        kept = kept or _new(aside)
        refusals.append(_refuse(path, why, folder, kept))
    return refusals


def _no_folder(path: Path) -> str:
    if path.is_symlink():
        return "is a link"
    if not path.is_dir():
        return "is no folder"
    return "" if os.access(path, os.R_OK | os.X_OK) else "may not be read"


class UnsafeError(OSError):
    """Something in a submission is unsafe and cannot be moved out of it."""


def _new(aside: Path) -> Path:
    """A new folder, in which no earlier refusal has left a link. Raises UnsafeError."""
    number = 1
    while True:
        try:
            (made := aside / str(number)).mkdir(parents=True)
        except FileExistsError:
            number += 1
        except OSError as error:
            raise UnsafeError(f"{str(made)!r} cannot be made ({error.strerror})") from error
        else:
            return made


def _refuse(path: Path, why: str, folder: Path, kept: Path) -> Refusal:
    target = kept / path.relative_to(folder)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.rename(target)
        except PermissionError:
            # The learner's folder may have come without the right to write in it.
            path.parent.chmod(path.parent.stat().st_mode | stat.S_IRWXU)
            path.rename(target)
    except OSError as error:
        message = f"{str(path)!r} {why} and cannot be moved ({error.strerror}); remove it first"
        raise UnsafeError(message) from error
    return Refusal(path, why, target)


def _no_time(folder: Path) -> Iterator[tuple[Path, str]]:
    """The file that says when it was handed in, where it does not."""
    path = folder / TIME
    try:
        content = read_plain(path, _LONGEST_TIME)
        if content is None or len(content) > _LONGEST_TIME or not is_time(content.decode("ascii")):
            yield path, "is no time"
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError):
        yield path, "is no time"


def is_time(text: str) -> bool:
    """Whether nbgrader reads it as a time, without opening files for it; or passes it over."""
    if not text.strip():
        return True  # nbgrader passes over an empty file
    found = _TIME.fullmatch(text.strip())
    try:
        return found is not None and datetime.fromisoformat(f"{found[1]} {found[2]}") is not None
    except ValueError:
        return False


def handed_in_answer(folder: Path, aside: Path, scenario_id: str) -> Answer:
    """The answer to mark. One that was set aside is told by its problem, not as missing."""
    answer = read_answer(folder, scenario_id)
    if answer.problem != "missing":
        return answer
    try:  # the newest first
        runs = sorted(
            (int(run.name) for run in aside.iterdir() if run.name.isdecimal()), reverse=True
        )
    except OSError:
        runs = []
    for run in runs:
        problem = read_answer(aside / str(run), scenario_id).problem
        if problem != "missing":
            return Answer(problem=problem or "missing")
    return answer
