"""Learns the weights in `grader/data/model.json` from the labelled replies beside this file.

`nox -s train` runs it. It needs scikit-learn, which nothing that runs the course does. The same
corpus and rules give the same weights. `--report` prints agreement on replies left out in turn,
kept apart by scenario, and on those of `held-out.jsonl`, which no weight has seen.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score, f1_score
from sklearn.model_selection import GroupKFold

from grader.learned import HEADS, UNIT, Best, best_scores, design
from grader.model import Scenario
from grader.reading import Read, read_reply
from grader.rubric import FAULTS, MOVES, load_guide
from grader.settling import level_of, standing

HERE = Path(__file__).parent
MODEL = HERE.parent / "data" / "model.json"
HELD_OUT = "held-out.jsonl"
RARE = 3  # a feature seen in fewer sentences is left out
STRENGTH = 0.5  # inverse of the regularisation of the sentence models
SETTLING_STRENGTH = 0.3
MOST_WEIGHT = 8.0  # how much more a rare positive sentence counts
UNQUOTED = 0.25  # how much a sentence counts that may show a move nobody quoted
KEPT = 1_800  # weights kept for each head
FOLDS = 5
SMALL = 1  # weights below this many units (1/64) are dropped

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Example:
    """A labelled reply, as read. `group` is its scenario, never split between parts."""

    group: str
    read: Read
    features: list[set[str]]
    rules: Mapping[str, int]
    labels: Mapping[str, int]
    mark: float
    shows: list[dict[str, int]]


def load(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The rows of corpus files, in order."""
    return [json.loads(line) for path in paths for line in path.open(encoding="utf-8")]


def example(row: Mapping[str, Any]) -> Example:
    """Read one labelled reply and find which of its sentences carry which level."""
    guide = load_guide()
    read = read_reply(row["reply"], Scenario.of(row["scenario"]), guide)
    stand = standing(read.hits, guide)
    shows: list[dict[str, int]] = [{} for _ in read.views]
    for criterion, quote in row.get("evidence", ()):
        start = row["reply"].find(quote)
        level = row["labels"].get(criterion, 0)
        for sentence, shown in zip(read.sentences, shows, strict=False):
            overlap = min(start + len(quote), sentence.end) - max(start, sentence.start)
            if overlap > 0.4 * min(len(quote), sentence.end - sentence.start) and level:
                shown[criterion] = level
    return Example(
        row["id"].rsplit("-", 1)[0],
        read,
        read.features(),
        {name: level_of(stand.get(name, []))[0] for name in (*MOVES, *FAULTS)},
        row["labels"],
        row["mark"],
        shows,
    )


