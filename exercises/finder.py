"""The phrase finder without a screen: by criterion, what works and what only sounds so.

The phrases are the examples that stand in the rubric and that the grader's rules are tested on; the
passages are what it marks in the bank's model replies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from exercises.bank import BankScenario, Model, scenarios
from exercises.compiled import compiled
from grader import Criterion, Evidence, assess, load_rubric
from grader.rubric import load_guide
from grader.text import sentences

# Passages of model replies that are shown of a criterion.
MOST_PASSAGES = 6


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase on its own; `customer` is the message it answers, where that matters, else ""."""

    text: str
    customer: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence or two of a model reply, and the evidence in it, counted from its beginning."""

    setting: str
    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What there is of a criterion.

    Of a move, `full` are phrases that make it and `half` those that make half of it; of a fault,
    `full` are phrases that have it. `seeming` only sound so. `passages` are from the strong model
    replies, of a fault from the weak ones.
    """

    criterion: Criterion
    full: tuple[Said, ...]
    half: tuple[Said, ...]
    seeming: tuple[Said, ...]
    passages: tuple[Passage, ...]


def phrases_of(criteria: Mapping[str, Any]) -> dict[str, dict[str, list[dict[str, str]]]]:
    """The phrases of the rubric's files, as `exercises.build` compiles them.

    What the grader does not judge right yet is left out.
    """
    found = {}
    for id, data in criteria.items():
        top = 1 if data["kind"] == "fault" else 2
        hits = [hit for hit in data["hits"] if not hit.get("open")]
        near = [miss for miss in data["near_misses"] if not miss.get("open")]
        found[id] = {
            "full": [_said(hit) for hit in hits if hit["level"] == top],
            "half": [_said(hit) for hit in hits if hit["level"] < top],
            "seeming": [_said(miss) for miss in near],
        }
    return found


def _said(example: Mapping[str, Any]) -> dict[str, str]:
    return {key: example[key] for key in ("text", "customer") if example.get(key)}


def find() -> tuple[Found, ...]:
    """What there is of every criterion, in the order of the rubric; takes a second or two."""
    phrases = compiled("phrases")
    return tuple(
        Found(
            criterion,
            **{
                name: tuple(Said(**said) for said in group)
                for name, group in phrases[criterion.id].items()
            },
            passages=tuple(islice(_passages(criterion), MOST_PASSAGES)),
        )
        for criterion in load_rubric().criteria.values()
    )


def _passages(criterion: Criterion) -> Iterator[Passage]:
    """One passage of each reply that is to have the criterion, and has it for the grader too."""
    for scenario in scenarios():
        for model in scenario.models:
            if _is_to_have(model, criterion, scenario):
                found = assess(model.reply, scenario.scenario, scenario.asks)
                evidence = [e for e in found.evidence if e.criterion == criterion.id]
                if evidence and found.levels[criterion.id] == criterion.top:
                    yield _cut(scenario, model.reply, evidence)
                break


def _is_to_have(model: Model, criterion: Criterion, scenario: BankScenario) -> bool:
    if criterion.kind == "fault":
        return model.kind == "weak" and bool(model.expected.get(criterion.id))
    return model.kind == "strong" and criterion.id in scenario.asks


def _cut(scenario: BankScenario, reply: str, evidence: Sequence[Evidence]) -> Passage:
    """The sentences that the first evidence stands in, with all the evidence in them."""
    first = evidence[0]
    around = [
        sentence
        for sentence in sentences(reply, load_guide().language.spelling)
        if sentence.start < first.end and first.start < sentence.end
    ]
    start = min([first.start, *(sentence.start for sentence in around)])
    end = max([first.end, *(sentence.end for sentence in around)])
    inside = tuple(
        Evidence(e.criterion, e.start - start, e.end - start, e.quote)
        for e in evidence
        if start <= e.start and e.end <= end
    )
    return Passage(scenario.setting, reply[start:end], inside)
