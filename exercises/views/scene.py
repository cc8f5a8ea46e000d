"""The scene on the screen: drawn cards to choose from."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from html import escape
from typing import Any

import ipywidgets

from exercises.kept import Kept
from exercises.quizzes import quiz
from exercises.scene import KIND, Scene
from exercises.texts import say
from exercises.views.choices import End, kept_here, still_end, task_html, total_html
from exercises.views.conversation import exchange_html, note_html
from exercises.views.figures import LOOKS, figure_svg
from exercises.views.page import still_button_with
from exercises.views.parts import button, frame, set_class, show_widget
from exercises.views.stage import stage

LETTERS = "ABCD"


def scene(id: str) -> None:
    """Display the exercise: choose how to stand, look and sound."""
    stage(
        KIND,
        id,
        still=lambda: _still(Scene(id, quiz(id, KIND), Kept())),
        make=lambda: SceneView(Scene(id, quiz(id, KIND), kept_here(id))),
    )


def _still(work: Scene) -> str:
    cards = "".join(
        f'<div class="tid-scene-card">{_card_html(work, place)}'
        + still_button_with(say("choose_pick", letter=LETTERS[place]), _pick(place))
        + "</div>"
        for place in range(len(work.options))
    )
    cards = f'<div class="tid-scene-cards {_of(work)}">{cards}</div>'
    return _reading_html(work) + cards + still_end(KIND, "scene_check")


def _pick(place: int) -> str:
    return f"tid-scene-pick-{place}"


def _of(work: Scene) -> str:
    return f"tid-scene-of-{len(work.options)}"


def _reading_html(work: Scene) -> str:
    several = note_html(say("scene_several")) if work.several else ""
    return exchange_html(work.setting, work.customer) + task_html(work.task) + several


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


class SceneView:
    """The widgets of one exercise; `widget` is what is displayed."""

    def __init__(self, work: Scene) -> None:
        self.work = work
        self._end = End(KIND, "scene_check", work.kept, self._on_check, self._on_again)
        self._cards: list[Any] = []
        self._picks: list[Any] = []
        self._boxes: list[Any] = []
        for place in range(len(work.options)):
            pick = button("", _pick(place), self._end.guard(partial(self._on_pick, place)))
            card = ipywidgets.HTML()
            self._cards.append(card)
            self._picks.append(pick)
            self._boxes.append(ipywidgets.VBox([card, pick]).add_class("tid-scene-card"))
        cards = ipywidgets.Box(self._boxes).add_class("tid-scene-cards").add_class(_of(work))
        self.widget = frame(KIND, [ipywidgets.HTML(_reading_html(work)), cards, *self._end.widgets])
        self.refresh()

    def refresh(self) -> None:
        """Show what stands in the file now; called when the exercise is displayed again."""
        self.work.reload()
        self._draw()
        self._end.say(self._result_html())

    def _draw(self) -> None:
        work = self.work
        open_ = work.total is None
        for place, (box, card, pick) in enumerate(
            zip(self._boxes, self._cards, self._picks, strict=True)
        ):
            chosen = place in work.chosen
            card.value = _card_html(work, place)
            key = "choose_picked" if chosen else "choose_pick"
            pick.description = say(key, letter=LETTERS[place])
            show_widget(pick, shown=open_)
            set_class(box, "tid-scene-chosen", on=chosen)
            set_class(box, "tid-scene-right", on=not open_ and work.options[place].right)
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
        self._draw()
        self._end.say(self._result_html())

    def _on_again(self) -> None:
        self.work.start_again()
        self._draw()
        self._end.say("")
        self._picks[0].focus()

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
