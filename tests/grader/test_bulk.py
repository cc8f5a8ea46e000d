"""`python -m grader autograde`: what `nbgrader autograde` does, for all submissions at once."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import warnings
import zipfile
from contextlib import chdir
from pathlib import Path

import pytest

from grader.__main__ import main
from tests.grader.attacks import FIRST
from tests.grader.bulk import autograde, change, copied, due, files, release
from tests.grader.course import NAME, Course, write_answers
from tests.grader.test_nbgrader_round_trip import SECOND, STRONG, THIRD, WEAK


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with submissions that nothing has marked yet."""
    course = release(tmp_path_factory.mktemp("released") / "course")
    due(course)
    return course


@pytest.fixture(scope="module")
def by_nbgrader(released: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = copied(released, tmp_path_factory.mktemp("nbgrader"))
    course.nbgrader("autograde", NAME)
    return course


@pytest.fixture
def course(released: Course, tmp_path: Path) -> Course:
    return copied(released, tmp_path)


def test_gradebook_and_notebooks_are_those_of_nbgrader(
    course: Course, by_nbgrader: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    assert autograde(course) == 1
    assert course.everything() == by_nbgrader.everything()
    assert files(course.root / "autograded") == files(by_nbgrader.root / "autograded")
    report = capsys.readouterr().out
    assert "not marked: =1+1: the name begins or ends with" in report
    assert report.count("kept as") == (1 if os.name == "posix" else 0)
    assert report.splitlines()[-1].endswith("marked, 0 unchanged, 1 not marked")


def test_late_submission_is_penalised(course: Course) -> None:
    autograde(course)
    penalties = {row[0]: row[3] for row in course.everything()["notebook"]}
    earned = sum(entry.auto or 0 for entry in course.gradebook()["late"].values())
    assert earned > 0
    assert penalties["late"] == pytest.approx(earned)
    assert penalties["in-time"] is None


def test_second_run_changes_nothing(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    autograde(course)
    database = (course.root / "gradebook.db").read_bytes()
    written = {path: path.stat().st_mtime_ns for path in course.root.rglob("*")}
    capsys.readouterr()
    assert autograde(course) == 1
    assert "0 marked" in capsys.readouterr().out
    assert (course.root / "gradebook.db").read_bytes() == database
    assert {path: path.stat().st_mtime_ns for path in course.root.rglob("*")} == written


def test_only_what_has_changed_is_marked_again(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    autograde(course)
    before = course.gradebook()
    write_answers(course.submission("weak"), STRONG)
    shutil.rmtree(course.root / "autograded" / "hostile")
    capsys.readouterr()
    autograde(course)
    assert " 2 marked" in capsys.readouterr().out
    assert course.gradebook() == before | {"weak": before["strong"]}
    assert course.marked("weak") == course.marked("strong")
    assert course.marked("hostile")


def test_extension_takes_the_penalty_off(course: Course) -> None:
    autograde(course)
    extended = "UPDATE submitted_assignment SET extension = '1970-01-08 00:00:00'"
    change(course, f"{extended} WHERE student_id = 'late'")
    autograde(course)
    assert {row[3] for row in course.everything()["notebook"]} == {None}


def test_marks_and_words_of_a_human_stand(course: Course) -> None:
    autograde(course)
    course.set_manual_score("weak", FIRST, 7.5)
    course.set_manual_score("untouched", FIRST, 1)
    change(course, "UPDATE comment SET manual_comment = 'Well done.'")
    write_answers(course.submission("weak"), STRONG)
    autograde(course, "--force")
    grades = course.gradebook()
    assert (grades["weak"][FIRST].manual, grades["weak"][FIRST].waits) == (7.5, True)
    assert grades["weak"][FIRST].auto == grades["strong"][FIRST].auto
    assert (grades["weak"][SECOND].manual, grades["weak"][SECOND].waits) == (None, False)
    assert (grades["untouched"][FIRST].manual, grades["untouched"][FIRST].waits) == (1, False)
    assert {row[3] for row in course.everything()["comment"]} == {"Well done."}


def test_feedback_and_export_work_afterwards(course: Course) -> None:
    autograde(course)
    course.nbgrader("generate_feedback", NAME)
    course.nbgrader("export", "--to", "grades.csv")
    assert course.feedback("strong").count('class="tid-marked"') == len(STRONG)
    exported = (course.folder / "grades.csv").read_text(encoding="utf-8")
    assert "strong" in exported
    assert "=1+1" not in exported


# ---- where submissions come from ----


def test_zip_of_a_platform_is_taken_in(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(course.root / "submitted")
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as every:
        for name, replies in {"Ana Díaz_7": STRONG, "Bo_8": WEAK}.items():
            own = io.BytesIO()
            with zipfile.ZipFile(own, "w") as packed:
                for scenario in (SECOND, THIRD) if name == "Bo_8" else STRONG:
                    packed.writestr(f"answers/{scenario}.txt", replies[scenario])
                if name == "Bo_8":
                    packed.writestr(f"answers/{FIRST}.txt", bytes(70_000))
            every.writestr(f"{name}_assignsubmission_file_/mine.zip", own.getvalue())
        every.writestr("Cy_9_assignsubmission_file_/mine.zip", b"no zip")
    assert autograde(course, "--zip", str(archive)) == 1
    grades = course.gradebook()
    assert set(grades) == {"Ana Díaz_7", "Bo_8"}
    assert all((grades["Ana Díaz_7"][i].auto or 0) > (grades["Bo_8"][i].auto or 0) for i in STRONG)
    assert "64 KiB" in str(grades["Bo_8"][FIRST].comment)
    assert "not marked: Cy_9: cannot be unpacked" in capsys.readouterr().out
    assert autograde(course, "--zip", str(archive)) == 1
    assert "0 marked, 2 unchanged, 1 not marked" in capsys.readouterr().out


def test_lateness_of_a_platforms_submissions_is_never_the_learners_word(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(course.root / "submitted")
    answers = {f"answers/{scenario}.txt": reply for scenario, reply in STRONG.items()}
    claimed = {"timestamp.txt": "2020-01-01 00:00:00 UTC"}

    def take_in(day: int) -> str:
        """The platform has the time in one name of three; it is due on the third."""
        names = [f"ana_attempt_2026-11-{day:02}-12-00-00_", "bo_LATE_1_2_mine", "cy_3_4_mine"]
        archive = tmp_path / "all.zip"
        with zipfile.ZipFile(archive, "w") as every:
            for name in names:
                for place, content in (answers | claimed).items():
                    every.writestr(f"{name}/{place}", content)
        by_name = r"^([a-z]+)(?:_attempt_(?P<timestamp>[\d-]+)_|(?P<late>_LATE))?"
        assert autograde(course, "--zip", str(archive), "--learner", by_name) == 0
        return capsys.readouterr().out

    def late() -> set[str]:
        return {row[0] for row in course.everything()["notebook"] if row[3]}

    told = take_in(day=4)
    assert "collected: all.zip: 2 without the platform's own time; lateness is not checked" in told
    assert "collected: bo: the platform calls it late" in told
    assert told.splitlines()[-1] == "3 submissions: 3 marked, 0 unchanged, 0 not marked"
    assert late() == {"ana"}
    # What an instructor has found out stands beside the files, and stays while these do.
    known = course.submission("bo") / "timestamp.txt"
    known.write_text("2026-11-05 10:00:00 UTC", encoding="utf-8")
    told = take_in(day=2)
    assert "all.zip: 1 without the platform's own time" in told
    assert late() == {"bo"}


def test_exchange_is_collected(
    course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NBGRADER_EXCHANGE", str(course.exchange))
    inbound = course.exchange / "talk-it-down" / "inbound"
    handed_in = inbound / f"ana+{NAME}+2026-11-01 10:00:00 UTC+0123"
    shutil.copytree(course.submission("strong"), handed_in)
    (handed_in / "timestamp.txt").write_text("2026-11-01 10:00:00 UTC", encoding="utf-8")
    (handed_in / "huge.bin").write_bytes(bytes(2_000_000))
    autograde(course, "--collect")
    grades = course.gradebook()
    assert grades["ana"] == grades["strong"]
    assert re.search("collected: exchange: .*huge.bin", capsys.readouterr().out)


# ---- one that cannot be marked is a row, and the rest go on ----


def test_submission_that_cannot_be_written_is_a_row(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    (course.root / "autograded").mkdir()
    (course.root / "autograded" / "weak").write_text("in the way", encoding="utf-8")
    assert autograde(course) == 1
    assert "not marked: weak: " in capsys.readouterr().out
    assert "weak" not in course.gradebook()
    assert course.gradebook()["strong"]


def test_submission_that_the_gradebook_refuses_is_a_row(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    change(
        course,
        "CREATE TRIGGER refuse BEFORE INSERT ON student WHEN NEW.id = 'weak' "
        "BEGIN SELECT RAISE(ABORT, 'no such learner'); END",
    )
    assert autograde(course) == 1
    assert "not marked: weak: IntegrityError" in capsys.readouterr().out
    assert set(course.gradebook()) >= {"strong", "late", "untouched"}


# ---- nothing can be marked: a sentence that says what to do, and exit status 2 ----


def test_unknown_assignment(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    with chdir(course.folder), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert main(["autograde", "nowhere"]) == 2
    assert "assignment.json is missing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:///empty.db", f"nbgrader generate_assignment {NAME} --force"),
        ("sqlite:////nowhere/gradebook.db", "cannot be opened"),
        ("mysql://somewhere/gradebook", "use SQLite or PostgreSQL"),
        ("gradebook.db", "--db: "),
    ],
)
def test_gradebook_that_cannot_be_used(
    url: str, says: str, course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    assert autograde(course, "--db", url) == 2
    assert says in capsys.readouterr().err


def test_gradebook_that_does_not_fit(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    path = course.source / "assignment.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["scenarios"][0]["points"] = 12
    path.write_text(json.dumps(data), encoding="utf-8")
    assert autograde(course) == 2
    assert f"nbgrader generate_assignment {NAME} --force" in capsys.readouterr().err
    assert course.gradebook() == {}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--zip", "nowhere.zip"], "nowhere.zip cannot be opened: No such file"),
        (["--zip", "nbgrader_config.py"], "is no zip that can be read"),
        (["--collect"], "--collect: Course not found"),
    ],
)
def test_source_that_cannot_be_used(
    options: list[str],
    says: str,
    course: Course,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("NBGRADER_EXCHANGE", str(course.exchange))
    assert autograde(course, *options) == 2
    assert says in capsys.readouterr().err


def test_nothing_handed_in(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(course.root / "submitted")
    assert autograde(course) == 2
    assert "no submission" in capsys.readouterr().err
