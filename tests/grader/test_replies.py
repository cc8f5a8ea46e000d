"""A team's real replies: scored as a table that keeps what it had, and drawn as a report."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.__main__ import main
from grader.replies import read_replies, read_table, reply_rows
from grader.rubric import FAULTS, MOVES
from tests.grader.classroom import BAD, FAIR, GOOD

HEADER = ["id", "Agent", "Customer", "reply", "refund", "note"]
ROWS = [
    ["t1", "mo", "Where is it?", GOOD, "-12.50", '=HYPERLINK("http://x.example")'],
    ["", "pat", "My bill is wrong, again!", BAD, "", "two\nlines; and “more”"],
    ["t3", "mo", "Where is it?", "", "0", ""],
    ["t1", "mo", "Hello?", f"{FAIR} And it stays so.", "0", ""],
]


def write(path: Path, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([HEADER, *ROWS])
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_tables_are_read_as_spreadsheets_write_them(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    table = read_table(write(tmp_path / "t.csv", delimiter, encoding))
    assert [list(row) for row in table.rows] == ROWS
    rows = list(reply_rows(table, {"solve": 1}))
    assert [row["id"] for row in rows] == ["t1", "2", "t3", "t1"]
    assert rows[0]["scenario"] == {"setting": "", "customer": "Where is it?", "agent_bad": ""}
    assert rows[0]["reply"] == GOOD


def test_scored_table_keeps_its_columns_and_adds_the_graders(tmp_path: Path) -> None:
    path, out = write(tmp_path / "t.csv"), tmp_path / "scored.csv"
    assert main(["score", str(path), "--out", str(out), "--asks", "apologise=2,solve"]) == 0
    rows = read(out)
    assert list(rows[0])[: len(HEADER)] == HEADER
    assert list(rows[0])[len(HEADER) :] == [
        *("grader_total", "grader_rejected", "grader_error"),
        *(f"level_{id}" for id in (*MOVES, *FAULTS)),
        *("grader_evidence", "grader_advice"),
    ]
    assert [row["reply"] for row in rows] == [row[3] for row in ROWS]
    assert rows[0]["refund"] == "-12.50"
    assert rows[0]["note"].startswith("'=")
    assert (rows[0]["level_apologise"], rows[0]["grader_rejected"]) == ("2", "")
    assert "Apologise" in rows[0]["grader_evidence"]
    assert rows[1]["level_blame"] == "1"
    assert rows[1]["grader_advice"]
    assert (rows[2]["grader_rejected"], float(rows[2]["grader_total"])) == ("empty", 0)


def test_table_agrees_with_the_rows_of_the_same_replies(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv")
    lines, out = tmp_path / "scored.jsonl", tmp_path / "scored.csv"
    assert main(["score", str(path), "--out", str(lines)]) == 0
    assert main(["score", str(path), "--out", str(out)]) == 0
    found = [json.loads(line) for line in lines.read_text(encoding="ascii").splitlines()]
    for row, cells in zip(found, read(out), strict=True):
        assert [int(cells[f"level_{id}"]) for id in row["levels"]] == list(row["levels"].values())
        assert cells["grader_total"] == ("" if row["total"] is None else str(row["total"]))
        assert cells["grader_rejected"] == (row["rejected"] or "")


def test_scoring_twice_adds_the_columns_once(tmp_path: Path) -> None:
    once, twice = tmp_path / "a.csv", tmp_path / "b.csv"
    main(["score", str(write(tmp_path / "t.csv")), "--out", str(once), "--excel"])
    assert once.read_bytes().startswith(b"\xef\xbb\xbf")
    assert main(["score", str(once), "--out", str(twice)]) == 0
    assert list(read(twice)[0]) == list(read(once)[0])


def test_table_goes_to_standard_output(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "grader", "score", write(tmp_path / "t.csv")],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        check=True,
    )
    header, *rows = csv.reader(run.stdout.decode("utf-8").splitlines(keepends=True))
    assert header[: len(HEADER)] == HEADER
    assert len(rows) == len(ROWS)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"id,customer\n1,hello\n", "has no column reply; it has 'id', 'customer'"),
        (b"a;b\n1;2\n", "has no column customer and no reply"),
        (b"customer,reply\nhello,\xff\n", "is not UTF-8"),
        (b"customer,reply\nhello,so, sorry\n", "row 2 has 3 cells for 2 columns"),
        (b'customer,reply\n"hello,' + b"x" * 1_000_001, "cannot be read as CSV"),
    ],
)
@pytest.mark.parametrize("command", ["score", "report"])
def test_what_is_no_such_table_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, content: bytes, says: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert main([command, str(path), "--out", str(tmp_path / "out.csv")]) == 2
    told = capsys.readouterr().err
    assert says in told
    assert told.count("\n") == 1
    assert not (tmp_path / "out.csv").exists()


def test_unknown_moves_and_columns_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = str(write(tmp_path / "t.csv")), str(tmp_path / "out.html")
    assert main(["score", path, "--asks", "kindness"]) == 2
    assert "kindness" in capsys.readouterr().err
    assert main(["score", path, "--asks", "solve=much"]) == 2
    assert "solve=much" in capsys.readouterr().err
    assert main(["report", path, "--by", "team", "--out", out]) == 2
    assert "--by team: " in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["score", "rows.jsonl", "--asks", "solve"])
    with pytest.raises(SystemExit):
        main(["report", "an-assignment", "--by", "agent"])


def test_report_on_a_table_groups_by_a_column(tmp_path: Path) -> None:
    path, out = write(tmp_path / "calls.csv"), tmp_path / "out.html"
    arguments = ["--by", "agent", "--asks", "apologise,solve"]
    assert main(["report", str(path), "--out", str(out), *arguments]) == 0
    html = out.read_text(encoding="utf-8")
    assert "Group by group" in html
    assert '<th scope="row">mo</th><td>3</td>' in html
    assert "1 reply was left empty" in html
    assert "Learner by learner" not in html
    assert "Cronbach" not in html
    results = read_replies(path, by="Agent")
    assert [(task.id) for task in results.tasks] == ["mo", "pat"]
    assert [reply.learner for reply in results.replies] == ["t1", "2", "t3", "t1 (2)"]


def test_report_on_scored_rows_is_that_on_the_table(tmp_path: Path) -> None:
    path, lines = write(tmp_path / "calls.csv"), tmp_path / "calls.jsonl"
    main(["score", str(path), "--out", str(lines), "--asks", "apologise,solve"])
    from_table = read_replies(path, asks={"apologise": 1, "solve": 1})
    from_lines = read_replies(lines)
    assert [r.levels for r in from_lines.replies] == [r.levels for r in from_table.replies]
    assert [from_lines.percent(r) for r in from_lines.replies] == [
        from_table.percent(r) for r in from_table.replies
    ]
    out = tmp_path / "out.html"
    assert main(["report", str(lines), "--out", str(out), "--anonymous"]) == 0
    assert "Blames the customer" in out.read_text(encoding="utf-8")


def test_rows_that_are_not_scored_yet_are_scored(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [
        {"id": 1, "scenario": {"customer": "Where?"}, "asks": {"apologise": 1}, "reply": GOOD},
        {"id": 2, "reply": 7, "team": "<b>"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    results = read_replies(path, by="team")
    first, second = results.replies
    assert first.levels["apologise"] == 2
    assert results.percent(first) == 100
    assert second.row is None
    assert {task.id for task in results.tasks} == {"–", "<b>"}


@pytest.mark.parametrize(
    "line",
    [
        "[1]",
        "{",
        '{"id": 1, "levels": {"apologise": 2}}',
        json.dumps({"id": 1, "levels": dict.fromkeys((*MOVES, *FAULTS), 3)}),
        json.dumps({"levels": dict.fromkeys((*MOVES, *FAULTS), 1), "total": "9"}),
        json.dumps({"levels": dict.fromkeys((*MOVES, *FAULTS), 1), "evidence": [{}]}),
        json.dumps({"levels": dict.fromkeys((*MOVES, *FAULTS), 1), "rejected": "<b>"}),
    ],
)
def test_line_that_is_no_result_row_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    assert main(["report", str(path), "--out", str(tmp_path / "out.html")]) == 2
    assert "line 2" in capsys.readouterr().err
