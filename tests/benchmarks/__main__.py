"""The benchmark table: `nox -s bench`. Medians, on whatever machine it runs."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import cycle, islice

from exercises import bank
from grader import assess
from grader.feedback import to_html
from grader.rows import dumps, score_line
from tests.benchmarks import record
from tests.benchmarks.reference import grade, reference, spread

ROUNDS = 5
ROWS = 500
LONG = 250
LONGEST = 1000  # words; longer replies are rejected

SCENARIOS = [scenario for scenario in bank.scenarios() if scenario.models]
PAIRS = [(scenario, model.reply) for scenario in SCENARIOS for model in scenario.models]


def median(action: Callable[[], object]) -> float:
    """Milliseconds that the action takes, the median of a few rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def fresh(program: str) -> float:
    """Milliseconds of a program in a fresh interpreter, above those of an empty one."""
    run = [sys.executable, "-c"]
    return median(lambda: subprocess.run([*run, program], check=True)) - median(
        lambda: subprocess.run([*run, "pass"], check=True)
    )


def feedback() -> None:
    """What one click costs in Python, for every model reply of the bank."""
    for scenario, reply in PAIRS:
        to_html(reply, assess(reply, scenario.scenario, scenario.asks))


def of_length(words: int) -> Callable[[], object]:
    """Grading of a reply of so many words."""
    scenario = SCENARIOS[0]
    bank = " ".join(reply for _, reply in PAIRS).split()
    reply = " ".join(islice(cycle(bank), words))
    return lambda: assess(reply, scenario.scenario, scenario.asks)


def rows() -> None:
    """What `python -m grader score` does with a file."""
    lines = []
    for number, (scenario, reply) in enumerate(islice(cycle(PAIRS), ROWS)):
        text = scenario.scenario
        told = {"setting": text.setting, "customer": text.customer, "agent_bad": text.agent_bad}
        row = {"id": str(number), "scenario": told, "asks": dict(scenario.asks), "reply": reply}
        lines.append(json.dumps(row))
    for line in lines:
        dumps(score_line(line))


def main() -> None:
    """Print the table."""
    start = time.perf_counter()
    feedback()
    first = (time.perf_counter() - start) * 1000
    (usual, slow), (other, _) = spread(grade, reference())
    table = [
        ("import grader, in a fresh interpreter", fresh("import grader"), "ms"),
        ("first feedback for the whole bank, rubric loading included", first, "ms"),
        ("feedback for one reply of the bank", median(feedback) / len(PAIRS), "ms"),
        (f"assessment of a reply of {LONG} words", median(of_length(LONG)), "ms"),
        (f"assessment of a reply of {LONGEST} words", median(of_length(LONGEST)), "ms"),
        ("assessment of a held-out reply, median", usual, "ms"),
        ("  its 99th percentile", slow, "ms"),
        ("  that beside the median", slow / usual, "times"),
        ("  the same labels by TF-IDF and logistic regression, median", other, "ms"),
        ("  the grader's share of that", usual / other, "times"),
        ("replies scored by one process", ROWS / median(rows) * 1000, "a second"),
        *record.table(),
    ]
    for what, value, unit in table:
        print(f"{what:<60}{value:>9.1f} {unit}")


if __name__ == "__main__":
    main()
