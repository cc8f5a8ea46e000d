"""Bulk grading that is killed, or done twice at once: nothing is lost, nothing is half done."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.grader.bulk import autograde, copied, files, release
from tests.grader.course import NAME, Course
from tests.grader.test_nbgrader_round_trip import STRONG, WEAK

LEARNERS = 8

# Runs the command again and again and has it killed at one file operation after another, later
# each time. Forks, so that only the first one has to load nbgrader.
KILLED = f"""
import os, signal, sys, warnings
warnings.simplefilter("ignore")
import grader.bulk, grader.bulk_gradebook
from grader.__main__ import main
grader.bulk.BATCH = 4
OPERATIONS = {{"open", "os.chmod", "os.mkdir", "os.remove", "os.rename", "os.rmdir"}}
killed = 0
for last in range(1, 2000, 67):
    child = os.fork()
    if not child:
        count = 0
        def step(event, arguments):
            global count
            if event in OPERATIONS and "assignments" in str(arguments[0]):
                count += 1
                if count == last:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(step)
        os._exit(main(["autograde", "{NAME}", "--force", "--workers", "1"]))
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        break
    killed += 1
print("killed", killed)
sys.exit(main(["autograde", "{NAME}"]))
"""


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = release(tmp_path_factory.mktemp("released") / "course")
    for number in range(LEARNERS):
        course.submit(f"learner-{number:02}", STRONG if number % 2 else WEAK)
    return course


@pytest.fixture(scope="module")
def undisturbed(released: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = copied(released, tmp_path_factory.mktemp("undisturbed"))
    assert autograde(course, "--workers", "1") == 1
    return course


@pytest.fixture
def course(released: Course, tmp_path: Path) -> Course:
    return copied(released, tmp_path)


if hasattr(os, "fork"):

    def test_killed_anywhere_and_run_again_gives_the_same(
        course: Course, undisturbed: Course
    ) -> None:
        run = subprocess.run(
            [sys.executable, "-c", KILLED],
            cwd=course.folder,
            env=course.environment,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 1, run.stderr
        assert int(re.findall(r"killed (\d+)", run.stdout)[0]) > 5
        assert course.everything() == undisturbed.everything()
        assert files(course.root / "autograded") == files(undisturbed.root / "autograded")


def test_two_at_once_lose_nothing(course: Course, undisturbed: Course) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "grader", "autograde", NAME, "--workers", "1"]
    both = [subprocess.Popen(command, cwd=course.folder, env=course.environment) for _ in range(2)]
    assert [run.wait() for run in both] == [1, 1]
    assert course.everything() == undisturbed.everything()
    assert files(course.root / "autograded") == files(undisturbed.root / "autograded")


def test_many_processes_give_the_same(
    course: Course, undisturbed: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.bulk.BATCH", 4)
    assert autograde(course, "--workers", "2") == 1
    assert course.everything() == undisturbed.everything()
    assert files(course.root / "autograded") == files(undisturbed.root / "autograded")
