"""Judges a reply: reads it sentence by sentence, lets the rules decide, settles levels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from grader.feedback import advise
from grader.model import Assessment, Evidence, Judgement, Scenario
from grader.patterns import Pattern, View
from grader.rejection import copied_words, neutral, rejection
from grader.rubric import FAULTS, MOVES, Guide, load_guide
from grader.rules import Facts, Hit, Reading, Rule, codes, repeats, retells, says
from grader.text import Sentence, sentences, stem

PENALTY = {name: 25 if name == "hostile" else 15 for name in FAULTS}
NOTHING_FOUND = 0.7
FULL = 2
_NEXT = 1


def assess(
    reply: str,
    scenario: Scenario | Mapping[str, Any],
    asks: Mapping[str, float] | None = None,
) -> Assessment:
    """Judge a reply to a scenario by the rubric. Pure: the same input gives the same result.

    `asks` maps moves to weights above 0; without it every move is reported and the total is
    None. Raises ValueError for a scenario or asks it cannot read, TypeError for a reply that is
    no text. Total: 100 x sum(weight x level / 2) / sum(weight), less 15 for each fault (25 for
    `hostile`), not below 0 (rubric, "Total").
    """
    if not isinstance(reply, str):
        raise TypeError(f"reply: must be text, not {type(reply).__name__}")
    scenario = Scenario.of(scenario)
    weights = check_asks(asks)
    guide = load_guide()
    read, copied = _read(reply, scenario, guide)
    rejected = rejection(reply, read, copied, guide.language)
    if rejected is not None:
        return Assessment(
            total=0.0,
            levels=dict.fromkeys((*MOVES, *FAULTS), 0),
            evidence=(),
            feedback=(),
            rejected=rejected,
            judgements=(),
            asks=weights,
        )
    views = tuple(View.of(sentence, guide.lexicon) for sentence in read)
    hits = _settle(_find(views, scenario, guide), guide)
    levels, judgements, evidence = {}, [], []
    for name in (*MOVES, *FAULTS):
        judgement, deciding = _judge(name, hits.get(name, []), read)
        levels[name] = judgement.level
        judgements.append(judgement)
        evidence.extend(_evidence(name, deciding, read, reply))
    levels["positive"] = _positive(levels, hits)
    judgements = [
        replace(j, level=levels[j.criterion]) if j.level != levels[j.criterion] else j
        for j in judgements
    ]
    evidence = [e for e in evidence if levels[e.criterion] > 0]
    evidence.sort(key=lambda e: (e.start, e.end, e.criterion))
    return Assessment(
        total=total(levels, weights),
        levels=levels,
        evidence=tuple(evidence),
        feedback=advise(guide.rubric, levels, evidence, weights),
        rejected=None,
        judgements=tuple(judgements),
        asks=weights,
    )


def check_asks(asks: Mapping[str, float] | None) -> dict[str, float]:
    """The asked moves with their weights, in the rubric's order; empty where nothing is asked.

    Raises ValueError where `asks` is no mapping of moves to finite weights above 0.
    """
    if asks is None:
        return {}
    if not isinstance(asks, Mapping):
        raise ValueError("asks: must be an object of moves and weights")
    for name, weight in asks.items():
        if name not in MOVES:
            raise ValueError(f"asks.{name}: no move; the moves are {', '.join(MOVES)}")
        if isinstance(weight, bool) or not isinstance(weight, int | float):
            raise ValueError(f"asks.{name}: the weight must be a number above 0")
        if not (math.isfinite(weight) and weight > 0):
            raise ValueError(f"asks.{name}: the weight must be a finite number above 0")
    return {name: asks[name] for name in MOVES if name in asks}


def total(levels: Mapping[str, int], weights: Mapping[str, float]) -> float | None:
    """The total of levels under weights, 0 to 100 with two decimals; None without weights."""
    if not weights:
        return None
    whole = sum((Fraction(weight) for weight in weights.values()), Fraction())
    gained = sum(
        (Fraction(weight) * levels[name] / 2 for name, weight in weights.items()), Fraction()
    )
    lost = sum(PENALTY[name] * levels[name] for name in FAULTS)
    return round(float(max(Fraction(), 100 * gained / whole - lost)), 2)


@lru_cache(maxsize=256)
def _source_words(text: str) -> tuple[str, ...]:
    language = load_guide().language
    words = [word for s in sentences(text, language.spelling) for word in s.words]
    return tuple(neutral(words, language))


@lru_cache(maxsize=256)
def _facts(text: str) -> Facts:
    language = load_guide().language
    words: set[str] = set()
    stems: set[str] = set()
    numbers: set[str] = set()
    for sentence in sentences(text, language.spelling):
        words.update(sentence.words)
        for word in sentence.words:
            number = language.numbers.get(word, word)
            if any(ch.isdigit() for ch in number):
                numbers.add(number)
            elif word not in language.common and len(word) > 2:
                stems.add(stem(word))
    return Facts(frozenset(words), frozenset(stems), frozenset(numbers))


def _read(reply: str, scenario: Scenario, guide: Guide) -> tuple[tuple[Sentence, ...], int]:
    """Sentences of the reply with the customer's own words marked, and how many those are."""
    language = guide.language
    read = sentences(reply, language.spelling)
    sources = [_source_words(text) for text in (scenario.customer, scenario.agent_bad) if text]
    if not sources or sum(len(s.words) for s in read) > 2_000:
        return read, 0
    taken = copied_words([neutral(s.words, language) for s in read], sources)
    marked = tuple(
        replace(sentence, copied=frozenset(indices)) if indices else sentence
        for sentence, indices in zip(read, taken, strict=True)
    )
    return marked, sum(map(len, taken))


