"""A reply in phrases that can be marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.phrases import phrases


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n ", []),
        ("One sentence. And another!", ["One sentence.", "And another!"]),
        (
            "We were busy all morning, so nobody could come to you.",
            ["We were busy all morning,", "so nobody could come to you."],
        ),
        (
            "You are quite right but we are closed now",
            ["You are quite right", "but we are closed now"],
        ),
        ("Dear Ms Roy, hello.", ["Dear Ms Roy, hello."]),  # nothing so short stands alone
        ("You can't and you won't.", ["You can't and you won't."]),
        (
            'He laughed at us all. "Calm down," he said (twice).',
            ["He laughed at us all.", '"Calm down," he said (twice).'],
        ),
        ("– 😀 !", ["– 😀 !"]),
    ],
)
def test_phrases_end_with_sentences_and_clauses(text: str, expected: list[str]) -> None:
    assert [phrase.text for phrase in phrases(text)] == expected


def test_phrase_that_begins_a_line_says_so() -> None:
    found = phrases("Dear Ms Roy,\n\nThe cake was late.\nWe are sorry.\n\nAnn")
    assert [phrase.text for phrase in found if phrase.opens] == [
        "The cake was late.",
        "We are sorry.",
        "Ann",
    ]


@given(st.text(alphabet="ab, .!?\n\"'(-–é😀and", max_size=80) | st.text(max_size=60))
def test_phrases_hold_the_whole_text_but_the_space_between_them(text: str) -> None:
    found = phrases(text)
    end = 0
    for phrase in found:
        assert text[phrase.start : phrase.end] == phrase.text == phrase.text.strip()
        assert text[end : phrase.start].strip() == ""
        end = phrase.end
    assert text[end:].strip() == ""
