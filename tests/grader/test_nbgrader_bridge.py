"""What nbgrader calls before it copies a submission: nothing unsafe is left, nothing is lost."""

import os
import shutil
from pathlib import Path

import pytest

from grader import nbgrader_bridge
from grader.nbgrader_bridge import check_submission
from tests.grader.course import NAME, ROOT


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course folder with the shipped assignment; nbgrader works from there."""
    root = tmp_path / "assignments"
    shutil.copytree(ROOT / "notebooks" / "assignments" / "source" / NAME, root / "source" / NAME)
    monkeypatch.chdir(root)
    return root


def hand_in(course: Path, student: str = "ana") -> Path:
    folder = course / "submitted" / student / NAME
    shutil.copytree(course / "source" / NAME, folder)
    return folder


def check(folder: Path) -> list[str]:
    """Call the hook as nbgrader does; returns the notebooks that are then converted."""
    notebooks = [str(path) for path in sorted(folder.glob("*.ipynb"))]
    check_submission(assignment=NAME, student="*", notebooks=notebooks)
    return [str(Path(path).relative_to(folder)) for path in notebooks]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_good_submission_is_left_as_it_is(course: Path) -> None:
    folder = hand_in(course)
    (folder / "notes.txt").write_text("My notes.", encoding="utf-8")
    (folder / "timestamp.txt").write_text("2026-11-02 10:00:00.123 UTC", encoding="utf-8")
    before = contents(folder)
    assert check(folder) == [f"{NAME}.ipynb"]
    assert contents(folder) == before
    assert not (course / "refused").exists()


def test_renamed_notebook_is_kept_and_the_expected_one_added(course: Path) -> None:
    folder = hand_in(course)
    (folder / f"{NAME}.ipynb").rename(folder / "mine.ipynb")
    assert check(folder) == ["mine.ipynb", f"{NAME}.ipynb"]


def test_broken_notebook_is_kept_elsewhere_under_its_name(course: Path) -> None:
    folder = hand_in(course)
    (folder / f"{NAME}.ipynb").write_text("{", encoding="utf-8")
    assert check(folder) == [f"{NAME}.ipynb"]
    kept = course / "refused" / "ana" / NAME / f"{NAME}.ipynb"
    assert kept.read_text(encoding="utf-8") == "{"


if os.name == "posix":

    def test_submission_that_is_a_link_to_anothers_is_refused(course: Path) -> None:
        hand_in(course, "bert")
        folder = course / "submitted" / "ana" / NAME
        folder.parent.mkdir()
        folder.symlink_to(course / "submitted" / "bert" / NAME)
        assert check(folder) == []
        assert not folder.exists()
        assert (course / "refused" / "ana" / NAME).is_symlink()

    def test_grading_stops_before_a_link_that_cannot_be_moved(
        course: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: Path) -> Path:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(nbgrader_bridge, "set_aside", full)
        folder = hand_in(course)
        (folder / "notes.txt").symlink_to(course)
        with pytest.raises(SystemExit, match=r"notes\.txt' is a link and cannot be moved \(No sp"):
            check(folder)
