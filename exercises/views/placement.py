"""The placement check on the screen: six messages to answer, then where to begin."""

from __future__ import annotations

from functools import partial
from typing import Any

import ipywidgets

from exercises.home import home
from exercises.kinds import PLACEMENT
from exercises.placement import Placement, draft_name, messages
from exercises.record import Record
from exercises.texts import say
from exercises.views.conversation import note_html, set_aside_html, told_html
from exercises.views.page import still_button, still_feedback
from exercises.views.parts import (
    after_typing,
    button,
    frame,
    guarded,
    live_region,
    show_widget,
    text_box,
)
from exercises.views.placement_html import (
    box_name,
    headline_html,
    message_html,
    proposal_html,
    still_message,
)
from exercises.views.stage import stage

FEEDBACK = "tid-placement-feedback"


def placement() -> None:
    """Display the placement check."""
    stage(
        PLACEMENT,
        "",
        still=_still,
        make=lambda: PlacementView(Placement(home() / "drafts", Record(home()))),
        draft=" ".join(f"drafts/{draft_name(place)}.txt" for place in range(len(messages()))),
    )


def _still() -> str:
    cards = "".join(map(still_message, range(len(messages()))))
    row = f'<div class="tid-row">{still_button("placement_check", "tid-placement-check")}</div>'
    return cards + row + note_html(say("placement_kept")) + still_feedback(FEEDBACK)


class PlacementView:
    """The widgets of the check; `widget` is what is displayed."""

    def __init__(self, work: Placement) -> None:
        self.work = work
        self._boxes = [self._box(place) for place in range(len(messages()))]
        cards = [
            ipywidgets.VBox([ipywidgets.HTML(message_html(place)), box]).add_class(
                "tid-placement-message"
            )
            for place, box in enumerate(self._boxes)
        ]
        check = after_typing(guarded(self._on_check, self._tell), *self._boxes)
        self._check = button(say("placement_check"), "tid-placement-check", check, main=True)
        self._again = button(
            say("placement_again"), "tid-placement-again", guarded(self._on_again, self._tell)
        )
        self._trouble = ipywidgets.HTML()
        self._feedback = ipywidgets.HTML()
        self._result = ipywidgets.HTML()
        self.widget = frame(
            PLACEMENT,
            [
                *cards,
                ipywidgets.HBox([self._check, self._again]).add_class("tid-row"),
                ipywidgets.HTML(note_html(say("placement_kept"))),
                self._trouble,
                self._feedback,
                self._result,
            ],
        )
        self._draw()
        for place, box in enumerate(self._boxes):
            typed = guarded(partial(self._on_typed, place), self._tell)
            box.observe(typed, names="value")

    def refresh(self) -> None:
        """Show what stands in the files now; called when the check is displayed again."""
        self.work.reload()
        self._fill()
        self._draw()

    def _box(self, place: int) -> Any:  # noqa: ANN401
        return text_box(
            say("placement_reply", number=place + 1),
            say("placement_reply_hint"),
            box_name(place),
            rows=3,
            text=self.work.texts[place],
        )

    def _fill(self) -> None:
        for box, text in zip(self._boxes, self.work.texts, strict=True):
            box.value = text

    def _on_typed(self, place: int, change: dict[str, Any]) -> None:
        if change["new"] != self.work.texts[place]:
            self.work.write(place, change["new"])
            self._draw_trouble()

    def _on_check(self, _button: object) -> None:
        self.work.check()
        self._draw()

    def _on_again(self, _button: object) -> None:
        self.work.again()
        self._fill()
        self._draw()

    def _draw(self) -> None:
        found = self.work.proposal
        self._tell(headline_html(found) if found else "")
        self._result.value = proposal_html(found, self.work.checked) if found else ""
        show_widget(self._again, shown=found is not None)
        self._draw_trouble()

    def _draw_trouble(self) -> None:
        self._trouble.value = told_html(self.work.trouble) + set_aside_html(self.work.set_aside())

    def _tell(self, html: str) -> None:
        self._feedback.value = live_region(html, FEEDBACK)
