"""Who marks the batches of `python -m grader autograde`: this process, others, or a cluster.

Workers get texts and give back plain data. They touch no file and no gradebook, so one that dies
has lost nothing: its batch is marked again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Protocol

from grader.assignment import Assignment, parse_assignment
from grader.marking import mark
from grader.submission import Answer, Problem

# One submission: for each scenario, in order, the text handed in and what is wrong with it.
Texts = Sequence[tuple[str, Problem | None]]
# What became of it: {"marks": [the fields of a Mark, ...]} or {"error": why there are none}.
Result = dict[str, Any]
Collect = Callable[[], list[Result]]


class Workers(Protocol):
    """Something that marks batches; `ahead` is how many of them keep all of it busy."""

    ahead: int

    def submit(self, assignment: str, batch: Sequence[Texts]) -> Collect:
        """Hand over a batch; call what comes back for its results, in order."""

    def close(self) -> None:
        """Let the workers go."""


def mark_batch(assignment: str, batch: Sequence[Texts]) -> list[Result]:
    """Mark submissions of an assignment, given as the text of its `assignment.json`."""
    return [_marks(_parsed(assignment), texts) for texts in batch]


def _marks(assignment: Assignment, texts: Texts) -> Result:
    try:
        answers = [Answer(text, problem) for text, problem in texts]
        marks = [
            asdict(mark(item, answer))
            for item, answer in zip(assignment.items, answers, strict=True)
        ]
    except Exception as error:  # one reply that cannot be marked is one row in the report
        return {"error": f"cannot be marked ({type(error).__name__}: {error})"}
    return {"marks": marks}


@lru_cache(maxsize=4)
def _parsed(assignment: str) -> Assignment:
    return parse_assignment(assignment)


def grader_digest() -> str:
    """A name for exactly this grader: its code and data, whatever the system's line ends."""
    digest = hashlib.blake2b(digest_size=16)

    def add(folder: Traversable, path: str) -> None:
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
            name = f"{path}/{entry.name}"
            if entry.is_dir() and entry.name not in {"__pycache__", "corpus"}:
                add(entry, name)
            elif name.endswith((".py", ".json", ".css")):
                content = entry.read_bytes().replace(b"\r\n", b"\n")
                digest.update(f"{name}\0{len(content)}\0".encode() + content)

    add(files("grader"), "")
    return digest.hexdigest()


class Here:
    """Marks in this process, when the results are asked for."""

    ahead = 1

    def submit(self, assignment: str, batch: Sequence[Texts]) -> Collect:
        """Hand over a batch."""
        return lambda: mark_batch(assignment, batch)

    def close(self) -> None:
        """Nothing to let go."""
