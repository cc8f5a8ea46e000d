"""Answers are data: read as text where they are plain files, never followed, never waited for."""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.submission import (
    LARGEST_ANSWER,
    LARGEST_OTHER,
    LARGEST_SUBMISSION,
    MOST_FILES,
    Answer,
    UnsafeError,
    handed_in_answer,
    make_safe,
    read_answer,
    unsafe_files,
)

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


def device(path: Path) -> None:
    """The device that has zeros without end."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except OSError as error:
        pytest.skip(f"no device can be made here: {error.strerror}")


# Windows has no pipes in folders, and links only for administrators.
COPIED = [link, dead_link, pipe] if os.name == "posix" else []
COPIED += [device] if sys.platform == "linux" else []
NOT_PLAIN = [directory, *COPIED]


@pytest.mark.parametrize("make", NOT_PLAIN)
def test_only_regular_files_are_answers(folder: Path, make: Callable[[Path], None]) -> None:
    make(answer_file(folder))
    assert read_answer(folder, ID) == Answer(problem="not_plain")


@pytest.mark.parametrize("make", NOT_PLAIN[1:])
def test_answers_folder_is_no_link_pipe_or_device(
    folder: Path, make: Callable[[Path], None]
) -> None:
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


def many_files(folder: Path) -> None:
    (folder / "many").mkdir()
    for number in range(MOST_FILES + 1):
        (folder / "many" / str(number)).touch()


def deep_folders(folder: Path) -> None:
    folder.joinpath(*"abcdefghi", "j").mkdir(parents=True)


def bulky_files(folder: Path) -> None:
    """Each allowed, but not all together; the answer is counted first."""
    answer_file(folder).write_text("Sorry.", encoding="utf-8")
    for number in range(LARGEST_SUBMISSION // LARGEST_OTHER):
        with (folder / f"{number:02}").open("wb") as file:
            file.truncate(LARGEST_OTHER)


@pytest.mark.parametrize(
    ("make", "name", "told"),
    [
        (many_files, "many", "holds 1,001 files"),
        (deep_folders, "a/b/c/d/e/f/g/h/i", "is a folder in more than 8 others"),
        (bulky_files, "31", "of all"),
    ],
)
def test_too_much_of_what_is_allowed_is_unsafe(
    folder: Path, make: Callable[[Path], None], name: str, told: str
) -> None:
    make(folder)
    ((path, why),) = unsafe_files(folder)
    assert path == folder / name
    assert told in why


def test_file_that_stands_in_another_place_too_may_be_somebody_elses(folder: Path) -> None:
    answer_file(folder).write_text("Sorry.", encoding="utf-8")
    (folder / "copy").hardlink_to(answer_file(folder))
    assert list(unsafe_files(folder)) == []
    told = "is the same file as another"
    assert [why for _, why in unsafe_files(folder, own=True)] == [told, told]


@pytest.mark.parametrize("make", COPIED)
def test_links_pipes_and_devices_are_set_aside(
    folder: Path, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(answer_file(folder))
    kept_before = answer_file(folder).lstat().st_mode
    (refusal,) = make_safe(folder, tmp_path / "refused")
    assert refusal.path == answer_file(folder)
    assert refusal.kept == tmp_path / "refused" / "1" / "answers" / f"{ID}.txt"
    assert refusal.kept.lstat().st_mode == kept_before
    assert make_safe(folder, tmp_path / "refused") == []
    assert handed_in_answer(folder, tmp_path / "refused", ID) == Answer(problem="not_plain")


def test_nothing_set_aside_is_lost_when_it_happens_again(folder: Path, tmp_path: Path) -> None:
    kept = []
    for text in ("one", "two", "three"):
        answer_file(folder).write_text(text * LARGEST_ANSWER, encoding="utf-8")
        kept += [refusal.kept for refusal in make_safe(folder, tmp_path / "refused")]
    assert [path.read_text(encoding="utf-8")[:5] for path in kept] == ["oneon", "twotw", "three"]


if os.name == "posix":

    def test_link_set_aside_before_is_no_way_into_anothers_folder(
        folder: Path, tmp_path: Path
    ) -> None:
        victim = tmp_path / "victim"
        victim.mkdir()
        (folder / "answers").rmdir()
        (folder / "answers").symlink_to(victim)
        make_safe(folder, tmp_path / "refused")
        (folder / "answers").mkdir()
        answer_file(folder).symlink_to(tmp_path)
        make_safe(folder, tmp_path / "refused")
        assert list(victim.iterdir()) == []
        assert list(unsafe_files(folder)) == []

    def test_longest_name_can_be_set_aside_again_and_again(folder: Path, tmp_path: Path) -> None:
        for _ in range(3):
            (folder / ("x" * 255)).symlink_to(tmp_path)
            assert len(make_safe(folder, tmp_path / "refused")) == 1

    @pytest.mark.parametrize("place", ["submission", "learner"])
    def test_submission_that_is_a_link_is_set_aside_whole(tmp_path: Path, place: str) -> None:
        whole = tmp_path / "submitted" / "bert" / "week-1"
        whole.mkdir(parents=True)
        folder = tmp_path / "submitted" / "ana" / "week-1"
        if place == "learner":
            folder.parent.symlink_to(whole.parent)
        else:
            folder.parent.mkdir()
            folder.symlink_to(whole)
        (refusal,) = make_safe(folder, tmp_path / "refused")
        assert refusal.kept.is_symlink()
        assert not folder.exists()
        assert whole.is_dir()

    def test_what_cannot_be_moved_is_an_error(
        folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: Path) -> Path:
            raise OSError(28, "No space left on device")

        (folder / "notes.txt").symlink_to(tmp_path)
        monkeypatch.setattr(Path, "rename", full)
        with pytest.raises(UnsafeError, match=r"notes\.txt' is a link and cannot be moved \(No sp"):
            make_safe(folder, tmp_path / "refused")


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("2026-11-02 10:00:00.123456 UTC", True),
        ("2026-11-02 10:00:00 Europe/Berlin", True),
        ("2026-11-02T10:00:00+01:00\n", True),
        ("2026-11-02 10:00", True),
        ("", True),
        ("yesterday", False),
        ("2026-11-31 10:00:00 UTC", False),
        ("2026-11-02 10:00:00 /etc/passwd", False),
        ("2026-11-02 10:00:00 ../../zone", False),
        ("0001-01-01 00:00:00 +14:00", False),
        ("2026-11-02 10:00:00 " + "A" * 200, False),
        ("２０２６-11-02 10:00:00", False),
    ],
)
def test_time_is_read_only_where_it_is_one(
    folder: Path, tmp_path: Path, text: str, fits: bool
) -> None:
    (folder / "timestamp.txt").write_text(text, encoding="utf-8")
    whys = [refusal.why for refusal in make_safe(folder, tmp_path / "refused")]
    assert whys == ([] if fits else ["is no time"])
