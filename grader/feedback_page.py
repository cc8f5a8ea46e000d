"""What stands on the page a learner gets back; `templates/feedback` sets it in HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from grader.feedback import advice_text
from grader.marking import filled
from grader.model import Criterion, Evidence
from grader.rubric import load_guide


@dataclass(frozen=True, slots=True)
class GradedReply:
    """One reply with the points it has in the end and what the trainer wrote to it, Markdown.

    `row` is its result row and `asks` what its scenario asks for: then the page goes through the
    criteria one by one. `given` are the levels that the trainer gave.
    """

    id: str
    score: float
    points: float
    html: str
    comment: str = ""
    row: Mapping[str, Any] | None = None
    asks: Mapping[str, float] | None = None
    given: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion of a reply: its level in words, the words that decided, why, what to do.

    `by` says who set the level, where it was not the grader; `next` is "" where nothing is to do.
    """

    name: str
    kind: str
    level: str
    words: tuple[str, ...]
    why: str
    next: str
    by: str = ""


def criterion_lines(
    row: Mapping[str, Any], asks: Mapping[str, float], given: Mapping[str, int] | None = None
) -> list[CriterionLine]:
    """The moves that were asked for, then the faults there are; none where rejected.

    A level that the trainer gave counts more than the grader's.
    """
    rubric, given = load_guide().rubric, given or {}
    if row["rejected"] and not given:
        return []
    levels = {**row["levels"], **given}
    evidence = [Evidence(**found) for found in row["evidence"]]
    moves = [move for move in rubric.moves if move.id in asks]
    faults = [fault for fault in rubric.faults if levels[fault.id]]
    return [
        _line(c, levels[c.id], evidence, changed=levels[c.id] != row["levels"][c.id])
        for c in (*moves, *faults)
    ]


def _line(
    criterion: Criterion, level: int, evidence: Sequence[Evidence], *, changed: bool
) -> CriterionLine:
    texts = load_guide().texts
    own = [e for e in evidence if e.criterion == criterion.id] if level else []
    if criterion.kind == "fault":
        # Its text quotes the words; where a trainer saw the fault there are none.
        word, step = texts["fault_present"], advice_text(criterion, level, own) if own else ""
    else:
        word = texts["move_levels"][level]
        step = filled("keep") if level == criterion.top else criterion.step
    return CriterionLine(
        criterion.name,
        criterion.kind,
        str(word),
        tuple(" ".join(e.quote.split()) for e in own),
        criterion.levels[level].descriptor,
        step,
        filled("by_trainer") if changed else "",
    )


def feedback_page(
    name: str, replies: Sequence[GradedReply], *, score: float, points: float, late: float = 0
) -> dict[str, object]:
    """The texts of the page for an assignment's name: `score` of `points`, less `late` points."""
    return {
        "title": name.replace("-", " ").capitalize(),
        "style": files("grader").joinpath("feedback_page.css").read_text(encoding="utf-8"),
        "points": _points(score, points),
        "late": filled("late", points=f"{late:g}") if late else "",
        "trainer": filled("trainer"),
        "headings": {key: filled(key) for key in ("criteria", "words", "means", "next")},
        "replies": [
            {
                "id": reply.id,
                "heading": filled("reply", n=str(number), of=str(len(replies))),
                "points": _points(reply.score, reply.points),
                "html": reply.html,
                "comment": reply.comment,
                "criteria": criterion_lines(reply.row, reply.asks or {}, reply.given)
                if reply.row
                else [],
            }
            for number, reply in enumerate(replies, start=1)
        ],
    }


def _points(score: float, points: float) -> str:
    return filled("points", points=f"{round(score, 2):g}", of=f"{points:g}")
