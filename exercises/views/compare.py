"""Two drafts of a reply side by side, with what moved from the one to the other, as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from exercises.texts import say
from exercises.writing import Attempt
from grader import Assessment
from grader.feedback import marked_html, shown_criteria
from grader.model import Criterion
from grader.rubric import load_guide


def compare_html(earlier: Attempt, later: Attempt) -> str:
    """Both drafts with their marks, under a list of the levels that moved."""
    moved = "".join(f"<li>{line}</li>" for line in _moved(earlier.assessment, later.assessment))
    what = f'<ul class="tid-moved">{moved}</ul>' if moved else f"<p>{_said('compare_still')}</p>"
    return (
        f'<div class="tid-compare" role="group" aria-label="{_said("compare")}">'
        f'<p class="tid-heading">{_said("compare_moved")}</p>{what}<div class="tid-drafts">'
        f"{_draft('compare_earlier', earlier)}{_draft('compare_later', later)}</div></div>"
    )


def _draft(key: str, attempt: Attempt) -> str:
    found = attempt.assessment
    names = {criterion.id for criterion in shown_criteria(load_guide().rubric, found)}
    evidence = [e for e in found.evidence if e.criterion in names]
    title = escape(say(key, total=round(found.total or 0)))
    return (
        f'<div class="tid-draft"><p class="tid-who">{title}</p>'
        f'<blockquote class="tid-marked">{marked_html(attempt.reply, evidence)}</blockquote></div>'
    )


def _moved(before: Assessment, now: Assessment) -> Iterator[str]:
    words = load_guide().texts["move_levels"]
    for criterion in load_guide().rubric.criteria.values():
        levels = before.levels[criterion.id], now.levels[criterion.id]
        if levels[0] == levels[1] or not _counts(criterion, now):
            continue
        if criterion.kind == "fault":
            change = say("compare_new" if levels[1] else "compare_gone")
        else:
            change = say("compare_change", before=words[levels[0]], now=words[levels[1]])
        name = f'<span class="tid-name">{escape(criterion.name)}</span>'
        yield f"{name}: {escape(change)}"


def _counts(criterion: Criterion, found: Assessment) -> bool:
    return criterion.kind == "fault" or not found.asks or criterion.id in found.asks


def _said(key: str) -> str:
    return escape(say(key))
