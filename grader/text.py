"""The text layer: words and sentences of a reply, with offsets into the text as typed.

A word is normalised (lower case, contractions written out, British spelling, chat shorthand
resolved) so that rules are written once; its offsets stay those of the text as typed.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

_WORD = r"[^\W_]+(?:'[^\W_]+)*"
_TOKEN = re.compile(
    r"(?P<dotted>(?<![^\W_])(?:[a-z]\.){2,})"
    r"|(?P<number>[£$€]?\d+(?:[.,:/]\d+)*%?)(?P<unit>[a-z]{0,3}(?![^\W_]))"
    rf"|(?P<word>{_WORD})"
    r"|(?P<end>[.!?…]+)"
    r"|(?P<newline>[ \t]*\n\s*)"
    r"|[ \t]+(?=[ \t][^ \t\n]|\Z)"  # no token; else every space of a row looks for the row's end
    r'|(?P<quote>")'
    r"|(?P<pause>[,;:()]|\s[-–—]+\s|[–—])"
)
_BULLET = re.compile(r"(?:[-*•]|\d{1,2}[.)])\s")
_CHANGED = re.compile(r"[^\x00-\x7f]|[A-Z]")
_PLAIN = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "´": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "″": '"',
    }
    # Letters that only look English, one for one: a text is read as a person sees it.
    | dict(zip("аеорсухіѕјһԁԛԝӏАВЕЅІЈКМНОРСТУХ", "aeopcyxisjhdqwlABESIJKMHOPCTYX", strict=True))
    | dict(zip("ανορικυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "avopikuxABEZHIKMNOPTYX", strict=True))
)
_ABBREVIATIONS = frozenset("mr mrs ms dr prof st no approx etc vs inc ltd co dept tel ext".split())
_SUFFIXES = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would"}
_IS = frozenset(
    "it that what who where there here he she how when why this everything nothing something"
    " everyone nobody someone".split()
)
_IRREGULAR = {
    "can't": ("can", "not"),
    "won't": ("will", "not"),
    "shan't": ("shall", "not"),
    "ain't": ("is", "not"),
    "let's": ("let", "us"),
    "y'all": ("you", "all"),
    "ma'am": ("madam",),
    "o'clock": ("o'clock",),
    "cannot": ("can", "not"),
}
_IZE = re.compile(r"(?<=[a-z]{3})iz(?=(?:e|es|ed|ing|ation|ations)$)")
_KEEP_IZE = frozenset("size sizes sized sizing prize prizes seize seizes seized".split())


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: normalised words and where each stands in the text as typed.

    `start`, `end` and `spans` are half-open code point offsets. `pauses` holds the index of
    every word that follows a comma, dash or bracket; `quoted` of every word in double quotes.
    `copied` holds the indices of words taken over from the customer's message, `capitals` of
    words typed in capitals, two or more.
    """

    start: int
    end: int
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    ending: str
    pauses: frozenset[int] = frozenset()
    quoted: frozenset[int] = frozenset()
    copied: frozenset[int] = frozenset()
    capitals: frozenset[int] = frozenset()

    def span(self, first: int, after: int) -> tuple[int, int]:
        """Offsets in the text as typed of the words `first` up to but not with `after`."""
        return self.spans[first][0], self.spans[after - 1][1]


@dataclass(frozen=True, slots=True)
class Spelling:
    """Words that stand for others: chat shorthand, American spelling, common slips."""

    variants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def simplify(text: str) -> tuple[str, Sequence[int] | None]:
    """Lower case, quotes and letters plain, and for each of its characters the offset in `text`.

    Invisible characters (zero width, direction marks, soft hyphens, combining marks) are left
    out, full-width letters made plain. The offsets are None where nothing moved.
    """
    if not _CHANGED.search(text):
        return text, None
    plain = text.translate(_PLAIN)
    low = plain.lower()
    if (
        len(low) == len(text)
        and not any(
            ch > "\u02ff"
            and ch not in "–—…€•"
            and (
                unicodedata.category(ch) in ("Cf", "Mn", "Me")
                or unicodedata.normalize("NFKC", ch) != ch
            )
            for ch in set(low)
        )
        and "\u00ad" not in low
    ):
        return low, None
    kept: list[str] = []
    offsets: list[int] = []
    for offset, ch in enumerate(plain):
        if unicodedata.category(ch) in ("Cf", "Mn", "Me"):
            continue
        shown = ch if ch == "…" else unicodedata.normalize("NFKC", ch)
        for piece in shown.lower():
            kept.append(piece)
            offsets.append(offset)
    return "".join(kept), offsets


