"""Makes assignments for nbgrader: an instructor notebook and the data it is graded by.

`python -m exercises assignment NAME --scenarios a,b,c` (or `--pool`, `--criteria`, `--sample`)
writes both to `notebooks/assignments/source/NAME/`; `python -m exercises.build` does so for the
assignments that come with the course (`exercises/assignments.yml`).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from exercises.bank import BankScenario, scenarios
from exercises.files import write_atomic
from exercises.hand_in import due_words
from exercises.schema import BadDataError, bank_scenarios, load
from exercises.selection import POOLS, select
from exercises.texts import texts
from exercises.unknown import UnknownExerciseError
from grader.assignment import (
    FEEDBACK,
    FILE,
    Assignment,
    Item,
    check_points,
    dump_assignment,
    is_name,
)

TEXTS = "exercises/texts/assignment.yml"
SOURCE = Path("notebooks", "assignments", "source")
DEFAULT_POINTS = 10
# What JupyterLab writes into a new notebook.
_KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_LOCKED = {"deletable": False, "editable": False}


def make_assignment(
    name: str,
    ids: Sequence[str],
    bank: Mapping[str, BankScenario],
    *,
    points: float = DEFAULT_POINTS,
    feedback: str = "full",
    due: datetime | None = None,
) -> Assignment:
    """An assignment of scenarios from a bank, each worth `points`; `due` has its zone.

    Raises ValueError naming what cannot be used and what can.
    """
    if not is_name(name):
        raise ValueError(f"NAME: {name!r}; allowed: words in small letters joined by -, at most 64")
    if feedback not in FEEDBACK:
        raise ValueError(f"feedback: {feedback!r}; allowed: {', '.join(FEEDBACK)}")
    points = check_points(points)
    if not ids:
        raise ValueError("scenarios: none given; name at least one")
    for scenario_id in ids:
        if ids.count(scenario_id) > 1:
            raise ValueError(f"scenarios: {scenario_id} is given twice; name each once")
        if scenario_id not in bank:
            raise ValueError(f"scenarios: {UnknownExerciseError(scenario_id, bank, 'scenario')}")
        if not is_name(scenario_id):
            raise ValueError(f"scenarios: {scenario_id} is too long to name a cell; at most 64")
    items = (_item(bank[scenario_id], points) for scenario_id in ids)
    return Assignment(name, feedback, tuple(items), due)


def _item(found: BankScenario, points: float) -> Item:
    """What a learner may see of a scenario: no model replies."""
    return Item(found.id, points, found.scenario, dict(found.asks), found.facts, found.limits)


def notebook(assignment: Assignment, intro: str, due: str = "") -> str:
    """The text of the instructor notebook: `intro` as Markdown, then a graded cell a scenario.

    A cell is one that nbgrader knows as "manually graded": only such a cell has a comment, and
    if ever it is graded without this course's settings it waits for a human instead of giving
    full points. `{name}` and `{points}` in `intro` are filled in, and so is `{due}` in `due`, which
    follows it where there is a deadline.
    """
    title = assignment.name.replace("-", " ").capitalize()
    whole = sum(item.points for item in assignment.items)
    for key, value in (("name", title), ("points", f"{whole:g}")):
        intro = intro.replace(f"{{{key}}}", value)
    if assignment.due:
        intro = f"{intro.strip()}\n\n{due.replace('{due}', due_words(assignment.due))}"
    cells = [{"cell_type": "markdown", "id": "intro", "metadata": _LOCKED, "source": _lines(intro)}]
    cells += [_graded_cell(item) for item in assignment.items]
    cells.append(_code_cell("hand-in", "from exercises import hand_in\n\nhand_in()"))
    made = {
        "cells": cells,
        "metadata": {"kernelspec": _KERNELSPEC},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _lines(text: str) -> list[str]:
    return text.strip().splitlines(keepends=True)


def _graded_cell(item: Item) -> dict[str, Any]:
    source = f'from exercises import practice\n\npractice("{item.id}", assignment="{FILE}")'
    graded = {
        "grade": True,
        "grade_id": item.id,
        "locked": False,
        "points": item.points,
        "schema_version": 3,
        "solution": True,
        "task": False,
    }
    cell = _code_cell(item.id, source)
    cell["metadata"]["nbgrader"] = graded
    return cell


def _code_cell(id: str, source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": id,
        "metadata": {**_LOCKED, "jupyter": {"source_hidden": True}},
        "outputs": [],
        "source": _lines(source),
    }


def assignment_files(assignment: Assignment, words: Mapping[str, str]) -> dict[str, str]:
    """The files of an assignment: path below the course's root -> text.

    `words` are the texts of the course.
    """
    made = notebook(assignment, words["assignment_intro"], words["assignment_due"])
    folder = SOURCE / assignment.name
    return {
        (folder / FILE).as_posix(): dump_assignment(assignment),
        (folder / f"{assignment.name}.ipynb").as_posix(): made,
    }


def derive(root: Path) -> dict[str, str]:
    """The files of every assignment that comes with the course: path below `root` -> text.

    Read from the YAML that authors write. Raises BadDataError with every problem found.
    """
    name = "exercises/assignments.yml"
    listed = load(root / name, "assignments", name=name)
    words = load(root / TEXTS, "texts", name=TEXTS)
    derived: dict[str, str] = {}
    found = []
    for assignment, data in listed.items():
        ids = data["scenarios"]
        try:
            made = make_assignment(
                assignment,
                ids,
                _authored(root / "exercises" / "bank", ids),
                points=data.get("points", DEFAULT_POINTS),
                feedback=data.get("feedback", "full"),
            )
        except ValueError as error:
            found.append(f"{name}: {assignment}: {error}")
        else:
            derived |= assignment_files(made, words)
    if found:
        raise BadDataError(found)
    return derived


def _authored(folder: Path, ids: Sequence[str]) -> dict[str, BankScenario]:
    """Scenarios of a bank folder by id, those of `ids` that it has."""
    known = {path.stem: path for path in folder.glob("*.yml")}
    return {
        id: BankScenario.of(id, load(known[id], "scenario", name=f"{folder.name}/{id}.yml"))
        for id in sorted(known)
        if id in ids
    }


def write_assignment(options: argparse.Namespace) -> list[Path]:
    """Write the assignment below the current folder; returns the files.

    Raises ValueError for options that cannot be used and OSError where files cannot be written.
    """
    if options.bank is None:
        bank = {scenario.id: scenario for scenario in scenarios()}
    elif options.bank.is_dir():
        bank = bank_scenarios(options.bank)
    else:
        raise ValueError(f"--bank: {options.bank} is no folder; give one with <scenario-id>.yml")
    made = make_assignment(
        options.name,
        _chosen(options, bank),
        bank,
        points=options.points,
        feedback=options.feedback,
        due=_moment(options.due) if options.due else None,
    )
    written = []
    for name, content in assignment_files(made, texts()).items():
        write_atomic(Path(name), content)
        written.append(Path(name))
    return written


def _chosen(options: argparse.Namespace, bank: Mapping[str, BankScenario]) -> list[str]:
    """The ids that the options name, or those that they describe. Raises ValueError."""
    described = (options.pool, options.criteria, options.sample, options.seed)
    if options.scenarios is not None:
        if any(option is not None for option in described):
            raise ValueError(
                "--scenarios names them; leave out --pool, --criteria, --sample, --seed"
            )
        return _listed(options.scenarios)
    if all(option is None for option in described):
        raise ValueError("give --scenarios, or choose by --pool, --criteria, --sample")
    if options.seed is not None and options.sample is None:
        raise ValueError("--seed: is for --sample; give the number with it")
    return select(
        bank,
        pool=options.pool,
        criteria=_listed(options.criteria or ""),
        number=options.sample,
        seed=options.name if options.seed is None else options.seed,
    )


def _moment(text: str) -> datetime:
    """A day and time, by this machine's clock where no zone is given. Raises ValueError."""
    try:
        moment = datetime.fromisoformat(text)
        aware = moment if moment.tzinfo else moment.astimezone()
    except (ValueError, OverflowError, OSError):
        aware = None
    if aware is None or ":" not in text:
        raise ValueError(f'--due: {text!r} is no day with a time; write it like "2026-12-04 17:00"')
    # By its distance to UTC, which every machine knows, and not by the name of a zone.
    return aware.replace(tzinfo=timezone(aware.utcoffset() or timedelta()))


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def main(argv: Sequence[str]) -> int:
    """Make an assignment; 1 and a plain sentence where that cannot be done."""
    parser = argparse.ArgumentParser(
        prog="python -m exercises assignment", description="Make an assignment for nbgrader."
    )
    parser.add_argument("name", metavar="NAME", help="the assignment's name, as in week-1")
    parser.add_argument(
        "--scenarios", metavar="A,B,C", help="ids from the bank, in order; or choose by the next"
    )
    parser.add_argument("--pool", choices=POOLS, help="all scenarios of this pool")
    parser.add_argument(
        "--criteria", metavar="A,B", help="all scenarios that ask for every one of these moves"
    )
    parser.add_argument(
        "--sample",
        type=int,
        metavar="N",
        help="of those that fit only so many, spread over trades, difficulties and channels",
    )
    parser.add_argument(
        "--seed",
        metavar="TEXT",
        help="another text, another sample; the same text, the same sample (default NAME)",
    )
    parser.add_argument(
        "--points", type=float, default=DEFAULT_POINTS, help="for each scenario (default 10)"
    )
    parser.add_argument(
        "--feedback",
        choices=FEEDBACK,
        default="full",
        help="how much the exercise tells before handing in (default full)",
    )
    parser.add_argument(
        "--due",
        metavar="TIME",
        help='the deadline, as in "2026-12-04 17:00"; `nbgrader generate_assignment` books it',
    )
    parser.add_argument(
        "--bank",
        type=Path,
        metavar="FOLDER",
        help="a folder of scenario files of your own, instead of the course's bank",
    )
    options = parser.parse_args(argv)
    try:
        written = write_assignment(options)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"assignment: {error}\n")
        return 1
    sys.stdout.writelines(f"wrote {path.as_posix()}\n" for path in written)
    return 0
