"""The placement check: six replies, and where they say one should begin."""

# ruff: noqa: ANN401  (widgets have no types)

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from exercises import schema
from exercises.build import ROOT
from exercises.placement import BEGINNING, CAPSTONE, CHAPTERS, Placement, messages, propose
from exercises.progress import book, measure
from exercises.record import Record
from exercises.schema import load_yaml
from exercises.training import chapters_for
from exercises.views.placement import PlacementView, placement
from grader.rubric import FAULTS, MOVES
from tests.exercises.onscreen import by_class, html_of, is_shown, session, words_of

STRONG = [message.strong for message in messages()]
POLITE = ["I understand your frustration. We apologise for any inconvenience this has caused."] * 6
NONE = [""] * 6
HOSTILE = "<script>alert(1)</script>"


# ---- where to begin ----


def test_six_messages_ask_for_every_move_but_a_story_of_ones_own() -> None:
    asked = {move for message in messages() for move in message.asks}
    assert len(messages()) == 6
    assert asked == {*MOVES} - {"relate"}


def test_who_does_it_all_goes_to_the_capstone() -> None:
    found = propose(STRONG)
    assert found.where == CAPSTONE
    assert (found.answered, len(found.strong) >= 12) == (6, True)
    assert found.total is not None
    assert found.total >= 90


def test_who_is_only_polite_begins_at_the_beginning_and_is_told_what_will_help() -> None:
    found = propose(POLITE)
    assert (found.where, found.strong) == (BEGINNING, ())
    assert 1 <= len(found.steps) <= 3


def test_what_goes_worst_comes_first() -> None:
    found = propose([*STRONG[:4], "It's cold again now, so that job is closed.", STRONG[5]])
    assert found.where == CHAPTERS
    first = found.steps[0]
    assert first.chapter in chapters_for(first.criteria[0])
    assert {"thank", "follow_up", "feedback"} <= {c for step in found.steps for c in step.criteria}
    assert found.levels["thank"] == 0
    assert found.levels["apologise"] == 2


def test_a_fault_comes_before_anything_else_and_keeps_from_the_capstone() -> None:
    found = propose(
        [*STRONG[:5], "Calm down, it's only a bus pass. You should have read the email."]
    )
    assert found.where == CHAPTERS
    assert found.steps[0].criteria[0] in FAULTS
    assert found.levels["dismiss"] == 1


def test_messages_may_be_skipped() -> None:
    found = propose([STRONG[0], *NONE[1:]])
    assert (found.answered, found.where) == (1, BEGINNING)
    assert {*found.levels} == {*messages()[0].asks, *FAULTS}
    nothing = propose(NONE)
    assert (nothing.answered, nothing.total, nothing.steps, nothing.levels) == (0, None, (), {})


def test_what_is_no_reply_is_not_counted() -> None:
    found = propose([STRONG[0], "asdf qwer zxcv uiop", messages()[2].scenario.customer, *NONE[3:]])
    assert found.answered == 1
    assert {*found.levels} == {*messages()[0].asks, *FAULTS}


@pytest.mark.parametrize("criterion", [*MOVES, *FAULTS])
def test_every_criterion_leads_to_a_chapter(criterion: str) -> None:
    assert chapters_for(criterion)
    assert set(chapters_for(criterion)) <= set(book())


# ---- what is kept ----


def at_work(home: Path) -> Placement:
    """The check as a new session finds it."""
    return Placement(home / "drafts", Record(home))


def written(home: Path, replies: list[str]) -> Placement:
    work = at_work(home)
    for place, reply in enumerate(replies):
        work.write(place, reply)
    return work


def test_words_and_proposal_are_there_again(learner_home: Path) -> None:
    work = written(learner_home, STRONG)
    assert work.proposal is None
    assert at_work(learner_home).texts == work.texts
    proposal = work.check()
    later = at_work(learner_home)
    assert (later.proposal, later.texts, later.trouble) == (proposal, work.texts, None)
    later.write(0, "Another thought.")
    assert at_work(learner_home).proposal == proposal  # until it is asked again


def test_a_check_is_one_attempt_and_another_time_is_another(learner_home: Path) -> None:
    work = written(learner_home, STRONG)
    work.check()
    work.check()
    (entry,) = Record(learner_home).read()
    assert (entry.exercise, entry.kind) == ("placement", "placement")
    assert entry.text.startswith(f"1. {STRONG[0].strip()}\n2. ")
    assert entry.levels["boundary"] == 2
    work.again()
    assert (work.proposal, set(work.texts)) == (None, {""})
    assert at_work(learner_home).proposal is None
    for place, reply in enumerate(POLITE):
        work.write(place, reply)
    work.check()
    assert len([*Record(learner_home).read()]) == 2


