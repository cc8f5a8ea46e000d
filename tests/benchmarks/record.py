"""How long a large record takes: `python -m tests.benchmarks.record`, and in `nox -s bench`.

Medians, by the processor's clock, over a record of 10,000 attempts, more than most learners make
in a life.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from exercises import bank, record
from exercises.progress import measure
from exercises.record import Entry, Record
from grader import assess

ATTEMPTS = 10_000
ROUNDS = 7


def attempts() -> list[Entry]:
    """Attempts at the whole bank, with all their levels, an hour apart."""
    replies = []
    for scenario in bank.scenarios():
        for model in scenario.models:
            found = assess(model.reply, scenario.scenario, scenario.asks)
            replies.append((scenario.id, model.reply, found.levels, found.total))
    start = datetime.now(UTC) - timedelta(hours=ATTEMPTS)
    return [
        Entry(id, "rewrite", reply, levels, total, (start + timedelta(hours=i)).isoformat())
        for i, (id, reply, levels, total) in enumerate(islice(cycle(replies), ATTEMPTS))
    ]


def timed(action: Callable[[], object]) -> float:
    """Milliseconds that the action takes, the median of a few rounds with nothing remembered."""
    times = []
    for _ in range(ROUNDS):
        record._cache.clear()
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return statistics.median(times) * 1000


def table() -> list[tuple[str, float, str]]:
    """What is measured, and how much of which unit."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        source = Record(home / "source")
        made = attempts()
        # All at once: one after the other, they would take minutes.
        source.merge(b"".join(record.line_of(entry) for entry in made))
        exported = source.export()
        entries = list(source.read())
        assert len(entries) == ATTEMPTS
        return [
            (f"loading a record of {ATTEMPTS:,} attempts", timed(lambda: [*source.read()]), "ms"),
            ("  its size", len(exported) / 1e6, "MB"),
            ("  adding one attempt to it", timed(lambda: source.append(made[0])), "ms"),
            ("  measuring the progress in it", timed(lambda: measure(entries, date.today())), "ms"),
            ("  bringing it in again", timed(lambda: source.merge(exported)), "ms"),
        ]


def main() -> None:
    """Print the table."""
    for what, value, unit in table():
        sys.stdout.write(f"{what:<60}{value:>9.1f} {unit}\n")


if __name__ == "__main__":
    main()
