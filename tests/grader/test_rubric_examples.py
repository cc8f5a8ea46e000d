"""Every hit and near miss in the rubric's files is judged as its author says.

An example marked `open` is not judged right yet. It must still be wrong: whoever mends it takes
the mark off, so the list of them can only shrink.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import grader
from grader.rubric import FAULTS, MOVES

RUBRIC = Path(__file__).parents[2] / "grader" / "rubric"
ENOUGH = 8
OPEN_SHARE = 0.15


@lru_cache
def criterion(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((RUBRIC / f"{name}.yml").read_text(encoding="utf-8"))
    return data


def examples() -> Iterator[Any]:
    for name in (*MOVES, *FAULTS):
        for kind in ("hits", "near_misses"):
            for index, example in enumerate(criterion(name)[kind]):
                yield pytest.param(name, example, id=f"{name}.yml-{kind}-{index}")


@pytest.mark.parametrize(("name", "example"), list(examples()))
def test_an_example_is_judged_right_unless_it_is_open(name: str, example: dict[str, Any]) -> None:
    customer = example.get("customer", "")
    result = grader.assess(example["text"], {"setting": "", "customer": customer, "agent_bad": ""})
    right = result.levels[name] == example.get("level", 0)
    if example.get("open"):
        assert not right, f"{example['text']!r} is judged right now: take off its `open`"
    else:
        assert right, f"{example['text']!r}: level {result.levels[name]}"


@pytest.mark.parametrize("name", [*MOVES, *FAULTS])
def test_a_criterion_has_enough_examples_of_both_and_few_open(name: str) -> None:
    data = criterion(name)
    assert len(data["hits"]) >= ENOUGH
    assert len(data["near_misses"]) >= ENOUGH
    both = [*data["hits"], *data["near_misses"]]
    assert sum(bool(example.get("open")) for example in both) <= OPEN_SHARE * len(both)
