"""Handing in: gaps are named, no marks are shown, and the file is one that grading can read."""

import io
import json
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from exercises import hand_in
from exercises.hand_in import Folder
from exercises.home import home
from exercises.record import Entry, Record, entries_of
from exercises.texts import say
from grader.assignment import load_assignment
from grader.lms_zip import hand_ins
from tests.exercises.onscreen import by_class, html_of, is_shown, region, session

NAME = "week-1"
GOOD = "I'm sorry you had to wait so long. I'll ring the driver now and call you back by noon."
CUSTOMER = "Where is my sofa? I've waited in for it three days running and nobody rings me."
ANSWERS = {
    "ready": (GOOD, ""),
    "missing": (None, "still empty"),
    "empty": ("\n \n", "still empty"),
    "short": ("Sorry about that.", "Only 3 words so far"),
    "copied": (CUSTOMER, "Most of these words come from the scenario"),
    "list": ("sorry, empathy, ownership, solution, apology, timeline, follow-up, options", "list"),
    "binary": (b"\xff\xfe", "answers/binary.txt isn't plain text"),
}


@pytest.fixture
def homework(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / NAME
    write(folder, *ANSWERS)
    monkeypatch.chdir(folder)
    return folder


def write(folder: Path, *ids: str, **more: str) -> None:
    scenario = {"setting": "Shop <b>", "customer": CUSTOMER, "agent_bad": "Wait.", "points": 10}
    scenarios = [scenario | {"id": id, "asks": {"own": 1}} for id in ids]
    data = {"version": 1, "name": NAME, "feedback": "none", "scenarios": scenarios} | more
    (folder / "answers").mkdir(parents=True, exist_ok=True)
    (folder / "assignment.json").write_text(json.dumps(data), encoding="utf-8")
    (folder / f"{NAME}.ipynb").write_text('{"cells": []}', encoding="utf-8")
    for id, (answer, _) in ANSWERS.items():
        if answer is not None:
            content = answer if isinstance(answer, bytes) else answer.encode("utf-8")
            (folder / "answers" / f"{id}.txt").write_bytes(content)


def test_every_gap_is_named_in_plain_words(homework: Path) -> None:
    gaps = {gap.place: gap.why for gap in Folder(homework / "assignment.json").gaps()}
    for place, (id, (_, why)) in enumerate(ANSWERS.items(), start=1):
        assert why in gaps.get(place, ""), id
    assert 1 not in gaps


def test_file_is_the_same_for_the_same_replies_and_holds_nothing_else(homework: Path) -> None:
    (homework / "diary.txt").write_text("Private.", encoding="utf-8")
    (homework / "answers" / "notes.txt").write_text("Private.", encoding="utf-8")
    (homework / "answers" / "missing.txt").symlink_to(homework / "diary.txt")
    folder = Folder(homework / "assignment.json")
    first = folder.make()
    assert first.path == homework / f"{NAME}.zip"
    assert folder.make().content == first.content == first.path.read_bytes()
    with zipfile.ZipFile(first.path) as archive:
        names = [f"{NAME}/{NAME}.ipynb"]
        names += [
            f"{NAME}/answers/{id}.txt" for id in ("ready", "empty", "short", "copied", "list")
        ]
        assert archive.namelist() == names
        assert archive.read(f"{NAME}/answers/ready.txt") == GOOD.encode()
        assert {info.date_time[0] for info in archive.infolist()} == {1980}


def test_grading_reads_the_files_of_a_class(homework: Path, tmp_path: Path) -> None:
    made = Folder(homework / "assignment.json").make()
    platform = tmp_path / "platform.zip"
    with zipfile.ZipFile(platform, "w") as archive:
        archive.writestr("ana.zip", made.content)
        archive.writestr("Ben Reed_17_assignsubmission_file_/week-1.zip", made.content)
    found = list(hand_ins(platform, load_assignment(homework / "assignment.json")))
    assert [(one.learner, one.refused) for one in found] == [("Ben Reed_17", ""), ("ana", "")]
    assert all(one.files["answers/ready.txt"] == GOOD.encode() for one in found)


def attempt(exercise: str, text: str, kind: str = "rewrite") -> None:
    Record(home()).append(Entry(exercise, kind, text, {"own": 1}, 50))


def test_attempts_at_these_scenarios_go_along_and_no_others(homework: Path, tmp_path: Path) -> None:
    for exercise, text, kind in (
        ("ready", "First.", "rewrite"),
        ("another-case", "Private.", "rewrite"),
        ("ready", "Second.", "rewrite"),
        ("ready", "Private.", "own-case"),
    ):
        attempt(exercise, text, kind)
    folder, beside = Folder(homework / "assignment.json"), homework / "attempts.jsonl"
    made = folder.make(attempts=True)
    assert made.attempts == 2
    assert [entry.text for entry in entries_of(beside.read_bytes())] == ["First.", "Second."]
    platform = tmp_path / "platform.zip"
    with zipfile.ZipFile(platform, "w") as archive:
        archive.writestr("ana.zip", made.content)
    (found,) = hand_ins(platform, load_assignment(homework / "assignment.json"))
    assert found.files["attempts.jsonl"] == beside.read_bytes()

    without = folder.make()
    assert b"First." not in without.content
    assert not beside.exists()


def test_long_record_is_cut_to_what_may_be_handed_in(homework: Path) -> None:
    attempt("ready", "First.")
    attempt("ready", "x" * 600_000)
    attempt("ready", "y" * 600_000)
    made = Folder(homework / "assignment.json").make(attempts=True)
    assert made.attempts == 2
    assert (homework / "attempts.jsonl").stat().st_size < 1024 * 1024


@pytest.mark.parametrize("size", [None, 2_000_000])
def test_notebook_that_is_not_there_or_far_too_large_stays_out(
    homework: Path, size: int | None
) -> None:
    notebook = homework / f"{NAME}.ipynb"
    notebook.unlink()
    if size:
        notebook.write_bytes(b" " * size)
    made = Folder(homework / "assignment.json").make()
    assert not made.has_notebook
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        assert f"{NAME}/answers/ready.txt" in archive.namelist()


# ---- on the screen ----


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    yield from session(monkeypatch)


def test_gaps_come_first_and_can_be_left(homework: Path, shown: list[Any]) -> None:
    hand_in()
    anyway = by_class(shown[0], "tid-hand-in-anyway")
    assert not is_shown(anyway)
    by_class(shown[0], "tid-hand-in").click()
    told = region(shown[0], "tid-hand-in-result")
    assert "1 of 7 replies are ready" in told
    assert told.count("<li>Customer ") == 6
    assert "Shop &lt;b&gt;" in told
    assert "data-total" not in told
    assert not (homework / f"{NAME}.zip").exists()
    assert is_shown(anyway)
    anyway.click()
    assert f"{NAME}.zip, beside this notebook" in region(shown[0], "tid-hand-in-result")
    assert (homework / f"{NAME}.zip").is_file()


def test_complete_work_is_handed_in_at_once_with_a_link(homework: Path, shown: list[Any]) -> None:
    write(homework, "ready")
    hand_in()
    by_class(shown[0], "tid-hand-in").click()
    told = region(shown[0], "tid-hand-in-result")
    assert f'download="{NAME}.zip" href="data:application/zip;base64,' in told
    assert not is_shown(by_class(shown[0], "tid-hand-in-anyway"))


@pytest.mark.parametrize(("feedback", "on"), [("full", True), ("levels", True), ("none", False)])
def test_learner_chooses_whether_attempts_go_along(
    homework: Path, shown: list[Any], feedback: str, on: bool
) -> None:
    write(homework, "ready", feedback=feedback, due="2026-12-04T17:00+01:00")
    attempt("ready", "First.")
    hand_in()
    box, press = by_class(shown[0], "tid-hand-in-attempts"), by_class(shown[0], "tid-hand-in")
    assert box.value is on
    assert "Hand in by Friday 4 December 2026, 17:00 (UTC+01:00)." in html_of(shown[0])
    for ticked in (on, not on):
        box.value = ticked
        press.click()
        told = region(shown[0], "tid-hand-in-result")
        assert ("versions you had checked are in it: 1" in told) is ticked
        assert (homework / "attempts.jsonl").exists() is ticked


def test_file_that_cannot_be_written_is_told(
    homework: Path, shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    write(homework, "ready")
    hand_in()
    monkeypatch.setattr(import_module("exercises.hand_in"), "write_atomic", full)
    by_class(shown[0], "tid-hand-in").click()
    assert "could not be written" in region(shown[0], "tid-hand-in-result")


def test_missing_or_damaged_assignment_is_told(homework: Path, shown: list[Any]) -> None:
    hand_in("nowhere.json")
    assert say("no_assignment", file="nowhere.json") in str(shown[0].data)
    hand_in()
    (homework / "assignment.json").write_text("{", encoding="utf-8")
    by_class(shown[1], "tid-hand-in").click()
    assert say("went_wrong") in region(shown[1], "tid-hand-in-result").replace("&#x27;", "'")
