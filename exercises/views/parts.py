"""Small parts that the views of several kinds share."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from html import escape
from time import monotonic
from typing import Any

import ipywidgets

from exercises.texts import say
from exercises.views.conversation import trouble_html
from exercises.views.screen import style_html

log = logging.getLogger(__name__)

# Seconds for which a box has been quiet when its text is whole. Jupyter holds letters back while
# the kernel takes in the ones before, and lets the press of a button overtake them.
QUIET = 0.4


def button(text: str, name: str, on_click: Callable[[object], None], *, main: bool = False) -> Any:  # noqa: ANN401
    """A button with a CSS class, as wide as its words; `main` is for the one that carries on."""
    made = ipywidgets.Button(description=text, layout=ipywidgets.Layout(width="auto"))
    made.add_class(name)
    set_main(made, main=main)
    made.on_click(on_click)
    return made


def set_main(widget: Any, *, main: bool) -> None:  # noqa: ANN401
    """Make a button the one that carries on, or one beside it."""
    set_class(widget, "tid-main", on=main)
    set_class(widget, "tid-side", on=not main)


def text_box(label: str, hint: str, name: str, *, rows: int, text: str = "") -> Any:  # noqa: ANN401
    """A box to write in, with a CSS class; every change in it is told at once."""
    layout = ipywidgets.Layout(width="auto", height="auto")
    made = ipywidgets.Textarea(
        value=text, description=label, placeholder=hint, rows=rows, layout=layout
    )
    return made.add_class(name).add_class("tid-text")


def tick_box(text: str, *, on: bool = False) -> Any:  # noqa: ANN401
    """A box to tick, with its words, which may be long."""
    layout = ipywidgets.Layout(width="auto", height="auto")
    made = ipywidgets.Checkbox(value=on, description=text, indent=False, layout=layout)
    return made.add_class("tid-tick")


def set_class(widget: Any, name: str, *, on: bool) -> None:  # noqa: ANN401
    """Give a widget a CSS class, or take it away."""
    (widget.add_class if on else widget.remove_class)(name)


def show_widget(widget: Any, *, shown: bool) -> None:  # noqa: ANN401
    """Show or hide a widget."""
    widget.layout.display = None if shown else "none"


def live_region(html: str, name: str) -> str:
    """HTML that screen readers read out when it changes; `name` is its CSS class."""
    return f'<div class="{escape(name)}" role="status" aria-live="polite">{html}</div>'


def frame(kind: str, children: list[Any]) -> Any:  # noqa: ANN401
    """The box around an exercise, with the stylesheet, and a word for when Python has gone."""
    lost = f'<div class="tid-cut-off">{trouble_html(say("cut_off"))}</div>'
    head = [ipywidgets.HTML(style_html()), ipywidgets.HTML(lost)]
    made = ipywidgets.VBox([*head, *children])
    made.add_class("tid-frame")
    made.add_class(f"tid-{kind}")
    return made


def guarded(action: Callable[..., None], told: Callable[[str], None]) -> Callable[..., None]:
    """The action as a callback that never shows a traceback: `told` gets a sentence as HTML."""

    def safely(*arguments: object) -> None:
        try:
            action(*arguments)
        except Exception:  # whatever it is, a learner never sees a traceback
            log.debug("an exercise failed", exc_info=True)
            told(trouble_html(say("went_wrong")))

    return safely


def after_typing(action: Callable[..., None], *boxes: Any) -> Callable[..., None]:  # noqa: ANN401
    """The action of a button as a callback that waits for the last letters typed in the boxes.

    It runs at once where the boxes have been quiet for `QUIET` seconds, where their text was
    pasted in one go, and where no event loop runs; and once, however often the button is pressed
    while it waits.
    """
    typed = monotonic() - QUIET
    pasted = waiting = False

    def note(change: dict[str, Any]) -> None:
        nonlocal typed, pasted
        begun, typed = typed, monotonic()
        pasted = typed - begun > QUIET and abs(len(change["new"]) - len(change["old"])) != 1

    def act(*arguments: object) -> None:
        nonlocal typed, waiting
        waiting = False
        rest = 0 if pasted else typed + QUIET - monotonic()
        if rest > 0:
            try:
                asyncio.get_running_loop().call_later(rest, act, *arguments)
                waiting = True
                return
            except RuntimeError:
                pass
        typed = monotonic() - QUIET
        action(*arguments)

    def press(*arguments: object) -> None:
        if not waiting:
            act(*arguments)

    for box in boxes:
        box.observe(note, names="value")
    return press
