"""A course folder with as many submissions as wanted, for the benchmark of bulk grading."""

from __future__ import annotations

import shutil
import sys
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


def make(folder: Path, count: int) -> Course:
    """A course in which so many learners have handed in an assignment of five scenarios."""
    course = Course(folder)
    ids = ",".join(scenario.id for scenario in SCENARIOS)
    course.python("-m", "exercises", "assignment", NAME, "--scenarios", ids)
    course.nbgrader("generate_assignment", NAME)
    hand_in(course, 0, count)
    return course


def hand_in(course: Course, first: int, last: int) -> None:
    """Let learners hand in, from number `first` to before `last`."""
    for number in range(first, last):
        place = course.root / "submitted" / f"learner-{number:05}" / NAME
        shutil.copytree(course.root / "release" / NAME, place)
        write_answers(place, answers(number))


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]))
