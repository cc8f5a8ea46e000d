"""The page that prints the rubric: its moves or its faults, as plain HTML."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from exercises.texts import say
from exercises.views.screen import show_html
from grader import Criterion, load_rubric


def rubric_html(criteria: Iterable[Criterion], next_step: str) -> str:
    """Each criterion with its question, its levels, numbered from 0, and the step to the top one.

    A criterion's heading has its id, so that other pages can link to it. `next_step` is the
    label in front of the step.
    """
    return "\n".join(_criterion_html(criterion, next_step) for criterion in criteria)


def _criterion_html(criterion: Criterion, next_step: str) -> str:
    levels = "".join(
        f'<li value="{level.points}">{escape(level.descriptor)}</li>' for level in criterion.levels
    )
    step = f"<p><strong>{escape(next_step)}</strong> {escape(criterion.step)}</p>"
    return (
        f'<section class="tid-criterion"><h3 id="{escape(criterion.id)}">{escape(criterion.name)}'
        f'</h3><p>{escape(criterion.question)}</p><ol start="0">{levels}</ol>'
        f"{step if criterion.step else ''}</section>"
    )


def rubric_table(kind: str) -> None:
    """Display the rubric's moves ("move") or its faults ("fault"). Raises ValueError."""
    rubric = load_rubric()
    kinds = {"move": rubric.moves, "fault": rubric.faults}
    if kind not in kinds:
        raise ValueError(f'rubric_table: {kind!r} is no kind of criterion; give "move" or "fault"')
    show_html(rubric_html(kinds[kind], say("next_step")))
