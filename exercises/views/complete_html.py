"""The complete exercise as HTML: the still copy for a page, and one good way to fill the gap."""

from __future__ import annotations

from html import escape

from exercises.complete import HONEST_WORDS, KIND, Complete
from exercises.texts import say
from exercises.views.choices import still_end, task_html
from exercises.views.conversation import exchange_html, facts_html, note_html
from exercises.views.page import still_button, still_text
from grader import load_rubric
from grader.feedback import advice_text, marked_html

BOX = "tid-complete-part"


def still_html(exercise: Complete) -> str:
    """A usable copy of the exercise, with everything where the widgets will have it."""
    box = still_text(exercise.id, "complete_part", "complete_hint", name=BOX, rows=4)
    note = note_html(say("complete_closed", words=HONEST_WORDS))
    return (
        reading_html(exercise)
        + '<div class="tid-complete-reply">'
        + given_html(exercise.before)
        + box
        + given_html(exercise.after)
        + "</div>"
        + still_end(KIND, "complete_check")
        + still_button("complete_show", "tid-complete-show", enabled=False)
        + note
    )


def reading_html(exercise: Complete) -> str:
    """All that stands above the reply: the conversation, what the agent knows, the task."""
    scenario = exercise.scenario
    return (
        exchange_html(scenario.setting, scenario.customer)
        + facts_html(exercise.facts)
        + task_html(exercise.task)
    )


def given_html(text: str) -> str:
    """A part of the reply that is there already; empty where there is none."""
    return f'<p class="tid-complete-given">{escape(text.strip())}</p>' if text.strip() else ""


def model_html(exercise: Complete) -> str:
    """The whole reply with the model filling in it, its marks, and what they do."""
    found = exercise.grade(exercise.model)
    criterion = load_rubric().criteria[exercise.criterion]
    reply, start = exercise.whole(exercise.model)
    end = start + len(exercise.model)
    return (
        f'<p class="tid-heading">{escape(say("complete_model"))}</p>'
        f'<blockquote class="tid-marked"><span class="tid-complete-given">{escape(reply[:start])}'
        f"</span>{marked_html(exercise.model, found.evidence)}"
        f'<span class="tid-complete-given">{escape(reply[end:])}</span></blockquote>'
        f'<p><span class="tid-name">{escape(criterion.name)}</span> '
        f"{escape(advice_text(criterion, criterion.top, found.evidence))}</p>"
    )
