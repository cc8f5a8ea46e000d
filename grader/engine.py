"""Judges a reply: reads it, lets rules and learned weights speak, settles levels and evidence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from grader.feedback import advise
from grader.learned import Best, Learned, best_scores, load_learned
from grader.model import Assessment, Evidence, Judgement, Scenario
from grader.reading import Read, read_reply
from grader.rubric import FAULTS, MOVES, load_guide
from grader.rules import Hit, clause
from grader.settling import STRAY, barred, level_of, standing

PENALTY = {name: 25 if name == "hostile" else 15 for name in FAULTS}
# "Neither refused nor reframed" is nowhere in particular.
UNMARKED = ("positive", 1)


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
    read = read_reply(reply, scenario, guide)
    if read.rejected is not None:
        return Assessment(
            total=0.0,
            levels=dict.fromkeys((*MOVES, *FAULTS), 0),
            evidence=(),
            feedback=(),
            rejected=read.rejected,
            judgements=(),
            asks=weights,
        )
    learned = load_learned()
    stand = standing(read.hits, guide)
    features = read.features()
    out = barred(read, guide)
    scores = [
        learned.scores(found, [move for move, at in out.items() if index in at])
        for index, found in enumerate(features)
    ]
    case = _Case(
        reply,
        read,
        stand,
        {name: level_of(stand.get(name, []))[0] for name in (*MOVES, *FAULTS)},
        features,
        scores,
        best_scores(scores),
    )
    levels, judgements, evidence = {}, [], []
    for name in (*MOVES, *FAULTS):
        judgement, found = _judge(name, case, learned)
        levels[name] = judgement.level
        judgements.append(judgement)
        evidence.extend(found)
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


@dataclass(frozen=True, slots=True)
class _Case:
    """One reply being judged: what was read, what the rules say, what the sentences score."""

    reply: str
    read: Read
    standing: Mapping[str, Sequence[Hit]]
    rule_levels: Mapping[str, int]
    features: Sequence[set[str]]
    scores: Sequence[Sequence[int]]
    best: Best


def _judge(name: str, case: _Case, learned: Learned) -> tuple[Judgement, list[Evidence]]:
    """The level of one criterion, why, and where in the reply."""
    level, margin = learned.level(
        name, case.best, case.rule_levels, len(case.scores), case.read.words
    )
    if case.read.strays:
        level = min(level, STRAY.get(name, level))
    hits = [hit for hit in case.standing.get(name, ()) if hit.sentence >= 0]
    confidence = learned.confidence(margin)
    if level == 0 or (name, level) == UNMARKED:
        return Judgement(name, level, confidence), []
    at = learned.carrying(name, level, case.scores)
    spans = [_span(hits, index, level, case.read) for index in at]
    rule = next((hit.rule.id for hit in hits if hit.sentence == at[0]), None)
    where = case.read.sentences[at[0]]
    words = learned.carried(case.features[at[0]], f"{name}.{level}")
    judgement = Judgement(name, level, confidence, rule, (where.start, where.end), tuple(words))
    return judgement, [
        Evidence(name, start, end, case.reply[start:end]) for start, end in sorted(spans)
    ]


def _span(hits: Sequence[Hit], index: int, level: int, read: Read) -> tuple[int, int]:
    """Where a sentence shows a criterion: the clauses in which a rule found it, else all of it."""
    sentence = read.sentences[index]
    found = [
        clause(sentence, hit.first, hit.after)
        for hit in hits
        if hit.sentence == index and hit.rule.level == level
    ] or [(0, len(sentence.words))]
    return sentence.span(min(first for first, _ in found), max(after for _, after in found))
