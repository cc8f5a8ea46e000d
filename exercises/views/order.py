"""The order exercise on the screen: a row for each step, with buttons to move it up and down."""

from __future__ import annotations

import time
from functools import partial
from html import escape
from typing import Any

import ipywidgets

from exercises.order import KIND, Order
from exercises.texts import say
from exercises.views.choices import (
    ChoicesView,
    End,
    stage_choices,
    still_end,
    task_html,
    total_html,
)
from exercises.views.page import still_button_with
from exercises.views.parts import button, frame, live_region, show_widget

_WAYS = {"up": -1, "down": 1}
_NAMES = {"up": "order_up", "down": "order_down"}
_BACK = {"up": "down", "down": "up"}
_SAID = "tid-order-said tid-unseen"
# Seconds within which a second click on a button means the step that the first has moved away.
_DOUBLE = 0.4


def order(id: str) -> None:
    """Display the exercise: put steps in order."""
    stage_choices(KIND, id, Order, _still, OrderView)


def _still(work: Order) -> str:
    rows = ""
    for place, step in enumerate(work.order):
        buttons = "".join(
            still_button_with(
                say(_NAMES[way], step=work.steps[step].text),
                f"tid-order-{way}",
                go=_button(way, step),
                enabled=work.can_move(place, by),
            )
            for way, by in _WAYS.items()
        )
        rows += (
            f'<div class="tid-order-row">{_step_html(work, place)}'
            f'<div class="tid-order-buttons">{buttons}</div></div>'
        )
    return task_html(work.data["task"]) + rows + still_end(KIND, "order_check")


def _button(way: str, step: int) -> str:
    """The class of the button that moves a step, wherever the step stands."""
    return f"tid-order-{way}-{step}"


def _step_html(work: Order, place: int) -> str:
    step = work.steps[work.order[place]]
    mark = why = ""
    if place in work.in_place:
        mark = f' <span class="tid-order-mark tid-good">{escape(say("order_in_place"))}</span>'
    if work.done and step.why:
        why = f'<p class="tid-order-why">{escape(step.why)}</p>'
    return (
        f'<div class="tid-order-step"><p><span class="tid-order-place">{place + 1}.</span>'
        f"{escape(step.text)}{mark}</p>{why}</div>"
    )


class OrderView(ChoicesView):
    """The widgets of one exercise.

    The rows stay where they are, and the steps move from one to the next. So the focus is moved
    on with the step.
    """

    def __init__(self, work: Order) -> None:
        self.work: Order = work
        self._end = End(KIND, "order_check", work.kept, self._on_check, self._on_again)
        self._steps: list[Any] = []
        self._buttons: list[dict[str, Any]] = []
        self._rows: list[Any] = []
        self._sides: list[Any] = []
        for place in range(len(work.steps)):
            buttons = {
                way: button("", f"tid-order-{way}", self._end.guard(partial(self._on, place, way)))
                for way in _WAYS
            }
            step = ipywidgets.HTML()
            side = ipywidgets.HBox(list(buttons.values())).add_class("tid-order-buttons")
            self._rows.append(ipywidgets.HBox([step, side]).add_class("tid-order-row"))
            self._sides.append(side)
            self._steps.append(step)
            self._buttons.append(buttons)
        self._first = self._buttons[0]["down"]
        self._said = ipywidgets.HTML(live_region("", _SAID))
        self._show = button("", "tid-order-show", self._end.guard(self._on_show))
        self._solution = ipywidgets.HTML()
        self._end.row.children = (*self._end.row.children, self._show)
        self.widget = frame(
            KIND,
            [
                ipywidgets.HTML(task_html(work.data["task"])),
                *self._rows,
                self._said,
                *self._end.widgets,
                self._solution,
            ],
        )
        # The button of the last move, where the step went, and until when a click means that step.
        self._quick: tuple[tuple[int, str], int, float] | None = None
        self.refresh()

    def _draw(self) -> None:
        work = self.work
        for place, step in enumerate(work.order):
            self._rows[place].remove_class("tid-order-moved")
            self._steps[place].value = _step_html(work, place)
            show_widget(self._sides[place], shown=not work.done)
            for way, by in _WAYS.items():
                made = self._buttons[place][way]
                made.description = say(_NAMES[way], step=work.steps[step].text)
                made.disabled = not work.can_move(place, by)
                others = [n for n in made._dom_classes if not n.startswith(f"tid-order-{way}-")]
                made._dom_classes = (*others, _button(way, step))
        self._end.offer_again(offered=work.tried)
        show_widget(self._show, shown=work.tried and not work.done)
        if work.done or not work.tried:
            self._solution.value = ""
        self._show.description = say("order_hide" if self._solution.value else "order_show")

    def _on(self, place: int, way: str) -> None:
        clicked, now = (place, way), time.monotonic()
        if self._quick is not None and self._quick[0] == clicked and now < self._quick[2]:
            place = self._quick[1]  # the click came before the eye could see the step move
        work, by = self.work, _WAYS[way]
        to = work.move(place, by)
        self._quick = clicked, to, now + _DOUBLE
        if to == place:
            return
        self._draw()
        self._end.say("")
        step = work.steps[work.order[to]].text
        words = say("order_moved", step=step, place=to + 1, all=len(work.steps))
        self._said.value = live_region(escape(words), _SAID)
        # At the end of the list there is only the way back.
        self._buttons[to][way if work.can_move(to, by) else _BACK[way]].focus()
        self._rows[to].add_class("tid-order-moved")

    def _on_check(self) -> None:
        self.work.check()
        self._redraw()

    def _on_show(self) -> None:
        steps = "".join(f"<li>{escape(step.text)}{_why(step.why)}</li>" for step in self.work.steps)
        heading = f'<p class="tid-heading">{escape(say("order_solution"))}</p>'
        shown = f'{heading}<ol class="tid-order-solution">{steps}</ol>{self._note_html()}'
        self._solution.value = "" if self._solution.value else live_region(shown, "tid-order-shown")
        self._draw()

    def _note_html(self) -> str:
        return f'<p class="tid-order-note">{escape(self.work.note)}</p>'

    def _result_html(self) -> str:
        work = self.work
        right, all_ = len(work.in_place), len(work.steps)
        if not work.judged:
            return ""
        words = say("order_some", count=right, all=all_)
        if right in (0, all_):
            words = say("order_all" if right else "order_none")
        return total_html(work.total(), words) + (self._note_html() if work.done else "")


def _why(why: str) -> str:
    return f'<br><span class="tid-order-why">{escape(why)}</span>' if why else ""
