"""The record of attempts: append-only, whole lines, tolerant reading (line format: version 1)."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exercises.record import Entry, Record


def entry(text: str, exercise: str = "late") -> Entry:
    return Entry(exercise, "rewrite", text, {"reflect": 2, "blame": 0}, 87.5)


def test_line_has_the_format_that_others_read(tmp_path: Path) -> None:
    Record(tmp_path / "home").append(entry("Two\nlines, £5, \ud83d"))
    (line,) = (tmp_path / "home" / "attempts.jsonl").read_bytes().splitlines(keepends=True)
    assert line.isascii()
    assert line.endswith(b"}\n")
    data = json.loads(line)
    assert list(data) == ["v", "time", "exercise", "kind", "text", "levels", "total"]
    moment = datetime.fromisoformat(data.pop("time"))
    assert moment.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)
    assert data == {
        "v": 1,
        "exercise": "late",
        "kind": "rewrite",
        "text": "Two\nlines, £5, \ud83d",
        "levels": {"reflect": 2, "blame": 0},
        "total": 87.5,
    }


def test_attempts_come_back_in_order_for_one_exercise_or_all(tmp_path: Path) -> None:
    record = Record(tmp_path)
    assert list(record.read()) == []
    for text, exercise in (("a", "late"), ("b", "cold"), ("c", "late")):
        record.append(entry(text, exercise))
    assert [e.text for e in record.read("late")] == ["a", "c"]
    assert [e.text for e in record.read()] == ["a", "b", "c"]
    assert next(record.read("late")).levels == {"reflect": 2, "blame": 0}


ATTEMPT = {
    "v": 1,
    "time": "2026-01-31T12:00:00.000+00:00",
    "exercise": "late",
    "kind": "rewrite",
    "text": "A reply.",
    "levels": {"reflect": 1},
    "total": None,
}


@pytest.mark.parametrize("change", [{}, {"total": 50}, {"more": "than this version knows"}])
def test_reading_takes_every_attempt_of_this_version(
    tmp_path: Path, change: dict[str, object]
) -> None:
    (tmp_path / "attempts.jsonl").write_text(json.dumps(ATTEMPT | change) + "\n")
    assert [e.text for e in Record(tmp_path).read()] == ["A reply."]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[]",
        b"[" * 100_000,
        json.dumps(ATTEMPT | {"v": 2}).encode(),
        json.dumps(ATTEMPT | {"text": 5}).encode(),
        json.dumps(ATTEMPT | {"levels": {"reflect": "1"}}).encode(),
        json.dumps(ATTEMPT | {"total": "50"}).encode(),
    ],
    ids=range(9),
)
def test_reading_skips_what_is_no_attempt(tmp_path: Path, line: bytes) -> None:
    record = Record(tmp_path)
    record.append(entry("before"))
    with record.path.open("ab") as file:
        file.write(line + b"\n")
    record.append(entry("after"))
    assert [e.text for e in record.read()] == ["before", "after"]


def test_attempt_after_a_torn_line_stands_on_a_line_of_its_own(tmp_path: Path) -> None:
    record = Record(tmp_path)
    record.append(entry("before"))
    with record.path.open("ab") as file:
        file.write(b'{"v": 1, "time": "2026')
    record.append(entry("after"))
    assert [e.text for e in record.read()] == ["before", "after"]


def test_several_processes_at_once_write_whole_lines_only(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from exercises.record import Entry, Record
for i in range(50):
    Record(Path(sys.argv[1])).append(Entry("late", "rewrite", sys.argv[2] * 5000, {}, None))
"""
    root = Path(__file__).parents[2]
    writers = [
        subprocess.Popen([sys.executable, "-c", program, tmp_path, letter], cwd=root)
        for letter in "abcd"
    ]
    record = Record(tmp_path)
    while not any(e.text[0] == "a" for e in record.read()):
        time.sleep(0.01)
    writers[0].kill()  # in the middle of its work
    assert [writer.wait() for writer in writers][1:] == [0, 0, 0]
    texts = [e.text for e in record.read()]
    assert all(text == text[0] * 5000 for text in texts)
    assert {letter: [t[0] for t in texts].count(letter) for letter in "bcd"} == dict.fromkeys(
        "bcd", 50
    )
