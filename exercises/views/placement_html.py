"""What a learner reads in the placement check, as HTML: the messages, and where to begin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from exercises.debrief import LONGEST_QUOTE
from exercises.placement import BEGINNING, CAPSTONE, Proposal, Step, messages
from exercises.progress import book, part_title
from exercises.texts import say
from exercises.views.conversation import exchange_html, note_html
from exercises.views.page import still_text
from exercises.views.progress_parts import chapter_link
from grader import load_rubric
from grader.feedback import marked_html, to_html
from grader.rubric import FAULTS, MOVES
from grader.text import shortened

MOST_QUOTED = 3


def box_name(place: int) -> str:
    """The CSS class of a message's box; `place` is 0 for the first."""
    return f"tid-placement-reply-{place + 1}"


def message_html(place: int) -> str:
    """A message: its number, who said what where, and what the learner knows."""
    message = messages()[place]
    number = say("placement_of", number=place + 1, all=len(messages()))
    scenario = message.scenario
    return (
        f'<p class="tid-placement-number">{escape(number)}</p>'
        f"{exchange_html(scenario.setting, scenario.customer)}<p>{escape(message.knows)}</p>"
    )


def still_message(place: int) -> str:
    """A message and a usable box, before Python runs."""
    box = still_text(
        "placement",
        "placement_reply",
        "placement_reply_hint",
        name=box_name(place),
        rows=3,
        number=place + 1,
    )
    return f'<div class="tid-placement-message">{message_html(place)}{box}</div>'


def headline_html(found: Proposal) -> str:
    """Where to begin in a sentence or two, which a screen reader reads out."""
    key = found.where if found.answered else "none"
    few = ""
    if 0 < found.answered < len(messages()):
        few = note_html(say("placement_few", count=found.answered, all=len(messages())))
    return f"{_heading('placement_title')}<p>{_said(f'placement_{key}')}</p>{few}"


def proposal_html(found: Proposal, replies: Sequence[str]) -> str:
    """Where to begin as links, what goes well already, and the replies with their marks."""
    links = []
    if not found.answered or found.where == BEGINNING:
        links.append(_chapter_item(next(name for name in book() if "/" in name)))
    elif found.where in book():
        links.append(_chapter_item("capstone"))
    steps = [_step_item(step) for step in found.steps]
    more = ""
    if found.answered and found.where in (BEGINNING, CAPSTONE) and steps:
        more = f"<p>{_said(f'placement_{found.where}_more')}</p>{_list(steps)}"
    else:
        links += steps
    return (
        f'<div class="tid-placement-result" data-where="{escape(found.where)}">'
        f"{_list(links)}{more}{_strong(found, replies)}{note_html(say('placement_only'))}"
        f"{_replies(found, replies) if found.answered else ''}</div>"
    )


def _chapter_item(name: str, *why: str) -> str:
    """A chapter as a link, with its part and why it is proposed."""
    part = name.rpartition("/")[0]
    notes = [say("placement_part", part=part_title(part)), *why] if part else why
    link = chapter_link(name, book()[name]["title"])
    note = note_html(" ".join(notes)) if notes else ""
    return f'<li data-chapter="{escape(name)}">{link}{note}</li>'


def _step_item(step: Step) -> str:
    trained = [name for name in step.criteria if name in MOVES]
    left_out = [name for name in step.criteria if name in FAULTS]
    why = [
        say(key, names=_names(names))
        for key, names in (("placement_fault", left_out), ("placement_why", trained))
        if names
    ]
    return _chapter_item(step.chapter, *why)


def _strong(found: Proposal, replies: Sequence[str]) -> str:
    """Moves that are made fully wherever they were asked for, the first in the learner's words."""
    if not found.strong:
        return ""
    items: list[str] = []
    rest: list[str] = []
    for name in found.strong:
        quote = _quote(found, name, replies)
        if quote and len(items) < MOST_QUOTED:
            words = escape(load_rubric().criteria[name].name)
            items.append(f'<li><span class="tid-name">{words}</span> <q>{escape(quote)}</q></li>')
        else:
            rest.append(name)
    more = say("placement_strong_more", names=_names(rest)) if rest else ""
    return (
        f'{_heading("placement_strong")}<ul class="tid-effects">{"".join(items)}</ul>'
        f"{f'<p>{escape(more)}</p>' if more else ''}"
    )


def _quote(found: Proposal, name: str, replies: Sequence[str]) -> str:
    """The learner's words that made the move where it was asked for."""
    for assessment in found.found:
        if assessment and name in assessment.asks:
            pieces = [e.quote for e in assessment.evidence if e.criterion == name]
            if pieces:
                return shortened(max(pieces, key=len), LONGEST_QUOTE)
    return ""


def _replies(found: Proposal, replies: Sequence[str]) -> str:
    parts = []
    for place, (message, reply, assessment) in enumerate(
        zip(messages(), replies, found.found, strict=True)
    ):
        number = say("placement_of", number=place + 1, all=len(messages()))
        seen = to_html(reply, assessment) if assessment else note_html(say("placement_skipped"))
        strong = message.grade(message.strong)
        marks = [e for e in strong.evidence if e.criterion in message.asks]
        parts.append(
            f'<p class="tid-placement-number">{escape(number)}</p>{seen}'
            f"<details><summary>{_said('placement_model')}</summary>"
            f'<blockquote class="tid-marked">{marked_html(message.strong, marks)}</blockquote>'
            "</details>"
        )
    return (
        f'<details class="tid-fold tid-placement-replies"><summary>{_said("placement_replies")}'
        f"</summary>{''.join(parts)}</details>"
    )


def _names(criteria: Iterable[str]) -> str:
    return "; ".join(load_rubric().criteria[name].name for name in criteria)


def _list(items: Sequence[str]) -> str:
    return f'<ol class="tid-progress-next">{"".join(items)}</ol>' if items else ""


def _heading(key: str) -> str:
    return f'<p class="tid-heading">{_said(key)}</p>'


def _said(key: str) -> str:
    return escape(say(key))
