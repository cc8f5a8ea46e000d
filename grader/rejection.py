"""Replies that are not graded: empty, too long, copied, not English, no prose."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from grader.model import Rejection
from grader.rubric import Language
from grader.text import Sentence

MAX_WORDS = 1_000
MOST_PARTS = 3_000
COPIED_RUN = 5
COPIED_SHARE = 0.6
FRAGMENT = 4
FEW_COMMON = 0.12
LISTED = 5
LONG_LIST = 12
OTHER_IN_LONG_LIST = 0.12
_SPEAKS = frozenset("i we us you it that this there my our your let".split())


def neutral(words: Sequence[str], language: Language) -> list[str]:
    """Words with pronouns and forms of "be" made alike, so that "your lorry" copies "my lorry"."""
    return [language.neutral.get(word, word) for word in words]


def copied_words(
    reply: Sequence[Sequence[str]], sources: Sequence[Sequence[str]], run: int = COPIED_RUN
) -> list[set[int]]:
    """For each sentence of `reply`, the indices of words in runs of `run` that a source holds."""
    runs = {tuple(source[i : i + run]) for source in sources for i in range(len(source) - run + 1)}
    found: list[set[int]] = []
    for words in reply:
        taken: set[int] = set()
        for i in range(len(words) - run + 1):
            if tuple(words[i : i + run]) in runs:
                taken.update(range(i, i + run))
        found.append(taken)
    return found


def rejection(
    text: str, sentences: Sequence[Sentence], copied: int, language: Language
) -> Rejection | None:
    """Why a reply is not graded, or None. `copied` is the number of words taken over."""
    words = [word for sentence in sentences for word in sentence.words]
    if not _visible(text):
        return "empty"
    # As typed: "don't" is one word. Text without spaces is long by its parts.
    if len(text.split()) > MAX_WORDS or len(words) > MOST_PARTS:
        return "too-long"
    letters = [word for word in words if word.isalpha() or any(map(str.isalpha, word))]
    if len(letters) < 2:
        return "no-prose" if words or any(ch.isascii() for ch in text.strip()) else "not-english"
    if copied >= COPIED_SHARE * len(words):
        return "copied"
    if _foreign(letters, language):
        return "not-english"
    if _no_prose(sentences, letters, language):
        return "no-prose"
    return None


def _visible(text: str) -> bool:
    """Whether a text has anything but spaces and invisible signs."""
    return any(not ch.isspace() and unicodedata.category(ch) not in ("Cf", "Cc") for ch in text)


def _foreign(letters: Sequence[str], language: Language) -> bool:
    """Whether the words are another language or no language."""
    latin = sum(
        word.isascii() or all(ch < "\u0250" or not ch.isalpha() for ch in word) for word in letters
    )
    if latin < 0.5 * len(letters):
        return True
    known = sum(word in language.english for word in letters)
    other = sum(word in language.foreign and word not in language.english for word in letters)
    if known >= 0.4 * len(letters):
        return False
    if other >= 2 and other > known:
        return True
    return known < (0.12 if len(letters) < 12 else 0.2) * len(letters)


def _no_prose(sentences: Sequence[Sentence], letters: Sequence[str], language: Language) -> bool:
    """Whether the words are a list that speaks to nobody: single words, or set phrases in a row."""
    if len(letters) < FRAGMENT:
        return not language.english.intersection(letters)
    if sum(word in language.common for word in letters) < FEW_COMMON * len(letters):
        return True
    items = sum(1 + len(s.pauses) for s in sentences)
    if items < LISTED:
        return False
    if not _SPEAKS.intersection(letters) and len(letters) <= 3 * items:
        return True
    other = sum(word not in language.common and word not in language.stock for word in letters)
    spared = OTHER_IN_LONG_LIST * len(letters) if items >= LONG_LIST else 0
    digits = any(word[-1].isdigit() for s in sentences for word in s.words)
    return len(letters) <= 7 * items and other <= spared and not digits
