"""Drafts: kept at every change, and no window's words are lost to another's."""

from pathlib import Path

import pytest

from exercises.drafts import MOST_ASIDE, Draft


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "answers" / "late.txt", tmp_path / "late.aside.json"


def test_draft_is_there_for_the_next_session(files: tuple[Path, Path]) -> None:
    assert Draft(*files).load() == ""
    Draft(*files).save("So you waited all day.\r\nTwice.")
    assert Draft(*files).load() == "So you waited all day.\r\nTwice."


def test_one_window_typing_on_sets_nothing_aside(files: tuple[Path, Path]) -> None:
    draft = Draft(*files)
    draft.load()
    assert not any(draft.save("So you waited"[:end]) for end in range(13))
    assert draft.set_aside() == []


def test_words_of_another_window_are_set_aside_not_lost(files: tuple[Path, Path]) -> None:
    first, second = Draft(*files), Draft(*files)
    first.load(), second.load()
    first.save("from the first")
    assert second.save("from the second") is True
    assert second.save("from the second window") is False
    assert second.set_aside() == ["from the first"]
    assert first.save("from the first, and more") is True
    assert first.set_aside() == ["from the second window", "from the first"]
    assert Draft(*files).load() == "from the first, and more"


def test_two_windows_taking_turns_lose_no_words(files: tuple[Path, Path]) -> None:
    windows = [Draft(*files), Draft(*files)]
    texts = ["", ""]
    for turn in range(12):
        texts[turn % 2] += f"{'ab'[turn % 2]}{turn} "
        windows[turn % 2].save(texts[turn % 2])
    kept = [Draft(*files).load(), *Draft(*files).set_aside()]
    assert texts[0] in kept
    assert texts[1] in kept
    assert len(kept) == 3  # earlier states of the same words are not kept beside them


def test_set_aside_is_bounded_and_a_damaged_file_is_no_error(files: tuple[Path, Path]) -> None:
    for i in range(MOST_ASIDE + 5):
        Draft(*files).save(f"{i} is another text")
    assert len(Draft(*files).set_aside()) == MOST_ASIDE
    for damaged in ("{", '{"a": 1}', "[1, 2]"):
        files[1].write_text(damaged)
        assert Draft(*files).set_aside() == []


def test_lone_surrogates_are_kept_as_replacements(files: tuple[Path, Path]) -> None:
    Draft(*files).save("pasted \ud83d here")
    assert Draft(*files).load() == "pasted \ufffd here"
