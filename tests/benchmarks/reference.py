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


def spread(judge: Callable[[Row], object]) -> tuple[float, float]:
    """Milliseconds a held-out reply takes to judge: the median and the 99th percentile."""
    rows = load([HERE / HELD_OUT])
    for row in rows[:10]:
        judge(row)
    times = []
    for row in rows:
        start = time.perf_counter()
        judge(row)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def grade(row: Row) -> object:
    """What the grader does with a row."""
    return assess(row["reply"], row["scenario"])
