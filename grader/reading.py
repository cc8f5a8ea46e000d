"""Reads a reply: its sentences, what the rules find in them, what it gives back, its features."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby

from grader.features import sentence_features
from grader.fitting import is_of_another_case, matter
from grader.model import Rejection, Scenario
from grader.patterns import View
from grader.rejection import MOST_PARTS, copied_words, neutral, rejection
from grader.rubric import MOVES, Guide, load_guide
from grader.rules import Facts, Hit, Reading, codes, repeats, retells, says
from grader.text import Sentence, sentences, stem


@dataclass(frozen=True, slots=True)
class Read:
    """A reply as it was read.

    `hits` holds every hit of every rule by criterion; `given`, for each sentence, how many facts
    of the customer's message it gives back, -1 where there is no message. `strays` says that it
    is the answer to another case. A rejected reply has no hits.
    """

    sentences: tuple[Sentence, ...]
    rejected: Rejection | None
    views: tuple[View, ...] = ()
    hits: Mapping[str, list[Hit]] = field(default_factory=dict)
    given: tuple[int, ...] = ()
    strays: bool = False

    @property
    def words(self) -> int:
        """The number of words."""
        return sum(len(sentence.words) for sentence in self.sentences)

    def features(self) -> list[set[str]]:
        """The features of each sentence."""
        fired: list[set[str]] = [set() for _ in self.views]
        for criterion, hits in self.hits.items():
            for hit in hits:
                if hit.sentence >= 0:
                    fired[hit.sentence].add(f"{criterion}.{hit.rule.id}")
        count = len(self.views)
        return [
            sentence_features(
                view,
                fired[index],
                self.given[index],
                (index, count),
                self.sentences[index - 1].ending if index else "",
            )
            for index, view in enumerate(self.views)
        ]


def read_reply(reply: str, scenario: Scenario, guide: Guide) -> Read:
    """Read a reply to a scenario, or say why it is rejected."""
    found, copied = _read(reply, scenario, guide)
    rejected = rejection(reply, found, copied, guide.language)
    if rejected is not None:
        return Read(found, rejected)
    views = tuple(View.of(sentence, guide.lexicon) for sentence in found)
    language = guide.language
    reading = Reading(
        views, _facts(scenario.customer), stem, language.common, language.numbers, language.english
    )
    hits = _find(reading, guide)
    silent = not reading.facts.words
    given = tuple(-1 if silent else len(facts) for facts in reading.given_back(guide.alike))
    return Read(found, None, views, hits, given, _strays(found, scenario, guide))


def _strays(reply: Iterable[Sentence], scenario: Scenario, guide: Guide) -> bool:
    said = (word for sentence in reply for word in sentence.words)
    texts = (scenario.customer, scenario.setting, scenario.agent_bad)
    case = (word for text in texts for word in _words(text))
    language, alike = guide.language, guide.alike
    return bool(scenario.customer) and is_of_another_case(
        matter(said, language, alike), matter(case, language, alike)
    )


@lru_cache(maxsize=256)
def _words(text: str) -> tuple[str, ...]:
    found = sentences(text, load_guide().language.spelling)
    return tuple(word for sentence in found for word in sentence.words)


@lru_cache(maxsize=256)
def _source_words(text: str) -> tuple[str, ...]:
    return tuple(neutral(_words(text), load_guide().language))


@lru_cache(maxsize=256)
def _facts(text: str) -> Facts:
    language = load_guide().language
    stems: set[str] = set()
    numbers: set[str] = set()
    for word in _words(text):
        number = language.numbers.get(word, word)
        if any(ch.isdigit() for ch in number):
            numbers.add(number)
        elif word not in language.common and len(word) > 2:
            stems.add(stem(word))
    return Facts(frozenset(_words(text)), frozenset(stems), frozenset(numbers))


def _read(reply: str, scenario: Scenario, guide: Guide) -> tuple[tuple[Sentence, ...], int]:
    """Sentences of the reply with the customer's own words marked, and how many those are."""
    language = guide.language
    read = sentences(reply, language.spelling)
    sources = [_source_words(text) for text in (scenario.customer, scenario.agent_bad) if text]
    if not sources or sum(len(s.words) for s in read) > MOST_PARTS:
        return read, 0
    taken = copied_words([neutral(s.words, language) for s in read], sources)
    marked = tuple(
        replace(sentence, copied=frozenset(indices)) if indices else sentence
        for sentence, indices in zip(read, taken, strict=True)
    )
    return marked, sum(map(len, taken))


def _find(reading: Reading, guide: Guide) -> dict[str, list[Hit]]:
    """Every hit of every rule, by criterion, in the order of the text."""
    hits: dict[str, list[Hit]] = {}

    def keep(found: Iterable[Hit | None]) -> None:
        for hit in found:
            if hit is not None:
                hits.setdefault(hit.rule.criterion, []).append(hit)

    for index, view in enumerate(reading.views):
        tried = guide.matcher.candidates(view)
        for rule, patterns in groupby(tried, guide.rule_of.__getitem__):
            hit = says(rule, patterns, index, view, move=rule.criterion in MOVES)
            if hit and not (rule.foreign and reading.shares(view, hit)):
                keep([hit])
    for rule in guide.rules:
        if rule.type == "repeats":
            keep(repeats(rule, reading, move=rule.criterion in MOVES))
        elif rule.type == "retells":
            keep(retells(rule, reading))
        elif rule.type == "codes":
            keep(codes(rule, reading))
        elif rule.type == "otherwise":
            keep([Hit(rule, -1, 0, 0)])
    return hits
