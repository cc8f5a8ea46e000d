"""Grades replies to upset customers against the rubric: pure Python, no files, no network."""

from grader.engine import assess
from grader.model import (
    Advice,
    Assessment,
    Criterion,
    Evidence,
    Judgement,
    Level,
    Rubric,
    Scenario,
)
from grader.rubric import load_rubric

__all__ = [
    "Advice",
    "Assessment",
    "Criterion",
    "Evidence",
    "Judgement",
    "Level",
    "Rubric",
    "Scenario",
    "assess",
    "load_rubric",
]
