"""The hits and near misses in the rubric's files: what the rules say, and what the grader says.

An example marked `open` is not judged right by the rules alone. It must still be wrong: whoever
mends it takes the mark off, so the list of them can only shrink.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import grader
from grader.model import Scenario
from grader.reading import read_reply
from grader.rubric import FAULTS, MOVES, load_guide
from grader.settling import level_of, standing

RUBRIC = Path(__file__).parents[2] / "grader" / "rubric"
ENOUGH = 8
RIGHT_SHARE = 0.5
QUIET_SHARE = 0.70
# The examples are what is said to an upset customer, whose words matter to some of them only.
SOMEBODY = "My order was late again on Tuesday, and nobody rang me."


@lru_cache
def criterion(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((RUBRIC / f"{name}.yml").read_text(encoding="utf-8"))
    return data


def examples() -> Iterator[Any]:
    for name in (*MOVES, *FAULTS):
        for kind in ("hits", "near_misses"):
            for index, example in enumerate(criterion(name)[kind]):
                yield pytest.param(name, example, id=f"{name}.yml-{kind}-{index}")


def by_rules(name: str, example: dict[str, Any]) -> int:
    guide = load_guide()
    scenario = Scenario(customer=example.get("customer", ""))
    hits = standing(read_reply(example["text"], scenario, guide).hits, guide)
    return level_of(hits.get(name, []))[0]


def by_the_grader(name: str, example: dict[str, Any]) -> int:
    customer = example.get("customer", SOMEBODY)
    return grader.assess(example["text"], {"customer": customer}).levels[name]


@pytest.mark.parametrize(("name", "example"), list(examples()))
def test_the_rules_judge_an_example_right_unless_it_is_open(
    name: str, example: dict[str, Any]
) -> None:
    level = by_rules(name, example)
    right = level == example.get("level", 0)
    if example.get("open"):
        assert not right, f"{example['text']!r} is judged right now: take off its `open`"
    else:
        assert right, f"{example['text']!r}: level {level}"


@pytest.mark.parametrize("name", [*MOVES, *FAULTS])
def test_a_criterion_has_enough_examples_of_both(name: str) -> None:
    data = criterion(name)
    assert len(data["hits"]) >= ENOUGH
    assert len(data["near_misses"]) >= ENOUGH


@pytest.mark.parametrize("name", [*MOVES, *FAULTS])
def test_the_grader_finds_most_hits_and_keeps_quiet_on_near_misses(name: str) -> None:
    data = criterion(name)
    hits, misses = data["hits"], data["near_misses"]
    found = sum(by_the_grader(name, example) > 0 for example in hits)
    quiet = sum(by_the_grader(name, example) == 0 for example in misses)
    assert found >= RIGHT_SHARE * len(hits)
    assert name == "positive" or quiet >= QUIET_SHARE * len(misses)
