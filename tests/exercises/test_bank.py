"""The bank's own promises: model replies are judged as their authors expect."""

from collections.abc import Collection
from pathlib import Path

import pytest

from exercises import bank
from exercises.bank import BankScenario
from exercises.rewrite import HONEST_WORDS
from exercises.schema import bank_scenarios
from exercises.writing import word_count
from grader import assess
from grader.rubric import FAULTS

# From the YAML: the compiled bank has no model replies of assessments.
BANK = bank_scenarios(Path(__file__).parents[2] / "exercises" / "bank")
REPLIES = [(scenario, model) for scenario in BANK.values() for model in scenario.models]
FOUND = [
    (scenario, model, assess(model.reply, scenario.scenario, scenario.asks))
    for scenario, model in REPLIES
]
TOTALS = [(model.kind, found.total or 0) for _, model, found in FOUND]


def test_strong_replies_earn_much_and_weak_ones_little() -> None:
    strong = [total for kind, total in TOTALS if kind == "strong"]
    weak = [total for kind, total in TOTALS if kind == "weak"]
    assert sum(total >= 85 for total in strong) >= 0.96 * len(strong)
    assert sum(total <= 50 for total in weak) >= 0.99 * len(weak)


def test_what_is_asked_for_is_judged_as_the_label_says() -> None:
    agreed = [
        model.expected.get(name, int(name == "positive")) == found.levels[name]
        for scenario, model, found in FOUND
        for name in (*scenario.asks, *FAULTS)
    ]
    assert sum(agreed) >= 0.95 * len(agreed)


def agreement(names: Collection[str]) -> float:
    """How often the grader gives a model reply the level its author expects."""
    pairs = [
        (model.expected.get(name, 0), found.levels[name])
        for _, model, found in FOUND
        for name in names
    ]
    return sum(expected == judged for expected, judged in pairs) / len(pairs)


def test_moves_of_this_part_and_faults_are_judged_as_authors_expect() -> None:
    assert agreement(["acknowledge", "reflect", "explore", "apologise"]) >= 0.85
    assert agreement(FAULTS) >= 0.85


def test_strong_replies_stand_above_weak_ones_to_the_same_customer() -> None:
    totals: dict[str, dict[str, list[float]]] = {}
    for (scenario, _), (kind, total) in zip(REPLIES, TOTALS, strict=True):
        totals.setdefault(scenario.id, {"strong": [], "weak": []})[kind].append(total)
    above = [min(found["strong"]) > max(found["weak"]) for found in totals.values()]
    assert sum(above) >= 0.90 * len(above)


def test_a_good_reply_to_another_customer_earns_half_at_most_in_most_cases() -> None:
    cases = list(BANK.values())
    totals = [
        assess(model.reply, other.scenario, other.asks).total or 0
        for case, other in zip(cases, cases[1:] + cases[:1], strict=True)
        for model in case.strong
    ]
    assert sum(total <= 50 for total in totals) >= 0.6 * len(totals)
    assert sum(totals) / len(totals) <= 50


def test_no_model_reply_is_rejected() -> None:
    assert [scenario.id for scenario, _, found in FOUND if found.rejected] == []


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
