"""Real replies from a file: a CSV table with the columns customer and reply, or JSON Lines.

A table may have any other columns; they are kept. `id` names the row (else its number does),
`setting` and `agent_bad` are read where they are there.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from grader.commands import CommandError
from grader.engine import check_asks
from grader.results import Learner, Reply, Results, Task
from grader.rows import dumps, score_line
from grader.rubric import load_guide, load_rubric

NEEDED = ("customer", "reply")
SCENARIO = ("setting", "customer", "agent_bad")
RESULTS = ("grader_total", "grader_rejected", "grader_error", "grader_evidence", "grader_advice")
_DELIMITERS = ",;\t"
_LARGEST_CELL = 1_000_000
ALL = "all"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was read: every row has as many cells as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> int | None:
        """The place of a column, its letters' case aside; None where there is none."""
        names = [header.strip().casefold() for header in self.header]
        return names.index(name.casefold()) if name.casefold() in names else None


def is_table(name: str) -> bool:
    """Whether a file's name says that it is CSV."""
    return name.casefold().endswith(".csv")


def read_table(path: Path) -> Table:
    """Read a CSV file in UTF-8, its cells parted by comma, semicolon or tab.

    Raises CommandError, naming row and remedy, where it is no such table; OSError.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "is not UTF-8; in Excel save it as “CSV UTF-8”"
        raise CommandError(f"{path}: {message}") from None
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    before = csv.field_size_limit(_LARGEST_CELL)
    try:
        rows = [row for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error as error:
        raise CommandError(f"{path}: cannot be read as CSV: {error}") from None
    finally:
        csv.field_size_limit(before)
    if not rows:
        raise CommandError(f"{path}: is empty; the first row names the columns")
    header = tuple(rows[0])
    for number, row in enumerate(rows[1:], start=2):
        if len(row) > len(header):
            cells = f"{len(row)} cells for {len(header)} columns"
            hint = "put text with commas or line ends in quotation marks"
            raise CommandError(f"{path}: row {number} has {cells}; {hint}")
    table = Table(header, tuple(tuple(row + [""] * (len(header) - len(row))) for row in rows[1:]))
    missing = [name for name in NEEDED if table.column(name) is None]
    if missing:
        has = ", ".join(repr(name) for name in header)
        raise CommandError(f"{path}: has no column {' and no '.join(missing)}; it has {has}")
    return table


def reply_rows(table: Table, asks: Mapping[str, float]) -> Iterator[dict[str, Any]]:
    """The reply rows of a table, in order."""
    places = {name: table.column(name) for name in ("id", "reply", *SCENARIO)}

    def cell(row: Sequence[str], name: str) -> str:
        place = places[name]
        return row[place] if place is not None else ""

    for number, row in enumerate(table.rows, start=1):
        yield {
            "id": cell(row, "id").strip() or str(number),
            "scenario": {name: cell(row, name) for name in SCENARIO},
            "asks": dict(asks),
            "reply": cell(row, "reply"),
        }


def scored_table(table: Table, asks: Mapping[str, float]) -> Iterator[list[object]]:
    """The table with what the grader says in columns of its own: the header, then each row.

    Columns of these names from an earlier time are replaced.
    """
    criteria = load_rubric().criteria
    added = [*RESULTS[:3], *(f"level_{id}" for id in criteria), *RESULTS[3:]]
    kept = [place for place, name in enumerate(table.header) if name not in added]
    yield [*(table.header[place] for place in kept), *added]
    for row, reply in zip(table.rows, reply_rows(table, asks), strict=True):
        result = score_line(dumps(reply))
        yield [*(row[place] for place in kept), *_cells(result)]


def _cells(result: Mapping[str, Any]) -> list[object]:
    criteria = load_rubric().criteria
    if "error" in result:
        return [None, None, result["error"], *(None for _ in criteria), None, None]
    quotes = [
        f"{criteria[e['criterion']].name}: “{' '.join(e['quote'].split())}”"
        for e in result["evidence"]
    ]
    return [
        *(result["total"], result["rejected"], None),
        *(result["levels"][id] for id in criteria),
        *("; ".join(quotes), " ".join(advice["text"] for advice in result["feedback"])),
    ]


def parse_asks(text: str) -> Mapping[str, float]:
    """What is asked of every reply, from "apologise=2,solve". Raises CommandError."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    try:
        asks = {name.strip(): float(weight) if weight else 1 for name, _, weight in pairs}
        return check_asks(asks)
    except ValueError as error:
        raise CommandError(f"--asks {text}: {error}") from None


