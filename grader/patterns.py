"""The small language in which rules name phrases, and its matcher.

A pattern is words in a row, matched against the normalised words of one sentence:

    sorry            this word                 a|b|<feeling>   any of these
    very?            this word or nothing      refund*         any word that begins so
    _                any one word              <feeling>       an entry of a language list
    ..  ...          up to 3, up to 7 words    ,               a pause (comma, dash, bracket)
    ^   $            start, end of sentence

Words are normalised as text is, so "I'm sorry" and "i am sorry" are the same pattern.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grader.text import Sentence, Spelling, expand

_GAPS = {"..": 3, "...": 7}
_MARKS = {"^", "$", ","}


@dataclass(frozen=True, slots=True)
class _Element:
    """One step of a pattern: a set of ways to go on, or a gap, or an assertion."""

    words: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    gap: int = 0
    mark: str = ""
    anyword: bool = False
    optional: bool = False


class Lexicon:
    """The language lists by name, indexed by first word for finding their entries in text."""

    def __init__(self, lists: Mapping[str, Sequence[str]], spelling: Spelling) -> None:
        self.names = frozenset(lists)
        self._words: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        self._prefixes: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        self._lengths: tuple[int, ...] = ()
        for name, entries in lists.items():
            for entry in entries:
                words = tuple(_normal(entry, spelling))
                if words[0].endswith("*"):
                    self._prefixes.setdefault(words[0][:-1], []).append((name, words))
                else:
                    self._words.setdefault(words[0], []).append((name, words))
        self._lengths = tuple(sorted({len(prefix) for prefix in self._prefixes}))

    def find(self, words: Sequence[str]) -> dict[str, dict[int, tuple[int, ...]]]:
        """For each list with an entry in `words`: start index to end indices, longest first."""
        found: dict[str, dict[int, tuple[int, ...]]] = {}
        for index, word in enumerate(words):
            entries = self._words.get(word, ())
            for length in self._lengths:
                more = self._prefixes.get(word[:length]) if len(word) >= length else None
                if more:
                    entries = [*entries, *more]
            for name, entry in entries:
                end = index + len(entry)
                if end <= len(words) and all(
                    _same(want, have)
                    for want, have in zip(entry[1:], words[index + 1 : end], strict=True)
                ):
                    ends = found.setdefault(name, {}).setdefault(index, ())
                    if end not in ends:
                        found[name][index] = tuple(sorted((*ends, end), reverse=True))
        return found


def _same(want: str, have: str) -> bool:
    return have.startswith(want[:-1]) if want.endswith("*") else want == have


def _normal(entry: str, spelling: Spelling) -> Iterator[str]:
    for word in entry.lower().split():
        if word.endswith("*"):
            yield word
        else:
            yield from expand(word, spelling)


@dataclass(frozen=True, slots=True)
class View:
    """One sentence as the matcher sees it: its words and the list entries among them."""

    sentence: Sentence
    lists: Mapping[str, Mapping[int, tuple[int, ...]]]
    keys: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, sentence: Sentence, lexicon: Lexicon) -> View:
        """Look up the list entries of one sentence."""
        lists = lexicon.find(sentence.words)
        return cls(sentence, lists, frozenset(sentence.words).union(f"<{name}>" for name in lists))


class Pattern:
    """One phrase pattern. Raises ValueError where the text is no pattern."""

    __slots__ = ("anchors", "elements", "source")

    def __init__(self, source: str, lexicon: Lexicon, spelling: Spelling) -> None:
        self.source = source
        elements: list[_Element] = []
        for part in source.lower().split():
            elements.extend(_element(part, source, lexicon, spelling))
        self.elements = tuple(elements)
        if not any(e.words or e.lists or e.prefixes for e in self.elements if not e.optional):
            raise ValueError(f"pattern {source!r}: needs at least one word or list that must occur")
        self.anchors = _anchors(self.elements)

    def find(self, view: View) -> tuple[int, int] | None:
        """First match in a sentence as word indices (first, after), or None."""
        return next(self.find_all(view), None)

    def find_all(self, view: View) -> Iterator[tuple[int, int]]:
        """All matches in a sentence that do not overlap, in order."""
        start, size = 0, len(view.sentence.words)
        while start < size:
            end = self._match(view, 0, start)
            if end > start:
                yield start, end
                start = end
            else:
                start += 1

    def _match(self, view: View, step: int, at: int) -> int:
        """End of a match from step `step` at word `at`, or -1."""
        if step == len(self.elements):
            return at
        element = self.elements[step]
        words = view.sentence.words
        if element.mark:
            holds = (
                at == 0
                if element.mark == "^"
                else at == len(words)
                if element.mark == "$"
                else at in view.sentence.pauses
            )
            return self._match(view, step + 1, at) if holds or element.optional else -1
        if element.gap:
            for skipped in range(min(element.gap, len(words) - at) + 1):
                end = self._match(view, step + 1, at + skipped)
                if end >= 0:
                    return end
            return -1
        if at < len(words):
            word = words[at]
            if (
                element.anyword
                or word in element.words
                or (element.prefixes and word.startswith(element.prefixes))
            ):
                end = self._match(view, step + 1, at + 1)
                if end >= 0:
                    return end
            for name in element.lists:
                for after in view.lists.get(name, {}).get(at, ()):
                    end = self._match(view, step + 1, after)
                    if end >= 0:
                        return end
        return self._match(view, step + 1, at) if element.optional else -1


def _element(part: str, source: str, lexicon: Lexicon, spelling: Spelling) -> Iterator[_Element]:
    if part in _GAPS:
        yield _Element(gap=_GAPS[part])
        return
    optional = part.endswith("?") and len(part) > 1
    body = part[:-1] if optional else part
    if body in _MARKS:
        yield _Element(mark=body, optional=optional)
        return
    if body == "_":
        yield _Element(anyword=True, optional=optional)
        return
    choices = body.split("|")
    words: set[str] = set()
    prefixes: list[str] = []
    lists: list[str] = []
    for choice in choices:
        if choice.startswith("<") and choice.endswith(">"):
            if choice[1:-1] not in lexicon.names:
                known = ", ".join(sorted(lexicon.names))
                raise ValueError(
                    f"pattern {source!r}: no language list {choice}; there are {known}"
                )
            lists.append(choice[1:-1])
        elif choice.endswith("*") and len(choice) > 2:
            prefixes.append(choice[:-1])
        elif not choice:
            raise ValueError(f"pattern {source!r}: an empty choice in {part!r}")
        else:
            normal = expand(choice, spelling)
            if len(normal) > 1:
                if len(choices) > 1:
                    raise ValueError(
                        f"pattern {source!r}: {choice!r} is more than one word; use a language list"
                    )
                for word in normal:
                    yield _Element(words=frozenset({word}), optional=optional)
                return
            words.add(normal[0])
    yield _Element(frozenset(words), tuple(prefixes), tuple(lists), optional=optional)


_COMMON = frozenset(
    "i you we it the a an to of and is are am be have has do not that this my your in on for"
    " will would can could with so me us they he she there at as was were if or but".split()
)


def _anchors(elements: Iterable[_Element]) -> frozenset[str] | None:
    """Keys one of which a sentence must hold; None where a pattern could start with any word."""
    best: tuple[tuple[bool, int], frozenset[str]] | None = None
    for element in elements:
        if element.optional or element.prefixes or not (element.words or element.lists):
            continue
        keys = element.words.union(f"<{name}>" for name in element.lists)
        rank = (bool(keys & _COMMON), len(keys))
        if best is None or rank < best[0]:
            best = rank, keys
    return best[1] if best else None


class Matcher:
    """Many patterns at once: tries on a sentence only those whose anchor word stands in it."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._index: dict[str, list[Pattern]] = {}
        self._always: list[Pattern] = []
        for pattern in patterns:
            if pattern.anchors is None:
                self._always.append(pattern)
            for key in sorted(pattern.anchors or ()):
                self._index.setdefault(key, []).append(pattern)

    def candidates(self, view: View) -> set[Pattern]:
        """The patterns that can match in this sentence."""
        found = set(self._always)
        for key in view.keys:
            found.update(self._index.get(key, ()))
        return found
