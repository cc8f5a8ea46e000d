"""The exercise as the book's pages hold it: plain HTML that the page's script takes over.

What is typed into it before Python runs is kept; the script (book/_web/page.js) then puts the
real widgets in its place. The classes are those of the widgets, so that both look alike.
"""

from __future__ import annotations

import json
from html import escape

from exercises.texts import say


def placeholder(exercise: str, *, reading: str, draft: str) -> str:
    """A usable copy of the rewrite exercise with this id.

    `reading` is the HTML above the reply box, the same as in the widget; `draft` is the path of
    the draft's file in the learner's folder, under which the script keeps what is typed.
    """
    label = f"tid-reply-{exercise}"
    notes = {name: say(f"page_{name}") for name in ("starting", "failed", "not_kept")}
    return (
        f'<div class="tid-exercise" data-exercise="{escape(exercise)}"'
        f' data-draft="{escape(draft)}" data-texts="{escape(json.dumps(notes))}">'
        f'<div class="tid-still">{reading}'
        f'<div class="tid-reply"><label for="{escape(label)}">{escape(say("reply"))}</label>'
        f'<textarea id="{escape(label)}" rows="8"></textarea></div>'
        f'<button type="button" class="tid-check">{escape(say("check"))}</button>'
        '<div class="tid-feedback" role="status" aria-live="polite"></div>'
        f"<noscript><p>{escape(say('page_no_script'))}</p></noscript>"
        "</div></div>"
    )
