"""What the learned part of the grader sees of a sentence: plain, nameable features.

Words and short runs of words, letters inside longer words (for slips and word forms), entries
of the language lists with who they are said of, the rules that fired, and the sentence's form.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from grader.patterns import View

_DIGIT = re.compile(r"\d")
_LETTERS = 4
_CODES = frozenset(("known_code",))  # "IT" and "OK" are codes only in capitals
_LENGTHS = (4, 8, 14, 24)
_YOU = frozenset(("you", "your", "yours"))
_I = frozenset(("i", "my", "me"))
_WE = frozenset(("we", "our", "us"))
_NOT = frozenset(("not", "never", "no", "nobody", "nothing"))


def sentence_features(
    view: View, rules: Collection[str], given: int, place: tuple[int, int], before: str
) -> set[str]:
    """The features of one sentence.

    `rules` are ids of rules that fired on it, as "criterion.rule"; `given` the number of facts
    of the customer's message it gives back, or -1 where there is no such message; `place` its
    number and how many sentences there are; `before` how the sentence before it ended.
    """
    sentence = view.sentence
    words = [_DIGIT.sub("#", word) for word in sentence.words]
    size = len(words)
    found = {f"r:{rule}" for rule in rules}
    if 0 < len(sentence.quoted) < size:
        found.add("quoted")
        words = [w for i, w in enumerate(words) if i not in sentence.quoted]
    _add_runs(words, found)
    _add_lists(view, found)
    _add_form(view, given, place, before, found)
    found.add(f"len{sum(size >= limit for limit in _LENGTHS)}")
    return found


def _add_runs(words: Sequence[str], found: set[str]) -> None:
    found.update(words)
    for word in words:
        if len(word) > _LETTERS:
            found.add(f"~{word[: _LETTERS + 1]}")
            found.update([f"~{word[i : i + _LETTERS]}" for i in range(len(word) - _LETTERS + 1)])
    found.update([f"{a} {b}" for a, b in pairwise(words)])
    for a, b, c in zip(words, words[1:], words[2:], strict=False):
        found.add(f"{a} {b} {c}")
        found.add(f"{a} _ {c}")
    if words:
        found.update((f"^{words[0]}", f"^{' '.join(words[:2])}", f"${words[-1]}"))


def _add_lists(view: View, found: set[str]) -> None:
    words = set(view.sentence.words)
    said_of = [
        name
        for name, pronouns in (("you", _YOU), ("i", _I), ("we", _WE), ("not", _NOT))
        if words & pronouns
    ]
    found.update(f"has {name}" for name in said_of)
    names = sorted(name for name in view.lists if name not in _CODES)
    for i, name in enumerate(names):
        found.add(f"<{name}>")
        found.update([f"{who} <{name}>" for who in said_of])
        found.update([f"<{name}> <{other}>" for other in names[i + 1 :]])


def _add_form(view: View, given: int, place: tuple[int, int], before: str, found: set[str]) -> None:
    sentence = view.sentence
    number, count = place
    found.add(f"given{min(given, 4)}")
    if sentence.ending in ("?", "!"):
        found.add(sentence.ending)
    if before == "?":
        found.add("after?")
    if sentence.copied:
        found.add("copied")
        if 2 * len(sentence.copied) > len(sentence.words):
            found.add("mostly copied")
    if number == 0:
        found.add("first")
    if number == count - 1:
        found.add("last")
