"""The exercise as the book's pages hold it: plain HTML that the page's script takes over.

What is typed into it before Python runs is kept; the script (book/_web/page.js) then puts the
real widgets in its place. The classes are those of the widgets, so that both look alike.
"""

from __future__ import annotations

import json
from html import escape

from exercises.bank import BankScenario
from exercises.rewrite import HONEST_WORDS
from exercises.texts import say
from exercises.views.conversation import note_html, reading_html, trouble_html


def placeholder(scenario: BankScenario, draft: str) -> str:
    """A usable copy of the rewrite exercise, with everything where the widget will have it.

    `draft` is the path of the draft's file in the learner's folder, under which the script keeps
    what is typed.
    """
    label = f"tid-reply-{scenario.id}"
    notes = {name: say(f"page_{name}") for name in ("starting", "failed", "not_kept")}
    return (
        f'<div class="tid-exercise" data-exercise="{escape(scenario.id)}"'
        f' data-draft="{escape(draft)}" data-texts="{escape(json.dumps(notes))}">'
        f'<div class="tid-still">{reading_html(scenario)}'
        f'<div class="tid-reply"><label for="{escape(label)}">{escape(say("reply"))}</label>'
        f'<textarea id="{escape(label)}" rows="8" placeholder="{escape(say("reply_hint"))}">'
        "</textarea></div>"
        f'<div class="tid-row">{_button("check", "tid-check")}</div>'
        '<div class="tid-feedback" role="status" aria-live="polite"></div>'
        f"<noscript>{trouble_html(say('page_no_script'))}</noscript>"
        f"{_closed_models() if scenario.strong else ''}"
        "</div></div>"
    )


def _closed_models() -> str:
    note = note_html(say("model_closed", words=HONEST_WORDS))
    return f"{_button('model_show', 'tid-show-model', 'disabled')}{note}"


def _button(key: str, name: str, state: str = "") -> str:
    return f'<button type="button" class="{name}" {state}>{escape(say(key))}</button>'
