"""The text layer: what counts as a word and a sentence, and offsets into the text as typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.rubric import load_guide
from grader.text import Sentence, sentences, shortened, stem

SPELLING = load_guide().language.spelling


def read(text: str) -> tuple[Sentence, ...]:
    return sentences(text, SPELLING)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I'm sorry you've waited", "i am sorry you have waited"),
        ("I can’t, won't and didn't", "i can not will not and did not"),
        ("cannot", "can not"),
        ("we did n't ring", "we did not ring"),
        ("That's Dave's van", "that is dave 's van"),
        ("im so sry u waited", "i am so sorry you waited"),
        ("we should of rung", "we should have rung"),
        ("We apologize and recognize the size", "we apologise and recognise the size"),
        ("a follow-up on the no-show", "a follow up on the no show"),
        ("£45.50 by 3.30pm", "£45.50 by 3.30 pm"),
        ("so\u200brry", "sorry"),
        ("ｓｏｒｒｙ", "sorry"),
        ("MR. KAY rang", "mr kay rang"),
    ],
)
def test_words_are_normalised(text: str, words: str) -> None:
    found = [word for sentence in read(text) for word in sentence.words]
    assert found == words.split()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Dear Mrs. Kay, I rang. Nobody came.", 2),
        ("Call me at 3.30 p.m. on Tuesday.", 1),
        ("It cost £45.50. That is too much!", 2),
        ("Why?! I don't know...", 2),
        ("- two visits\n- one refund", 2),
        ("hi\nso sorry\nam on it", 3),
        ("This line is long because somebody wrapped the mail at\nseventy characters or so.", 1),
        ("First paragraph with no stop\n\nSecond paragraph", 2),
        ("", 0),
        ("?!...", 0),
    ],
)
def test_sentences_are_split(text: str, count: int) -> None:
    assert len(read(text)) == count


def test_a_question_ends_with_a_question_mark() -> None:
    assert [s.ending for s in read("What happened? Tell me!")] == ["?", "!"]


def test_quoted_words_are_marked() -> None:
    (sentence,) = read("Nobody may tell you “calm down” here.")
    assert [sentence.words[i] for i in sorted(sentence.quoted)] == ["calm", "down"]


def test_a_reply_all_in_quotes_is_no_quotation() -> None:
    (sentence,) = read('"I am sorry we missed you."')
    assert not sentence.quoted


@given(st.text(alphabet=st.characters(codec=None), max_size=300))
def test_spans_lie_in_the_text_in_order(text: str) -> None:
    last = 0
    for sentence in read(text):
        assert sentence.start >= last
        assert sentence.end <= len(text)
        assert sentence.start < sentence.end
        assert all(sentence.words)
        for start, end in sentence.spans:
            assert sentence.start <= start < end <= sentence.end
        last = sentence.end


@given(st.lists(st.sampled_from(["sorry", "you", "waited", "Tuesday", "nobody"]), min_size=1))
def test_plain_words_are_found_where_they_stand(words: list[str]) -> None:
    text = "  ".join(words)
    found = [text[a:b] for sentence in read(text) for a, b in sentence.spans]
    assert found == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("delivered", "delivery"),
        ("waiting", "waited"),
        ("cancelled", "cancel"),
        ("booking", "booked"),
        ("boilers", "boiler"),
    ],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_different_words_keep_different_stems() -> None:
    assert len({stem(word) for word in ("boiler", "invoice", "wedding", "carpet")}) == 4


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (40, "One, two three four"),
        (14, "One, two three…"),
        (13, "One, two…"),
        (5, "One…"),
        (3, "One…"),
    ],
)
def test_long_words_are_cut_between_words_and_after_no_comma(most: int, expected: str) -> None:
    assert shortened("One, two  three\nfour", most) == expected
