"""What nbgrader calls before it copies a submission: what is safe is left, the rest is named."""

import logging
import re
import shutil
from pathlib import Path

import pytest

from grader import nbgrader_bridge
from grader.nbgrader_bridge import check_submission, comment_html
from grader.submission import UnsafeError
from tests.grader.course import NAME, ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ana's submission in a course folder."""
    made = tmp_path / "submitted" / "ana" / NAME
    shutil.copytree(ROOT / "notebooks" / "assignments" / "source" / NAME, made)
    return made


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_good_submission_is_left_as_it_is(folder: Path, tmp_path: Path) -> None:
    (folder / "notes.txt").write_text("My notes.", encoding="utf-8")
    (folder / "timestamp.txt").write_text("2026-11-02 10:00:00.123 UTC", encoding="utf-8")
    before = contents(folder)
    assert check_submission(folder, tmp_path)
    assert contents(folder) == before
    assert not (tmp_path / "refused").exists()


def test_what_was_set_aside_is_named_and_kept(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "photo.png").write_bytes(b" " * 2_000_000)
    with caplog.at_level(logging.WARNING):
        assert check_submission(folder, tmp_path)
    (kept,) = (tmp_path / "refused" / "ana" / NAME).rglob("photo.png")
    assert f"ana: '{folder / 'photo.png'}' has 2,000,000 bytes" in caplog.text
    assert str(kept) in caplog.text


def test_grading_stops_before_what_cannot_be_moved(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Path) -> None:
        raise UnsafeError("no room")

    monkeypatch.setattr(nbgrader_bridge, "make_safe", full)
    with pytest.raises(SystemExit, match="no room"):
        check_submission(folder, tmp_path)


def test_comment_that_quotes_a_learner_runs_and_loads_nothing() -> None:
    quoted = (
        "You wrote <script>alert(1)</script><img src=x onerror=alert(2)>"
        " [here](javascript:alert(3)) ![spy](https://example.org/x.png). **Why?**"
    )
    html = comment_html(quoted)
    assert "<strong>Why?</strong>" in html
    assert "&lt;script&gt;" in html
    assert re.findall(r"<(?!/?(?:p|strong|a)\b)|javascript:|https?:", html) == []
