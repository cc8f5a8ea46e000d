"""A small class whose replies are really graded, without notebooks or a gradebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from grader import assess
from grader.results import Learner, Reply, Results, Task
from grader.rows import result_row

LATE = Task("late-parcel", "A parcel shop, by email", {"apologise": 2, "solve": 1}, 10)
BILL = Task("wrong-bill", "A phone company, in a chat", {"acknowledge": 1, "solve": 1}, 5)
GOOD = (
    "I'm so sorry we let you down twice this week, that was our mistake. "
    "I will send a new parcel today, and it will be with you tomorrow by noon."
)
FAIR = "Sorry about that. We are looking into it and somebody will be in touch soon."
BAD = "You should have read the terms. Calm down, it is only a parcel, and not our fault at all."
MOMENT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


def reply(learner: str, task: Task, text: str, **changes: object) -> Reply:
    """A reply with the row and the mark that the grader gives it."""
    row = result_row(task.id, assess(text, {"customer": "Where is it?"}, task.asks))
    auto = round((task.points or 0) * (row["total"] or 0) / 100, 2)
    made = Reply(learner, task.id, row, text, auto)
    return replace(made, **changes)  # type: ignore[arg-type]


def classroom(texts: Mapping[str, tuple[str, str]], **names: str) -> Results:
    """Learners with a reply to each of the two tasks; `names` are those the gradebook has."""
    learners = [Learner(id, names.get(id, ""), handed_in=MOMENT) for id in texts]
    replies = [
        reply(id, task, text)
        for id, both in texts.items()
        for task, text in zip((LATE, BILL), both, strict=True)
    ]
    return Results("two-complaints", (LATE, BILL), tuple(learners), tuple(replies))
