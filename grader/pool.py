"""Who marks the batches of `python -m grader autograde`: this process, others, or a cluster.

Workers get texts and give back plain data. They touch no file and no gradebook, so one that dies
has lost nothing: its batch is marked again.
"""

from __future__ import annotations

import hashlib
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import asdict
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Protocol

from grader.assignment import Assignment, parse_assignment
from grader.marking import mark
from grader.submission import Answer, Problem

if TYPE_CHECKING:
    from distributed import Future as Task

# One submission: for each scenario, in order, the text handed in and what is wrong with it.
Texts = Sequence[tuple[str, Problem | None]]
# What became of it: {"marks": [the fields of a Mark, ...]} or {"error": why there are none}.
Result = dict[str, Any]
Collect = Callable[[], list[Result]]


TRIES = 3  # for a submission whose worker dies


class WorkersLostError(Exception):
    """There is nobody left to mark; the message says what to do."""


class Workers(Protocol):
    """Something that marks batches."""

    @property
    def ahead(self) -> int:
        """How many batches keep all of it busy."""

    def submit(self, assignment: str, batch: Sequence[Texts]) -> Collect:
        """Hand over a batch; call what comes back for its results, in order."""

    def close(self) -> None:
        """Let the workers go."""


def mark_batch(assignment: str, batch: Sequence[Texts], digest: str) -> list[Result]:
    """Mark submissions of an assignment, given as the text of its `assignment.json`.

    Raises WorkersLostError where this is not the grader that `digest` names, as the marks of a
    class must all come from one.
    """
    if digest != grader_digest():
        raise WorkersLostError("a worker has another version of the grader; install the same one")
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


@lru_cache(maxsize=1)
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


def _singly(
    run: Callable[[Sequence[Texts]], list[Result]],
    batch: Sequence[Texts],
    died: type[Exception],
) -> list[Result]:
    """Mark what dead workers left, one by one, so that one that kills them spoils no other."""
    results: list[Result] = []
    for texts in batch:
        for _ in range(TRIES):
            with suppress(died):
                results += run([texts])
                break
        else:
            results.append({"error": f"the worker that marked it died, {TRIES} times"})
    return results


class Here:
    """Marks in this process, when the results are asked for."""

    ahead = 1

    def submit(self, assignment: str, batch: Sequence[Texts]) -> Collect:
        """Hand over a batch."""
        return lambda: mark_batch(assignment, batch, grader_digest())

    def close(self) -> None:
        """Nothing to let go."""


class Processes:
    """Marks in other processes of this machine."""

    def __init__(self, count: int) -> None:
        self.ahead = 2 * count
        self._count = count
        self._pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        # Begun afresh: a copy of this process would share its connection to the gradebook.
        context = get_context("spawn")
        return ProcessPoolExecutor(self._count, context, initializer=_live_and_die_with_parent)

    def submit(self, assignment: str, batch: Sequence[Texts]) -> Collect:
        """Hand over a batch."""
        pool = self._pool
        future = self._send(assignment, batch)

        def collect() -> list[Result]:
            try:
                return future.result()
            except BrokenProcessPool:
                if self._pool is pool:
                    self._restart()
            return _singly(lambda one: self._again(assignment, one), batch, BrokenProcessPool)

        return collect

    def _send(self, assignment: str, batch: Sequence[Texts]) -> Future[list[Result]]:
        try:
            return self._pool.submit(mark_batch, assignment, batch, grader_digest())
        except BrokenProcessPool:
            self._restart()
            return self._pool.submit(mark_batch, assignment, batch, grader_digest())

    def _again(self, assignment: str, batch: Sequence[Texts]) -> list[Result]:
        return self._send(assignment, batch).result()

    def _restart(self) -> None:
        self._pool.shutdown(wait=False)
        self._pool = self._start()

    def close(self) -> None:
        """Let the workers go, without waiting for batches that nobody collects."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _live_and_die_with_parent() -> None:
    """Leave Ctrl-C to the parent, and end with it, also where it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()

    def watch() -> None:
        if parent:
            wait([parent.sentinel])
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class Cluster:
    """Marks on the workers of a Dask scheduler, which need this package in the same version.

    Dask marks what a dead worker had once more on another. Raises WorkersLostError where there is
    no scheduler or worker to be had.
    """

    def __init__(self, address: str, patience: float = 30) -> None:
        try:
            from distributed import Client, KilledWorker
        except ImportError:
            message = "--scheduler needs more: pip install 'talk-it-down[scale]'"
            raise WorkersLostError(message) from None
        self._died = KilledWorker
        try:
            self._client = Client(address, timeout=patience, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise WorkersLostError(f"no Dask scheduler at {address} ({error})") from error
        try:
            self._client.wait_for_workers(1, timeout=patience)
        except TimeoutError:
            self._client.close()
            message = f"the scheduler at {address} has no worker; start `dask worker {address}`"
            raise WorkersLostError(message) from None

    @property
    def ahead(self) -> int:
        """Two batches for each thread there is now; workers may come and go."""
        threads: dict[str, int] = self._client.nthreads()
        return max(2, 2 * sum(threads.values()))

    def submit(self, assignment: str, batch: Sequence[Texts]) -> Collect:
        """Hand over a batch."""
        future = self._send(assignment, batch)

        def collect() -> list[Result]:
            try:
                return self._result(future)
            except self._died:
                return _singly(
                    lambda one: self._result(self._send(assignment, one)), batch, self._died
                )

        return collect

    def _send(self, assignment: str, batch: Sequence[Texts]) -> Task:
        return self._client.submit(mark_batch, assignment, batch, grader_digest(), pure=False)

    def _result(self, future: Task) -> list[Result]:
        try:
            results: list[Result] = future.result()
        except (self._died, WorkersLostError):
            raise
        except Exception as error:
            message = f"the cluster cannot mark ({type(error).__name__}: {error})"
            raise WorkersLostError(message) from error
        return results

    def close(self) -> None:
        """Leave the cluster as it is for others."""
        self._client.close()