def expand(word: str, spelling: Spelling) -> tuple[str, ...]:
    """The normalised word or words that one typed word stands for."""
    known = spelling.variants.get(word)
    if known is not None:
        return known
    if "'" in word:
        irregular = _IRREGULAR.get(word)
        if irregular is not None:
            return irregular
        base, _, suffix = word.rpartition("'")
        if suffix == "t" and base.endswith("n"):
            return (base[:-1], "not") if base != "n" else ("not",)
        if suffix in _SUFFIXES:
            return *spelling.variants.get(base, (base,)), _SUFFIXES[suffix]
        if suffix == "s":
            return (base, "is") if base in _IS else (base, "'s")
        return (word.replace("'", ""),)
    if word == "cannot":
        return "can", "not"
    if "iz" in word and word not in _KEEP_IZE:
        return (_IZE.sub("is", word),)
    return (word,)


class _Collector:
    """Gathers the words of the sentence being read."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.spans: list[tuple[int, int]] = []
        self.pauses: set[int] = set()
        self.quoted: set[int] = set()
        self.capitals: set[int] = set()

    def add(
        self, words: Sequence[str], start: int, end: int, quoted: bool, capitals: bool = False
    ) -> None:
        for word in words:
            if capitals:
                self.capitals.add(len(self.words))
            if word == "of" and self.words and self.words[-1] in ("should", "could", "would"):
                word = "have"
            if quoted:
                self.quoted.add(len(self.words))
            self.words.append(word)
            self.spans.append((start, end))

    def take(self, ending: str, end: int) -> Sentence | None:
        if not self.words:
            return None
        sentence = Sentence(
            self.spans[0][0],
            end,
            tuple(self.words),
            tuple(self.spans),
            ending,
            frozenset(self.pauses),
            frozenset(self.quoted),
            capitals=frozenset(self.capitals),
        )
        self.__init__()  # type: ignore[misc]
        return sentence


def _quoted_ranges(text: str) -> list[tuple[int, int]]:
    """Ranges in pairs of double quotes, none where most of the text is quoted."""
    marks = [match.start() for match in re.finditer('"', text)]
    ranges = [(a, b) for a, b in zip(marks[::2], marks[1::2], strict=False)]
    if sum(b - a for a, b in ranges) > 0.6 * len(text):
        return []
    return ranges


def _breaks_line(text: str, before: int, after: int) -> bool:
    """Whether a single line break ends a sentence: not inside hard-wrapped prose."""
    if text.count("\n", before, after) > 1:
        return True
    line = text.rfind("\n", 0, before) + 1
    return before - line < 50 or bool(_BULLET.match(text, after))


def sentences(text: str, spelling: Spelling) -> tuple[Sentence, ...]:
    """Split a text into sentences of normalised words, in order, offsets as typed."""
    return tuple(_sentences(text, spelling))


def _sentences(text: str, spelling: Spelling) -> Iterator[Sentence]:
    plain, offsets = simplify(text)
    quoted = _quoted_ranges(plain)
    starts = [start for start, _ in quoted]

    def in_quotes(position: int) -> bool:
        index = bisect_left(starts, position) - 1
        return index >= 0 and position < quoted[index][1]

    def as_typed(start: int, end: int) -> tuple[int, int]:
        return (start, end) if offsets is None else (offsets[start], offsets[end - 1] + 1)

    now = _Collector()
    for match in _TOKEN.finditer(plain):
        kind = match.lastgroup
        start, end = match.span()
        if kind == "word" or kind == "dotted":
            raw = match.group().replace(".", "") if kind == "dotted" else match.group()
            begins, ends = as_typed(start, end)
            capitals = ends - begins > 1 and text[begins:ends].isupper()
            now.add(expand(raw, spelling), begins, ends, in_quotes(start), capitals)
        elif kind == "unit":
            number, unit = match.group("number"), match.group("unit")
            words = (number, unit) if unit else (number,)
            now.add(words, *as_typed(start, end), in_quotes(start))
        elif kind == "end":
            if match.group() == "." and now.words and now.words[-1] in _ABBREVIATIONS:
                continue
            ending = "?" if "?" in match.group() else match.group()[0]
            done = now.take(ending, as_typed(start, end)[1])
            if done:
                yield done
        elif kind == "newline":
            if now.words and _breaks_line(plain, start, end):
                done = now.take("\n", now.spans[-1][1])
                if done:
                    yield done
            elif now.words:
                continue
        elif kind == "pause":
            now.pauses.add(len(now.words))
    done = now.take("", now.spans[-1][1] if now.spans else 0)
    if done:
        yield done


_ENDINGS = (
    "ingly",
    "edly",
    "ations",
    "ation",
    "ments",
    "ment",
    "ness",
    "ings",
    "ing",
    "ies",
    "ied",
    "ers",
    "er",
    "es",
    "ed",
    "ly",
    "s",
    "e",
    "y",
)


def stem(word: str) -> str:
    """A rough stem for comparing two texts: "delivered", "delivery" and "deliver" agree."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sz":
        return word[:-1]
    return word


def shortened(text: str, most: int) -> str:
    """The text on one line, of about `most` characters: cut between words, after no comma."""
    line = " ".join(text.split())
    return line if len(line) <= most else re.sub(r"(\W*\s\S*|\W+)$", "", line[: most + 1]) + "…"
