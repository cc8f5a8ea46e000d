"""Choices are kept whatever happens to the file, and orders look like chance without being it."""

from pathlib import Path

import pytest

from exercises.kept import Kept
from exercises.record import Entry, Record
from exercises.shuffle import shuffled, shuffled_away

ENTRY = Entry("one", "choose", "A reply.", {}, 60)


def test_what_was_saved_is_there_in_a_new_session(tmp_path: Path) -> None:
    Kept(tmp_path / "drafts" / "one.json").save({"chosen": "Grüße 🙂"})
    assert Kept(tmp_path / "drafts" / "one.json").load() == {"chosen": "Grüße 🙂"}


@pytest.mark.parametrize("text", ["", "{", "[1]", "5", "[" * 100_000, "\x00"])
def test_damaged_file_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "one.json").write_text(text)
    kept = Kept(tmp_path / "one.json")
    assert kept.load() == {}
    assert kept.trouble is None


def test_disk_that_fails_is_told_and_nothing_chosen_is_lost(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    kept = Kept(blocked / "one.json", Record(blocked))
    assert kept.load() == {}
    assert kept.trouble == "choices_not_read"
    kept.save({"chosen": "B"})
    kept.add(ENTRY)
    assert kept.trouble == "choices_not_kept"
    assert kept.load() == {"chosen": "B"}
    blocked.unlink()
    kept.save({"chosen": "C"})
    kept.add(ENTRY)
    assert kept.trouble is None
    assert Kept(blocked / "one.json").load() == {"chosen": "C"}
    assert [entry.text for entry in Record(blocked).read()] == ["A reply."]


def test_same_attempt_is_recorded_once_unless_started_afresh(tmp_path: Path) -> None:
    kept = Kept(None, Record(tmp_path))
    for _ in range(3):
        kept.add(ENTRY)
    kept.forget()
    kept.add(ENTRY)
    assert len(list(Record(tmp_path).read())) == 2


def test_orders_are_the_same_every_time_and_differ_between_exercises() -> None:
    texts = [f"Step {n}" for n in range(5)]
    assert shuffled(texts, "one") == [4, 1, 2, 3, 0]
    assert len({tuple(shuffled(texts, f"exercise-{n}")) for n in range(20)}) > 10


def test_an_order_to_find_is_never_given_away() -> None:
    for texts in (["a", "b"], ["a", "b", "c"]):
        for n in range(50):
            order = shuffled_away(texts, f"exercise-{n}")
            assert sorted(order) == list(range(len(texts)))
            assert order != sorted(order)
