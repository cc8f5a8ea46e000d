"""Who marks for bulk grading: processes and Dask workers, of which some die."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from grader import pool
from grader.pool import Processes, Texts, WorkersLostError, mark_batch
from tests.grader.bulk import autograde, copied, files, release
from tests.grader.course import NAME, ROOT, Course
from tests.grader.test_nbgrader_round_trip import STRONG, WEAK

ASSIGNMENT = (ROOT / "notebooks" / "assignments" / "source" / NAME / "assignment.json").read_text(
    encoding="utf-8"
)
PATIENCE = 120  # seconds, on a busy machine


def batch(count: int) -> list[Texts]:
    replies = list(STRONG.values())
    return [[(f"{reply} {number}", None) for reply in replies] for number in range(count)]


# ---- processes ----

if os.name == "posix":

    def test_batches_of_a_killed_process_are_marked_again() -> None:
        with closing(Processes(2)) as processes:
            collects = [processes.submit(ASSIGNMENT, batch(3)) for _ in range(6)]
            first = collects[0]()
            for process in list((processes._pool._processes or {}).values()):
                os.kill(process.pid or 0, signal.SIGKILL)
            assert [collect() for collect in collects[1:]] == [first] * 5


def test_submission_that_kills_its_workers_spoils_no_other() -> None:
    class DiedError(Exception):
        pass

    def run(texts: Sequence[Texts]) -> list[dict[str, Any]]:
        if texts[0][0][0] == "poison":
            raise DiedError
        return [{"marks": texts[0][0][0]}]

    texts: list[Texts] = [[("good", None)], [("poison", None)], [("fine", None)]]
    good, dead, fine = pool._singly(run, texts, DiedError)
    assert (good, fine) == ({"marks": "good"}, {"marks": "fine"})
    assert "died" in dead["error"]


def test_reply_that_cannot_be_marked_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("that should not be")

    monkeypatch.setattr(pool, "mark", fail)
    (result,) = mark_batch(ASSIGNMENT, batch(1), pool.grader_digest())
    assert "ZeroDivisionError: that should not be" in result["error"]


def test_worker_with_another_grader_is_refused() -> None:
    with pytest.raises(WorkersLostError, match="another version"):
        mark_batch(ASSIGNMENT, batch(1), "an older one")


# ---- a Dask cluster ----

Client = pytest.importorskip("distributed", reason="no Dask for this machine").Client


class Cluster:
    """A real scheduler with workers that live in processes of their own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        self._running: list[subprocess.Popen[bytes]] = []
        self._file = folder / "scheduler.json"
        self.start("scheduler", "--port", "0", "--scheduler-file", str(self._file))

    def start(self, kind: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", kind, "--no-dashboard", *options]
        log = (self._folder / f"{kind}-{len(self._running)}.log").open("wb")
        with log:
            started = subprocess.Popen(
                command, cwd=self._folder, env=self._environment, stdout=log, stderr=log
            )
        self._running.append(started)
        return started

    def worker(self) -> subprocess.Popen[bytes]:
        options = ("--scheduler-file", str(self._file), "--nthreads", "1", "--no-nanny")
        return self.start("worker", *options)

    @property
    def address(self) -> str:
        end = time.monotonic() + PATIENCE
        while not self._file.exists() and time.monotonic() < end:
            time.sleep(0.1)
        address: str = json.loads(self._file.read_text(encoding="utf-8"))["address"]
        return address

    def stop(self) -> None:
        for process in reversed(self._running):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = release(tmp_path_factory.mktemp("released") / "course")
    for number in range(16):
        course.submit(f"learner-{number:02}", STRONG if number % 2 else WEAK)
    return course


@pytest.fixture
def cluster(tmp_path: Path, course: Course) -> Iterator[Cluster]:
    started = Cluster(tmp_path, course.environment)
    yield started
    started.stop()


def test_cluster_marks_all_although_a_worker_is_killed(
    course: Course,
    cluster: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    undisturbed = copied(course, tmp_path)
    assert autograde(undisturbed, "--workers", "1") == 1
    monkeypatch.setattr("grader.bulk.BATCH", 1)
    doomed, _ = cluster.worker(), cluster.worker()
    with Client(cluster.address) as client:
        client.wait_for_workers(2, timeout=PATIENCE)

    def kill_in_the_middle() -> None:
        end = time.monotonic() + PATIENCE
        while not any(course.root.glob("autograded/*")) and time.monotonic() < end:
            time.sleep(0.01)
        doomed.kill()

    killer = threading.Thread(target=kill_in_the_middle)
    killer.start()
    capsys.readouterr()
    assert autograde(course, "--scheduler", cluster.address) == 1
    killer.join()
    assert doomed.wait() != 0
    assert ", 0 unchanged, 1 not marked" in capsys.readouterr().out
    assert course.everything() == undisturbed.everything()
    assert files(course.root / "autograded") == files(undisturbed.root / "autograded")


def test_no_scheduler_is_told(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert autograde(course, "--force", "--scheduler", "nonsense://nowhere") == 2
    assert "no Dask scheduler at nonsense://nowhere" in capsys.readouterr().err
