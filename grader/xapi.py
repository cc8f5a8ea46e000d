"""`python -m grader xapi ASSIGNMENT`: the results of an assignment as xAPI 1.0.3 statements.

Verbs and activity types are those of ADL's vocabulary. Learners are accounts of the organisation
(`--home`), never e-mail addresses, and none of their words goes along. A statement's id follows
from what it says: sent twice it is the same statement, and a changed mark is a new one.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from grader.commands import CommandError, course_command, results_of, trouble
from grader.files import write_whole
from grader.results import Learner, Reply, Results, Task, learner_score
from grader.rubric import load_guide, load_rubric

Statement = dict[str, Any]

HOME = "https://talk-it-down.invalid/"  # nobody's, until an organisation gives its own
USER, PASSWORD = "TALK_IT_DOWN_LRS_USER", "TALK_IT_DOWN_LRS_PASSWORD"
VERBS = "http://adlnet.gov/expapi/verbs/"
ACTIVITIES = "http://adlnet.gov/expapi/activities/"
LANGUAGE = "en-GB"
# One good reply may be luck.
LEAST_TO_MASTER = 2


def statements(results: Results, home: str = HOME) -> Iterator[Statement]:
    """For each submission: attempted, each answer scored, moves mastered, completed.

    `home` is where the account names belong and the root of the ids of activities and extensions.
    """
    tasks = {task.id: task for task in results.tasks}
    for learner, replies in zip(results.learners, results.by_learner().values(), strict=True):
        if not learner.submitted:
            continue
        make = _Maker(results, learner, home if home.endswith("/") else f"{home}/")
        yield make.statement("attempted", make.assignment)
        for reply in replies:
            if reply.score is not None:
                yield make.scored(tasks[reply.task], reply)
        if any(reply.score is None for reply in replies):
            continue  # not marked yet
        for criterion in _mastered(replies, tasks):
            yield make.statement("mastered", make.criterion(criterion), {"success": True})
        yield make.completed(replies)


def _mastered(replies: Sequence[Reply], tasks: Mapping[str, Task]) -> Iterator[str]:
    """The moves at their top level in every answer that asks for them."""
    for move in load_rubric().moves:
        asked = [reply for reply in replies if move.id in (tasks[reply.task].asks or {})]
        tops = [reply for reply in asked if _standing(reply).get(move.id) == move.top]
        if len(asked) == len(tops) >= LEAST_TO_MASTER:
            yield move.id


def _standing(reply: Reply) -> Mapping[str, int]:
    """The levels that nobody has put in question.

    An instructor who gave another score than the grader, and no levels, disagrees with some of
    the grader's, and has not said which.
    """
    disputed = reply.manual not in (None, reply.auto) and not reply.given
    return {} if disputed else reply.levels


class _Maker:
    """Makes the statements about one submission."""

    def __init__(self, results: Results, learner: Learner, home: str) -> None:
        self._home, self._learner, self._results = home, learner, results
        self._actor = {
            "objectType": "Agent",
            "account": {"homePage": home, "name": learner.id},
        }
        self.assignment = self._activity(
            f"assignments/{quote(results.name, safe='')}",
            results.name.replace("-", " ").capitalize(),
            "assessment",
        )

    def statement(
        self, verb: str, activity: Statement, result: Mapping[str, Any] | None = None
    ) -> Statement:
        made: Statement = {
            "actor": self._actor,
            "verb": {"id": f"{VERBS}{verb}", "display": {LANGUAGE: verb}},
            "object": activity,
        }
        if result:
            made["result"] = result
        context: Statement = {"platform": "Talk It Down", "language": LANGUAGE}
        if activity is not self.assignment:
            context["contextActivities"] = {"parent": [self.assignment]}
        made["context"] = context
        if self._learner.handed_in:
            moment = self._learner.handed_in.astimezone(UTC)
            made["timestamp"] = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        content = json.dumps(made, sort_keys=True, ensure_ascii=True)
        return {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, content)), **made}

    def scored(self, task: Task, reply: Reply) -> Statement:
        activity = self._activity(
            f"scenarios/{quote(task.id, safe='')}", task.setting or task.id, "question"
        )
        # Who said what: an instructor's score need not follow from the levels that the grader saw.
        told: Statement = {"grader-score": reply.auto}
        if reply.row is not None:
            told["grader-total"] = reply.row["total"]
            told["grader-levels"] = dict(reply.row["levels"])
            if reply.rejected:
                told["grader-rejected"] = reply.rejected
        if reply.manual is not None:
            told["instructor-score"] = reply.manual
        if reply.given:
            told["instructor-levels"] = dict(reply.given)
        if reply.extra:
            told["extra-credit"] = reply.extra
        if reply.first is not None:
            told["first-draft-total"] = reply.first
        result = {
            "score": _score(reply.score or 0, task.points or 0),
            "extensions": self._extensions(told),
        }
        return self.statement("scored", activity, result)

    def completed(self, replies: Sequence[Reply]) -> Statement:
        final = learner_score(replies, self._learner.late)
        result: Statement = {"completion": True, "score": _score(final, self._results.points)}
        if self._learner.late:
            result["extensions"] = self._extensions({"late-penalty": self._learner.late})
        return self.statement("completed", self.assignment, result)

    def criterion(self, criterion: str) -> Statement:
        name = load_guide().rubric.criteria[criterion].name
        return self._activity(f"criteria/{criterion}", name, "objective")

    def _activity(self, path: str, name: str, kind: str) -> Statement:
        return {
            "objectType": "Activity",
            "id": f"{self._home}{path}",
            "definition": {"type": f"{ACTIVITIES}{kind}", "name": {LANGUAGE: name}},
        }

    def _extensions(self, values: Mapping[str, object]) -> Statement:
        return {f"{self._home}extensions/{name}": value for name, value in values.items()}


def _score(raw: float, points: float) -> Statement:
    """A score within its bounds, as the specification has it; points on top stay out of it."""
    inside = min(max(raw, 0), points)
    return {"scaled": round(inside / points, 4), "raw": inside, "min": 0, "max": points}


def main(argv: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    parser = course_command("xapi", __doc__)
    parser.add_argument("--out", metavar="FILE.jsonl", type=Path, help="write one a line")
    parser.add_argument(
        "--lrs", metavar="URL", help=f"send them there; name and password in {USER}, {PASSWORD}"
    )
    parser.add_argument(
        "--home", metavar="URL", default=HOME, help="the address learners' names belong to"
    )
    options = parser.parse_args(argv)
    with trouble("xapi") as failed:
        if not options.out and not options.lrs:
            raise CommandError("say where to: --out FILE.jsonl, --lrs URL, or both")
        if urlsplit(options.home).scheme not in ("http", "https") or not urlsplit(options.home)[1]:
            raise CommandError(f"--home {options.home}: must begin with https:// and name a host")
        found = list(statements(results_of(options), options.home))
        if options.out:
            write_whole(options.out, (json.dumps(made) + "\n" for made in found))
        if options.lrs:
            from grader.lrs import send

            sent = send(found, options.lrs, os.environ.get(USER), os.environ.get(PASSWORD))
            sys.stdout.write(f"{sent:,} statements sent\n")
    return failed.status
