"""The small language in which rules name phrases, and its matcher.

A pattern is words in a row, matched against the normalised words of one sentence:

    sorry            this word                 a|b|<feeling>   any of these
    very?            this word or nothing      refund*         any word that begins so
    _                any one word              <feeling>       an entry of a language list
    no_one|nobody    words joined into one choice
    ..  ...          up to 3, up to 7 words    ,               a pause (comma, dash, bracket)
    +   ++           the same, but no pause    ^   $           start, end of sentence
                     among or around them      ~               start of a clause
    -a|b|<feeling>   not followed by any of these (takes up no word)

The signs for pauses, starts and ends can be among choices: "now|,|$".

A clause starts where the sentence does, after a pause, and after a joining word ("and", "so").
Words are normalised as text is, so "I'm sorry" and "i am sorry" are the same pattern.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from grader.text import Sentence, Spelling, expand

_GAPS = {"..": 3, "...": 7, "+": 3, "++": 7}
_MARKS = {"^", "$", ",", "~"}
_REMEMBERED = 20_000
_Entry = tuple[str, tuple[str, ...]]  # the name of its list, its words
_JOINING = frozenset("and but so then or because please just".split())


@dataclass(frozen=True, slots=True)
class _Element:
    """One step of a pattern: a set of ways to go on, or a gap, or an assertion."""

    words: frozenset[str] = frozenset()
    phrases: tuple[tuple[str, ...], ...] = ()
    prefixes: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    gap: int = 0
    paused: bool = True
    marks: tuple[str, ...] = ()
    anyword: bool = False
    optional: bool = False
    barred: bool = False

    def holds(self, sentence: Sentence, at: int) -> bool:
        """Whether one of the marks of this element stands before word `at`."""
        for mark in self.marks:
            if mark == "^":
                if at == 0:
                    return True
            elif mark == "$":
                if at == len(sentence.words):
                    return True
            elif at in sentence.pauses or (mark == "~" and _opens_clause(sentence, at)):
                return True
        return False


def _opens_clause(sentence: Sentence, at: int) -> bool:
    return at == 0 or sentence.words[at - 1] in _JOINING


class Lexicon:
    """The language lists by name, indexed by first words for finding their entries in text."""

    def __init__(self, lists: Mapping[str, Sequence[str]], spelling: Spelling) -> None:
        self.names = frozenset(lists)
        self._lists = lists
        self._groups: dict[str, dict[str, str]] = {}
        self._words: dict[tuple[str, str], list[_Entry]] = {}
        self._prefixes: dict[str, list[_Entry]] = {}
        self._lengths: tuple[int, ...] = ()
        for name, entries in lists.items():
            for entry in entries:
                words = tuple(_normal(entry, spelling))
                if words[0].endswith("*"):
                    self._prefixes.setdefault(words[0][:-1], []).append((name, words))
                else:
                    second = "" if len(words) == 1 or words[1].endswith("*") else words[1]
                    self._words.setdefault((words[0], second), []).append((name, words))
        self._lengths = tuple(sorted({len(prefix) for prefix in self._prefixes}))
        self._known: dict[str, tuple[_Entry, ...]] = {}

    def _prefixed(self, word: str) -> tuple[_Entry, ...]:
        """The entries whose first word is the start of this; remembered, as text repeats words."""
        known = self._known.get(word)
        if known is None:
            found: list[_Entry] = []
            for length in self._lengths:
                if len(word) >= length:
                    found.extend(self._prefixes.get(word[:length], ()))
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[word] = tuple(found)
        return known

    def groups(self, name: str) -> Mapping[str, str]:
        """The first word of its entry for each word of a list whose entries are groups."""
        if name not in self._groups:
            self._groups[name] = {
                word: entry.split()[0] for entry in self._lists[name] for word in entry.split()
            }
        return self._groups[name]

    def find(self, words: Sequence[str]) -> dict[str, dict[int, tuple[int, ...]]]:
        """For each list with an entry in `words`: start index to end indices, longest first."""
        found: dict[str, dict[int, tuple[int, ...]]] = {}
        by_words = self._words
        for index, (word, following) in enumerate(zip_longest(words, words[1:], fillvalue="")):
            for name, entry in (
                *by_words.get((word, ""), ()),
                *by_words.get((word, following), ()),
                *self._prefixed(word),
            ):
                end = index + len(entry)
                if end <= len(words) and (
                    len(entry) == 1 or all(map(_same, entry[1:], words[index + 1 : end]))
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

    __slots__ = ("anchors", "elements", "needs", "source", "starts")

    def __init__(self, source: str, lexicon: Lexicon, spelling: Spelling) -> None:
        self.source = source
        elements: list[_Element] = []
        for part in source.lower().split():
            elements.extend(_element(part, source, lexicon, spelling))
        self.elements = tuple(elements)
        if not any(_must_occur(e) for e in self.elements):
            raise ValueError(f"pattern {source!r}: needs at least one word or list that must occur")
        self.needs = tuple(
            element.words.union(
                (phrase[0] for phrase in element.phrases), (f"<{name}>" for name in element.lists)
            )
            for element in self.elements
            if _must_occur(element) and not element.prefixes
        )
        self.starts = _starts(self.elements[0])
        self.anchors = min(self.needs, key=_commonness, default=None)

    def can_match(self, view: View) -> bool:
        """Whether everything that must occur stands in the sentence, in whatever order."""
        return not any(map(view.keys.isdisjoint, self.needs))

    def find(self, view: View) -> tuple[int, int] | None:
        """First match in a sentence as word indices (first, after), or None."""
        return next(self.find_all(view), None) if self.can_match(view) else None

    def find_all(self, view: View) -> Iterator[tuple[int, int]]:
        """All matches in a sentence that do not overlap, in order."""
        words, starts = view.sentence.words, self.starts
        start, size = 0, len(words)
        if not self.can_match(view):
            return
        while start < size:
            if starts is not None and words[start] not in starts:
                start += 1
                continue
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
        if element.gap:
            for skipped in range(min(element.gap, len(words) - at) + 1):
                if not element.paused and at + skipped in view.sentence.pauses:
                    return -1
                end = self._match(view, step + 1, at + skipped)
                if end >= 0:
                    return end
            return -1
        if element.barred:
            return -1 if _stands(element, view, at) else self._match(view, step + 1, at)
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
            for phrase in element.phrases:
                if words[at : at + len(phrase)] == phrase:
                    end = self._match(view, step + 1, at + len(phrase))
                    if end >= 0:
                        return end
            for name in element.lists:
                for after in view.lists.get(name, {}).get(at, ()):
                    end = self._match(view, step + 1, after)
                    if end >= 0:
                        return end
        if element.optional or (element.marks and element.holds(view.sentence, at)):
            return self._match(view, step + 1, at)
        return -1


def _stands(element: _Element, view: View, at: int) -> bool:
    """Whether one of the choices of an element stands at word `at`."""
    if at >= len(view.sentence.words):
        return False
    if element.holds(view.sentence, at):
        return True
    word = view.sentence.words[at]
    return (
        word in element.words
        or (bool(element.prefixes) and word.startswith(element.prefixes))
        or any(view.sentence.words[at : at + len(p)] == p for p in element.phrases)
        or any(at in view.lists.get(name, {}) for name in element.lists)
    )


def _must_occur(element: _Element) -> bool:
    choices = element.words or element.phrases or element.lists or element.prefixes
    free = element.optional or element.barred or element.marks or element.anyword
    return bool(choices) and not free


def _element(part: str, source: str, lexicon: Lexicon, spelling: Spelling) -> Iterator[_Element]:
    if part in _GAPS:
        yield _Element(gap=_GAPS[part], paused=part[0] == ".")
        return
    optional = part.endswith("?") and len(part) > 1
    body = part[:-1] if optional else part
    barred = body.startswith("-") and len(body) > 1
    body = body[1:] if barred else body
    choices = body.split("|")
    words: set[str] = set()
    phrases: list[tuple[str, ...]] = []
    prefixes: list[str] = []
    lists: list[str] = []
    marks: list[str] = []
    anyword = False
    for choice in choices:
        if choice in _MARKS:
            marks.append(choice)
        elif choice.startswith("<") and choice.endswith(">"):
            if choice[1:-1] not in lexicon.names:
                known = ", ".join(sorted(lexicon.names))
                raise ValueError(
                    f"pattern {source!r}: no language list {choice}; there are {known}"
                )
            lists.append(choice[1:-1])
        elif choice == "_":
            anyword = True
        elif choice.endswith("*") and len(choice) > 2:
            prefixes.append(choice[:-1])
        elif not choice:
            raise ValueError(f"pattern {source!r}: an empty choice in {part!r}")
        else:
            normal = tuple(w for part in choice.split("_") for w in expand(part, spelling) if w)
            if not normal:
                raise ValueError(f"pattern {source!r}: no word in {choice!r}")
            if len(normal) > 1:
                phrases.append(normal)
            else:
                words.add(normal[0])
    yield _Element(
        frozenset(words),
        tuple(phrases),
        tuple(prefixes),
        tuple(lists),
        marks=tuple(marks),
        anyword=anyword,
        optional=optional,
        barred=barred,
    )


_COMMON = frozenset(
    "i you we it the a an to of and is are am be have has do not that this my your in on for"
    " will would can could with so me us they he she there at as was were if or but".split()
)


def _starts(element: _Element) -> frozenset[str] | None:
    """The words a match can start with; None where it can start with others too."""
    if not _must_occur(element) or element.prefixes or element.lists:
        return None
    return element.words.union(phrase[0] for phrase in element.phrases)


def _commonness(keys: frozenset[str]) -> tuple[bool, int]:
    return bool(keys & _COMMON), len(keys)


class Matcher:
    """Many patterns at once: tries on a sentence only those whose anchor word stands in it."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._order = {pattern: number for number, pattern in enumerate(patterns)}
        self._index: dict[str, list[Pattern]] = {}
        self._always: list[Pattern] = []
        for pattern in self._order:
            if pattern.anchors is None:
                self._always.append(pattern)
            for key in pattern.anchors or ():
                self._index.setdefault(key, []).append(pattern)

    def candidates(self, view: View) -> list[Pattern]:
        """The patterns that can match in this sentence, in the order they were given in."""
        found = set(self._always)
        for key in self._index.keys() & view.keys:
            found.update(self._index[key])
        return sorted((p for p in found if p.can_match(view)), key=self._order.__getitem__)
