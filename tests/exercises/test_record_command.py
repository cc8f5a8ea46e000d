"""`python -m exercises record`: one file out, one file in, numbers, and a certificate's check."""

import json
from pathlib import Path

import pytest

from exercises import bank
from exercises.__main__ import main
from exercises.certificate import make_code
from exercises.progress import book
from exercises.record import Entry, Record
from grader import assess


def entry(exercise: str, kind: str, number: int, total: float | None = 100) -> Entry:
    time = f"2026-03-01T10:{number // 60:02}:{number % 60:02}.000+00:00"
    return Entry(exercise, kind, f"Reply {number}.", {"reflect": number % 3}, total, time)


def whole_course() -> list[Entry]:
    """An attempt worth 100 at every exercise of the book."""
    exercises = [e for chapter in book().values() for e in chapter["exercises"]]
    return [entry(e["id"], e["kind"], number) for number, e in enumerate(exercises)]


def test_export_and_import_make_two_machines_one(
    learner_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = Record(learner_home)
    for number in range(3):
        record.append(entry("crown-not-back", "rewrite", number))
    file = tmp_path / "new" / "record.jsonl"
    assert main(["record", "--export", str(file)]) == 0
    assert file.read_bytes() == record.path.read_bytes()
    record.delete()
    assert main(["record", "--import", str(file)]) == 0
    after = record.path.read_bytes()
    assert main(["record", "--import", str(file)]) == 0
    assert record.path.read_bytes() == after == file.read_bytes()
    said = capsys.readouterr().out.splitlines()
    assert said == [
        f"3 attempts written to {file}",
        "3 attempts added, 0 were here already",
        "0 attempts added, 3 were here already",
    ]


def test_summary_is_json(learner_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record", "--summary"]) == 0
    empty = json.loads(capsys.readouterr().out)
    assert (empty["attempts"], empty["levels"]) == (0, {})
    first = next(iter(book().values()))["exercises"][0]
    assert (empty["next"]["exercise"], empty["next"]["kind"]) == (first["id"], first["kind"])
    for number in range(4):
        Record(learner_home).append(entry("crown-not-back", "rewrite", number))
    assert main(["record", "--summary"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["attempts"], summary["levels"]) == (4, {"reflect": 0.75})
    assert set(summary["next"]) == {"exercise", "kind", "chapter", "criterion", "due"}
    assert summary["next"]["criterion"] == "reflect"


def test_damage_is_told_and_the_rest_is_counted(
    learner_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = Record(learner_home)
    record.append(entry("crown-not-back", "rewrite", 1))
    with record.path.open("ab") as file:
        file.write(b'{"v": 1, "ti')
    assert main(["record", "--summary"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["attempts"] == 1
    assert "attempts-damaged-" in said.err


@pytest.mark.parametrize("data", [b"\xff\xd8\xff", b"[1]", b"{}"])
def test_file_that_is_no_record_is_refused(
    learner_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes
) -> None:
    (tmp_path / "photo").write_bytes(data)
    assert main(["record", "--import", str(tmp_path / "photo")]) == 1
    assert "is no exported record" in capsys.readouterr().err
    assert list(Record(learner_home).read()) == []


def test_file_that_cannot_be_opened_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["record", "--import", str(tmp_path / "none")]) == 1
    assert main(["record", "--export", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.count(str(tmp_path)) == 2
    assert "Traceback" not in said


@pytest.mark.parametrize("arguments", [[], ["--export", "a", "--summary"], ["--name", "x"]])
def test_one_task_at_a_time(arguments: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["record", *arguments])
    assert stopped.value.code == 2


# ---- the certificate ----


def check(tmp_path: Path, code: str, entries: list[Entry], *more: str) -> int:
    record = Record(tmp_path / "handed-in")
    record.delete()
    for found in entries:
        record.append(found)
    return main(["record", "--check", code, str(record.path), *more])


def test_instructor_checks_code_record_and_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], learner_home: Path
) -> None:
    entries = whole_course()
    code = make_code("Ana", entries)
    assert check(tmp_path, code, entries) == 0
    assert "was not checked" in capsys.readouterr().out
    assert check(tmp_path, code.lower(), entries, "--name", "ana ") == 0
    said = capsys.readouterr().out
    assert "The code fits this record" in said
    assert "The name fits." in said
    assert all(chapter["title"] in said for chapter in book().values())
    assert check(tmp_path, code, entries, "--name", "Bo") == 1
    assert "The name does not fit." in capsys.readouterr().out
    assert not learner_home.exists()  # nothing of the instructor's own is touched


def test_other_record_or_unfinished_course_fails_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = whole_course()
    assert check(tmp_path, make_code("Ana", entries), entries[1:]) == 1
    assert "does not fit this record" in capsys.readouterr().out
    assert check(tmp_path, make_code("Ana", entries[1:]), entries[1:]) == 1
    assert "not done" in capsys.readouterr().out
    assert check(tmp_path, "nonsense", entries) == 1
    assert "no certificate's code" in capsys.readouterr().err


def test_made_up_totals_show_when_replies_are_graded_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = next(s for s in bank.scenarios() if s.pool == "practice")
    reply = scenario.strong[0].reply
    total = assess(reply, scenario.scenario, scenario.asks).total
    honest = Entry(scenario.id, "rewrite", reply, {}, total, "2026-03-01T10:00:00+00:00")
    made_up = Entry(scenario.id, "rewrite", "Whatever.", {}, 100, "2026-03-01T10:00:01+00:00")
    entries = [honest, made_up, Entry("gone", "rewrite", "x", {}, 1, "2026-03-01T10:00:02+00:00")]
    check(tmp_path, make_code("Ana", entries), entries)
    assert "1 of 3 rewritten replies get the same total" in capsys.readouterr().out
