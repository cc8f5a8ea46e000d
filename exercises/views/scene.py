"""The scene on the screen: drawn cards to choose from."""

from __future__ import annotations

from hashlib import sha256
from html import escape

import ipywidgets

from exercises.scene import KIND, Scene
from exercises.texts import say
from exercises.views.cards import LETTERS, Cards, still_cards
from exercises.views.choices import (
    ChoicesView,
    End,
    stage_choices,
    still_end,
    task_html,
    total_html,
)
from exercises.views.conversation import exchange_html, note_html
from exercises.views.figures import LOOKS, figure_svg
from exercises.views.parts import frame


def scene(id: str) -> None:
    """Display the exercise: choose how to stand, look and sound."""
    stage_choices(KIND, id, Scene, _still, SceneView)


def _still(work: Scene) -> str:
    cards = still_cards(KIND, _cards_html(work))
    cards = f'<div class="tid-scene-cards {_of(work)}">{cards}</div>'
    return _reading_html(work) + cards + still_end(KIND, "scene_check")


def _cards_html(work: Scene) -> list[str]:
    return [_card_html(work, place) for place in range(len(work.options))]


def _of(work: Scene) -> str:
    return f"tid-scene-of-{len(work.options)}"


def _reading_html(work: Scene) -> str:
    several = note_html(say("scene_several")) if work.several else ""
    return (
        exchange_html(work.setting, work.customer, speaker=work.speaker)
        + task_html(work.task)
        + several
    )


def _card_html(work: Scene, place: int) -> str:
    """An option with its drawing; after the check with what it does."""
    option = work.options[place]
    look = sha256(work.id.encode()).digest()[0] % LOOKS  # the same person in every card
    drawing = figure_svg(option.pose, look) if option.pose else ""
    words = ""
    if option.words:
        says = f'<span class="tid-unseen">{escape(say("scene_says"))} </span>'
        words = f'<p class="tid-scene-words">{says}{escape(option.words)}</p>'
    letter = f'<span class="tid-scene-letter">{LETTERS[place]}</span>'
    text = f'<p class="tid-scene-direction">{letter} {escape(option.direction)}</p>{words}'
    return drawing + text + _why_html(work, place)


def _why_html(work: Scene, place: int) -> str:
    if work.total is None:
        return ""
    option = work.options[place]
    name, key = ("tid-good", "scene_works") if option.right else ("tid-poor", "scene_works_not")
    yours = f" ({say('scene_yours')})" if place in work.chosen else ""
    return (
        f'<div class="tid-scene-why"><p class="{name}">{escape(say(key) + yours)}</p>'
        f"<p>{escape(option.why)}</p></div>"
    )


class SceneView(ChoicesView):
    """The widgets of one exercise."""

    def __init__(self, work: Scene) -> None:
        self.work: Scene = work
        self._end = End(KIND, "scene_check", work.kept, self._on_check, self._on_again)
        self._cards = Cards(KIND, len(work.options), self._end, self._on_pick)
        self._first = self._cards.picks[0]
        cards = ipywidgets.Box(self._cards.boxes).add_class("tid-scene-cards").add_class(_of(work))
        self.widget = frame(KIND, [ipywidgets.HTML(_reading_html(work)), cards, *self._end.widgets])
        self.refresh()

    def _draw(self) -> None:
        work = self.work
        open_ = work.total is None
        self._cards.draw(_cards_html(work), work.chosen, None if open_ else work.right)
        self._end.offer_again(offered=not open_)

    def _on_pick(self, place: int) -> None:
        self.work.choose(place)
        self._draw()
        chosen = ", ".join(LETTERS[i] for i in sorted(self.work.chosen))
        self._end.say(note_html(say("choose_said", letter=chosen)) if chosen else "")

    def _on_check(self) -> None:
        if self.work.check() is None:
            self._end.say(note_html(say("choose_no_choice")))
            return
        self._redraw()

    def _result_html(self) -> str:
        if self.work.total is None:
            return ""
        return total_html(self.work.total, self._verdict()) + note_html(say("scene_look_up"))

    def _verdict(self) -> str:
        right, chosen = self.work.right, self.work.chosen
        if not self.work.several:
            best = LETTERS[min(right)]
            return say("scene_right" if chosen == right else "scene_other", letter=best)
        found, wrong = len(right & chosen), len(chosen - right)
        if chosen == right:
            return say("scene_all_right")
        key = ("scene_some", "scene_some_wrong", "scene_some_wrongs")[min(wrong, 2)]
        return say(key, found=found, all=len(right), wrong=wrong)
