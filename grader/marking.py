"""From what was handed in to a mark: points, the reasons in words, and HTML to show beside it.

Pure, like the grader itself: nothing here touches files, notebooks or the gradebook.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from importlib.resources import files
from typing import Any

from grader.assignment import Item
from grader.engine import assess
from grader.feedback import shown_criteria, to_html
from grader.model import Assessment
from grader.rows import result_row
from grader.rubric import load_guide
from grader.submission import Answer


@dataclass(frozen=True, slots=True)
class Mark:
    """What an answer earned.

    `score` is 0 to the item's points. `comment` is Markdown without a word of the learner's, as
    gradebooks show comments unescaped; `html` shows the reply, escaped, with its evidence. `row`
    is the result row of the reply as `python -m grader score` gives it, with the scenario as id.
    """

    score: float
    comment: str
    html: str
    row: Mapping[str, Any]


def mark(item: Item, answer: Answer) -> Mark:
    """Mark the answer to an item: round(points x total / 100, 2)."""
    assessment = assess(answer.text, item.scenario, item.asks)
    score = round(item.points * (assessment.total or 0) / 100, 2)
    points = _filled("points", points=f"{score:g}", of=f"{item.points:g}")
    if answer.problem:
        reasons = [_filled(f"answer_{answer.problem}")]
        feedback = f'<p class="tid-rejected" data-rejected="{answer.problem}">{reasons[0]}</p>'
    else:
        reasons = _reasons(assessment)
        feedback = to_html(answer.text, assessment)
    return Mark(
        score=score,
        comment="\n".join([points, *reasons]),
        html=_page_part(item, points, feedback),
        row=result_row(item.id, assessment),
    )


def _reasons(assessment: Assessment) -> list[str]:
    """Each criterion that counted with its level and the rubric's words for that level."""
    guide = load_guide()
    if assessment.rejected:
        return [guide.rubric.rejections[assessment.rejected]]
    reasons = [_filled("total", n=f"{assessment.total:g}"), ""]
    for criterion in shown_criteria(guide.rubric, assessment):
        level = assessment.levels[criterion.id]
        move = criterion.kind == "move"
        word = guide.texts["move_levels"][level] if move else guide.texts["fault_present"]
        reasons.append(f"- {criterion.name}: {word}. {criterion.levels[level].descriptor}")
    return reasons


def _filled(key: str, **values: str) -> str:
    text = str(load_guide().texts[key])
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _page_part(item: Item, points: str, feedback: str) -> str:
    """The reply with its evidence below the message it answers; stands alone on any page."""
    texts, scenario = load_guide().texts, item.scenario
    # MathJax would take the money in a reply, "$20 or $30", for a formula.
    return (
        f'<div class="tid-marked-answer tex2jax_ignore mathjax_ignore" data-scenario="{item.id}">'
        f"<style>{_style()}</style>"
        f'<p class="tid-setting">{escape(scenario.setting)}</p>'
        f'<p class="tid-heading">{escape(str(texts["wrote"]))}</p>'
        f'<blockquote class="tid-customer">{escape(scenario.customer)}</blockquote>'
        f'<p class="tid-points">{escape(points)}</p>'
        f"{feedback}</div>"
    )


@lru_cache(maxsize=1)
def _style() -> str:
    return files("grader").joinpath("marked.css").read_text(encoding="utf-8")
