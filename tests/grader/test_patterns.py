"""The pattern language: what each sign matches, and clear errors."""

from __future__ import annotations

import pytest

from grader.patterns import Lexicon, Matcher, Pattern, View
from grader.text import Spelling, sentences

SPELLING = Spelling({"sry": ("sorry",)})
LEXICON = Lexicon({"feeling": ["frustrat*", "fed up", "angry"], "time": ["by friday"]}, SPELLING)


def view(text: str) -> View:
    (sentence,) = sentences(text, SPELLING)
    return View.of(sentence, LEXICON)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("sorry", "I am sorry", "sorry"),
        ("sry", "I am sorry", "sorry"),
        ("i'm sorry", "I'm sorry", "i am sorry"),
        ("so? sorry", "sorry", "sorry"),
        ("so? sorry", "so sorry", "so sorry"),
        ("a|the wait", "the wait was long", "the wait"),
        ("refund*", "refunding you", "refunding"),
        ("<feeling>", "you are fed up", "fed up"),
        ("so <feeling>|cross", "so frustrated", "so frustrated"),
        ("so <feeling>|cross", "so cross", "so cross"),
        ("you .. sorry", "you one two three sorry", "you one two three sorry"),
        ("you ... sorry", "you 1 2 3 4 5 6 7 sorry", "you 1 2 3 4 5 6 7 sorry"),
        ("call _ back", "call you back", "call you back"),
        ("^ sorry", "sorry you waited", "sorry"),
        ("now $", "do it now", "now"),
        ("sorry , but", "sorry, but no", "sorry but"),
        ("don't|never shout", "do not shout", "do not shout"),
        ("no_one|nobody came", "no one came", "no one came"),
        ("no_one|nobody came", "nobody came", "nobody came"),
        ("you + sorry", "you one two three sorry", "you one two three sorry"),
        ("you ++ sorry", "you 1 2 3 4 5 6 7 sorry", "you 1 2 3 4 5 6 7 sorry"),
        ("~ wait", "wait here", "wait"),
        ("~ wait", "come in, wait here", "wait"),
        ("~ wait", "come in and wait", "wait"),
        ("it now|,", "do it now", "it now"),
        ("sorry ,|$", "sorry, no", "sorry"),
        ("sorry ,|$", "so sorry", "sorry"),
        ("sorry -if|but you", "sorry you waited", "sorry you"),
        ("sorry -if", "so sorry", "sorry"),
        ("sorry -<feeling>|if _", "sorry about", "sorry about"),
    ],
)
def test_a_pattern_finds(pattern: str, text: str, found: str) -> None:
    seen = view(text)
    span = Pattern(pattern, LEXICON, SPELLING).find(seen)
    assert span is not None
    assert " ".join(seen.sentence.words[slice(*span)]) == found


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("sorry", "worry"),
        ("you .. sorry", "you one two three four sorry"),
        ("^ sorry", "so sorry"),
        ("now $", "now then"),
        ("sorry , but", "sorry but no"),
        ("<time>", "by thursday"),
        ("fed <feeling>", "fed up"),
        ("no_one|nobody came", "no nobody here came"),
        ("you + sorry", "you see, sorry"),
        ("you + sorry", "you, sorry"),
        ("~ wait", "you can wait"),
        ("sorry ,|$", "sorry but no"),
        ("sorry -if|no_one", "sorry if"),
        ("sorry -if|no_one", "sorry no one came"),
        ("sorry -<feeling>|frust*", "sorry angry"),
        ("sorry -<feeling>|frust*", "sorry frustration"),
    ],
)
def test_a_pattern_does_not_find(pattern: str, text: str) -> None:
    assert Pattern(pattern, LEXICON, SPELLING).find(view(text)) is None


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("<mood>", "no language list <mood>"),
        ("a||b", "empty choice"),
        ("... so?", "must occur"),
        ("_ _?", "must occur"),
        ("-sorry", "must occur"),
        ("a|__", "no word in"),
    ],
)
def test_a_bad_pattern_says_why(pattern: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Pattern(pattern, LEXICON, SPELLING)


@pytest.mark.parametrize("text", ["so sorry", "you are fed up", "nothing here", "a refund, then"])
def test_the_matcher_leaves_out_no_pattern_that_matches(text: str) -> None:
    patterns = [
        Pattern(source, LEXICON, SPELLING)
        for source in ("so? sorry", "<feeling>", "refund*", "you ... up", "a refund*")
    ]
    seen = view(text)
    matching = {pattern for pattern in patterns if pattern.find(seen)}
    assert matching <= set(Matcher(patterns).candidates(seen))


def test_the_matcher_keeps_the_order_of_its_patterns() -> None:
    patterns = [Pattern(source, LEXICON, SPELLING) for source in ("now", "so", "<feeling>", "so")]
    seen = view("so angry now")
    assert Matcher(patterns).candidates(seen) == patterns
    assert Matcher(patterns[::-1]).candidates(seen) == patterns[::-1]
