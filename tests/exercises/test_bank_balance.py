"""The bank as a whole: enough of everything, and nothing too much."""

from collections import Counter
from pathlib import Path

from exercises.compiled import compiled
from exercises.schema import bank_scenarios
from grader.rubric import FAULTS, MOVES

BANK = bank_scenarios(Path(__file__).parents[2] / "exercises" / "bank").values()
ENOUGH = 8  # scenarios for each move and each fault


def test_there_is_enough_to_practise_and_enough_to_assess() -> None:
    pools = Counter(scenario.pool for scenario in BANK)
    assert pools["practice"] >= 100
    assert pools["assessment"] >= 30


def test_no_chapter_uses_what_is_kept_for_assessments() -> None:
    kept = {scenario.id for scenario in BANK if scenario.pool == "assessment"}
    used = {
        exercise["id"]
        for chapter in compiled("chapters").values()
        for exercise in chapter["exercises"]
    }
    assert used & kept == set()
    pages = sorted((Path(__file__).parents[2] / "book").rglob("*.md"))
    texts = "".join(page.read_text(encoding="utf-8") for page in pages)
    assert [id for id in sorted(kept) if f'"{id}"' in texts] == []


def test_every_move_is_asked_for_often_enough() -> None:
    asked = Counter(move for scenario in BANK for move in scenario.asks)
    assert {move: asked[move] for move in MOVES if asked[move] < ENOUGH} == {}


def test_every_fault_is_shown_in_enough_weak_replies_and_in_no_strong_one() -> None:
    shown = {
        kind: Counter(
            fault
            for scenario in BANK
            for fault in FAULTS
            if any(m.expected.get(fault) for m in scenario.models if m.kind == kind)
        )
        for kind in ("weak", "strong")
    }
    assert {f: shown["weak"][f] for f in FAULTS if shown["weak"][f] < ENOUGH} == {}
    assert shown["strong"] == Counter()


def test_scenarios_come_from_more_than_forty_trades() -> None:
    assert len({scenario.trade for scenario in BANK} - {""}) > 40


def test_about_a_tenth_of_the_customers_are_abusive() -> None:
    """Those to whom a limit has to be set."""
    abusive = sum("boundary" in scenario.asks for scenario in BANK)
    assert 0.07 <= abusive / len(BANK) <= 0.14


def test_channels_are_balanced() -> None:
    channels = Counter(scenario.channel for scenario in BANK)
    assert channels.keys() >= {"phone", "chat", "email", "counter", "text", "review"}
    assert max(channels.values()) <= len(BANK) / 4
    assert min(channels.values()) >= len(BANK) / 20


def test_difficulties_are_balanced() -> None:
    levels = Counter(scenario.difficulty for scenario in BANK)
    assert levels.keys() == {1, 2, 3}
    assert min(levels.values()) >= len(BANK) / 5


def test_every_section_has_its_scenarios() -> None:
    sections = Counter(scenario.source for scenario in BANK if scenario.pool == "practice")
    assert {id: sections[id] for id in compiled("coverage") if sections[id] < 2} == {}
