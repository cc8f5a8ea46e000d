"""Learns the weights in `grader/data/model.json` from labelled replies: beside this file, and of
the scenario bank.

`nox -s train` runs it. It needs scikit-learn, which nothing that runs the course does. The same
corpus and rules give the same weights. It prints for each criterion the agreement with the labels
(kappa of moves, F1 of faults) on replies judged by weights that did not see their scenario, then
on those of `held-out.jsonl`, which nothing was fitted to.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.sparse import csr_matrix, vstack
from scipy.stats import spearmanr
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score, f1_score
from sklearn.model_selection import GroupKFold

from grader import Assessment, assess
from grader.learned import (
    CAUTION,
    CLIP,
    HEADS,
    UNIT,
    Best,
    best_scores,
    design,
    heads_of,
    load_learned,
)
from grader.model import Scenario
from grader.reading import Read, read_reply
from grader.rubric import FAULTS, MOVES, USUAL_ASKS, load_guide
from grader.settling import barred, level_of, standing

HERE = Path(__file__).parent
MODEL = HERE.parent / "data" / "model.json"
CARD = HERE.parent / "data" / "card.json"
BANK = HERE.parents[1] / "exercises" / "bank"
BANK_EVIDENCE = HERE / "bank-evidence.jsonl"
HELD_OUT = "held-out.jsonl"
HELD_OUT_HELPING = "held-out-helping.jsonl"
SHOWN = ("acknowledge", "reflect", "partner", "blame", "hostile")  # of which the card has examples
RARE = 3  # a feature seen in fewer sentences is left out
STRENGTH = 0.5  # inverse of the regularisation of the sentence models
SETTLING_STRENGTH = 0.3
MOST_WEIGHT = 8.0  # how much more a rare positive sentence counts
UNQUOTED = 0.25  # how much a sentence counts that may show a move nobody quoted
RUBRIC_WORTH = 2.0  # how much an example of the rubric itself counts: it is there to be kept apart
KEPT = 1_800  # weights kept for each head
FOLDS = 5
LEAST_CHANCE = 0.35  # below this chance no fault is told: a false scolding costs more than a miss
EVERY = 3  # of sentences without a criterion, one in so many stands alone
SINGLES_SHARE = 0.5  # what sentences on their own count in settling, beside whole replies
SLIP_EVERY = 12  # words
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
    sentence_rules: list[dict[str, int]]
    barred: dict[str, set[int]]


def load(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The rows of corpus files, in order."""
    return [
        json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()
    ]


def load_bank() -> list[dict[str, Any]]:
    """The model replies of the scenario bank as rows: texts and levels from there, words from here.

    Only those that were labelled without sight of their writer's intent.
    """
    rows = []
    for row in load([BANK_EVIDENCE]):
        scenario, _, number = row["id"].rpartition("-")
        data = _scenario(scenario)
        model = data["models"][int(number)]
        labels = {"positive": 1, **model["expected"]}
        rows.append(
            {
                **row,
                "trade": data["trade"],
                "scenario": {name: data[name] for name in ("setting", "customer", "agent_bad")},
                "reply": model["reply"],
                "labels": {name: level for name, level in labels.items() if level},
            }
        )
    return rows


