"""`assignment.json`: what is written is what is read, and what cannot be used is named."""

import json
from pathlib import Path
from typing import Any

import pytest

from grader import Scenario
from grader.assignment import (
    Assignment,
    Item,
    dump_assignment,
    load_assignment,
    parse_assignment,
)

ITEM = Item(
    id="late-sofa",
    points=10,
    scenario=Scenario("Furniture shop, chat", "Where is my sofa? £900!", "Wait."),
    asks={"acknowledge": 2, "solve": 1},
    facts=("The van broke down.",),
    limits=("No van before Friday.",),
)
ASSIGNMENT = Assignment("week-1", "levels", (ITEM,))


def data(**changes: object) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(dump_assignment(ASSIGNMENT))
    return whole | changes


def entry(**changes: object) -> dict[str, Any]:
    scenarios: list[dict[str, Any]] = data()["scenarios"]
    return scenarios[0] | changes


def test_assignment_survives_writing_and_reading(tmp_path: Path) -> None:
    path = tmp_path / "assignment.json"
    path.write_text(dump_assignment(ASSIGNMENT), encoding="utf-8")
    assert load_assignment(path) == ASSIGNMENT
    assert dump_assignment(load_assignment(path)) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (data(version=2), "version"),
        (data(name="Week 1"), "name"),
        (data(name="../up"), "name"),
        (data(feedback="some"), "feedback"),
        (data(scenarios=[]), "scenarios"),
        (data(scenarios=[entry(), entry()]), "twice"),
        (data(scenarios=["late-sofa"]), r"scenarios\[0\]"),
        (data(scenarios=[entry(id="../../secret")]), r"scenarios\[0\].id"),
        (data(scenarios=[entry(points=0)]), r"scenarios\[0\].points"),
        (data(scenarios=[entry(points=True)]), r"scenarios\[0\].points"),
        (data(scenarios=[entry(points="10")]), r"scenarios\[0\].points"),
        (data(scenarios=[entry(customer=None)]), r"scenarios\[0\]: scenario.customer"),
        (data(scenarios=[entry(asks={})]), r"scenarios\[0\].asks"),
        (data(scenarios=[entry(asks={"charm": 1})]), r"scenarios\[0\]: asks.charm"),
        (data(scenarios=[entry(facts="one")]), r"scenarios\[0\].facts"),
        (data(due="Friday"), "due"),
        (data(due="2026-12-04T17:00"), "due"),
        (data(due=7), "due"),
        ([], "must be an object"),
    ],
)
def test_bad_field_is_named(bad: object, field: str) -> None:
    with pytest.raises(ValueError, match=field):
        parse_assignment(json.dumps(bad))


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"points": Infinity'])
def test_text_that_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not JSON"):
        parse_assignment(text)


def test_file_is_named_in_the_error(tmp_path: Path) -> None:
    path = tmp_path / "assignment.json"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match=r"assignment\.json"):
        load_assignment(path)
