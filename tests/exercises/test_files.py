"""Files that are written whole or not at all."""

from pathlib import Path

import pytest

from exercises.files import clean, read_text, write_atomic


def test_write_makes_the_folder_and_keeps_every_character(tmp_path: Path) -> None:
    path = tmp_path / "new" / "reply.txt"
    text = "line\r\nline\n\tend \0 £ 😀 \u2028"
    write_atomic(path, text)
    assert read_text(path) == text
    assert [found.name for found in path.parent.iterdir()] == ["reply.txt"]


def test_failed_write_leaves_the_old_text_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "reply.txt"
    write_atomic(path, "old")

    def full(_self: Path, data: bytes) -> int:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="no space"):
        write_atomic(path, "new")
    assert {found.name: found.read_text() for found in tmp_path.iterdir()} == {"reply.txt": "old"}


def test_file_that_is_being_read_on_windows_is_replaced_a_moment_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = [PermissionError("in use"), PermissionError("in use")]
    replace = Path.replace

    def busy(part: Path, path: Path) -> Path:
        if refusals:
            raise refusals.pop()
        return replace(part, path)

    monkeypatch.setattr(Path, "replace", busy)
    monkeypatch.setattr("exercises.files._WAITS", (0, 0))
    write_atomic(tmp_path / "reply.txt", "new")
    assert read_text(tmp_path / "reply.txt") == "new"
    refusals += [PermissionError("for good")] * 3
    with pytest.raises(PermissionError):
        write_atomic(tmp_path / "reply.txt", "newer")
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"reply.txt": "new"}


def test_missing_file_reads_as_empty_and_bad_bytes_as_replacements(tmp_path: Path) -> None:
    path = tmp_path / "reply.txt"
    assert read_text(path) == ""
    path.write_bytes(b"fine \xff\xfe")
    assert read_text(path) == "fine \ufffd\ufffd"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("plain", "plain"),
        ("half \ud83d a pair", "half \ufffd a pair"),
        ("end \udc00", "end \ufffd"),
        ("a pair \ud83d\ude00", "a pair 😀"),
    ],
)
def test_clean_text_can_be_written_as_utf_8(typed: str, kept: str) -> None:
    assert clean(typed) == kept
    clean(typed).encode("utf-8")