@lru_cache
def _scenario(id: str) -> dict[str, Any]:
    text = (BANK / f"{id}.yml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
    return data


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
    sentence_rules: list[dict[str, int]] = [{} for _ in read.views]
    for name, hits in stand.items():
        for hit in hits:
            if hit.sentence >= 0:
                rules = sentence_rules[hit.sentence]
                rules[name] = max(rules.get(name, 0), hit.rule.level)
    return Example(
        row["id"].rsplit("-", 1)[0],
        read,
        read.features(),
        {name: level_of(stand.get(name, []))[0] for name in (*MOVES, *FAULTS)},
        row["labels"],
        row["mark"],
        shows,
        sentence_rules,
        barred(read, guide),
    )


@dataclass(frozen=True)
class Single:
    """One sentence on its own, known for one criterion."""

    criterion: str
    level: int
    features: set[str]
    rules: Mapping[str, int]
    words: int
    barred: bool


def with_slips(text: str, seed: str) -> str:
    """The text with two letters swapped in about one word of twelve, always the same ones."""
    chance, words = random.Random(seed), text.split(" ")
    for start in range(0, len(words), SLIP_EVERY):
        at = min(start + chance.randrange(SLIP_EVERY), len(words) - 1)
        word = words[at]
        if len(word) > 4 and word.isalpha():
            i = chance.randrange(1, len(word) - 2)
            words[at] = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    return " ".join(words)


def slipped(row: Mapping[str, Any], whole: Example) -> Example | None:
    """The example as a hasty writer would have typed it; None where it reads otherwise."""
    hasty = example({**row, "reply": with_slips(row["reply"], row["id"]), "evidence": []})
    if len(hasty.shows) != len(whole.shows):
        return None
    return replace(hasty, shows=whole.shows)


def rubric_sentences() -> list[Single]:
    """The rubric's own hits and near misses of one sentence."""
    guide = load_guide()
    found: list[Single] = []
    for path in sorted((HERE.parent / "rubric").glob("*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for entry in (*data["hits"], *data["near_misses"]):
            scenario = Scenario(customer=entry.get("customer", ""))
            read = read_reply(entry["text"], scenario, guide)
            if len(read.views) == 1:
                stand = standing(read.hits, guide)
                rules = {name: level_of(hits)[0] for name, hits in stand.items()}
                features = read.features()[0]
                # It holds whether there is a message that it gives nothing of back, or none.
                for given in ("given-1", "given0") if "given-1" in features else ("",):
                    found.append(
                        Single(
                            data["id"],
                            entry.get("level", 0),
                            (features - {"given-1"}) | {given} if given else features,
                            rules,
                            read.words,
                            0 in barred(read, guide).get(data["id"], ()),
                        )
                    )
    return found


class Sentences:
    """All sentences of the examples as a sparse matrix of features, with their owners."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.singles = rubric_sentences()
        rows = [features for e in examples for features in e.features]
        self.owner = np.repeat(np.arange(len(examples)), [len(e.features) for e in examples])
        seen = Counter(
            f for features in (*rows, *(x.features for x in self.singles)) for f in features
        )
        self.names = sorted(name for name, count in seen.items() if count >= RARE)
        self._column = {name: number for number, name in enumerate(self.names)}
        self.matrix = self.encode(rows)
        # The first or last sentence of a reply is another thing than a sentence on its own.
        self.singles_matrix = self.encode([x.features - {"first", "last"} for x in self.singles])
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
    # Fewer sentences than features: the dual form is ten times faster, for the same weights.
    model = LogisticRegression(
        C=STRENGTH, solver="liblinear", dual=True, max_iter=5000, random_state=0
    )
    return model.fit(x, y, sample_weight=weights * np.where(y == 1, more, 1.0))


def whole(model: LogisticRegression) -> tuple[Ints, int]:
    """A model's weights and bias as whole units, only the strongest kept."""
    weights = np.rint(model.coef_[0] * UNIT).astype(int)
    if len(weights) > KEPT:
        least = np.sort(np.abs(model.coef_[0]))[-KEPT] * UNIT
        weights[np.abs(weights) < max(least, SMALL)] = 0
    return weights, round(float(model.intercept_[0]) * UNIT)


@dataclass(frozen=True)
class Learnt:
    """Weights (features x heads), biases, and scores (sentences x heads) by models that saw
    neither the sentence's scenario nor, for singles, the sentence.
    """

    weights: Ints
    biases: Ints
    apart: Ints
    singles_apart: Ints


def learn_sentences(sentences: Sentences, examples: Sequence[Example]) -> Learnt:
    """Train every head."""
    x, single_x = sentences.matrix, sentences.singles_matrix
    count, single_count = x.shape[0], single_x.shape[0]
    weights = np.zeros((len(sentences.names), len(HEADS)), int)
    biases = np.zeros(len(HEADS), int)
    apart = np.zeros((count, len(HEADS)), int)
    singles_apart = np.zeros((single_count, len(HEADS)), int)
    folds = list(GroupKFold(FOLDS).split(x, groups=sentences.groups))
    fold_of_single = np.arange(single_count) % FOLDS
    for number, head in enumerate(HEADS):
        criterion, _, level = head.partition(".")
        y, worth = targets(head, examples)
        known = np.array([s.criterion == criterion for s in sentences.singles])
        known &= head != "positive.0"
        single_y = np.array([int(s.level >= int(level)) for s in sentences.singles])
        for fold, (rows, rest) in enumerate(folds):
            with_singles = np.flatnonzero(known & (fold_of_single != fold))
            w, b = _train(
                x[rows], y[rows], worth[rows], single_x[with_singles], single_y[with_singles]
            )
            apart[rest, number] = x[rest] @ w + b
            left = np.flatnonzero(fold_of_single == fold)
            singles_apart[left, number] = single_x[left] @ w + b
        with_singles = np.flatnonzero(known)
        weights[:, number], biases[number] = _train(
            x, y, worth, single_x[with_singles], single_y[with_singles]
        )
        print(f"\r{number + 1} of {len(HEADS)} heads", end="", file=sys.stderr)
    print(file=sys.stderr)
    _bar(apart, sentences, examples)
    for at, single in enumerate(sentences.singles):
        if single.barred:
            singles_apart[at, list(heads_of(single.criterion))] = -CLIP
    return Learnt(weights, biases, apart, singles_apart)


def _bar(apart: Ints, sentences: Sentences, examples: Sequence[Example]) -> None:
    """Give sentences the lowest score for what they cannot count for, as grading does."""
    start = 0
    for e in examples:
        for criterion, out in e.barred.items():
            for at in out:
                if 0 <= at < len(e.features):
                    apart[start + at, list(heads_of(criterion))] = -CLIP
        start += len(e.features)


def _train(
    x: csr_matrix, y: Ints, worth: Floats, single_x: csr_matrix, single_y: Ints
) -> tuple[Ints, int]:
    return whole(
        fit(
            csr_matrix(vstack((x, single_x))),
            np.concatenate((y, single_y)),
            np.concatenate((worth, np.full(len(single_y), RUBRIC_WORTH))),
        )
    )


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


def thresholds(criterion: str, truth: Ints, chances: Sequence[Floats]) -> list[float]:
    """The cuts that agree best with the labels: one a level."""
    grid = np.arange(0.2, 0.81, 0.05)
    if criterion in FAULTS:
        grid = grid[grid >= LEAST_CHANCE]
        return [max(grid, key=lambda cut: f1_score(truth, chances[0] >= cut, zero_division=0))]
    scored = [
        (kappa(truth, _levels(chances, (low, high))), low, high) for low in grid for high in grid
    ]
    return list(max(scored, key=lambda entry: entry[0])[1:])


def _levels(chances: Sequence[Floats], cuts: Sequence[float | Floats]) -> Ints:
    """Levels from chances: one more for each cut that is reached, in order."""
    reached = np.ones(len(chances[0]), bool)
    levels = np.zeros(len(chances[0]), int)
    for chance, cut in zip(chances, cuts, strict=True):
        reached = reached & (chance >= cut)
        levels += reached
    return levels


def told(criterion: str, rules: Ints, chances: Sequence[Floats], cuts: Sequence[float]) -> Ints:
    """The levels as grading settles them: a fault that no rule saw must be the more certain.

    `rules` is the level that the rules alone would give each reply.
    """
    if criterion in MOVES:
        return _levels(chances, cuts)
    odds = cuts[0] / (1 - cuts[0]) * np.exp((rules == 0) * CAUTION / UNIT**2)
    return _levels(chances, [odds / (1 + odds)])


def kappa(truth: Sequence[int] | Ints, found: Sequence[int] | Ints) -> float:
    """Quadratic weighted kappa over levels 0 to 2."""
    return float(cohen_kappa_score(truth, found, weights="quadratic", labels=[0, 1, 2]))


def single_designs(
    criterion: str, sentences: Sentences, examples: Sequence[Example], learnt: Learnt
) -> tuple[Floats, Ints, list[str]]:
    """Settling features, levels and groups of sentences that stand alone, known for a criterion.

    From the rubric's examples, and from replies: sentences that carry the criterion, and some of
    replies that do without it.
    """
    rows, levels, groups = [], [], []
    for single, scores in zip(sentences.singles, learnt.singles_apart.tolist(), strict=True):
        if single.criterion == criterion:
            rows.append(design(criterion, best_scores([scores]), single.rules, 1, single.words))
            levels.append(single.level)
            groups.append(f"rubric-{len(rows) % 10}")
    if criterion != "positive":
        at = 0
        for e in examples:
            for index, shown in enumerate(e.shows):
                level = shown.get(criterion, 0)
                if level or (not e.labels.get(criterion, 0) and at % EVERY == 0):
                    scores = learnt.apart[at].tolist()
                    words = len(e.read.sentences[index].words)
                    rules = {criterion: e.sentence_rules[index].get(criterion, 0)}
                    rows.append(design(criterion, best_scores([scores]), rules, 1, words))
                    levels.append(level)
                    groups.append(e.group)
                at += 1
    return np.array(rows, float).reshape(len(rows), -1), np.array(levels, int), groups


def settle(
    criterion: str,
    examples: Sequence[Example],
    best: Sequence[Best],
    singles: tuple[Floats, Ints, list[str]],
    originals: int,
) -> tuple[dict[str, dict[str, Any]], Ints]:
    """The settling models of a criterion, and levels given by models blind to the scenario.

    The cuts between levels are those that fit the first `originals` examples best.
    """
    rows = designs(criterion, examples, best) / UNIT
    count = len(rows)
    truth = np.array([e.labels.get(criterion, 0) for e in examples])
    groups = np.array([e.group for e in examples])
    worth = np.ones(count)
    if len(singles[1]):
        rows = np.vstack((rows, singles[0] / UNIT))
        truth = np.concatenate((truth, singles[1]))
        groups = np.concatenate((groups, singles[2]))
        share = SINGLES_SHARE * count / len(singles[1])
        worth = np.concatenate((worth, np.full(len(singles[1]), min(1.0, share))))
    folds = list(GroupKFold(FOLDS).split(rows, groups=groups))
    scale = rows.std(axis=0) + 1e-6
    models, chances = [], []
    tops = (1, 2) if criterion in MOVES else (1,)
    for level in tops:
        y = (truth >= level).astype(int)
        chance = np.zeros(len(y))
        for seen, rest in folds:
            model = LogisticRegression(C=SETTLING_STRENGTH, random_state=0, max_iter=2000)
            model.fit(rows[seen] / scale, y[seen], sample_weight=worth[seen])
            chance[rest] = model.predict_proba(rows[rest] / scale)[:, 1]
        model = LogisticRegression(C=SETTLING_STRENGTH, random_state=0, max_iter=2000)
        models.append(model.fit(rows / scale, y, sample_weight=worth))
        chances.append(chance[:originals])
    cuts = thresholds(criterion, truth[:originals], chances)
    exported = {}
    for level, model, cut in zip(tops, models, cuts, strict=True):
        exported[f"{criterion}.{level}"] = {
            "weights": np.rint(model.coef_[0] / scale * UNIT).astype(int).tolist(),
            "bias": round(float(model.intercept_[0]) * UNIT * UNIT),
            "threshold": round(float(np.log(cut / (1 - cut))) * UNIT * UNIT),
        }
    rules = np.array([e.rules[criterion] for e in examples[:originals]])
    return exported, told(criterion, rules, chances, cuts)


def train(rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], dict[str, Ints]]:
    """The model's data, and the levels that models blind to each reply's scenario gave it."""
    pairs = [(row, example(row)) for row in rows]
    pairs = [(row, e) for row, e in pairs if e.read.rejected is None]
    examples = [e for _, e in pairs]
    count = len(examples)
    # Every reply once more, with slips: what tells must not hang on spelling.
    examples += [e for row, whole in pairs if (e := slipped(row, whole)) is not None]
    sentences = Sentences(examples)
    learnt = learn_sentences(sentences, examples)
    weights, biases = learnt.weights, learnt.biases
    best = best_of(learnt.apart, sentences.owner, len(examples))
    settling: dict[str, Any] = {}
    levels = {}
    for criterion in (*MOVES, *FAULTS):
        singles = single_designs(criterion, sentences, examples, learnt)
        models, found = settle(criterion, examples, best, singles, count)
        levels[criterion] = found
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


def card(rows: Sequence[Mapping[str, Any]], levels: Mapping[str, Ints]) -> dict[str, Any]:
    """What the model card prints: how far the grader agrees with the labels, with examples.

    `crossed` is agreement in training, each reply judged by weights that did not see its
    scenario; `held_out` that of the whole grader on replies nothing was fitted to.
    """
    unseen = load([HERE / HELD_OUT])
    judged = [assess(row["reply"], row["scenario"], USUAL_ASKS) for row in unseen]
    found = {name: [a.levels[name] for a in judged] for name in (*MOVES, *FAULTS)}
    graded = [e.labels for e in map(example, rows) if e.read.rejected is None]
    rank = spearmanr([a.total for a in judged], [row["mark"] for row in unseen]).statistic
    return {
        "trained_on": len(rows),
        "scenarios": len({row["id"].rsplit("-", 1)[0] for row in rows}),
        "trades": len({row["trade"].lower() for row in rows}),
        "unseen": len(unseen),
        "crossed": _rounded(agreement(graded, levels)),
        "held_out": _rounded(agreement([row["labels"] for row in unseen], found)),
        "rank": round(float(rank), 2),
        "helping": _rounded(helping()),
        "right": _examples(unseen, judged, right=True),
        "wrong": _examples(unseen, judged, right=False),
    }


def helping() -> dict[str, float]:
    """Agreement on helping talk of other fields, where the customer's message may be empty.

    Kappa of what is an open question (against any other turn) and of what is a paraphrase, and
    how often the grader is right on whether there is an apology.
    """
    rows = load([HERE / HELD_OUT_HELPING])
    judged = [assess(row["reply"], row["scenario"]).levels for row in rows]

    def agreed(name: str, least: int) -> tuple[list[bool], list[bool]]:
        return (
            [row["labels"].get(name, 0) >= least for row in rows],
            [levels[name] >= least for levels in judged],
        )

    found, labels = agreed("apologise", 1)
    return {
        "turns": len(rows),
        "open_question": float(cohen_kappa_score(*agreed("explore", 2))),
        "paraphrase": float(cohen_kappa_score(*agreed("reflect", 1))),
        "apology": sum(a == b for a, b in zip(found, labels, strict=True)) / len(rows),
    }


def _rounded(found: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 2) for name, value in found.items()}


def _examples(
    rows: Sequence[Mapping[str, Any]], judged: Sequence[Assessment], *, right: bool
) -> list[dict[str, Any]]:
    """A short reply for each criterion that was judged right (in full) or wrong, where any is."""
    found = []
    pairs = sorted(zip(rows, judged, strict=True), key=lambda pair: len(pair[0]["reply"]))
    for name in SHOWN:
        for row, assessment in pairs:
            label, level = row["labels"].get(name, 0), assessment.levels[name]
            if (label == level > 0) if right else (label != level and 0 in (label, level)):
                quotes = [e.quote for e in assessment.evidence if e.criterion == name]
                found.append(
                    {
                        "criterion": name,
                        "label": label,
                        "level": level,
                        "reply": row["reply"],
                        "quotes": quotes,
                    }
                )
                break
    return found


def write(path: Path, value: object) -> None:
    """Write JSON as bytes that do not change where the value does not."""
    text = json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    path.write_text(text + "\n", encoding="ascii")


def main() -> int:
    """Train, write the model and its card, print the agreement."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    rows = load(sorted(HERE.glob("replies-*.jsonl"))) + load_bank()
    model, levels = train(rows)
    write(MODEL, model)
    load_learned.cache_clear()
    printed = card(rows, levels)
    write(CARD, printed)
    for name, value in printed["crossed"].items():
        print(f"{name:15} {value:.2f}  {printed['held_out'].get(name, float('nan')):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
