"""The result of a capstone as HTML: every criterion over all turns, and what trains it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from exercises.debrief import Reached, reached, total_of
from exercises.progress import PASS, book
from exercises.role_play import Conversation, length
from exercises.texts import say
from exercises.training import chapters_for
from exercises.views.conversation import note_html
from exercises.views.progress_parts import chapter_link
from grader import load_rubric
from grader.rubric import FAULTS, MOVES

_GROUPS = {2: "capstone_full", 1: "capstone_half", 0: "capstone_none"}


def outcome_html(conversation: Conversation) -> str:
    """The total, the moves by the level they reached with the learner's words, the faults."""
    turns = conversation.turns
    best = reached(turns)
    total = round(total_of(turns))
    _, most = length(conversation.dialogue)
    short = ""
    if len(turns) < most:
        short = f"<p>{escape(say('capstone_short', turns=len(turns), all=most))}</p>"
    done = f"<p>{_said('capstone_done')}</p>" if total_of(turns) >= PASS else ""
    groups = "".join(
        _group(key, [best[name] for name in MOVES if best[name].level == level], _move_item)
        for level, key in _GROUPS.items()
    )
    made = [best[name] for name in FAULTS if best[name].level]
    none = f"<p>{_said('capstone_no_faults')}</p>"
    faults = _group("capstone_faults", made, _fault_item) or none
    return (
        f'<div class="tid-capstone-outcome">{_heading("capstone_title")}'
        f'<p class="tid-total" data-total="{total}">'
        f"{escape(say('capstone_total', total=total))}</p>{done}{short}"
        f"{note_html(say('capstone_rule', least=PASS))}{groups}"
        f"{faults}</div>"
    )


def _group(key: str, found: Sequence[Reached], item: Callable[[Reached], str]) -> str:
    items = "".join(
        f'<li data-criterion="{escape(best.criterion)}" data-level="{best.level}">{item(best)}</li>'
        for best in found
    )
    return f'{_heading(key)}<ul class="tid-effects tid-capstone-list">{items}</ul>' if items else ""


def _move_item(best: Reached) -> str:
    criterion = load_rubric().criteria[best.criterion]
    text = _name(best) + _words(best)
    if best.level < criterion.top:
        following = criterion.levels[criterion.top].descriptor
        text += note_html(f"{say('capstone_next')} {following}") + _train(best)
    return text


def _fault_item(best: Reached) -> str:
    return _name(best) + _words(best) + _train(best)


def _name(best: Reached) -> str:
    name = load_rubric().criteria[best.criterion].name
    return f'<span class="tid-name">{escape(name)}</span>'


def _words(best: Reached) -> str:
    """The turn and the learner's words in it."""
    if best.turn is None:
        return ""
    turn = escape(say("capstone_where", turn=best.turn))
    return f' <span class="tid-cause">{turn}</span> <q>{escape(best.quote)}</q>'


def _train(best: Reached) -> str:
    chapter = chapters_for(best.criterion)[0]
    link = chapter_link(chapter, book()[chapter]["title"])
    return f'<p class="tid-note">{_said("capstone_train")} {link}</p>'


def _heading(key: str) -> str:
    return f'<p class="tid-heading">{_said(key)}</p>'


def _said(key: str) -> str:
    return escape(say(key))
