"""Feedback as text and HTML: escaped, well formed, marks that hold the learner's own words."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

import grader
from grader.feedback import marked_html, to_html
from grader.model import Evidence

SCENARIO = {"customer": "You lost my parcel and my mother's ring is in it!", "agent_bad": ""}
ASKS = {"acknowledge": 2, "apologise": 1, "solve": 1}
WEAK = "I understand. You should have read the terms."
BETTER = "You must be worried sick about your mother's ring. I'm sorry we lost it."


class Elements(HTMLParser):
    """Every element of a page with its attributes; fails on tags that do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def having(elements: Elements, attribute: str) -> list[dict[str, str | None]]:
    return [attrs for _, attrs in elements.found if attribute in attrs]


def test_html_holds_total_levels_and_marks() -> None:
    result = grader.assess(BETTER, SCENARIO, ASKS)
    page = Elements(to_html(BETTER, result))
    assert result.total is not None
    assert [a["data-total"] for a in having(page, "data-total")] == [str(round(result.total))]
    levels = {a["data-criterion"]: a["data-level"] for a in having(page, "data-level")}
    assert levels == {"acknowledge": "2", "apologise": "2", "solve": "0"}
    marks = {attrs["data-criterion"] for tag, attrs in page.found if tag == "mark"}
    assert marks == {"acknowledge", "apologise"}


def test_faults_are_shown_though_nobody_asked() -> None:
    result = grader.assess(WEAK, SCENARIO, ASKS)
    page = Elements(to_html(WEAK, result))
    assert "blame" in {a["data-criterion"] for a in having(page, "data-level")}


@pytest.mark.parametrize(
    "reply",
    [
        '<script>alert(1)</script> I\'m sorry we lost it, "really".',
        "I'm so sorry <img src=x onerror=alert(1)> that we lost it.",
        "</blockquote><b>I'm sorry we lost the ring</b>",
        "{quote} {0} %s I'm sorry we lost the ring {criterion.__class__}",
    ],
)
def test_what_a_learner_wrote_is_never_markup_or_format(reply: str) -> None:
    result = grader.assess(reply, SCENARIO, ASKS)
    page = Elements(to_html(reply, result))
    assert {tag for tag, _ in page.found}.isdisjoint({"script", "img", "b"})
    assert reply in page.text


def test_a_rejected_reply_gets_one_plain_sentence() -> None:
    result = grader.assess("  ", SCENARIO, ASKS)
    page = Elements(to_html("  ", result))
    assert having(page, "data-total")[0]["data-total"] == "0"
    assert not having(page, "data-level")
    assert grader.load_rubric().rejections["empty"] in page.text


def test_a_second_draft_says_what_changed() -> None:
    first, second = (grader.assess(text, SCENARIO, ASKS) for text in (WEAK, BETTER))
    page = Elements(to_html(BETTER, second, before=first))
    fault = grader.load_rubric().criteria["blame"].name
    assert "better than before" in page.text
    assert f"{fault}: gone" in page.text
    assert "better than before" not in Elements(to_html(BETTER, second)).text


def test_words_for_the_rest_are_there_on_request() -> None:
    asks = dict.fromkeys(("acknowledge", "apologise", "solve", "own", "expect"), 1)
    result = grader.assess(BETTER, SCENARIO, asks)
    page = Elements(to_html(BETTER, result))
    told = {advice.criterion for advice in result.feedback}
    folded = [tag for tag, _ in page.found].count("details")
    shown = {str(a["data-criterion"]) for a in having(page, "data-level")}
    assert folded == len(shown - told) > 0
    for name in shown - told:
        level = result.levels[name]
        words = grader.load_rubric().criteria[name].feedback[level].partition("{quote}")[0]
        assert words in page.text


def test_levels_only_leaves_the_advice_out() -> None:
    result = grader.assess(WEAK, SCENARIO, ASKS)
    page = Elements(to_html(WEAK, result, detail="levels"))
    assert having(page, "data-level")
    assert not any(advice.text in page.text for advice in result.feedback)
    assert to_html(WEAK, result, detail="none") == ""


def spans(text: str, pairs: list[tuple[int, int]]) -> list[Evidence]:
    names = ("own", "solve", "apologise", "blame")
    return [
        Evidence(names[i % 4], a, b, text[a:b])
        for i, (a, b) in enumerate((min(p), max(p)) for p in pairs)
        if a < b
    ]


@given(
    st.text(alphabet="ab <&>\"'\n😡", min_size=1, max_size=40).flatmap(
        lambda text: st.tuples(
            st.just(text),
            st.lists(st.tuples(*[st.integers(0, len(text))] * 2), max_size=6),
        )
    )
)
def test_marks_hold_exactly_their_words(case: tuple[str, list[tuple[int, int]]]) -> None:
    text, pairs = case
    evidence = spans(text, pairs)
    html = marked_html(text, evidence)
    Elements(html)
    assert unescape(re.sub(r"</?mark[^>]*>", "", html)) == text
    covered = {name: set[int]() for name in ("own", "solve", "apologise", "blame")}
    position, opened = 0, list[str]()
    for piece in re.findall(r"<mark[^>]*>|</mark>|&[a-z0-9#]+;|[^<]", html, re.DOTALL):
        if piece.startswith("<mark"):
            opened.append(re.findall(r'data-criterion="([a-z]+)"', piece)[0])
        elif piece == "</mark>":
            opened.pop()
        else:
            for name in opened:
                covered[name].add(position)
            position += 1
    for name, found in covered.items():
        wanted = {i for e in evidence if e.criterion == name for i in range(e.start, e.end)}
        assert found == wanted
