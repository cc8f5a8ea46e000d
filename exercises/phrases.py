"""A reply in phrases, as a learner can mark them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.rubric import load_guide
from grader.text import Sentence, sentences

# A phrase begins at a pause and at these words, where enough of it stands on both sides.
_OPENERS = frozenset("and but because so if although though unless which while".split())
_SHORTEST = 4  # words
_BEFORE_A_WORD = "\"'“‘([*"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A clause; `start` and `end` are half-open code point offsets into the text.

    `opens` says that it begins a new line of the text.
    """

    start: int
    end: int
    text: str
    opens: bool = False


def phrases(text: str) -> tuple[Phrase, ...]:
    """Split a text; the phrases hold all of it but the space between them."""
    return tuple(_phrases(text))


def _phrases(text: str) -> Iterator[Phrase]:
    starts = [
        _opened(text, sentence.spans[at][0])
        for sentence in sentences(text, load_guide().language.spelling)
        for at in _cuts(sentence)
    ]
    starts[:1] = [0]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        piece = text[start:end]
        first = start + len(piece) - len(piece.lstrip())
        before = text[:first]
        opens = "\n" in before[len(before.rstrip()) :]
        if piece.strip():
            yield Phrase(first, start + len(piece.rstrip()), piece.strip(), opens)


def _cuts(sentence: Sentence) -> Iterator[int]:
    """The words at which a phrase of a sentence begins."""
    yield 0
    places = list(dict.fromkeys(sentence.spans))  # "can't" is two words in one place
    begun = 0
    for at, word in enumerate(sentence.words):
        place = places.index(sentence.spans[at])
        breaks = at in sentence.pauses or word in _OPENERS
        if breaks and place - begun >= _SHORTEST and len(places) - place >= _SHORTEST:
            yield at
            begun = place


def _opened(text: str, start: int) -> int:
    """Where a phrase begins, with the quotation mark or bracket before its first word."""
    while start > 0 and text[start - 1] in _BEFORE_A_WORD:
        start -= 1
    return start
