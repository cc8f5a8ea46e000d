"""The sort exercise on the screen: a row for each phrase, with a menu of where it belongs."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Any

import ipywidgets

from exercises.sort import KIND, Sort
from exercises.texts import say
from exercises.views.choices import (
    ChoicesView,
    End,
    stage_choices,
    still_end,
    task_html,
    total_html,
)
from exercises.views.conversation import note_html
from exercises.views.parts import frame


def sort(id: str) -> None:
    """Display the exercise: put phrases where they belong."""
    stage_choices(KIND, id, Sort, _still, SortView)


def _still(work: Sort) -> str:
    options = "".join(f"<option>{escape(name)}</option>" for name, _ in _options(work))
    rows = ""
    for place, item in enumerate(work.items):
        name = f"{_pick(place)}-{work.id}"
        rows += (
            f'<div class="tid-sort-row"><div class="tid-sort-item {_pick(place)}">'
            f'<label for="{escape(name)}">{escape(item.text)}</label>'
            f'<select id="{escape(name)}" data-go="{_pick(place)}">{options}</select></div></div>'
        )
    return _reading_html(work) + rows + still_end(KIND, "sort_check")


def _reading_html(work: Sort) -> str:
    # In JupyterLab the arrow keys would leave the cell while the menu is closed.
    return task_html(work.data["task"]) + note_html(say("sort_keys"))


def _pick(place: int) -> str:
    return f"tid-sort-pick-{place}"


def _options(work: Sort) -> list[tuple[str, str]]:
    return [(say("sort_pick"), ""), *((name, bin) for bin, name in work.bins.items())]


class SortView(ChoicesView):
    """The widgets of one exercise."""

    def __init__(self, work: Sort) -> None:
        self.work: Sort = work
        self._end = End(KIND, "sort_check", work.kept, self._on_check, self._on_again)
        self._menus: list[Any] = []
        self._notes: list[Any] = []
        rows = []
        for place, item in enumerate(work.items):
            menu = ipywidgets.Dropdown(
                options=_options(work),
                value="",
                description=item.text,
                tooltip="",
                layout=ipywidgets.Layout(width="auto", height="auto"),
            )
            menu.add_class("tid-sort-item")
            menu.add_class(_pick(place))
            note = ipywidgets.HTML()
            rows.append(ipywidgets.VBox([menu, note]).add_class("tid-sort-row"))
            self._menus.append(menu)
            self._notes.append(note)
        self._first = self._menus[0]
        self.widget = frame(KIND, [ipywidgets.HTML(_reading_html(work)), *rows, *self._end.widgets])
        self.refresh()
        for place, menu in enumerate(self._menus):
            menu.observe(self._end.guard(partial(self._on_move, place)), names="value")

    def _draw(self) -> None:
        work = self.work
        for place, menu in enumerate(self._menus):
            menu.value = work.put.get(place, "")
            menu.disabled = place in work.settled
            self._notes[place].value = self._note_html(place)
        self._end.offer_again(offered=bool(work.settled or work.wrong))

    def _on_move(self, place: int) -> None:
        self.work.move(place, self._menus[place].value or None)
        self._notes[place].value = self._note_html(place)

    def _on_check(self) -> None:
        if self.work.check() is None:
            left = self.work.left
            words = say("sort_left_one") if left == 1 else say("sort_left", count=left)
            self._end.say(note_html(words))
            return
        self._redraw()

    def _note_html(self, place: int) -> str:
        """What the last check found in a row; empty before it and after a change."""
        work = self.work
        why = escape(work.items[place].why)
        if place in work.settled:
            words = escape(say("choices_right"))
            return f'<p class="tid-sort-right"><span class="tid-good">{words}</span> {why}</p>'
        if place in work.wrong:
            words = escape(say("sort_elsewhere", bin=work.bins[work.put[place]]))
            return f'<p class="tid-sort-wrong"><strong>{words}</strong> {why}</p>'
        return ""

    def _result_html(self) -> str:
        work = self.work
        right, all_ = len(work.settled), len(work.items)
        if not work.settled and not work.wrong:
            return ""
        words = say("sort_some_right", count=right, all=all_)
        if right in (0, all_):
            words = say("sort_all_right" if right else "sort_none_right")
        return total_html(round(100 * right / all_), words)
