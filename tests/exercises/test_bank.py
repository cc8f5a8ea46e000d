"""The bank's own promises: model replies are judged as their authors expect."""

from collections.abc import Collection
from pathlib import Path

import pytest

from exercises import bank
from exercises.bank import BankScenario, Model
from exercises.rewrite import HONEST_WORDS
from exercises.schema import bank_scenarios
from exercises.writing import word_count
from grader import assess
from grader.rubric import FAULTS

# From the YAML: the compiled bank has no model replies of assessments.
BANK = bank_scenarios(Path(__file__).parents[2] / "exercises" / "bank")
STRONG = [
    pytest.param(scenario, model, id=f"{scenario.id}-{i}")
    for scenario in BANK.values()
    for i, model in enumerate(scenario.strong)
]


@pytest.mark.parametrize(("scenario", "model"), STRONG)
def test_strong_reply_makes_what_is_asked_for_and_no_fault(
    scenario: BankScenario, model: Model
) -> None:
    levels = assess(model.reply, scenario.scenario, scenario.asks).levels
    expected = {name: model.expected.get(name, 0) for name in (*scenario.asks, *FAULTS)}
    assert {name: levels[name] for name in expected} == expected


def agreement(names: Collection[str]) -> float:
    """How often the grader gives a model reply the level its author expects."""
    pairs = [
        (model.expected.get(name, 0), assess(model.reply, s.scenario, s.asks).levels[name])
        for s in BANK.values()
        for model in s.models
        for name in names
    ]
    return sum(expected == judged for expected, judged in pairs) / len(pairs)


def test_moves_of_this_part_and_faults_are_judged_as_authors_expect() -> None:
    assert agreement(["acknowledge", "reflect", "explore", "apologise"]) >= 0.85
    assert agreement(FAULTS) >= 0.85


@pytest.mark.parametrize("scenario", BANK.values(), ids=BANK)
def test_strong_replies_stand_far_above_weak_ones(scenario: BankScenario) -> None:
    totals: dict[str, list[float]] = {"strong": [], "weak": []}
    for model in scenario.models:
        assessment = assess(model.reply, scenario.scenario, scenario.asks)
        assert assessment.rejected is None
        totals[model.kind].append(assessment.total or 0)
    assert min(totals["strong"]) >= 80
    assert max(totals["weak"]) <= 50


@pytest.mark.parametrize("scenario", BANK.values(), ids=BANK)
def test_strong_replies_are_honest_tries_in_the_agents_own_words(scenario: BankScenario) -> None:
    for model in scenario.strong:
        assert word_count(model.reply) >= HONEST_WORDS
        assert word_count(model.reply) <= 250
    assert len({model.reply for model in scenario.models}) == len(scenario.models)


def test_bank_at_run_time_is_the_authors_bank_without_models_of_assessments() -> None:
    assert [scenario.id for scenario in bank.scenarios()] == sorted(BANK)
    for authored in BANK.values():
        found = bank.scenario(authored.id)
        assert (found.customer, found.asks, found.facts) == (
            authored.customer,
            authored.asks,
            authored.facts,
        )
        assert len(found.models) == (len(authored.models) if found.pool == "practice" else 0)


def test_section_on_active_listening_has_its_scenarios() -> None:
    found = [s for s in BANK.values() if s.source == "rebuilding-trust/active-listening"]
    assert len(found) >= 3
    trained = set().union(*(s.asks for s in found))
    assert {"acknowledge", "reflect", "explore"} <= trained
