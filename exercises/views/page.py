"""The exercises as the book's pages hold them: plain HTML that the page's script takes over.

What is typed into it before Python runs is kept; the script (book/_web/page.js) then puts the
real widgets in its place. The classes are those of the widgets, so that both look alike.
"""

from __future__ import annotations

import json
from html import escape

from exercises.bank import BankScenario
from exercises.kinds import REWRITE
from exercises.rewrite import HONEST_WORDS
from exercises.texts import say
from exercises.views.conversation import note_html, reading_html, trouble_html


def placeholder(kind: str, id: str, still: str, *, draft: str = "") -> str:
    """An exercise for the page's script, with its still copy.

    `draft` is the path of the draft's file in the learner's folder, under which the script keeps
    what is typed into the still copy's first box, `.tid-text textarea`, or the paths for as many of
    its boxes, with a space between; what stands in any of them is carried to the widgets' boxes, in
    their order. A button of the still copy that has `data-go`
    is chosen again, once the exercise is live, on the widget with that class; and what is chosen
    in a menu, `select`, with `data-go` is chosen in that widget's. Check boxes that are ticked are
    ticked in the widgets, which must have as many in the same order.
    """
    notes = {name: say(f"page_{name}") for name in ("starting", "failed", "stuck", "not_kept")}
    return (
        f'<div class="tid-exercise" data-kind="{escape(kind)}" data-exercise="{escape(id)}"'
        f' data-draft="{escape(draft)}" data-texts="{escape(json.dumps(notes))}">'
        f'<div class="tid-still tid-frame tid-{escape(kind)}">{still}'
        f"<noscript>{trouble_html(say('page_no_script'))}</noscript></div></div>"
    )


def rewrite_still(scenario: BankScenario) -> str:
    """A usable copy of the rewrite exercise, with everything where the widget will have it."""
    models = ""
    if scenario.strong:
        note = note_html(say("model_closed", words=HONEST_WORDS))
        models = f"{still_button('model_show', 'tid-show-model', enabled=False)}{note}"
    return (
        reading_html(scenario)
        + still_text(scenario.id, "reply", "reply_hint", name="tid-reply")
        + f'<div class="tid-row">{still_button("check", "tid-check")}'
        + f"{still_button_with(say('hint'), 'tid-hint')}</div>"
        + still_feedback()
        + models
    )


def rewrite_placeholder(scenario: BankScenario, draft: str) -> str:
    """The rewrite exercise on a page."""
    return placeholder(REWRITE, scenario.id, rewrite_still(scenario), draft=draft)


def still_text(
    id: str, label: str, hint: str, *, name: str, rows: int = 8, **values: object
) -> str:
    """A box to type into; `label` and `hint` are keys of texts, `name` is its CSS class.

    `values` are put into the label.
    """
    box = f"{name}-{id}"
    return (
        f'<div class="tid-text {escape(name)}">'
        f'<label for="{escape(box)}">{escape(say(label, **values))}</label>'
        f'<textarea id="{escape(box)}" rows="{rows}" placeholder="{escape(say(hint))}">'
        "</textarea></div>"
    )


def still_button(key: str, name: str, *, enabled: bool = True) -> str:
    """A button with a text's key and a CSS class; the script chooses it again on the widgets."""
    return still_button_with(say(key), name, enabled=enabled, main=enabled)


def still_button_with(
    words: str, name: str, *, go: str = "", enabled: bool = True, main: bool = False
) -> str:
    """A button with these words; `go` is the class of the widget, where it is not `name`."""
    state = f'data-go="{escape(go or name)}"' if enabled else "disabled"
    look = "tid-main" if main else "tid-side"
    return f'<button type="button" class="{escape(name)} {look}" {state}>{escape(words)}</button>'


def still_tick(words: str, name: str, *, on: bool) -> str:
    """A check box with its words and a CSS class."""
    state = " checked" if on else ""
    box = f'<input type="checkbox"{state}>'
    return f'<div class="tid-tick {escape(name)}"><label>{box}{escape(words)}</label></div>'


def still_feedback(name: str = "tid-feedback") -> str:
    """The empty region for feedback; the script says in it that Python is starting."""
    return f'<div class="{escape(name)}" data-say role="status" aria-live="polite"></div>'
