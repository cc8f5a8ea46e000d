"""The capstone: six turns whatever happens, graded on every criterion over all of them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from exercises.catalogue import catalogue
from exercises.debrief import reached, total_of
from exercises.dialogues import dialogues
from exercises.progress import PASS, book, measure
from exercises.record import Record
from exercises.rehearsal import Rehearsal
from exercises.role_play import is_capstone, play, play_out
from exercises.views.capstone_html import outcome_html
from exercises.views.practice_room import still_html
from exercises.views.role_play_html import review_html
from grader.rubric import FAULTS, MOVES
from tests.exercises.onscreen import words_of
from tests.exercises.players import FORMULAIC, HOSTILE, TEXTBOOK

(ID,) = [id for id, data in dialogues().items() if is_capstone(data)]
CAPSTONE = dialogues()[ID]
STRONG = CAPSTONE["strong"]
SCRIPT = "<script>alert(1)</script>"


def test_strong_run_makes_every_move_fully_and_no_fault() -> None:
    run = play_out(CAPSTONE, STRONG)
    best = reached(run.turns)
    assert {name for name in MOVES if best[name].level < 2} == set()
    assert {name for name in FAULTS if best[name].level} == set()
    assert total_of(run.turns) == 100


@pytest.mark.parametrize("replies", [STRONG, TEXTBOOK, FORMULAIC], ids=["strong", "book", "polite"])
def test_six_turns_however_calm_he_is_or_is_not(replies: list[str]) -> None:
    run = play_out(CAPSTONE, replies)
    assert len(run.turns) == 6


def test_every_occasion_comes_up_for_who_does_it_well() -> None:
    said = " ".join(play_out(CAPSTONE, STRONG).spoken)
    for words in (
        "useless",
        "width of that chair",
        "yes or no?",
        "next Friday",
        "what that's like",
    ):
        assert words in said


def test_nobody_passes_with_polite_words_or_with_half_of_it() -> None:
    for replies in (FORMULAIC, TEXTBOOK, HOSTILE, STRONG[:3]):
        assert total_of(play_out(CAPSTONE, replies).turns) < PASS
    assert total_of(play_out(CAPSTONE, HOSTILE).turns) == 0


def test_a_fault_costs_and_is_told_with_the_words_and_a_chapter() -> None:
    blunt = "You should have read the small print. Calm down."
    run = play_out(CAPSTONE, [*STRONG[:4], blunt, STRONG[5]])
    best = reached(run.turns)
    assert (best["blame"].level, best["blame"].turn) == (1, 5)
    assert total_of(run.turns) <= 100 - 30
    html = outcome_html(run)
    assert re.search(r'data-criterion="blame" data-level="1">.*?<a href="keeping-your-cool/', html)


def test_best_level_is_the_first_that_got_there_in_the_learners_words() -> None:
    run = play(CAPSTONE, ["I understand.", STRONG[0], STRONG[1]])
    best = reached(run.turns)
    assert (best["acknowledge"].level, best["acknowledge"].turn) == (2, 2)
    assert best["acknowledge"].quote.removesuffix("…") in " ".join(STRONG[0].split())
    assert (best["relate"].level, best["relate"].turn, best["relate"].quote) == (0, None, "")
    assert reached(()).keys() == {*MOVES, *FAULTS}


def test_result_names_every_move_with_words_or_with_what_trains_it() -> None:
    html = outcome_html(play_out(CAPSTONE, TEXTBOOK))
    groups = re.findall(r'data-criterion="(\w+)" data-level="(\d)">(.*?)</li>', html)
    assert {name for name, _, _ in groups} == {*MOVES}
    # "Neither refused nor reframed" is nowhere in particular.
    assert all(
        ("<q>" in text) == (level != "0") for name, level, text in groups if name != "positive"
    )
    assert ("positive", "1") in {(name, level) for name, level, text in groups if "<q>" not in text}
    assert all(("<a href=" in text) == (level != "2") for _, level, text in groups)
    assert "There isn't a single fault" in words_of(html)
    assert "broke off" not in words_of(html)
    assert "broke off after 2 of 6 turns" in words_of(outcome_html(play_out(CAPSTONE, HOSTILE)))


def test_what_was_typed_is_shown_as_text() -> None:
    run = play_out(CAPSTONE, [f"{SCRIPT} We got this wrong, and I'll see it through myself.", ""])
    html = review_html(run)
    assert "<script>" not in html
    assert "data-total" in html


def test_other_talks_have_no_such_result() -> None:
    other = dialogues()["trimmed-watercolour"]
    assert "tid-capstone" not in review_html(play_out(other, other["strong"]))


def test_it_counts_in_my_progress_as_a_chapter(learner_home: Path) -> None:
    assert [*book()][-1] == "capstone"
    work = Rehearsal(ID, CAPSTONE, learner_home / "drafts", Record(learner_home))
    for reply in STRONG:
        work.say(reply)
    (entry,) = Record(learner_home).read()
    assert (entry.exercise, entry.kind, entry.total) == (ID, "role-play", 100.0)
    progress = measure([entry], date.today())
    (chapter,) = [chapter for chapter in progress.chapters if chapter.name == "capstone"]
    assert chapter.done_on
    assert {*MOVES} <= set(progress.tracks)


def test_it_is_listed_and_kept_out_of_the_practice_room() -> None:
    assert {"id": ID, "kind": "role-play", "part": "", "section": "capstone"} in catalogue()
    assert CAPSTONE["title"] not in still_html()
