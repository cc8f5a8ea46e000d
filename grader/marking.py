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
from grader.rubric import FAULTS, load_guide
from grader.submission import Answer


@dataclass(frozen=True, slots=True)
class Mark:
    """What an answer earned.

    `score` is 0 to the item's points. `comment` is Markdown without a word of the learner's, as
    gradebooks show comments unescaped; `html` shows the reply, escaped, with its evidence. `row`
    is the result row of the reply as `python -m grader score` gives it, with the scenario as id.
    `confidence` is how sure the grader is of each level that counts, 0.5 to 1.
    """

    score: float
    comment: str
    html: str
    row: Mapping[str, Any]
    confidence: Mapping[str, float]


def mark(item: Item, answer: Answer) -> Mark:
    """Mark the answer to an item: round(points x total / 100, 2)."""
    assessment = assess(answer.text, item.scenario, item.asks)
    if answer.problem:
        comment = filled(f"answer_{answer.problem}")
        feedback = _tag("p", comment, f'class="tid-rejected" data-rejected="{answer.problem}"')
    else:
        comment = _reasons(assessment)
        feedback = to_html(answer.text, assessment)
        if assessment.rejected and answer.text.strip():
            # A human may think better of it, and must see it for that.
            feedback += _quoted("handed_in", "tid-marked", answer.text)
    return Mark(
        score=round(item.points * (assessment.total or 0) / 100, 2),
        comment=comment,
        html=_part(item, feedback),
        row=result_row(item.id, assessment),
        confidence={
            judgement.criterion: round(judgement.confidence, 2)
            for judgement in assessment.judgements
            if judgement.criterion in item.asks or judgement.criterion in FAULTS
        },
    )


def _reasons(assessment: Assessment) -> str:
    """Each criterion that counted with its level and the rubric's words for that level."""
    guide = load_guide()
    if assessment.rejected:
        return guide.rubric.rejections[assessment.rejected]
    reasons = [filled("total", n=f"{assessment.total:g}"), ""]
    for criterion in shown_criteria(guide.rubric, assessment):
        level = assessment.levels[criterion.id]
        move = criterion.kind == "move"
        word = guide.texts["move_levels"][level] if move else guide.texts["fault_present"]
        reasons.append(f"- {criterion.name}: {word}. {criterion.levels[level].descriptor}")
    return "\n".join(reasons)


def filled(key: str, **values: str) -> str:
    """A text of `texts.yml` with each `{name}` replaced by its value; for words of our own."""
    text = str(load_guide().texts[key])
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _part(item: Item, feedback: str) -> str:
    """The feedback below the message it is about; stands alone on any page."""
    # MathJax would take the money in a reply, "$20 or $30", for a formula.
    return _tag(
        "div",
        _tag("style", _style())
        + _tag("p", escape(item.scenario.setting), 'class="tid-setting"')
        + _quoted("wrote", "tid-customer", item.scenario.customer)
        + feedback,
        'class="tid-marked-answer tex2jax_ignore mathjax_ignore" '
        f'data-scenario="{escape(item.id)}"',
    )


def _quoted(heading: str, css_class: str, text: str) -> str:
    return _tag("p", escape(filled(heading)), 'class="tid-heading"') + _tag(
        "blockquote", escape(text), f'class="{css_class}"'
    )


def _tag(name: str, content: str, attributes: str = "") -> str:
    return (
        f"<{name} {attributes}>{content}</{name}>" if attributes else f"<{name}>{content}</{name}>"
    )


@lru_cache(maxsize=1)
def _style() -> str:
    return files("grader").joinpath("marked.css").read_text(encoding="utf-8")
