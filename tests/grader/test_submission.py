"""Answers are data: read as text where they are plain files, never followed, never waited for."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.submission import LARGEST_ANSWER, Answer, read_answer, set_aside, unsafe_files

ID = "late-sofa"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "submission"
    (made / "answers").mkdir(parents=True)
    return made


def answer_file(folder: Path) -> Path:
    return folder / "answers" / f"{ID}.txt"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"Sorry.", Answer("Sorry.")),
        (b"", Answer("")),
        ("Entschuldigung, Frau Özil – 😀".encode(), Answer("Entschuldigung, Frau Özil – 😀")),
        (b"\xef\xbb\xbfSorry.", Answer("Sorry.")),
        (b"One.\r\nTwo.\n", Answer("One.\r\nTwo.\n")),
        (b"x" * LARGEST_ANSWER, Answer("x" * LARGEST_ANSWER)),
        (b"x" * (LARGEST_ANSWER + 1), Answer(problem="too_large")),
        (b"\xa320 back", Answer(problem="not_text")),
        (b"\xff\xfeS\0o\0", Answer(problem="not_text")),
        (b"So\0rry", Answer(problem="not_text")),
        (b"\xed\xa0\x80", Answer(problem="not_text")),  # half a surrogate pair
    ],
)
def test_file_is_read_as_utf8_text(folder: Path, content: bytes, expected: Answer) -> None:
    answer_file(folder).write_bytes(content)
    assert read_answer(folder, ID) == expected


def test_missing_file_and_missing_folder_are_missing_answers(folder: Path) -> None:
    assert read_answer(folder, ID) == Answer(problem="missing")
    assert read_answer(folder / "nowhere", ID) == Answer(problem="missing")


def directory(path: Path) -> None:
    path.mkdir()


def link(path: Path) -> None:
    secret = path.parents[2] / "secret.txt"
    secret.write_text("We are so sorry.", encoding="utf-8")
    path.symlink_to(secret)


def dead_link(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def pipe(path: Path) -> None:
    os.mkfifo(path)


# Windows has no pipes in folders, and links only for administrators.
NOT_PLAIN = [directory, *([link, dead_link, pipe] if os.name == "posix" else [])]
COPIED = [link, dead_link, pipe] if os.name == "posix" else []


@pytest.mark.parametrize("make", NOT_PLAIN)
def test_only_regular_files_are_answers(folder: Path, make: Callable[[Path], None]) -> None:
    make(answer_file(folder))
    assert read_answer(folder, ID) == Answer(problem="not_plain")


@pytest.mark.parametrize("make", NOT_PLAIN[1:])
def test_answers_folder_is_no_link_or_pipe(folder: Path, make: Callable[[Path], None]) -> None:
    (folder / "answers").rmdir()
    make(folder / "answers")
    assert read_answer(folder, ID) == Answer(problem="not_plain")


def test_answers_as_a_file_hold_no_answer(folder: Path) -> None:
    (folder / "answers").rmdir()
    (folder / "answers").write_text("Sorry.", encoding="utf-8")
    assert read_answer(folder, ID) == Answer(problem="not_plain")


def test_ordinary_submission_has_nothing_unsafe(folder: Path) -> None:
    answer_file(folder).write_text("Sorry.", encoding="utf-8")
    (folder / "week-1.ipynb").write_bytes(b" " * 500_000)
    (folder / "timestamp.txt").write_text("2026-11-02 10:00:00 UTC", encoding="utf-8")
    assert list(unsafe_files(folder)) == []


@pytest.mark.parametrize(
    ("name", "size"),
    [("answers/x.txt", 65_537), ("photo.png", 1_048_577), ("week-1.ipynb", 4_194_305)],
)
def test_huge_files_are_unsafe(folder: Path, name: str, size: int) -> None:
    (folder / name).write_bytes(b" " * size)
    ((path, why),) = unsafe_files(folder)
    assert path == folder / name
    assert f"{size:,} bytes" in why


@pytest.mark.parametrize("make", COPIED)
def test_links_and_pipes_are_unsafe_and_set_aside(
    folder: Path, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(answer_file(folder))
    kept_before = answer_file(folder).lstat().st_mode
    ((path, _),) = unsafe_files(folder)
    kept = set_aside(path, folder, tmp_path / "refused")
    assert kept == tmp_path / "refused" / "answers" / f"{ID}.txt"
    assert kept.lstat().st_mode == kept_before
    assert list(unsafe_files(folder)) == []


def test_nothing_set_aside_is_lost_when_it_happens_again(folder: Path, tmp_path: Path) -> None:
    kept = []
    for text in ("one", "two", "three"):
        answer_file(folder).write_text(text, encoding="utf-8")
        kept.append(set_aside(answer_file(folder), folder, tmp_path / "refused"))
    assert [path.read_text(encoding="utf-8") for path in kept] == ["one", "two", "three"]
