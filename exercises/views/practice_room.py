"""The practice room on the screen: all role plays to choose from, and the one that was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from html import escape
from typing import Any

import ipywidgets

from exercises.compiled import compiled
from exercises.dialogues import dialogues
from exercises.home import home
from exercises.kinds import ROLE_PLAY
from exercises.record import Record
from exercises.texts import say
from exercises.views.conversation import note_html
from exercises.views.page import still_button_with
from exercises.views.parts import button, guarded, live_region, show_widget
from exercises.views.role_play import RolePlayView, rehearsal
from exercises.views.role_play_html import chips_html
from exercises.views.screen import style_html
from exercises.views.stage import view_of

ANY = ""
TEMPERAMENTS = ("explosive", "cold", "wounded")
LEVELS = ("1", "2", "3")


@lru_cache(maxsize=1)
def parts() -> Mapping[str, str]:
    """The parts of the course that have role plays, in its order, with their titles.

    The capstone stands on a page of its own.
    """
    used = {data["source"].rpartition("/")[0] for data in dialogues().values()}
    outline = compiled("outline")
    return {part: outline[part]["title"] for part in outline if part in used}


def still_html() -> str:
    """The practice room before Python runs."""
    groups = []
    for part, title in parts().items():
        cards = "".join(
            f'<div class="tid-card">{_card_html(data)}'
            f"{still_button_with(_meet(data), _name(id))}</div>"
            for id, data in _of(part).items()
        )
        groups.append(f'{_part_html(title)}<div class="tid-cards">{cards}</div>')
    return (
        f'<div class="tid-room">{"".join(groups)}'
        '<div class="tid-room-told" data-say role="status" aria-live="polite"></div></div>'
    )


class PracticeRoom:
    """The widgets of the practice room; `widget` is what is displayed."""

    def __init__(self) -> None:
        told = guarded(self._filter, self._tell)
        self._part = _menu("part", [(title, part) for part, title in parts().items()], told)
        self._temperament = _menu(
            "temperament", [(say(f"role_play_{name}"), name) for name in TEMPERAMENTS], told
        )
        levels = [(say("role_play_level", level=level), level) for level in LEVELS]
        self._level = _menu("level", levels, told)
        self._told = ipywidgets.HTML()
        self._cards: dict[str, Any] = {}
        self._words: dict[str, Any] = {}
        self._groups: dict[str, Any] = {}
        for part, title in parts().items():
            cards = [self._card(id, data) for id, data in _of(part).items()]
            grid = ipywidgets.VBox(cards).add_class("tid-cards")
            self._groups[part] = ipywidgets.VBox([ipywidgets.HTML(_part_html(title)), grid])
        heading = f'<p class="tid-room-title">{escape(say("role_play_room"))}</p>'
        menus = [self._part, self._temperament, self._level]
        self._list = ipywidgets.VBox(
            [
                ipywidgets.HTML(heading),
                ipywidgets.HBox(menus).add_class("tid-row").add_class("tid-room-menus"),
                self._told,
                *self._groups.values(),
            ]
        )
        self._back = button(
            say("role_play_room_back"), "tid-room-back", guarded(self._on_back, self._tell)
        )
        self._stage = ipywidgets.VBox([])
        self.widget = ipywidgets.VBox(
            [ipywidgets.HTML(style_html()), self._list, self._back, self._stage]
        )
        self.widget.add_class("tid-frame")
        self.widget.add_class("tid-room")
        self._show(None)

    def refresh(self) -> None:
        """Show what stands in the record now; called when the room is displayed again."""
        self._draw_cards()
        self._filter()

    def _card(self, id: str, data: Mapping[str, Any]) -> Any:  # noqa: ANN401
        words = self._words[id] = ipywidgets.HTML()
        meet = button(_meet(data), _name(id), guarded(partial(self._on_meet, id), self._tell))
        card = self._cards[id] = ipywidgets.VBox([words, meet]).add_class("tid-card")
        return card

    def _on_meet(self, id: str, _button: object) -> None:
        self._show(id)

    def _on_back(self, _button: object) -> None:
        self._show(None)

    def _show(self, id: str | None) -> None:
        """Show the role play with this id, or the list."""
        if id is None:
            self._stage.children = []
            self.refresh()
        else:
            view = view_of(ROLE_PLAY, id, lambda: RolePlayView(rehearsal(id)))
            self._stage.children = [view.widget]
        show_widget(self._list, shown=id is None)
        show_widget(self._back, shown=id is not None)

    def _draw_cards(self) -> None:
        best = _best()
        for id, words in self._words.items():
            words.value = _card_html(dialogues()[id], best.get(id))

    def _filter(self, _change: object = None) -> None:
        wanted = (self._part.value, self._temperament.value, self._level.value)
        shown = set()
        for id in self._cards:
            data = dialogues()[id]
            own = (data["source"].partition("/")[0], data["temperament"], str(data["level"]))
            fits = all(want in (ANY, is_) for want, is_ in zip(wanted, own, strict=True))
            show_widget(self._cards[id], shown=fits)
            if fits:
                shown.add(id)
        for part, group in self._groups.items():
            show_widget(group, shown=bool(shown & _of(part).keys()))
        key = {0: "none", 1: "count_one"}.get(len(shown), "count")
        self._tell(note_html(say(f"role_play_room_{key}", count=len(shown))))

    def _tell(self, html: str) -> None:
        self._told.value = live_region(html, "tid-room-told")


def _menu(name: str, choices: list[tuple[str, str]], on_change: Any) -> Any:  # noqa: ANN401
    made = ipywidgets.Dropdown(
        options=[(say("role_play_room_any"), ANY), *choices],
        description=say(f"role_play_room_{name}"),
        layout=ipywidgets.Layout(width="auto"),
    )
    made.add_class("tid-menu")
    made.add_class(f"tid-room-{name}")
    made.observe(on_change, names="value")
    return made


def _of(part: str) -> dict[str, Mapping[str, Any]]:
    """The dialogues of a part, the easy ones first."""
    found = {id: d for id, d in dialogues().items() if d["source"].partition("/")[0] == part}
    return dict(sorted(found.items(), key=lambda item: (item[1]["level"], item[0])))


def _card_html(data: Mapping[str, Any], best: float | None = None) -> str:
    words = (
        say("role_play_room_new") if best is None else say("role_play_room_best", total=round(best))
    )
    return (
        f'<p class="tid-card-title">{escape(data["title"])}</p>'
        f'<p class="tid-setting">{escape(data["setting"])}</p>{chips_html(data)}{note_html(words)}'
    )


def _part_html(title: str) -> str:
    return f'<p class="tid-heading">{escape(title)}</p>'


def _meet(data: Mapping[str, Any]) -> str:
    return say("role_play_room_meet", customer=data["customer"])


def _name(id: str) -> str:
    return f"tid-meet-{id}"


def _best() -> dict[str, float]:
    """The best total of each role play; empty where the record cannot be read."""
    found: dict[str, float] = {}
    try:
        for entry in Record(home()).read():
            if entry.kind == ROLE_PLAY and entry.total is not None:
                found[entry.exercise] = max(entry.total, found.get(entry.exercise, 0.0))
    except OSError:
        return {}
    return found
