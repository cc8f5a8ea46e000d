"""The learned weights: small, whole numbers, explained, repeatable, and as good as they must be."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

import grader
from grader.corpus import train
from grader.learned import CAUTION, HEADS, UNIT, Learned, Settling, load_learned
from grader.rubric import FAULTS, MOVES, USUAL_ASKS

MODEL = Path(train.MODEL)
CORPUS = Path(train.HERE)
REPLY = "Two visits and nobody came, no wonder you're fuming. I'll be there tomorrow at eight."


@lru_cache
def held_out() -> list[dict[str, Any]]:
    return train.load([CORPUS / train.HELD_OUT])


@lru_cache
def judged() -> list[grader.Assessment]:
    return [grader.assess(row["reply"], row["scenario"], USUAL_ASKS) for row in held_out()]


def test_the_model_is_small_and_of_whole_numbers() -> None:
    content = MODEL.read_bytes()
    assert len(content) <= 1_500_000
    assert len(gzip.compress(content)) <= 700_000
    model = json.loads(content)
    numbers = [*model["bias"], *map(int, model["weights"].split())]
    for settling in model["settling"].values():
        numbers += [*settling["weights"], settling["bias"], settling["threshold"]]
    assert {type(number) for number in numbers} == {int}


def test_agreement_on_replies_that_nothing_was_fitted_to() -> None:
    levels = {name: [a.levels[name] for a in judged()] for name in (*MOVES, *FAULTS)}
    found = train.agreement([row["labels"] for row in held_out()], levels)
    moves = [found[name] for name in MOVES if name in found]
    faults = [found[name] for name in FAULTS if name in found]
    assert sum(moves) / len(moves) >= 0.75
    assert sum(faults) / len(faults) >= 0.65
    marks = [row["mark"] for row in held_out()]
    assert spearmanr([a.total for a in judged()], marks).statistic >= 0.85


def test_agreement_on_helping_talk_of_other_fields() -> None:
    found = train.helping()
    assert found["open_question"] >= 0.60
    assert found["paraphrase"] >= 0.30
    assert found["apology"] >= 0.95


def test_excellent_replies_earn_much_and_hostile_ones_nothing() -> None:
    totals: dict[str, list[float]] = {}
    for row, assessment in zip(held_out(), judged(), strict=True):
        totals.setdefault(row["kind"], []).append(assessment.total or 0)
    assert sum(totals["excellent"]) / len(totals["excellent"]) >= 70
    assert sum(totals["hostile"]) / len(totals["hostile"]) <= 10


def test_a_judgement_names_sentence_words_and_confidence() -> None:
    result = grader.assess(REPLY, {"customer": "Nobody came, twice!"})
    judgement = next(j for j in result.judgements if j.criterion == "acknowledge")
    assert judgement.level == 2
    assert judgement.sentence is not None
    assert "fuming" in REPLY[slice(*judgement.sentence)]
    assert judgement.words
    assert 0.5 <= judgement.confidence <= 1


def test_a_feature_that_is_not_known_changes_nothing() -> None:
    learned = load_learned()
    assert learned.scores({"sorry"}) == learned.scores({"sorry", "never seen before #1"})
    assert len(learned.scores(set())) == len(HEADS)


def test_scores_are_the_sums_of_the_weights_as_written() -> None:
    data = json.loads(MODEL.read_text(encoding="utf-8"))
    names, weights = data["features"].split("\n"), data["weights"].split("\n")
    for some in (slice(0, 9), slice(5_000, 20_000, 50), slice(None)):
        totals = list(data["bias"])
        for entry in weights[some]:
            numbers = list(map(int, entry.split()))
            for head, weight in zip(numbers[::2], numbers[1::2], strict=True):
                totals[head] += weight
        assert load_learned().scores(set(names[some])) == totals


def test_the_words_named_are_those_that_weigh_most() -> None:
    data = json.loads(MODEL.read_text(encoding="utf-8"))
    head = HEADS.index("own.2")
    weights = {}
    for name, entry in zip(data["features"].split("\n"), data["weights"].split("\n"), strict=True):
        numbers = list(map(int, entry.split()))
        weights[name] = dict(zip(numbers[::2], numbers[1::2], strict=True)).get(head, 0)
    some = sorted(weights)[::10]
    loudest = sorted(some, key=lambda name: (-weights[name], name))
    assert load_learned().carried(set(some), "own.2") == loudest[:5]
    silent = {name for name in some if weights[name] <= 0}
    assert load_learned().carried(silent, "own.2") == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda m: m["bias"].pop(), r"bias has \d+ entries .* has \d+"),
        (lambda m: m.update(features=m["features"] + "\nnew"), r"weights has"),
        (lambda m: m["settling"]["own.2"]["weights"].pop(), r"settling\.own\.2 has"),
        (lambda m: m["settling"]["own.2"]["weights"].append(1), r"settling\.own\.2 has"),
        (lambda m: m["settling"].pop("blame.1"), r"settling\.blame\.1 has no entries"),
        (lambda m: m["settling"].update(x=m["settling"]["own.1"]), r"settling\.x .* has no;"),
    ],
)
def test_a_model_trained_for_other_code_is_refused(
    change: Callable[[dict[str, Any]], object], says: str
) -> None:
    model = json.loads(MODEL.read_text(encoding="utf-8"))
    change(model)
    with pytest.raises(RuntimeError, match=rf"grader/data/model\.json: {says}.*nox -s train"):
        Learned(model)


def test_the_card_counts_the_faults_that_grading_would_tell() -> None:
    settling = Settling([UNIT], 0, 0)  # a cut at 0.5
    odds = np.array([-9, 0, 30, 63, 65, 200]) / UNIT
    chances = np.exp(odds) / (1 + np.exp(odds))
    for criterion, ruled, least in (("blame", 0, CAUTION), ("blame", 1, 0), ("own", 0, 0)):
        levels = train.told(criterion, np.full(len(odds), ruled), [chances], [0.5])
        graded = [settling.margin([round(row * UNIT)]) >= least for row in odds]
        assert levels.astype(bool).tolist() == graded


def test_training_twice_gives_the_same_bytes() -> None:
    rows = train.load(sorted(CORPUS.glob("replies-a.jsonl")))[:60]
    once, twice = (json.dumps(train.train(rows)[0], sort_keys=True) for _ in range(2))
    assert once == twice
