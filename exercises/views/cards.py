"""Cards to choose from: what choose and scene share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial

import ipywidgets

from exercises.texts import say
from exercises.views.choices import End
from exercises.views.page import still_button_with
from exercises.views.parts import button, set_class, show_widget

LETTERS = "ABCD"


def _pick(kind: str, place: int) -> str:
    return f"tid-{kind}-pick-{place}"


def still_cards(kind: str, options: Iterable[str]) -> str:
    """The cards of a still copy; `options` are what stands on them, as HTML."""
    return "".join(
        f'<div class="tid-{kind}-card">{option}'
        + still_button_with(say("choose_pick", letter=LETTERS[place]), _pick(kind, place))
        + "</div>"
        for place, option in enumerate(options)
    )


class Cards:
    """The cards as widgets, in `boxes`: an option and the button that picks it."""

    def __init__(self, kind: str, count: int, end: End, on_pick: Callable[[int], None]) -> None:
        self._kind = kind
        self._options = [ipywidgets.HTML() for _ in range(count)]
        self.picks = [
            button("", _pick(kind, place), end.guard(partial(on_pick, place)))
            for place in range(count)
        ]
        self.boxes = [
            ipywidgets.VBox(parts).add_class(f"tid-{kind}-card")
            for parts in zip(self._options, self.picks, strict=True)
        ]

    def draw(
        self, options: Iterable[str], chosen: Collection[int | None], right: Collection[int] | None
    ) -> None:
        """Show the options as HTML; `chosen` and `right` are places.

        `right` is None until a check says so; after it nothing can be picked.
        """
        for place, option in enumerate(options):
            is_chosen = place in chosen
            self._options[place].value = option
            key = "choose_picked" if is_chosen else "choose_pick"
            self.picks[place].description = say(key, letter=LETTERS[place])
            show_widget(self.picks[place], shown=right is None)
            box = self.boxes[place]
            set_class(box, f"tid-{self._kind}-chosen", on=is_chosen)
            set_class(box, f"tid-{self._kind}-right", on=right is not None and place in right)
