"""The pacer: breathe in, breathe out, count one before you speak. Only the stylesheet moves it.

It needs no Python once it is on the screen, keeps nothing, and starts and stops by keyboard: what
runs is inside a `details` element, whose summary is its button.
"""

from __future__ import annotations

from html import escape

from exercises.texts import say
from exercises.views.screen import show_html
from exercises.views.stage import plain_words

# Seconds, as in pacer.css.
IN, OUT, ROUNDS = 4, 6, 5
# They talk, they stop and you count, you speak.
TALK, COUNT, SPEAK, TIMES = 3, 1, 2, 3


def pacer() -> None:
    """Display the pacer."""
    with plain_words():
        show_html(pacer_html())


def pacer_html() -> str:
    """Both parts of the pacer: breathing, and the pause before an answer."""
    return f'<div class="tid-frame tid-pacer">{_breathing_html()}{_waiting_html()}</div>'


def _breathing_html() -> str:
    length = IN + OUT
    beats = [("pacer_in", i + 1) for i in range(IN)] + [("pacer_out", i + 1) for i in range(OUT)]
    counts = "".join(
        _span(f"<b>{escape(say(key))}</b> {count}", "tid-pacer-beat", at)
        for at, (key, count) in enumerate(beats)
    )
    rounds = "".join(
        f'<i class="tid-pacer-round" style="animation-delay:{length * (i + 1)}s"></i>'
        for i in range(ROUNDS)
    )
    stage = (
        '<div class="tid-pacer-circle"><div class="tid-pacer-air"></div></div>'
        f'<div class="tid-pacer-side"><div class="tid-pacer-words">{counts}'
        f"{_span(escape(say('pacer_done')), 'tid-pacer-end', length * ROUNDS)}</div>"
        f'<div class="tid-pacer-rounds">{rounds}</div></div>'
    )
    return _section_html("breathe", stage)


def _waiting_html() -> str:
    words = (
        _span(escape(say("pacer_they")), "tid-pacer-talk", 0)
        + _span(
            f"{escape(say('pacer_stop'))} <b>{escape(say('pacer_one'))}</b>", "tid-pacer-one", TALK
        )
        + _span(f"<b>{escape(say('pacer_you'))}</b>", "tid-pacer-you", TALK + COUNT)
        + _span(escape(say("pacer_wait_done")), "tid-pacer-end", (TALK + COUNT + SPEAK) * TIMES)
    )
    return _section_html("wait", f'<div class="tid-pacer-words">{words}</div>')


def _section_html(name: str, stage: str) -> str:
    """A heading, what to do in words, and what runs once it is started."""
    start, stop = escape(say("pacer_start")), escape(say("pacer_stop_it"))
    title = escape(say(f"pacer_{name}"))
    unseen = f'<span class="tid-unseen">: {title}</span>'
    return (
        f'<div class="tid-pacer-{name}"><p class="tid-heading">{title}</p>'
        f"<p>{escape(say(f'pacer_{name}_how'))}</p>"
        f'<details><summary><span class="tid-pacer-start">{start}</span>'
        f'<span class="tid-pacer-stop">{stop}</span>{unseen}</summary>'
        f'<div class="tid-pacer-stage" aria-hidden="true">{stage}</div></details></div>'
    )


def _span(html: str, name: str, at: float) -> str:
    """Words that appear `at` a second."""
    return f'<span class="{name}" style="animation-delay:{at}s">{html}</span>'
