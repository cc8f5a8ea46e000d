"""The corpus keeps its promises: shape, labels that quote the reply, many trades, no templates."""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from grader.corpus import train
from grader.rubric import FAULTS, MOVES

CORPUS = Path(__file__).parents[2] / "grader" / "corpus"
BANK = CORPUS / "bank-evidence.jsonl"  # words only: the replies stand in the bank
FILES = sorted(set(CORPUS.glob("*.jsonl")) - {BANK})
RUN = 12  # words in a row that no two replies share


@lru_cache
def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def every_row() -> list[dict[str, Any]]:
    return [row for path in FILES for row in rows(path)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_rows_have_their_shape_and_quotes_are_the_replys_own(path: Path) -> None:
    for row in rows(path):
        assert {"setting", "customer", "agent_bad"} == set(row["scenario"]), row["id"]
        assert 0 <= row["mark"] <= 10, row["id"]
        for name, level in row["labels"].items():
            assert level in ((1, 2) if name in MOVES else (1,)), (row["id"], name)
            assert name in (*MOVES, *FAULTS), (row["id"], name)
        for criterion, quote in row.get("evidence", ()):
            assert criterion in row["labels"], (row["id"], criterion)
            assert quote in row["reply"], (row["id"], quote)


def test_words_given_for_the_bank_are_its_replies_own() -> None:
    found = train.load_bank()
    assert len({row["id"] for row in found}) == len(found) > 600
    for row in found:
        for criterion, quote in row["evidence"]:
            assert row["labels"].get(criterion), (row["id"], criterion)
            assert quote in row["reply"], (row["id"], quote)


def test_ids_are_unique_and_no_scenario_stands_in_two_files() -> None:
    ids = Counter(row["id"] for row in every_row())
    assert [row_id for row_id, count in ids.items() if count > 1] == []
    homes: dict[str, set[str]] = {}
    for path in FILES:
        for row in rows(path):
            if row["scenario"]["customer"]:
                homes.setdefault(row["scenario"]["customer"], set()).add(path.name)
    assert [home for home in homes.values() if len(home) > 1] == []


def test_trades_are_many_and_every_criterion_has_cases() -> None:
    assert len({row["trade"].lower() for row in every_row()}) >= 60
    found = Counter(name for row in every_row() for name in row["labels"])
    assert {name: found[name] for name in (*MOVES, *FAULTS) if found[name] < 50} == {}


def test_no_two_replies_share_a_run_of_words() -> None:
    seen: dict[tuple[str, ...], str] = {}
    shared = []
    for row in every_row():
        words = row["reply"].lower().split()
        for start in range(len(words) - RUN + 1):
            run = tuple(words[start : start + RUN])
            if seen.setdefault(run, row["id"]) != row["id"]:
                shared.append((seen[run], row["id"]))
    assert shared == []