def test_a_check_without_a_reply_is_no_attempt(learner_home: Path) -> None:
    at_work(learner_home).check()
    assert [*Record(learner_home).read()] == []


def test_levels_show_in_my_progress_and_no_chapter_waits_for_it(learner_home: Path) -> None:
    written(learner_home, POLITE).check()
    entries = [*Record(learner_home).read()]
    progress = measure(entries, entries[0].when().date())
    assert "acknowledge" in progress.tracks
    assert "relate" not in progress.tracks
    assert all(("placement", "placement") not in chapter.best for chapter in progress.chapters)


@pytest.mark.parametrize("text", ["no json", "[1]", '{"checked": 3}', '{"checked": ["a", 2]}'])
def test_a_damaged_file_is_no_proposal(learner_home: Path, text: str) -> None:
    written(learner_home, STRONG).check()
    (learner_home / "drafts" / "placement.checked.json").write_text(text)
    assert at_work(learner_home).proposal is None


def test_words_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("no folder")
    work = written(tmp_path, STRONG)
    assert work.trouble == "not_saved"
    assert work.check().where == CAPSTONE
    work.reload()
    assert work.texts == [text.strip() for text in STRONG] or work.texts == STRONG


def test_another_windows_words_are_set_aside(learner_home: Path) -> None:
    here, there = at_work(learner_home), at_work(learner_home)
    here.write(2, "What I wrote here.")
    there.write(2, "What I wrote there.")
    assert there.trouble == "other_window"
    assert there.set_aside() == ["What I wrote here."]


# ---- on the screen ----


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What was displayed; every test is a new session."""
    yield from session(monkeypatch)


def fill(view: Any, replies: list[str]) -> None:
    for number, reply in enumerate(replies, 1):
        by_class(view, f"tid-placement-reply-{number}").value = reply


def test_learner_writes_asks_and_follows_a_link(learner_home: Path, shown: list[Any]) -> None:
    placement()
    (view,) = shown
    assert not is_shown(by_class(view, "tid-placement-again"))
    fill(view, [*STRONG[:4], f"It's cold again, so that job is closed. {HOSTILE}", ""])
    by_class(view, "tid-placement-check").click()
    html = html_of(view)
    assert 'role="status"' in html
    assert 'data-where="chapters"' in html
    assert (
        f'href="{book()["de-escalating/follow-up"]["notebook"].removeprefix("notebooks/")}"' in html
    )
    assert "This goes by 5 of 6 replies." in words_of(html)
    assert HOSTILE not in html
    assert "&lt;script&gt;" in html
    placement()  # the cell is run again
    assert shown[1] is view
    by_class(view, "tid-placement-again").click()
    assert "data-where" not in html_of(view)
    assert by_class(view, "tid-placement-reply-1").value == ""


def test_all_skipped_is_told_kindly(learner_home: Path, shown: list[Any]) -> None:
    view = PlacementView(at_work(learner_home)).widget
    by_class(view, "tid-placement-check").click()
    first = next(name for name in book() if "/" in name)
    assert "that's fine" in words_of(html_of(view))
    assert f'data-chapter="{first}"' in html_of(view)


def test_page_holds_a_usable_copy(shown: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALK_IT_DOWN_OUTPUT", "page")
    placement()
    html = shown[0].data
    assert html.count("<textarea") == len(messages())
    assert 'data-draft="drafts/placement.1.txt drafts/placement.2.txt ' in html
    assert 'data-go="tid-placement-check"' in html
    assert "Your reply to message 6" in html


# ---- what authors may get wrong ----


def test_what_does_not_fit_is_named() -> None:
    data = load_yaml(ROOT / "exercises" / "placement.yml")
    assert schema.problems(data, "placement", "p.yml") == []
    del data["messages"][1]["knows"]
    data["capstone_from"] = 200
    found = schema.problems(data, "placement", "p.yml")
    assert any(line.startswith("p.yml: messages[1].knows: is missing") for line in found)
    assert any(line.startswith("p.yml: capstone_from: 200 does not fit") for line in found)
    assert schema.problems({**data, "messages": data["messages"][:3]}, "placement", "p.yml")
