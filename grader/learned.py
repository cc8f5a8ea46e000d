"""The learned part of the grader: sparse linear models with whole-number weights.

For every sentence each head ("acknowledge.2": does this sentence acknowledge in full?) adds up
the weights of the features it finds. From the best sentences of a reply a second, small linear
model settles each criterion's level. All sums are of whole numbers, so that every machine gives
the same result; weights come from `grader/corpus` (see its datasheet) and stand in
`grader/data/model.json`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from operator import add, mul
from struct import unpack
from typing import Any

from grader.rubric import FAULTS, MOVES

UNIT = 64  # a score of 64 is one natural unit of log-odds
CLIP = 6 * UNIT
# A fault that no rule saw must be the more certain: a false scolding costs more than a miss.
CAUTION = UNIT * UNIT // 4
_WARM = ("acknowledge.2", "own.2", "apologise.2", "solve.2")
# What else the level of a criterion is a matter of, by the rubric's settled cases.
_ALSO = {
    "positive": ("solve.2", "own.2", "acknowledge.2", "expect.2"),
    "own": ("solve.2", "follow_up.2", "apologise.2"),
    # Contempt is of the problem or the person, records are held up or hidden behind; and who
    # sees the feeling and owns the fault rarely does either.
    "dismiss": ("hostile.1", "blame.1", *_WARM),
    "hostile": ("dismiss.1", "blame.1", *_WARM),
    "blame": ("defend.1", *_WARM),
    "defend": ("blame.1", *_WARM),
}
HEADS = (
    *(f"{move}.{level}" for move in MOVES if move != "positive" for level in (1, 2)),
    "positive.2",
    "positive.0",
    *(f"{fault}.1" for fault in FAULTS),
)
_HEAD = {head: number for number, head in enumerate(HEADS)}
_FIELD = 32  # bits
_HALVES = sum(1 << _FIELD * head + _FIELD - 1 for head in range(len(HEADS)))


@lru_cache(maxsize=32)
def heads_of(criterion: str) -> tuple[int, ...]:
    """The numbers of a criterion's heads."""
    return tuple(at for at, head in enumerate(HEADS) if head.partition(".")[0] == criterion)


@dataclass(frozen=True, slots=True)
class Best:
    """For each head the highest and second highest score among a reply's sentences."""

    first: Sequence[int]
    second: Sequence[int]


def best_scores(scores: Sequence[Sequence[int]]) -> Best:
    """The two best scores of each head; `scores` holds one row a sentence."""
    first, second = [-CLIP] * len(HEADS), [-CLIP] * len(HEADS)
    for row in scores:
        for head, score in enumerate(row):
            clipped = max(-CLIP, min(CLIP, score))
            if clipped > first[head]:
                first[head], second[head] = clipped, first[head]
            elif clipped > second[head]:
                second[head] = clipped
    return Best(first, second)