def _find(views: Sequence[View], scenario: Scenario, guide: Guide) -> dict[str, list[Hit]]:
    """Every hit of every rule, by criterion, in the order of the text."""
    hits: dict[str, list[Hit]] = {}

    def keep(found: Iterable[Hit | None]) -> None:
        for hit in found:
            if hit is not None:
                hits.setdefault(hit.rule.criterion, []).append(hit)

    language = guide.language
    reading = Reading(
        views,
        _facts(scenario.customer),
        stem,
        language.common,
        language.numbers,
        language.english,
    )
    for index, view in enumerate(views):
        tried: dict[Rule, list[Pattern]] = {}
        for pattern in guide.matcher.candidates(view):
            tried.setdefault(guide.rule_of[pattern], []).append(pattern)
        for rule in guide.rules:
            if rule in tried:
                patterns = sorted(tried[rule], key=rule.any.index)
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


def _settle(hits: dict[str, list[Hit]], guide: Guide) -> dict[str, list[Hit]]:
    """Take away moves that a fault undoes in the same breath: the same or the next sentence.

    Hits that count only beside another criterion go where that is not found in full nearby.
    """
    settled = {}
    full = {
        name: {hit.sentence for hit in found if hit.rule.level == FULL}
        for name, found in hits.items()
    }

    def near(hit: Hit, others: set[int]) -> bool:
        return any(abs(hit.sentence - other) <= _NEXT for other in others)

    for name, found in hits.items():
        undoing = {
            hit.sentence for fault in guide.undone_by.get(name, ()) for hit in hits.get(fault, ())
        }
        barred = any(hits.get(fault) for fault in guide.barred_by.get(name, ()))
        settled[name] = [
            hit
            for hit in found
            if not barred
            and not {hit.sentence, hit.sentence + _NEXT} & undoing
            and (hit.rule.beside is None or near(hit, full.get(hit.rule.beside, set())))
        ]
    return settled


def _judge(name: str, hits: Sequence[Hit], read: Sequence[Sentence]) -> tuple[Judgement, list[Hit]]:
    """The level of a criterion, why, and the hits that carried it."""
    decided = [hit for hit in hits if hit.rule.type != "otherwise"]
    if not decided:
        decided = list(hits)
    if not decided:
        return Judgement(name, 0, NOTHING_FOUND), []
    best = max(decided, key=lambda hit: (hit.rule.level > 0, hit.rule.level, hit.rule.trust))
    # A rule at level 0 (a refusal, say) decides only where nothing better was found.
    deciding = [hit for hit in decided if hit.rule.level == best.rule.level and hit.sentence >= 0]
    where = read[best.sentence] if best.sentence >= 0 else None
    sentence = (where.start, where.end) if where else None
    return Judgement(name, best.rule.level, best.rule.trust, best.rule.id, sentence), deciding


def _positive(levels: Mapping[str, int], hits: Mapping[str, Sequence[Hit]]) -> int:
    """`positive` is 0 also where the reply only defends, blames or attacks (settled cases)."""
    level = levels["positive"]
    against = any(levels[name] for name in ("defend", "blame", "hostile", "dismiss"))
    helps = any(levels[name] == 2 for name in ("solve", "options", "acknowledge", "own"))
    return 0 if level == 1 and against and not helps else level


def _evidence(
    name: str, hits: Sequence[Hit], read: Sequence[Sentence], reply: str
) -> list[Evidence]:
    """The spans of the deciding hits, overlapping ones joined."""
    spans = sorted(read[hit.sentence].span(hit.first, hit.after) for hit in hits)
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return [Evidence(name, start, end, reply[start:end]) for start, end in joined]