def read_replies(path: Path, *, by: str = "", asks: Mapping[str, float] | None = None) -> Results:
    """The results of a file of replies: CSV, reply rows, or result rows as `score` prints them.

    `by` names a column to group the replies by. Raises CommandError, OSError.
    """
    asks = asks or {}
    found: list[tuple[Mapping[str, Any], Mapping[str, Any], str]]
    if is_table(path.name):
        table = read_table(path)
        place = table.column(by) if by else None
        if by and place is None:
            names = ", ".join(table.header)
            raise CommandError(f"--by {by}: {path} has no such column; it has {names}")
        found = [
            (reply, score_line(dumps(reply)), row[place].strip() if place is not None else ALL)
            for row, reply in zip(table.rows, reply_rows(table, asks), strict=True)
        ]
    else:
        found = list(_lines(path, by, asks))
        if by and not any(by in row for row, _, _ in found):
            raise CommandError(f"--by {by}: no row of {path} has it")
    if not found:
        raise CommandError(f"{path}: has no replies")
    return _results(path.stem, found, asks)


def _lines(
    path: Path, by: str, asks: Mapping[str, float]
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], str]]:
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        text = line.decode("utf-8-sig", "replace")
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise CommandError(f"{path}: line {number} is no JSON object")
        group = str(row.get(by, "")) if by else ALL
        if "levels" in row and "reply" not in row:
            yield row, _checked(row, f"{path}: line {number}"), group
        elif "error" in row and "reply" not in row:
            yield row, row, group
        else:
            yield row, score_line(dumps({**row, "asks": row.get("asks") or dict(asks)})), group


def _checked(row: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    """A result row that can be relied on. Raises CommandError naming the line."""
    names = load_rubric().criteria
    levels, evidence = row["levels"], row.get("evidence", [])
    total, rejected = row.get("total"), row.get("rejected")
    good = (
        isinstance(levels, dict)
        and levels.keys() == names.keys()
        and all(type(levels[id]) is int and 0 <= levels[id] <= names[id].top for id in names)
        and isinstance(evidence, list)
        and all(
            isinstance(e, dict) and e.get("criterion") in names and isinstance(e.get("quote"), str)
            for e in evidence
        )
        and (total is None or (type(total) in (int, float) and 0 <= total <= 100))
        and (rejected is None or rejected in load_guide().rubric.rejections)
    )
    if not good:
        raise CommandError(f"{where} is no result row; make it with `python -m grader score`")
    return {**row, "evidence": evidence, "total": total, "rejected": rejected}


def _results(
    name: str,
    found: Sequence[tuple[Mapping[str, Any], Mapping[str, Any], str]],
    asks: Mapping[str, float],
) -> Results:
    """Each reply is a learner's only one here, so that ids may stand there twice."""
    groups = dict.fromkeys(group or "–" for _, _, group in found)
    learners, replies = [], []
    seen: dict[str, int] = {}
    for row, result, group in found:
        id = str(row.get("id"))
        seen[id] = seen.get(id, 0) + 1
        unique = id if seen[id] == 1 else f"{id} ({seen[id]})"
        learners.append(Learner(unique))
        text = str(row.get("reply", ""))
        replies.append(Reply(unique, group or "–", None if "error" in result else result, text))
    tasks = tuple(Task(group, asks=asks) for group in sorted(groups))
    return Results(name, tasks, tuple(learners), tuple(replies))
