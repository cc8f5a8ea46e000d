"""Names of learners: what people are called passes; what fools a page, table or reader does not."""

import os

import pytest

from grader.learners import odd_name


@pytest.mark.parametrize(
    "name",
    [
        "ana",
        "s0412345",
        "ana.garcia@example.org",
        "ana+test@example.org",
        "O'Neill, Seán_2",
        "Zoë",
        "Zoe\u0308",  # as a Mac writes it
        "Мария",
        "Μαρία",
        "田中 さくら",
        "ひろコ",
        "x" * 128,
    ],
)
def test_names_that_people_have_pass(name: str) -> None:
    assert odd_name(name) == ""


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        ".hidden",
        "x" * 129,
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        " ana",
        "ana ",
        "a/b",
        "a\\b",
        "<b>ana</b>",
        "a&b",
        'a"b',
        "a*",
        "[ab]",
        "{ana}",
        "ana\n",
        "ana\tb",
        "ana\x1b[2J",
        "ana\u200b",
        "\u202eana",
        "ana\u00a0b",
        "\u0430na",  # Cyrillic а
        "\u03bfscar",  # Greek ο
        "ａｎａ",
        os.fsdecode(b"\xff"),
    ],
)
def test_names_that_fool_somebody_do_not(name: str) -> None:
    assert odd_name(name) != ""
