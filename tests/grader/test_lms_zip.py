"""A learning platform's zip of submissions: what is found in it, and what is refused."""

from __future__ import annotations

import io
import re
import stat
import time
import tracemalloc
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from grader.assignment import Assignment, load_assignment
from grader.lms_zip import HandIn, Label, hand_ins, label_of
from grader.submission import LARGEST_ANSWER, LARGEST_OTHER
from tests.grader.course import NAME, ROOT

ASSIGNMENT: Assignment = load_assignment(
    ROOT / "notebooks" / "assignments" / "source" / NAME / "assignment.json"
)
FIRST = ASSIGNMENT.items[0].id
ANSWER = f"answers/{FIRST}.txt"
GOOD: dict[str, bytes] = {ANSWER: b"We are sorry.", f"{NAME}.ipynb": b"{}"}


def packed(files: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


def below(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": data for name, data in files.items()}


def unpacked(tmp_path: Path, content: bytes) -> dict[str, HandIn]:
    path = tmp_path / "all.zip"
    path.write_bytes(content)
    return {found.learner: found for found in hand_ins(path, ASSIGNMENT)}


def from_learner(tmp_path: Path, content: bytes) -> HandIn:
    """What becomes of a learner's own zip; a good one beside it has to go on."""
    found = unpacked(tmp_path, packed({"ana.zip": content, "bert.zip": packed(GOOD)}))
    assert found["bert"].files == GOOD
    return found["ana"]


@pytest.mark.parametrize(
    "files",
    [
        below("ana", GOOD),
        {"ana.zip": packed(GOOD)},
        {"ana.zip": packed(below("active-listening", GOOD))},
        {"ana/hand-in.zip": packed(GOOD)},
        below("ana/work", GOOD),
        below("ana", GOOD | {"notes.docx": b"?", "__MACOSX/x": b"", ".DS_Store": b""}),
        {"ana.zip": packed({name.replace("/", "\\"): data for name, data in GOOD.items()})},
    ],
)
def test_answers_are_found(files: dict[str, bytes], tmp_path: Path) -> None:
    others = below("bert", GOOD) | {"bert/feedback.zip": packed({}), "names.csv": b"ana,bert"}
    found = unpacked(tmp_path, packed(files | others))
    assert found == {name: HandIn(name, GOOD) for name in ("ana", "bert")}


def test_record_of_attempts_comes_along_and_no_more_of_it_than_may(tmp_path: Path) -> None:
    files = {**GOOD, "attempts.jsonl": b"{}\n" * 400_000}
    found = from_learner(tmp_path, packed(below(NAME, files)))
    assert len(found.files["attempts.jsonl"]) == LARGEST_OTHER + 1  # told as too large when graded
    alone = from_learner(tmp_path, packed({f"{NAME}/attempts.jsonl": b"{}"}))
    assert "holds no answers" in alone.refused


def test_folder_around_all_learners(tmp_path: Path) -> None:
    files = below("download/ana", GOOD) | {"download/bert.zip": packed(GOOD)}
    assert set(unpacked(tmp_path, packed(files))) == {"ana", "bert"}


@pytest.mark.parametrize(
    ("name", "pattern", "learner"),
    [
        ("Ana Díaz_48213_assignsubmission_file_", None, "Ana Díaz_48213"),
        ("diazana_1207_88310_hand-in-2.zip", None, "diazana_1207"),
        ("diazana_LATE_1207_88310_hand-in.zip", None, "diazana_1207"),
        ("ana.zip", None, "ana"),
        ("group 3 - s4711 - Ana.zip", r"s\d+", "s4711"),
        ("group 3 - s4711 - Ana.zip", r"(s\d+) - (\w+)", "s4711_Ana"),
    ],
)
def test_learner_is_found_in_the_name(name: str, pattern: str | None, learner: str) -> None:
    assert label_of(name, re.compile(pattern) if pattern else None).learner == learner


BLACKBOARD = r"_([^_]+)_attempt_(?P<timestamp>[\d-]+)"


@pytest.fixture
def kirkwall(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine's clock an hour before UTC, as in summer; Windows has no such switch."""
    if not hasattr(time, "tzset"):
        pytest.skip("the clock's zone cannot be set here")
    monkeypatch.setenv("TZ", "BST-1")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Week 1_s47_attempt_2026-11-02-10-00-05_a.zip", Label("s47", "2026-11-02 09:00:05 UTC")),
        ("Week 1_s47_attempt_2026-11-02-10-00_a.zip", Label("s47", "2026-11-02 09:00:00 UTC")),
        # What the learner calls the file comes behind what the platform says.
        (
            "Week 1_s47_attempt_2026-11-02-10-00-05_x_s99_attempt_2020-01-01-00-00-00_y.zip",
            Label("s47", "2026-11-02 09:00:05 UTC"),
        ),
        ("Week 1_s47_attempt_2026-11-31-10-00-05_a.zip", Label("s47")),
        ("Week 1_s47_attempt_2026_a.zip", Label("s47")),
        ("Week 1_s47_attempt_0001-01-01-00-00-00_a.zip", Label("s47")),
    ],
)
def test_time_is_what_the_platform_wrote_into_the_name(
    kirkwall: None, name: str, label: Label
) -> None:
    assert label_of(name, re.compile(BLACKBOARD)) == label


def test_platforms_word_that_it_is_late_comes_along(tmp_path: Path) -> None:
    archive = packed({"ana_LATE_1_2_a.zip": packed(GOOD), "bert_3_4_late_LATE.zip": packed(GOOD)})
    found = unpacked(tmp_path, archive)
    assert {name: hand_in.late for name, hand_in in found.items()} == {
        "ana_1": True,
        "bert_3": False,
    }


# ---- a learner who tries ----


@pytest.mark.parametrize("name", ["../../outside.txt", "/etc/passwd", "C:\\x.txt", "a\\..\\..\\x"])
def test_name_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    found = from_learner(tmp_path, packed(GOOD | {name: b"x"}))
    assert "leads out of the zip" in found.refused
    found = unpacked(tmp_path, packed(below("bert", GOOD) | {name: b"x"}))["bert"]
    assert found.files == GOOD


@pytest.mark.parametrize("place", ["timestamp.txt", f"{NAME}/timestamp.txt"])
def test_time_that_a_learner_packs_is_left_out(place: str, tmp_path: Path) -> None:
    claimed = {place: b"2020-01-01 00:00:00 UTC"}
    files = below(place.rpartition("/")[0], GOOD) if "/" in place else GOOD
    assert from_learner(tmp_path, packed(files | claimed)).files == GOOD
    assert unpacked(tmp_path, packed(below("ana", files | claimed)))["ana"].files == GOOD


def test_link_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        link = zipfile.ZipInfo(ANSWER)
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "no regular file" in from_learner(tmp_path, content.getvalue()).refused


def test_bomb_is_read_to_the_limit_only(tmp_path: Path) -> None:
    bomb = packed({ANSWER: bytes(64 * 1024 * 1024), f"{NAME}.ipynb": b"{}"})
    assert len(bomb) < 100_000
    tracemalloc.start()
    found = from_learner(tmp_path, bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.files[ANSWER]) == LARGEST_ANSWER + 1
    assert peak < 4 * 1024 * 1024


def test_size_that_is_a_lie_is_refused(tmp_path: Path) -> None:
    content = bytearray(packed({ANSWER: b"We are sorry." * 100}))
    entry = content.index(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (5).to_bytes(4, "little")
    found = from_learner(tmp_path, bytes(content))
    assert found.refused or len(found.files[ANSWER]) <= 5


def test_zip_in_a_zip_in_a_zip_is_not_opened(tmp_path: Path) -> None:
    assert "holds no answers" in from_learner(tmp_path, packed({"x.zip": packed(GOOD)})).refused


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "cannot be unpacked"),
        (b"PK\x05\x06 and no more", "cannot be unpacked"),
        (packed(GOOD)[:-30], "cannot be unpacked"),
        (packed({}), "holds no answers"),
        (packed({"answers/of-another.txt": b"x"}), "holds no answers"),
        (packed(below("first", GOOD) | below("second", GOOD)), "holds 2 folders with answers"),
        (bytes(5 * 1024 * 1024), "more than"),
    ],
)
def test_zip_that_cannot_be_used_is_told(content: bytes, says: str, tmp_path: Path) -> None:
    assert says in from_learner(tmp_path, content).refused


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_file_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(ANSWER, "One.")
        archive.writestr(ANSWER, "Another.")
    assert "twice" in from_learner(tmp_path, content.getvalue()).refused


def test_learner_who_is_there_twice_is_told(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    path.write_bytes(packed({"ana.zip": packed(GOOD)} | below("ana", GOOD)))
    first, second = hand_ins(path, ASSIGNMENT)
    assert (first.refused, first.files) == ("", GOOD)
    assert "twice" in second.refused


def test_what_is_no_zip_is_told(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    path.write_bytes(b"nothing")
    with pytest.raises(ValueError, match="no zip that can be read"):
        list(hand_ins(path, ASSIGNMENT))
