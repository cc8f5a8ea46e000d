"""What a learner handed in, read as data: answers beside the notebook, and nothing followed.

A submission is untrusted. Answers are regular files of at most 64 KiB; links, pipes and files
that are far too large are set aside before anything copies or opens them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ANSWERS = "answers"
LARGEST_ANSWER = 64 * 1024  # bytes
LARGEST_NOTEBOOK = 4 * 1024 * 1024
LARGEST_OTHER = 1024 * 1024

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


def unsafe_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Each entry of a submission that must not be copied or opened, and why, sorted."""
    for name, folders, files in os.walk(folder):
        folders.sort()
        for entry in sorted([*folders, *files]):
            path = Path(name, entry)
            why = _unsafe(path)
            if why:
                yield path, why


def _unsafe(path: Path) -> str:
    try:
        status = path.lstat()
    except OSError as error:
        return f"cannot be looked at: {error.strerror}"
    if stat.S_ISLNK(status.st_mode):
        return "is a link"
    if stat.S_ISDIR(status.st_mode):
        return ""
    if not stat.S_ISREG(status.st_mode):
        return "is no regular file"
    if path.parent.name == ANSWERS:
        limit = LARGEST_ANSWER
    else:
        limit = LARGEST_NOTEBOOK if path.suffix == ".ipynb" else LARGEST_OTHER
    if status.st_size > limit:
        return f"has {status.st_size:,} bytes, more than {limit:,}"
    return "" if os.access(path, os.R_OK) else "may not be read"


def set_aside(path: Path, folder: Path, aside: Path) -> Path:
    """Move an entry of a submission's folder to the same place below `aside`; returns where to.

    It is renamed, so never opened or followed. Raises OSError where that cannot be done.
    """
    target = aside / path.relative_to(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    number = 1
    while os.path.lexists(target):
        number += 1
        target = target.with_name(f"{path.name}.{number}")
    try:
        path.rename(target)
    except PermissionError:
        # The learner's folder may have come without the right to write in it.
        path.parent.chmod(path.parent.stat().st_mode | stat.S_IRWXU)
        path.rename(target)
    return target