def rubric_sentences() -> list[tuple[str, int, set[str]]]:
    """(criterion, level, features) of the rubric's own hits and near misses."""
    guide, found = load_guide(), []
    for path in sorted((HERE.parent / "rubric").glob("*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for entry in (*data["hits"], *data["near_misses"]):
            scenario = Scenario(customer=entry.get("customer", ""))
            read = read_reply(entry["text"], scenario, guide)
            for features in read.features()[:1] if len(read.views) == 1 else ():
                found.append((data["id"], entry.get("level", 0), features - {"first", "last"}))
    return found


class Sentences:
    """All sentences of the examples as a sparse matrix of features, with their owners."""

    def __init__(self, examples: Sequence[Example]) -> None:
        extra = rubric_sentences()
        rows = [features for e in examples for features in e.features]
        self.owner = np.repeat(np.arange(len(examples)), [len(e.features) for e in examples])
        seen = Counter(f for features in (*rows, *(x[2] for x in extra)) for f in features)
        self.names = sorted(name for name, count in seen.items() if count >= RARE)
        self._column = {name: number for number, name in enumerate(self.names)}
        self.matrix = self.encode(rows)
        self.extra_matrix = self.encode([x[2] for x in extra])
        self.extra = [(criterion, level) for criterion, level, _ in extra]
        self.groups = np.array([e.group for e in examples])[self.owner]

    def encode(self, rows: Sequence[set[str]]) -> csr_matrix:
        """Rows of features as 0/1 columns."""
        indices: list[int] = []
        ends = [0]
        for features in rows:
            indices += sorted(self._column[f] for f in features if f in self._column)
            ends.append(len(indices))
        ones = np.ones(len(indices))
        return csr_matrix((ones, indices, ends), shape=(len(rows), len(self.names)))


def targets(head: str, examples: Sequence[Example]) -> tuple[Ints, Floats]:
    """For each sentence whether it shows what a head looks for, and how much that is worth."""
    criterion, _, level = head.partition(".")
    wanted = int(level)
    shows, weights = [], []
    for e in examples:
        has = e.labels.get(criterion, 0)
        for shown in e.shows:
            if head == "positive.0":
                yes, weight = has == 0, 1.0
            else:
                yes = shown.get(criterion, 0) >= wanted
                weight = 1.0 if yes or has < wanted else UNQUOTED
            shows.append(int(yes))
            weights.append(weight)
    return np.array(shows), np.array(weights)


def fit(x: csr_matrix, y: Ints, weights: Floats) -> LogisticRegression:
    """A sentence model; positives count more where they are rare."""
    more = min(MOST_WEIGHT, 1 + (len(y) - y.sum()) / max(1, y.sum()) / 2)
    model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0)
    return model.fit(x, y, sample_weight=weights * np.where(y == 1, more, 1.0))


def whole(model: LogisticRegression) -> tuple[Ints, int]:
    """A model's weights and bias as whole units, only the strongest kept."""
    weights = np.rint(model.coef_[0] * UNIT).astype(int)
    if len(weights) > KEPT:
        least = np.sort(np.abs(model.coef_[0]))[-KEPT] * UNIT
        weights[np.abs(weights) < max(least, SMALL)] = 0
    return weights, round(float(model.intercept_[0]) * UNIT)


def learn_sentences(
    sentences: Sentences, examples: Sequence[Example]
) -> tuple[Ints, Ints, Ints]:
    """Weights (features x heads), biases, and each sentence's scores by models that did not
    see its scenario (sentences x heads)."""
    x, extra = sentences.matrix, sentences.extra_matrix
    weights = np.zeros((len(sentences.names), len(HEADS)), int)
    biases = np.zeros(len(HEADS), int)
    apart = np.zeros((x.shape[0], len(HEADS)), int)
    folds = list(GroupKFold(FOLDS).split(x, groups=sentences.groups))
    for number, head in enumerate(HEADS):
        criterion, _, level = head.partition(".")
        y, worth = targets(head, examples)
        mine = [
            (row, int(found >= int(level)))
            for row, (name, found) in enumerate(sentences.extra)
            if name == criterion and head != "positive.0"
        ]
        more = extra[[row for row, _ in mine]] if mine else extra[:0]
        more_y = np.array([yes for _, yes in mine], int)

        def train(rows: Ints) -> tuple[Ints, int]:
            return whole(
                fit(
                    csr_matrix(vstack((x[rows], more))),
                    np.concatenate((y[rows], more_y)),
                    np.concatenate((worth[rows], np.ones(len(more_y)))),
                )
            )

        for rows, rest in folds:
            w, b = train(rows)
            apart[rest, number] = x[rest] @ w + b
        weights[:, number], biases[number] = train(np.arange(x.shape[0]))
        print(f"\r{number + 1} of {len(HEADS)} heads", end="", file=sys.stderr)
    print(file=sys.stderr)
    return weights, biases, apart


def best_of(scores: Ints, owner: Ints, count: int) -> list[Best]:
    """The best scores of each reply."""
    return [best_scores(scores[owner == number].tolist()) for number in range(count)]


def designs(criterion: str, examples: Sequence[Example], best: Sequence[Best]) -> Floats:
    """One row of settling features a reply."""
    return np.array(
        [
            design(criterion, b, e.rules, len(e.features), e.read.words)
            for e, b in zip(examples, best, strict=True)
        ],
        float,
    )


def thresholds(
    criterion: str, truth: Ints, chances: Sequence[Floats]
) -> list[float]:
    """The cuts that agree best with the labels: one a level."""
    grid = np.arange(0.2, 0.81, 0.05)
    if criterion in FAULTS:
        return [max(grid, key=lambda cut: f1_score(truth, chances[0] >= cut, zero_division=0))]
    scored = [
        (kappa(truth, (chances[0] >= low) + ((chances[0] >= low) & (chances[1] >= high))), low, high)
        for low in grid
        for high in grid
    ]
    return list(max(scored, key=lambda entry: entry[0])[1:])


def kappa(truth: Sequence[int] | Ints, found: Sequence[int] | Ints) -> float:
    """Quadratic weighted kappa over levels 0 to 2."""
    return float(cohen_kappa_score(truth, found, weights="quadratic", labels=[0, 1, 2]))


def settle(
    criterion: str, examples: Sequence[Example], best: Sequence[Best]
) -> tuple[dict[str, dict[str, Any]], Ints]:
    """The settling models of a criterion, and levels given by models blind to the scenario."""
    rows = designs(criterion, examples, best) / UNIT
    truth = np.array([e.labels.get(criterion, 0) for e in examples])
    groups = np.array([e.group for e in examples])
    folds = list(GroupKFold(FOLDS).split(rows, groups=groups))
    scale = rows.std(axis=0) + 1e-6
    models, chances = [], []
    tops = (1, 2) if criterion in MOVES else (1,)
    for level in tops:
        y = (truth >= level).astype(int)
        chance = np.zeros(len(y))
        for seen, rest in folds:
            model = LogisticRegression(C=SETTLING_STRENGTH, random_state=0, max_iter=2000)
            model.fit(rows[seen] / scale, y[seen])
            chance[rest] = model.predict_proba(rows[rest] / scale)[:, 1]
        model = LogisticRegression(C=SETTLING_STRENGTH, random_state=0, max_iter=2000)
        models.append(model.fit(rows / scale, y))
        chances.append(chance)
    cuts = thresholds(criterion, truth, chances)
    exported = {}
    for level, model, cut in zip(tops, models, cuts, strict=True):
        exported[f"{criterion}.{level}"] = {
            "weights": np.rint(model.coef_[0] / scale * UNIT).astype(int).tolist(),
            "bias": round(float(model.intercept_[0]) * UNIT * UNIT),
            "threshold": round(float(np.log(cut / (1 - cut))) * UNIT * UNIT),
        }
    levels = (chances[0] >= cuts[0]).astype(int)
    if len(tops) == 2:
        levels = np.where((levels == 1) & (chances[1] >= cuts[1]), 2, levels)
    return exported, levels


def train(rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], dict[str, Ints]]:
    """The model's data, and the levels that models blind to each reply's scenario gave it."""
    examples = [e for e in map(example, rows) if e.read.rejected is None]
    sentences = Sentences(examples)
    weights, biases, apart = learn_sentences(sentences, examples)
    best = best_of(apart, sentences.owner, len(examples))
    settling: dict[str, Any] = {}
    levels = {}
    for criterion in (*MOVES, *FAULTS):
        models, levels[criterion] = settle(criterion, examples, best)
        settling |= models
    used = np.flatnonzero(np.any(weights != 0, axis=1))
    packed = [
        " ".join(f"{head} {weights[row, head]}" for head in np.flatnonzero(weights[row]))
        for row in used
    ]
    model = {
        "bias": biases.tolist(),
        "features": "\n".join(sentences.names[row] for row in used),
        "weights": "\n".join(packed),
        "settling": settling,
    }
    return model, levels


def agreement(
    labels: Sequence[Mapping[str, int]], levels: Mapping[str, Sequence[int] | Ints]
) -> dict[str, float]:
    """Kappa of each move and F1 of each fault, of those with six cases or more."""
    found = {}
    for name in (*MOVES, *FAULTS):
        truth = [entry.get(name, 0) for entry in labels]
        if sum(level > 0 for level in truth) >= 6:
            found[name] = (
                kappa(truth, levels[name])
                if name in MOVES
                else float(f1_score(truth, levels[name], zero_division=0))
            )
    return found


def main() -> int:
    """Train and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=MODEL)
    options = parser.parse_args()
    rows = load(p for p in sorted(HERE.glob("*.jsonl")) if p.name != HELD_OUT)
    model, levels = train(rows)
    text = json.dumps(model, ensure_ascii=True, sort_keys=True, separators=(",", ":")) + "\n"
    options.out.write_text(text, encoding="ascii")
    labels = [e.labels for e in map(example, rows) if e.read.rejected is None]
    for name, value in agreement(labels, levels).items():
        print(f"{name:15} {value:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
