"""The statements: what the specification demands, and what a record store gets to know."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jsonschema
import pytest

from grader.results import Learner, Results
from grader.rubric import FAULTS, MOVES
from grader.xapi import statements
from tests.grader.classroom import BAD, GOOD, LATE, classroom, reply
from tests.grader.xapi_schema import STATEMENT

HOME = "https://lms.example.org/"
CLASS = classroom({"ana": (GOOD, BAD), "Bea Żółć": ("", GOOD)}, ana="Ana Adams")
EXTENSIONS = f"{HOME}extensions/"
LEVELS = f"{EXTENSIONS}grader-levels"


def made(results: Results = CLASS, home: str = HOME) -> list[dict[str, Any]]:
    # As they are read again from the file.
    return [json.loads(json.dumps(statement)) for statement in statements(results, home)]


def verbs(found: list[dict[str, Any]]) -> list[str]:
    return [statement["verb"]["id"].rpartition("/")[2] for statement in found]


def changed(results: Results, **changes: Any) -> Results:  # noqa: ANN401
    first = replace(results.replies[0], **changes)
    return replace(results, replies=(first, *results.replies[1:]))


@pytest.mark.parametrize(
    "results",
    [
        CLASS,
        changed(CLASS, manual=7.0, comment="Well said."),
        changed(CLASS, extra=30, first=20.0),
        changed(CLASS, manual=-3.0),
        changed(CLASS, row=None, auto=None),
        replace(CLASS, learners=(Learner("ana", late=3.5), Learner("Bea Żółć"))),
    ],
    ids=["plain", "by hand", "points on top", "below zero", "not marked", "late, time unknown"],
)
def test_statements_are_what_the_specification_demands(results: Results) -> None:
    found = made(results)
    validator = jsonschema.Draft202012Validator(STATEMENT)
    for statement in found:
        assert [error.message for error in validator.iter_errors(statement)] == []
        score = statement.get("result", {}).get("score")
        if score:
            assert score["min"] <= score["raw"] <= score["max"]
            assert score["scaled"] == pytest.approx(score["raw"] / score["max"], abs=1e-4)
    assert len({statement["id"] for statement in found}) == len(found)


def test_one_submission_is_attempted_scored_and_completed() -> None:
    ana = [s for s in made() if s["actor"]["account"] == {"homePage": HOME, "name": "ana"}]
    assert verbs(ana) == ["attempted", "scored", "scored", "completed"]
    assert all(s["verb"]["id"].startswith("http://adlnet.gov/expapi/verbs/") for s in ana)
    first = ana[1]
    assert first["object"]["id"] == f"{HOME}scenarios/late-parcel"
    assert (
        first["context"]["contextActivities"]["parent"][0]["id"]
        == f"{HOME}assignments/two-complaints"
    )
    assert list(first["result"]["extensions"][LEVELS]) == [*MOVES, *FAULTS]
    assert first["result"]["extensions"][LEVELS]["apologise"] == 2
    total = sum(r.score or 0 for r in CLASS.of("ana"))
    assert ana[-1]["result"]["score"]["raw"] == pytest.approx(total)
    assert ana[-1]["result"]["completion"] is True


def test_instructors_mark_counts_and_the_graders_is_told_beside_it() -> None:
    before, after = made(), made(changed(CLASS, manual=1.0))
    scored = after[1]["result"]
    assert scored["score"]["raw"] == 1
    assert scored["extensions"][f"{EXTENSIONS}instructor-score"] == 1
    assert scored["extensions"][f"{EXTENSIONS}grader-score"] == CLASS.replies[0].auto
    # A new mark is a new statement; what did not change is the same one again.
    same = {s["id"] for s in before} & {s["id"] for s in after}
    assert len(same) == len(before) - 2
    assert made() == before


def test_levels_are_told_by_whom_they_are() -> None:
    auto = CLASS.replies[0].row["levels"]  # type: ignore[index]

    def told(results: Results) -> dict[str, Any]:
        extensions = made(results)[1]["result"]["extensions"]
        return {name.removeprefix(EXTENSIONS): value for name, value in extensions.items()}

    # A score alone says nothing about levels, and the grader's are not passed off as its reason.
    score_only = told(changed(CLASS, manual=1.0))
    assert score_only["grader-levels"] == auto
    assert not [name for name in score_only if "levels" in name and name != "grader-levels"]
    # Levels that an instructor gave stand beside the grader's and change none of those.
    both = told(changed(CLASS, manual=1.0, given={"apologise": 0, "solve": 1}))
    assert both["grader-levels"] == auto
    assert both["instructor-levels"] == {"apologise": 0, "solve": 1}
    assert auto["apologise"] == 2


def test_move_is_mastered_at_its_top_in_more_than_one_reply() -> None:
    twice = replace(LATE, id="late-again")
    results = replace(
        CLASS,
        tasks=(LATE, twice),
        replies=tuple(reply(id, t, GOOD) for id in ("ana", "Bea Żółć") for t in (LATE, twice)),
    )
    mastered = [s["object"]["id"] for s in made(results) if verbs([s]) == ["mastered"]]
    assert f"{HOME}criteria/apologise" in mastered
    assert not [s for s in made(CLASS) if verbs([s]) == ["mastered"]]

    # An instructor's word goes before the grader's, and a score without levels is no word on any.
    def mastered_by_ana(**changes: Any) -> int:  # noqa: ANN401
        objects = [
            s["object"]["id"]
            for s in made(changed(results, **changes))
            if verbs([s]) == ["mastered"] and s["actor"]["account"]["name"] == "ana"
        ]
        return objects.count(f"{HOME}criteria/apologise")

    assert mastered_by_ana(manual=results.replies[0].auto) == 1
    assert mastered_by_ana(manual=1.0) == 0
    assert mastered_by_ana(manual=1.0, given={"apologise": 2}) == 1
    assert mastered_by_ana(manual=1.0, given={"apologise": 1}) == 0


def test_unmarked_and_missing_submissions_are_not_called_completed() -> None:
    waiting = changed(CLASS, row=None, auto=None)
    assert verbs(made(waiting))[:2] == ["attempted", "scored"]
    assert verbs(made(waiting)).count("completed") == 1
    nothing = replace(CLASS, learners=(*CLASS.learners, Learner("cas", submitted=False)))
    assert made(nothing) == made()


def test_no_words_names_or_addresses_of_learners_go_along() -> None:
    shown = json.dumps(made(), ensure_ascii=False)
    assert "Adams" not in shown
    assert "mbox" not in shown
    assert "sorry" not in shown


def test_time_is_when_it_was_handed_in() -> None:
    learners = tuple(
        replace(learner, handed_in=learner.handed_in and learner.handed_in + timedelta(hours=1))
        for learner in CLASS.learners
    )
    assert {s["timestamp"] for s in made(replace(CLASS, learners=learners))} == {
        "2026-11-02T11:00:00.000Z"
    }


def test_home_may_come_without_its_last_slash() -> None:
    assert made(home=HOME.rstrip("/")) == made()
