"""An assignment as graders and exercises read it: `assignment.json` beside the notebook.

    {"version": 1, "name": "...", "feedback": "full" | "levels" | "none", "due": "...",
     "scenarios": [{"id", "points", "setting", "customer", "agent_bad",
                    "asks": {move: weight}, "facts": [...], "limits": [...]}, ...]}

It is released to learners, so it holds what they may see and no model replies. `feedback` is how
much the exercise tells them before they hand in; `due` may be missing, and is a day and time with
its zone, in ISO 8601. Marks come from the copy in `source/`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.engine import check_asks
from grader.model import Scenario

FILE = "assignment.json"
FEEDBACK = ("full", "levels", "none")
VERSION = 1
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_NAME = 64  # an id is also a notebook cell's id and a file's name


@dataclass(frozen=True, slots=True)
class Item:
    """One scenario of an assignment: what the learner answers, and the points it is worth."""

    id: str
    points: float
    scenario: Scenario
    asks: Mapping[str, float]
    facts: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """A named set of items, in order; `due` is when it has to be handed in, with its zone."""

    name: str
    feedback: str
    items: tuple[Item, ...]
    due: datetime | None = None


def is_name(text: str) -> bool:
    """Whether a text can name an assignment or a scenario: small letters, digits, hyphens."""
    return len(text) <= LONGEST_NAME and NAME.fullmatch(text) is not None


def load_assignment(path: Path) -> Assignment:
    """Read `assignment.json`.

    Raises FileNotFoundError where there is none, ValueError naming file and field where it
    cannot be used.
    """
    try:
        return parse_assignment(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def parse_assignment(text: str) -> Assignment:
    """Read the text of an `assignment.json`. Raises ValueError naming the field."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON ({error}); make the assignment again") from error
    if not isinstance(data, dict):
        raise ValueError("must be an object; make the assignment again")
    if data.get("version") != VERSION:
        raise ValueError(f"version: must be {VERSION}; make the assignment again")
    name, feedback, scenarios = data.get("name"), data.get("feedback"), data.get("scenarios")
    if not isinstance(name, str) or not is_name(name):
        raise ValueError(f"name: {name!r} must be small letters, digits and hyphens")
    if feedback not in FEEDBACK:
        raise ValueError(f"feedback: {feedback!r} must be one of {', '.join(FEEDBACK)}")
    if not isinstance(scenarios, list) or not scenarios:
        raise ValueError("scenarios: must be a list with at least one scenario")
    items = tuple(_item(entry, f"scenarios[{i}]") for i, entry in enumerate(scenarios))
    ids = [item.id for item in items]
    for scenario_id in ids:
        if ids.count(scenario_id) > 1:
            raise ValueError(f"scenarios: {scenario_id} stands there twice")
    return Assignment(name, feedback, items, _due(data.get("due")))


def _due(data: object) -> datetime | None:
    if data is None:
        return None
    try:
        moment = datetime.fromisoformat(data) if isinstance(data, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"due: {data!r} must be like 2026-12-04T17:00+01:00")
    return moment


def _item(data: object, where: str) -> Item:
    if not isinstance(data, dict):
        raise ValueError(f"{where}: must be an object")
    scenario_id, points = data.get("id"), data.get("points")
    if not isinstance(scenario_id, str) or not is_name(scenario_id):
        raise ValueError(f"{where}.id: {scenario_id!r} must be small letters, digits and hyphens")
    try:
        scenario = Scenario.of(data)
        asks = check_asks(data.get("asks"))
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error
    if not asks:
        raise ValueError(f"{where}.asks: must name at least one move")
    return Item(
        scenario_id,
        check_points(points, f"{where}.points"),
        scenario,
        asks,
        _texts(data, "facts", where),
        _texts(data, "limits", where),
    )


def check_points(points: object, where: str = "points") -> float:
    """Points as a finite number above 0, whole ones as int. Raises ValueError naming `where`."""
    if isinstance(points, bool) or not isinstance(points, int | float):
        raise ValueError(f"{where}: {points!r} must be a number above 0")
    if not math.isfinite(points) or points <= 0:
        raise ValueError(f"{where}: {points!r} must be a number above 0")
    return int(points) if points == int(points) else points


def _texts(data: Mapping[str, Any], field: str, where: str) -> tuple[str, ...]:
    texts = data.get(field, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"{where}.{field}: must be a list of texts")
    return tuple(texts)


def dump_assignment(assignment: Assignment) -> str:
    """The text of `assignment.json`; the same assignment always gives the same text."""
    data = {
        "version": VERSION,
        "name": assignment.name,
        "feedback": assignment.feedback,
        **({"due": assignment.due.isoformat(timespec="minutes")} if assignment.due else {}),
        "scenarios": [
            {
                "id": item.id,
                "points": item.points,
                "setting": item.scenario.setting,
                "customer": item.scenario.customer,
                "agent_bad": item.scenario.agent_bad,
                "asks": dict(item.asks),
                "facts": list(item.facts),
                "limits": list(item.limits),
            }
            for item in assignment.items
        ],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
