"""Loads the compiled rubric and language data, once, into what the engine works with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from grader.model import Criterion, Level, Rubric
from grader.patterns import Lexicon, Matcher, Pattern
from grader.rules import IN_A_SENTENCE, Rule, read_rule
from grader.text import Spelling

MOVES = (
    "acknowledge",
    "reflect",
    "explore",
    "apologise",
    "own",
    "partner",
    "solve",
    "options",
    "expect",
    "prevent",
    "follow_up",
    "feedback",
    "thank",
    "boundary",
    "positive",
    "relate",
)
ALIKE = "alike"  # the language list of words that stand for one another
FAULTS = ("dismiss", "blame", "defend", "hostile", "overpromise", "pseudo_apology", "jargon")
FULL = 2  # the level of a move that is made in full
# What most replies should do, and what each counts: asked for where an exercise does not say.
USUAL_ASKS: Mapping[str, int] = {
    "acknowledge": 2,
    "reflect": 1,
    "own": 1,
    "solve": 2,
    "expect": 1,
}


@dataclass(frozen=True, slots=True)
class Language:
    """What the text layer and the rejections know of English."""

    spelling: Spelling
    common: frozenset[str]
    english: frozenset[str]
    usual: frozenset[str]
    foreign: frozenset[str]
    stock: frozenset[str]
    numbers: Mapping[str, str]
    neutral: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Guide:
    """The rubric with its rules ready to run.

    `rule_of` gives for each pattern of a `says` or `bars` rule the rule it belongs to. `alike`
    groups words that stand for one another. `undone_by` names, for a move, the faults that undo
    it in the same or the next sentence; `barred_by` those that bar it from the whole reply.
    """

    rubric: Rubric
    texts: Mapping[str, Any]
    language: Language
    lexicon: Lexicon
    matcher: Matcher
    rule_of: Mapping[Pattern, Rule]
    rules: tuple[Rule, ...]
    alike: Mapping[str, str]
    undone_by: Mapping[str, frozenset[str]]
    barred_by: Mapping[str, frozenset[str]]


def _criterion(data: Mapping[str, Any]) -> Criterion:
    return Criterion(
        id=data["id"],
        kind=data["kind"],
        name=data["name"],
        question=data["question"],
        levels=tuple(Level(points, text) for points, text in enumerate(data["levels"])),
        feedback=tuple(data["feedback"]),
        step=data.get("step", ""),
        source=tuple((entry["document"], entry["section"]) for entry in data["source"]),
    )


def make_guide(data: Mapping[str, Any]) -> Guide:
    """Build the guide from compiled data: `criteria`, `language`, `rejections`, `texts`.

    Raises ValueError naming criterion, rule and field where a rule cannot be read.
    """
    criteria, language = data["criteria"], data["language"]
    spelling = Spelling(
        {typed: tuple(meant.split()) for typed, meant in language["spelling"]["variants"].items()}
    )
    lexicon = Lexicon(language["lists"], spelling)
    rules = tuple(
        read_rule(name, rule, lexicon, spelling)
        for name in (*MOVES, *FAULTS)
        for rule in criteria[name].get("rules", ())
    )
    rule_of = {
        pattern: rule for rule in rules if rule.type in IN_A_SENTENCE for pattern in rule.any
    }
    rubric = Rubric(
        moves=tuple(_criterion(criteria[name]) for name in MOVES),
        faults=tuple(_criterion(criteria[name]) for name in FAULTS),
        rejections=dict(data["rejections"]),
    )
    english = language["english"]
    return Guide(
        rubric=rubric,
        texts=data["texts"],
        language=Language(
            spelling,
            frozenset(english["common"]),
            frozenset(english["common"]) | frozenset(english["frequent"]),
            frozenset(english["usual"]),
            frozenset(english["foreign"]),
            frozenset(english["stock"]),
            dict(english["numbers"]),
            dict(english["neutral"]),
        ),
        lexicon=lexicon,
        matcher=Matcher(rule_of),
        rule_of=rule_of,
        rules=rules,
        alike=lexicon.groups(ALIKE) if ALIKE in lexicon.names else {},
        undone_by={n: frozenset(criteria[n].get("undone_by", ())) for n in MOVES},
        barred_by={n: frozenset(criteria[n].get("barred_by", ())) for n in MOVES},
    )


@lru_cache(maxsize=1)
def load_guide() -> Guide:
    """The guide from the package's own data."""
    text = files("grader").joinpath("data", "rubric.json").read_text(encoding="utf-8")
    return make_guide(json.loads(text))


def load_rubric() -> Rubric:
    """The rubric: every criterion with its question, levels, feedback and source."""
    return load_guide().rubric
