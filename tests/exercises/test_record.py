"""The record of attempts: append-only, whole lines, tolerant reading (line format: version 1)."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exercises.record import Entry, Merged, Record


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


WRITER = """
import sys
from pathlib import Path
from exercises.record import Entry, Record
home, name = sys.argv[1:]
for i in range(1000):
    Record(Path(home)).append(Entry(name, "rewrite", f"{i} " + name * 20_000, {}, None))
    print(i, flush=True)  # from here on it counts
"""


def test_twenty_writers_killed_at_any_moment_leave_whole_lines_only(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    home = tmp_path / "learner"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, home, f"w{i}-"],
            cwd=root,
            stdout=subprocess.PIPE,
            text=True,
        )
        for i in range(20)
    ]
    path = home / "attempts.jsonl"
    for writer in writers:  # one after the other, while the rest go on writing
        size = path.stat().st_size if path.exists() else 0
        while not path.exists() or path.stat().st_size < size + 50_000:
            assert writer.poll() is None
            time.sleep(0.002)
        writer.kill()
    told = {
        (f"w{i}-", int(number))
        for i, writer in enumerate(writers)
        for number in writer.communicate()[0].split()
    }
    data = path.read_bytes()
    assert data.endswith(b"}\n")
    entries = [json.loads(line) for line in data.splitlines()]
    written = [(entry["exercise"], int(entry["text"].split()[0])) for entry in entries]
    assert all(e["text"].split()[1] == e["exercise"] * 20_000 for e in entries)
    assert len(set(written)) == len(written)
    assert told <= set(written)
    assert len(told) > 10
    # Nothing of theirs is left lying about, and the next one can write at once.
    Record(home).append(entry("after"))
    names = {found.name for found in home.iterdir()}
    assert names == {"attempts.jsonl", ".attempts.jsonl.lock"}
    assert [e.text for e in Record(home).read("late")] == ["after"]


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    program = WRITER.replace("1000", "30").replace("20_000", "10")
    root = Path(__file__).parents[2]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", program, tmp_path, name], cwd=root, stdout=subprocess.DEVNULL
        )
        for name in "ab"
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    for name in "ab":
        texts = [e.text for e in Record(tmp_path).read(name)]
        assert texts == [f"{i} " + name * 10 for i in range(30)]


# ---- damage ----

GOOD = json.dumps(ATTEMPT).encode()
NEWER = json.dumps({"v": 2, "time": "2027-01-01T00:00:00Z", "mood": "calm"}).encode()
DAMAGE = [
    b"\x00" * 4096,
    GOOD[:50],
    b"null",
    b'{"v": 0}',
    b'{"v": true}',
    b'{"v": "1"}',
    b"9" * 5000,
    b"[" * 100_000,
    json.dumps(ATTEMPT | {"total": float("nan")}).encode(),
    json.dumps(ATTEMPT | {"total": 1e9}).encode(),
    json.dumps(ATTEMPT | {"total": True}).encode(),
    json.dumps(ATTEMPT | {"levels": {"reflect": 99}}).encode(),
    json.dumps(ATTEMPT | {"levels": [1]}).encode(),
    json.dumps(ATTEMPT | {"time": "yesterday"}).encode(),
    json.dumps(ATTEMPT | {"time": "0001-01-01T00:00:00+23:59"}).encode(),
]


@pytest.mark.parametrize("damage", DAMAGE, ids=range(len(DAMAGE)))
def test_damaged_record_is_set_aside_and_what_is_readable_is_kept(
    tmp_path: Path, damage: bytes
) -> None:
    record = Record(tmp_path)
    before = b"\n".join([GOOD, damage, NEWER]) + b"\n"
    record.path.write_bytes(before)
    assert [e.text for e in record.read()] == ["A reply."]
    assert record.path.read_bytes() == GOOD + b"\n" + NEWER + b"\n"
    (aside,) = record.damaged()
    assert record.mended == aside
    assert aside.read_bytes() == before
    assert [e.text for e in record.read()] == ["A reply."]
    assert record.mended is None  # it is told once
    assert record.damaged() == [aside]


def test_record_in_a_folder_that_cannot_be_written_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = Record(tmp_path)
    record.path.write_bytes(GOOD + b"\n{")

    def refuse(*_args: object) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr("exercises.record.locked", refuse)
    assert [e.text for e in record.read()] == ["A reply."]
    assert record.mended is None
    assert record.path.read_bytes() == GOOD + b"\n{"


def test_disk_that_is_full_costs_only_the_new_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = Record(tmp_path)
    record.append(entry("before"))

    def full(_handle: int) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("exercises.record.os.fsync", full)
        with pytest.raises(OSError, match="no space"):
            record.append(entry("lost"))
    record.append(entry("after"))
    assert [e.text for e in record.read()] == ["before", "after"]


def test_record_that_changes_is_read_anew(tmp_path: Path) -> None:
    one, other = Record(tmp_path), Record(tmp_path)
    for i in range(5):
        one.append(entry(str(i)))
        assert [e.text for e in other.read()] == [str(n) for n in range(i + 1)]
    one.delete()
    assert list(other.read()) == []


# ---- one file: export, import, delete ----


def exported(tmp_path: Path, *lines: dict[str, object]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def test_export_and_import_carry_every_attempt_to_another_machine(tmp_path: Path) -> None:
    mine, theirs = Record(tmp_path / "mine"), Record(tmp_path / "theirs")
    for text in ("a", "b £5\n", "\ud83d"):
        mine.append(entry(text))
    assert theirs.merge(mine.export()) == Merged(3, 0, 0)
    assert theirs.path.read_bytes() == mine.path.read_bytes()


def test_import_twice_is_once_however_the_lines_are_laid_out(tmp_path: Path) -> None:
    record = Record(tmp_path)
    record.append(entry("mine"))
    first = exported(tmp_path, ATTEMPT, ATTEMPT | {"text": "Another."})
    assert record.merge(first) == Merged(2, 0, 0)
    after = record.path.read_bytes()
    assert record.merge(first) == Merged(0, 2, 0)
    other = json.dumps(dict(reversed(ATTEMPT.items())), separators=(",", ":")).encode()
    assert record.merge(b"\xef\xbb\xbf" + other + b"\r\n" + other) == Merged(0, 2, 0)
    assert record.merge(record.export()) == Merged(0, 3, 0)
    assert record.path.read_bytes() == after


def test_imported_attempts_take_their_place_in_time(tmp_path: Path) -> None:
    record = Record(tmp_path)
    for text, when in (("b", "2026-02-01T00:00:00+00:00"), ("d", "2026-04-01T00:00:00+00:00")):
        record.append(Entry("late", "rewrite", text, {}, None, when))
    record.merge(
        exported(
            tmp_path,
            ATTEMPT | {"text": "c", "time": "2026-03-01T00:00:00Z"},
            ATTEMPT | {"text": "a", "time": "2026-02-01T00:30:00+01:00"},  # half past eleven in UTC
        )
    )
    assert [e.text for e in record.read()] == ["a", "b", "c", "d"]


def test_attempts_of_a_newer_version_are_kept_and_passed_on(tmp_path: Path) -> None:
    record, other = Record(tmp_path / "a"), Record(tmp_path / "b")
    assert record.merge(NEWER + b"\n" + GOOD) == Merged(2, 0, 0)
    assert [e.text for e in record.read()] == ["A reply."]
    record.append(entry("later"))
    assert NEWER in record.export().splitlines()
    assert other.merge(record.export()) == Merged(3, 0, 0)
    assert other.merge(NEWER) == Merged(0, 1, 0)
    assert other.damaged() == []


def test_import_takes_what_is_readable_and_counts_the_rest(tmp_path: Path) -> None:
    record = Record(tmp_path)
    assert record.merge(b"\n".join([GOOD, *DAMAGE])) == Merged(1, 0, len(DAMAGE))
    assert record.merge(b"\xff\xd8\xff\xe0 a photograph") == Merged(0, 0, 1)
    assert record.merge(b"") == Merged(0, 0, 0)
    assert [e.text for e in record.read()] == ["A reply."]
    assert record.damaged() == []


def test_delete_leaves_no_word_behind(tmp_path: Path) -> None:
    record = Record(tmp_path / "learner")
    record.delete()
    assert not (tmp_path / "learner").exists()
    record.append(entry("secret"))
    with record.path.open("ab") as file:
        file.write(b"damaged secret\n")
    assert list(record.read())
    record.path.with_name(".attempts.jsonl.tmp").write_bytes(b"secret of one who was killed")
    record.delete()
    assert [p.name for p in record.path.parent.iterdir() if p.read_bytes()] == []
    assert (list(record.read()), record.export(), record.damaged()) == ([], b"", [])
    record.append(entry("new"))
    assert [e.text for e in record.read()] == ["new"]
