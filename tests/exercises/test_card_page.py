"""The page that prints the grader's card."""

from html import escape

import pytest

from exercises.views.card_page import agreement_html, examples_html, grader_card, read_card
from grader import load_rubric

CARD = {
    "trained_on": 10,
    "scenarios": 2,
    "trades": 2,
    "unseen": 5,
    "rank": 0.9,
    "helping": {"turns": 3, "open_question": 0.7, "paraphrase": 0.5, "apology": 0.984},
    "crossed": {"acknowledge": 0.75},
    "held_out": {"acknowledge": 0.5},
    "right": [],
    "wrong": [
        {
            "criterion": "blame",
            "label": 0,
            "level": 1,
            "reply": "<b>You</b> did nothing wrong.",
            "quotes": ["You"],
        }
    ],
}


def test_table_has_a_row_for_every_criterion_and_says_where_cases_are_too_few() -> None:
    html = agreement_html(CARD)
    for criterion in load_rubric().criteria.values():
        assert f'<th scope="row">{escape(criterion.name)}</th>' in html
    assert "<td>0.75</td><td>0.50</td>" in html
    assert "too few cases" in html


def test_other_fields_are_told_in_words() -> None:
    html = agreement_html(CARD)
    assert "kappa of 0.70" in " ".join(html.split())
    assert "in 98 of 100" in " ".join(html.split())


def test_examples_are_escaped_and_say_who_said_what() -> None:
    html = examples_html(CARD, "wrong")
    assert "&lt;b&gt;You&lt;/b&gt;" in html
    assert "the grader says level 1, the reader 0" in html


def test_shipped_card_is_of_the_corpus_and_has_examples_of_both_kinds() -> None:
    card = read_card()
    assert card["unseen"] >= 100
    assert card["right"]
    assert card["wrong"]
    assert 0 < card["rank"] <= 1


def test_an_unknown_part_is_named() -> None:
    with pytest.raises(ValueError, match="'levels' is no part"):
        grader_card("levels")
