"""Marks: the points, the reasons a person can read, and HTML that is safe on any page."""

import re

import pytest

from grader import Scenario, assess
from grader.assignment import Item
from grader.feedback_page import GradedReply, criterion_lines, feedback_page
from grader.marking import mark
from grader.rows import result_row
from grader.rubric import load_rubric
from grader.submission import Answer

SCENARIO = Scenario(
    "Furniture shop, chat <b>today</b>",
    "My sofa was due on Tuesday. I took the day off and nobody came. <i>Well?</i>",
    "Calm down.",
)
REPLY = (
    "You took a whole day off for us and nobody turned up, so of course you're angry. "
    "I'm sorry we left you waiting on Tuesday. What would make this right for you?"
)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> [a](javascript:alert(3)) **b** "


def item(points: float = 10) -> Item:
    return Item("late-sofa", points, SCENARIO, {"acknowledge": 2, "explore": 1, "solve": 1})


@pytest.mark.parametrize("points", [10, 7, 0.5, 33.3])
def test_score_is_the_share_of_the_points(points: float) -> None:
    total = assess(REPLY, SCENARIO, item().asks).total
    assert total is not None
    assert 0 < total < 100
    assert mark(item(points), Answer(REPLY)).score == round(points * total / 100, 2)


def test_row_is_that_of_the_command_line() -> None:
    assessment = assess(REPLY, SCENARIO, item().asks)
    assert mark(item(), Answer(REPLY)).row == result_row("late-sofa", assessment)


def test_comment_names_each_asked_move_with_a_reason() -> None:
    lines = mark(item(), Answer(REPLY)).comment.splitlines()
    assert re.fullmatch(r"\d+(\.\d+)? of 100", lines[0])
    listed = [line for line in lines if line.startswith("- ")]
    assert len(listed) == 3
    assert all(re.match(r"- [^:]+: (not yet|partly|fully)\. \S+", line) for line in listed)


def test_html_shows_the_message_and_the_reply_with_its_evidence() -> None:
    html = mark(item(), Answer(REPLY)).html
    assert 'data-scenario="late-sofa"' in html
    assert "My sofa was due on Tuesday." in html
    assert '<mark data-criterion="explore"' in html
    assert 'data-criterion="acknowledge" data-level="2"' in html


@pytest.mark.parametrize("reply", [HOSTILE + REPLY, REPLY + HOSTILE, HOSTILE, HOSTILE * 300])
def test_learners_words_are_escaped_and_stay_out_of_the_comment(reply: str) -> None:
    earned = mark(item(), Answer(reply))
    tags = set(re.findall(r"<([a-z]+)", earned.html))
    assert tags <= set("div style p blockquote mark ul li span strong details summary".split())
    assert "&lt;script&gt;" in re.sub(r"</?mark[^>]*>", "", earned.html)
    assert "&lt;i&gt;Well" in earned.html
    assert "&lt;b&gt;today" in earned.html
    assert not re.search(r"[<>*]|alert|\]\(", earned.comment)


@pytest.mark.parametrize("reply", ["Je suis desole madame, le camion est en panne.", "a " * 1_100])
def test_rejected_reply_has_nothing_but_is_still_shown(reply: str) -> None:
    earned = mark(item(), Answer(reply))
    assert earned.score == 0
    assert earned.row["rejected"]
    assert earned.comment
    assert reply.strip()[:40] in earned.html


@pytest.mark.parametrize("problem", ["missing", "not_plain", "too_large", "not_text", "unreadable"])
def test_problem_is_said_in_plain_words(problem: str) -> None:
    earned = mark(item(), Answer(problem=problem))  # type: ignore[arg-type]
    assert earned.score == 0
    assert earned.comment.endswith("no points.")
    assert earned.comment in earned.html


def test_empty_answer_has_nothing_and_a_reason() -> None:
    earned = mark(item(), Answer("  \n"))
    assert (earned.score, earned.row["rejected"]) == (0, "empty")
    assert earned.comment in earned.html


def test_feedback_page_counts_replies_and_points() -> None:
    replies = [GradedReply("a", 7.5, 10, "<p>A</p>"), GradedReply("b", 3, 10, "<p>B</p>", "Good")]
    page = feedback_page("active-listening", replies, score=8.5, points=20, late=2)
    assert page["title"] == "Active listening"
    assert page["points"] == "8.5 of 20 points"
    assert "2 points" in str(page["late"])
    shown = page["replies"]
    assert isinstance(shown, list)
    assert [reply["heading"] for reply in shown] == ["Reply 1 of 2", "Reply 2 of 2"]
    assert [reply["points"] for reply in shown] == ["7.5 of 10 points", "3 of 10 points"]
    assert [reply["comment"] for reply in shown] == ["", "Good"]


def test_each_criterion_is_told_with_level_words_meaning_and_next_step() -> None:
    text = "I'm so sorry we let you down twice this week. Next time, measure the doorway first."
    text = f"{text} You must have pressed the wrong button."
    row = mark(item(), Answer(text)).row
    rubric = load_rubric().criteria
    lines = criterion_lines(row, {"apologise": 2, "thank": 1})
    assert [line.name for line in lines][:2] == [rubric["apologise"].name, rubric["thank"].name]
    assert {line.kind for line in lines[2:]} == {"fault"}
    sorry, thanks, *faults = lines
    assert sorry.level == "fully"
    assert sorry.words
    assert all(words in text for words in sorry.words)
    assert sorry.why == rubric["apologise"].levels[2].descriptor
    assert (thanks.level, thanks.words, thanks.next) == ("not yet", (), rubric["thank"].step)
    blame = next(line for line in faults if line.name == rubric["blame"].name)
    assert blame.words[0] in blame.next


def test_level_of_the_trainer_stands_in_the_place_of_the_graders() -> None:
    text = "I'm so sorry we let you down twice this week. Next time, measure the doorway first."
    text = f"{text} You must have pressed the wrong button."
    row, asks = mark(item(), Answer(text)).row, {"apologise": 2, "thank": 1}
    rubric = load_rubric().criteria
    given = {"apologise": 0, "thank": 2, "blame": 0, "jargon": 1}
    sorry, thanks, *faults = criterion_lines(row, asks, given)
    assert (sorry.level, sorry.words, sorry.next) == ("not yet", (), rubric["apologise"].step)
    assert (thanks.level, thanks.why) == ("fully", rubric["thank"].levels[2].descriptor)
    jargon = next(line for line in faults if line.name == rubric["jargon"].name)
    assert (jargon.words, jargon.next) == ((), "")
    assert rubric["blame"].name not in {line.name for line in faults}
    assert {line.by for line in (sorry, thanks, jargon)} == {"set by your trainer"}
    kept = criterion_lines(row, asks, {"apologise": row["levels"]["apologise"]})
    assert kept == criterion_lines(row, asks)


def test_rejected_reply_has_no_criteria_to_go_through() -> None:
    assert criterion_lines(mark(item(), Answer("")).row, {"apologise": 1}) == []