def design(
    criterion: str, best: Best, rules: Mapping[str, int], sentences: int, words: int
) -> list[int]:
    """What settles a criterion's level: the scores of its own heads and of the faults.

    `rules` is the level the rules alone would give each criterion.
    """
    row: list[int] = []
    for head in heads_of(criterion):
        row += [best.first[head], best.second[head], max(best.first[head], 0)]
    if criterion in MOVES:  # a fault speaks against a move, but not for another fault
        row += [max(best.first[_HEAD[f"{fault}.1"]], -2 * UNIT) for fault in FAULTS]
    row += [max(best.first[_HEAD[head]], -2 * UNIT) for head in _ALSO.get(criterion, ())]
    level = rules.get(criterion, 0)
    row += [UNIT * (level >= 1), UNIT * (level >= 2)]
    row += [UNIT * min(sentences, 20) // 4, UNIT * min(words, 240) // 40]
    return row


@dataclass(frozen=True, slots=True)
class Settling:
    """One small model: is the level at least so high? Yes where the sum reaches `threshold`."""

    weights: Sequence[int]
    bias: int
    threshold: int

    def margin(self, row: Sequence[int]) -> int:
        """How far a row lies above (or, negative, below) the threshold, in 1/4096 log-odds."""
        summed: int = sum(map(mul, self.weights, row))
        return summed + self.bias - self.threshold


def _pack(weights: str) -> int:
    """The weights of a feature ("head weight head weight ...") as one number, a field a head.

    Then one addition a feature sums up all heads, and the garbage collector has nothing to visit.
    """
    numbers = list(map(int, weights.split()))
    return sum(w << _FIELD * head for head, w in zip(numbers[::2], numbers[1::2], strict=True))


def _unpack(row: int) -> tuple[int, ...]:
    """The number in each field of a packed row, or of a sum of such rows."""
    fields = ((row + _HALVES) ^ _HALVES).to_bytes(len(HEADS) * _FIELD // 8, "little")
    return unpack(f"<{len(HEADS)}i", fields)


def _field(row: int, number: int) -> int:
    """One of the numbers that `_unpack` gives, without the others."""
    half = 1 << _FIELD - 1
    return ((row + _HALVES) >> _FIELD * number & 2 * half - 1) - half


def _tops(criterion: str) -> tuple[int, ...]:
    """The levels of a criterion above 0, each with a settling model of its own."""
    return (1, 2) if criterion in MOVES else (1,)


def _check(data: Mapping[str, Any]) -> None:
    """Raise RuntimeError where the model was trained for other code than this."""
    needed = {"bias": len(HEADS), "weights": data["features"].count("\n") + 1}
    found = {"bias": len(data["bias"]), "weights": data["weights"].count("\n") + 1}
    for criterion in (*MOVES, *FAULTS):
        size = len(design(criterion, best_scores(()), {}, 0, 0))
        needed |= {f"settling.{criterion}.{level}": size for level in _tops(criterion)}
    found |= {f"settling.{name}": len(model["weights"]) for name, model in data["settling"].items()}
    for field in needed | found:
        if needed.get(field) != found.get(field):
            raise RuntimeError(
                f"grader/data/model.json: {field} has {found.get(field, 'no')} entries where this "
                f"version of the grader has {needed.get(field, 'no')}; run `nox -s train`"
            )


class Learned:
    """The weights, ready to use. Raises RuntimeError where they do not fit the code."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        _check(data)
        self._bias: Sequence[int] = data["bias"]
        names, weights = data["features"].split("\n"), data["weights"].split("\n")
        self._weights: dict[str, str] = dict(zip(names, weights, strict=True))
        self._row = cache(lambda feature: _pack(self._weights[feature]))  # when first needed
        self.settling = {
            name: Settling(model["weights"], model["bias"], model["threshold"])
            for name, model in data["settling"].items()
        }

    def scores(self, features: Set[str], barred: Collection[str] = ()) -> list[int]:
        """The score of every head for one sentence; the lowest for criteria it cannot count for."""
        summed = _unpack(sum(map(self._row, features & self._weights.keys())))
        totals = list(map(add, self._bias, summed))
        for criterion in barred:
            for head in heads_of(criterion):
                totals[head] = -CLIP
        return totals

    def carried(self, features: Set[str], head: str, most: int = 5) -> list[str]:
        """The features that spoke loudest for a head in a sentence that was scored."""
        number, row = _HEAD[head], self._row
        found = [
            (-weight, feature)
            for feature in features & self._weights.keys()
            if (weight := _field(row(feature), number)) > 0
        ]
        return [feature for _, feature in sorted(found)[:most]]

    def level(
        self, criterion: str, best: Best, rules: Mapping[str, int], sentences: int, words: int
    ) -> tuple[int, int]:
        """The level of a criterion, and the smallest margin by which it was settled."""
        row = design(criterion, best, rules, sentences, words)
        tops = _tops(criterion)
        margins = [self.settling[f"{criterion}.{level}"].margin(row) for level in tops]
        level = 0
        for number, margin in zip(tops, margins, strict=True):
            if margin < (CAUTION if criterion in FAULTS and not rules.get(criterion) else 0):
                break
            level = number
        return level, min(map(abs, margins))

    def carrying(
        self, criterion: str, level: int, scores: Sequence[Sequence[int]], most: int = 3
    ) -> list[int]:
        """The numbers of the sentences that carry a level, the strongest first."""
        head = _HEAD[f"{criterion}.{level}"]
        ranked = sorted(range(len(scores)), key=lambda at: (-scores[at][head], at))
        top = scores[ranked[0]][head]
        least = max(top // 2, 1) if top > 0 else top
        return [at for at in ranked[:most] if scores[at][head] >= least]

    def confidence(self, margin: int) -> float:
        """0.5 to 1, from a margin: the logistic of it, in steps of 0.05."""
        return 0.5 + 0.05 * sum(margin >= step for step in _STEPS)


# Margins at which the logistic function passes 0.55, 0.60, ... 0.95.
_STEPS = (822, 1661, 2536, 3471, 4500, 5678, 7105, 9000, 12060)


@lru_cache(maxsize=1)
def load_learned() -> Learned:
    """The weights from the package's own data."""
    text = files("grader").joinpath("data", "model.json").read_text(encoding="utf-8")
    return Learned(json.loads(text))
