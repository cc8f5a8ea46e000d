"""`python -m grader score`: rows in, rows out, exit status (contract with other tools)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader import learned
from grader.__main__ import main
from grader.rubric import FAULTS, MOVES

ROW: dict[str, Any] = {
    "id": "r1",
    "scenario": {"setting": "Café", "customer": "My soup was cold, twice!", "agent_bad": ""},
    "asks": {"apologise": 2, "solve": 1},
    "reply": "I’m so sorry we left you waiting. I'll bring you a hot soup now.",
}


def score(tmp_path: Path, lines: list[str], *options: str) -> tuple[int, list[dict[str, Any]]]:
    rows, out = tmp_path / "rows.jsonl", tmp_path / "out.jsonl"
    rows.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="surrogatepass")
    status = main(["score", str(rows), "--out", str(out), *options])
    text = out.read_text(encoding="ascii")
    return status, [json.loads(line) for line in text.splitlines()]


def row(**changes: object) -> str:
    return json.dumps({**ROW, **changes})


def test_a_result_row_has_the_agreed_shape(tmp_path: Path) -> None:
    status, [result] = score(tmp_path, [row()])
    assert status == 0
    assert list(result) == ["id", "total", "levels", "evidence", "feedback", "rejected"]
    assert result["id"] == "r1"
    assert result["rejected"] is None
    assert list(result["levels"]) == [*MOVES, *FAULTS]
    assert result["levels"]["apologise"] == 2
    assert 0 < result["total"] <= 100
    for evidence in result["evidence"]:
        assert ROW["reply"][evidence["start"] : evidence["end"]] == evidence["quote"]
    assert 1 <= len(result["feedback"]) <= 3
    assert all(set(advice) == {"criterion", "text"} for advice in result["feedback"])


@pytest.mark.parametrize("asks", [None, {}])
def test_without_asks_the_total_is_null(tmp_path: Path, asks: object) -> None:
    _, [result] = score(tmp_path, [row(asks=asks)])
    assert result["total"] is None


def test_texts_of_a_scenario_may_be_empty(tmp_path: Path) -> None:
    empty = {"setting": "", "customer": "", "agent_bad": ""}
    status, [result] = score(tmp_path, [row(scenario=empty)])
    assert status == 0
    assert result["levels"]["apologise"] == 2


@pytest.mark.parametrize(
    ("line", "row_id", "says"),
    [
        ("{not json", None, "not JSON"),
        ("[1, 2]", None, "not a JSON object"),
        ("[" * 100_000, None, "JSON"),
        (json.dumps({"id": "r1", "scenario": {"customer": "a"}}), "r1", "reply: missing"),
        (row(reply=None), "r1", "reply: must be text"),
        (json.dumps({"id": 7, "reply": "a"}), 7, "scenario: missing"),
        (row(scenario="a"), "r1", "scenario: must be an object"),
        (row(scenario={"setting": "a"}), "r1", "scenario.customer: missing"),
        (row(scenario={"customer": 3}), "r1", "scenario.customer: must be text"),
        (row(asks={"kindness": 1}), "r1", "asks.kindness"),
        (row(asks={"solve": 0}), "r1", "asks.solve"),
        (row(asks={"solve": float("nan")}), "r1", "asks.solve"),
        (row(asks=[]), "r1", "asks"),
        (row(asks="solve"), "r1", "asks"),
        (row(id=float("nan"), reply=3), None, "reply"),
    ],
)
def test_a_bad_row_is_an_error_and_the_rest_go_on(
    tmp_path: Path, line: str, row_id: object, says: str
) -> None:
    status, results = score(tmp_path, [row(), line, row(id="last")])
    assert status == 1
    assert [result["id"] for result in results] == ["r1", row_id, "last"]
    assert set(results[1]) == {"id", "error"}
    assert says in results[1]["error"]
    assert results[2]["total"] == results[0]["total"]


@pytest.mark.parametrize(
    "reply", ["so \ud800 sorry you waited", "💥" * 50 + " sorry you waited here"]
)
def test_odd_characters_keep_offsets_exact(tmp_path: Path, reply: str) -> None:
    status, [result] = score(tmp_path, [row(reply=reply)])
    assert status == 0
    assert result["evidence"]
    for evidence in result["evidence"]:
        assert reply[evidence["start"] : evidence["end"]] == evidence["quote"]


def test_bytes_that_are_no_text_are_one_bad_row(tmp_path: Path) -> None:
    rows, out = tmp_path / "rows.jsonl", tmp_path / "out.jsonl"
    rows.write_bytes(row().encode() + b"\n\xff\xfe\x00\n" + row().encode() + b"\n")
    assert main(["score", str(rows), "--out", str(out)]) == 1
    results = [json.loads(line) for line in out.read_text().splitlines()]
    assert ["error" in result for result in results] == [False, True, False]


def test_explain_says_why(tmp_path: Path) -> None:
    _, [result] = score(tmp_path, [row()], "--explain")
    why = {entry["criterion"]: entry for entry in result["explain"]}
    assert set(why) == {*MOVES, *FAULTS}
    assert why["apologise"]["rule"]
    assert 0 < why["apologise"]["confidence"] <= 1
    start, end = why["apologise"]["sentence"]
    assert ROW["reply"][start:end].startswith("I’m so sorry")
    assert why["apologise"]["weight"] == 2


def test_a_missing_file_is_said_and_no_output_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["score", str(tmp_path / "no.jsonl"), "--out", str(tmp_path / "out.jsonl")])
    assert status == 2
    assert "no.jsonl" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_weights_for_other_code_are_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (Path(learned.__file__).parent / "data" / "model.json").read_text(encoding="utf-8")
    (tmp_path / "data").mkdir()
    model = json.loads(text) | {"bias": []}
    (tmp_path / "data" / "model.json").write_text(json.dumps(model), encoding="utf-8")
    monkeypatch.setattr(learned, "files", lambda _package: tmp_path)
    learned.load_learned.cache_clear()
    try:
        assert main(["score", str(tmp_path / "rows.jsonl")]) == 2
    finally:
        learned.load_learned.cache_clear()
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(r"score: .*model\.json: bias has 0 entries .*\n", printed.err)


def test_standard_input_and_output_carry_ascii_json() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "grader", "score", "-"],
        input=(row() + "\n").encode(),
        capture_output=True,
        check=True,
    )
    assert done.stdout.isascii()
    assert json.loads(done.stdout)["id"] == "r1"
