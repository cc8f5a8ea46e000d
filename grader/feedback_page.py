"""What stands on the page a learner gets back; `templates/feedback` sets it in HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from grader.marking import filled


@dataclass(frozen=True, slots=True)
class GradedReply:
    """One reply with the points it has in the end and what the trainer wrote to it, Markdown."""

    id: str
    score: float
    points: float
    html: str
    comment: str = ""


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
        "replies": [
            {
                "id": reply.id,
                "heading": filled("reply", n=str(number), of=str(len(replies))),
                "points": _points(reply.score, reply.points),
                "html": reply.html,
                "comment": reply.comment,
            }
            for number, reply in enumerate(replies, start=1)
        ],
    }


def _points(score: float, points: float) -> str:
    return filled("points", points=f"{round(score, 2):g}", of=f"{points:g}")
