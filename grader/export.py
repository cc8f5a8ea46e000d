"""`python -m grader export ASSIGNMENT --out FILE.csv`: marks and levels as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from grader.commands import course_command, results_of, trouble
from grader.results import Learner, Reply, Results, anonymous, learner_score
from grader.rubric import load_rubric
from grader.tables import write_csv

Row = Sequence[object]
CRITERION = (
    *("assignment", "learner", "name", "scenario", "criterion", "kind", "weight"),
    *(
        "auto_level",
        "manual_level",
        "level",
        "top",
        "evidence",
        "rejected",
        "auto_score",
        "manual_score",
        "score",
        "points",
    ),
)
ANSWER = (
    *("assignment", "learner", "name", "scenario", "handed_in", "rejected", "first_draft", "total"),
    *("auto_score", "manual_score", "extra_credit", "score", "points"),
)
LEARNER = (
    *("assignment", "learner", "name", "submitted", "handed_in", "auto_score", "late_penalty"),
    *("score", "points", "percent"),
)


def per_criterion(results: Results, *, texts: bool = True) -> tuple[Row, Iterator[Row]]:
    """One row a learner, scenario and criterion: the level with the words that decided it.

    `weight` is empty where the scenario does not ask for a move; `level` is the instructor's
    where there is one, else the grader's. The three scores are of the whole answer. `texts` says
    whether learners' words may stand there.
    """

    def rows() -> Iterator[Row]:
        tasks = {task.id: task for task in results.tasks}
        for who, reply in _answers(results):
            task = tasks[reply.task]
            for criterion in load_rubric().criteria.values():
                auto = reply.row["levels"][criterion.id] if reply.row is not None else None
                manual = reply.given.get(criterion.id)
                yield (
                    *(*who, reply.task, criterion.id, criterion.kind),
                    (task.asks or {}).get(criterion.id),
                    *(auto, manual, auto if manual is None else manual, criterion.top),
                    " … ".join(reply.quotes(criterion.id)) if texts else None,
                    *(reply.rejected, reply.auto, reply.manual, reply.score, task.points),
                )

    return CRITERION, rows()


def per_answer(results: Results, *, texts: bool = True) -> tuple[Row, Iterator[Row]]:
    """One row a learner and scenario: marks, a column for each criterion's level, the reply."""
    criteria = list(load_rubric().criteria)

    def rows() -> Iterator[Row]:
        tasks = {task.id: task for task in results.tasks}
        times = {learner.id: _time(learner) for learner in results.learners}
        for who, reply in _answers(results):
            row = reply.row
            levels = reply.levels or (row["levels"] if row is not None else {})
            total = row["total"] if row is not None else None
            yield (
                *(*who, reply.task, times[reply.learner], reply.rejected, reply.first, total),
                *(reply.auto, reply.manual, reply.extra, reply.score, tasks[reply.task].points),
                *(levels.get(criterion) for criterion in criteria),
                *((reply.comment, reply.text) if texts else ()),
            )

    header = (*ANSWER, *criteria, *(("comment", "reply") if texts else ()))
    return header, rows()


def per_learner(results: Results, *, texts: bool = True) -> tuple[Row, Iterator[Row]]:
    """One row a learner: the mark in the end, and the mean level of each move that was asked for.

    For a fault it is the share of replies with it. Who handed in nothing has 0, as in nbgrader.
    """
    criteria = load_rubric().criteria.values()

    def rows() -> Iterator[Row]:
        found = results.by_learner()
        tasks = {task.id: task for task in results.tasks}
        for learner in results.learners:
            replies = found[learner.id]
            score = learner_score(replies, learner.late)
            means = []
            for criterion in criteria:
                levels = [
                    reply.levels[criterion.id]
                    for reply in replies
                    if reply.levels
                    and (
                        criterion.kind == "fault" or criterion.id in (tasks[reply.task].asks or {})
                    )
                ]
                means.append(round(sum(levels) / len(levels), 2) if levels else None)
            yield (
                *(results.name, learner.id, learner.name, "yes" if learner.submitted else "no"),
                *(_time(learner), round(sum(reply.auto or 0 for reply in replies), 2)),
                *(learner.late, score, results.points, round(100 * score / results.points, 2)),
                *means,
            )

    return (*LEARNER, *(criterion.id for criterion in criteria)), rows()


PER: dict[str, Callable[..., tuple[Row, Iterator[Row]]]] = {
    "criterion": per_criterion,
    "answer": per_answer,
    "learner": per_learner,
}


def _time(learner: Learner) -> str | None:
    moment = learner.handed_in
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _answers(results: Results) -> Iterator[tuple[Row, Reply]]:
    for learner, replies in zip(results.learners, results.by_learner().values(), strict=True):
        for reply in replies:
            yield (results.name, learner.id, learner.name), reply


def main(argv: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    parser = course_command("export", __doc__)
    parser.add_argument("--out", metavar="FILE.csv", required=True, type=Path, help="write here")
    parser.add_argument("--per", choices=PER, default="criterion", help="what has a row")
    parser.add_argument("--excel", action="store_true", help="so that Excel knows it is UTF-8")
    parser.add_argument(
        "--anonymous", action="store_true", help="numbers for names, and none of learners' words"
    )
    options = parser.parse_args(argv)
    with trouble("export") as failed:
        results = results_of(options)
        if options.anonymous:
            results = anonymous(results)
        header, rows = PER[options.per](results, texts=not options.anonymous)
        write_csv(options.out, [str(name) for name in header], rows, excel=options.excel)
    return failed.status
