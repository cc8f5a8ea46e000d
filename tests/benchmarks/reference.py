"""The named reference of the grader's speed: TF-IDF and logistic regression for the same labels.

It predicts the 23 levels of one reply at a time, as a plain scikit-learn program would.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from grader import assess
from grader.corpus.train import HELD_OUT, HERE, load
from grader.rubric import FAULTS, MOVES

Row = Mapping[str, Any]


def reference() -> Callable[[Row], object]:
    """Train the reference on the corpus; the result judges one row."""
    rows = load(sorted(HERE.glob("replies-*.jsonl")))[::4]
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    features = words.fit_transform(row["reply"] for row in rows)
    models = [
        LogisticRegression(C=10, max_iter=200).fit(
            features, [row["labels"].get(name, 0) for row in rows]
        )
        for name in (*MOVES, *FAULTS)
    ]

    def judge(row: Row) -> object:
        vector = words.transform([row["reply"]])
        return [model.predict(vector) for model in models]

    return judge


def spread(*judges: Callable[[Row], object]) -> list[tuple[float, float]]:
    """Milliseconds a held-out reply takes each judge: the median and the 99th percentile.

    They take turns, so that whatever else the machine does slows them alike.
    """
    rows = load([HERE / HELD_OUT])
    times: list[list[float]] = [[] for _ in judges]
    for number, row in enumerate((*rows[:10], *rows)):
        for judge, taken in zip(judges, times, strict=True):
            start = time.perf_counter()
            judge(row)
            if number >= 10:  # the first only warm up
                taken.append((time.perf_counter() - start) * 1000)
    return [(statistics.median(taken), statistics.quantiles(taken, n=100)[98]) for taken in times]


def grade(row: Row) -> object:
    """What the grader does with a row."""
    return assess(row["reply"], row["scenario"])
