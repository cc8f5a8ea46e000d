"""A course folder with as many submissions as wanted, for the benchmark of bulk grading."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from exercises import bank
from tests.grader.course import Course, write_answers

NAME = "bench"
REPLIES = 5
SCENARIOS = [s for s in bank.scenarios() if len(s.models) >= 4][: REPLIES * 10 : 10]


def answers(number: int) -> dict[str, str]:
    """What a learner writes: a model reply to each scenario, and something of their own."""
    return {
        s.id: f"{s.models[(number + place) % len(s.models)].reply}\n\nRef. {number}"
        for place, s in enumerate(SCENARIOS)
    }


def submissions() -> Iterator[tuple[str, dict[str, str]]]:
    """Learners and their answers, without end."""
    number = 0
    while True:
        yield f"learner-{number:05}", answers(number)
        number += 1


def make(folder: Path, count: int) -> Course:
    """A course in which so many learners have handed in an assignment of five scenarios."""
    course = Course(folder)
    ids = ",".join(scenario.id for scenario in SCENARIOS)
    course.python("-m", "exercises", "assignment", NAME, "--scenarios", ids)
    course.nbgrader("generate_assignment", NAME)
    for learner, replies in islice(submissions(), count):
        place = course.root / "submitted" / learner / NAME
        shutil.copytree(course.root / "release" / NAME, place)
        write_answers(place, replies)
    return course


if __name__ == "__main__":
    import sys

    make(Path(sys.argv[1]), int(sys.argv[2]))
