"""The choose exercise on the screen: cards to choose from, reasons to tick."""

from __future__ import annotations

from functools import partial
from html import escape

import ipywidgets

from exercises.choose import KIND, Choose
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
from exercises.views.parts import frame, show_widget, tick_box
from grader.feedback import marked_html

_LACKING = {"choice": "choose_no_choice", "reason": "choose_no_reason"}


def choose(id: str) -> None:
    """Display the exercise: choose the best of some options, and say why."""
    stage_choices(KIND, id, Choose, _still, ChooseView)


def _still(work: Choose) -> str:
    cards = still_cards(KIND, _cards_html(work))
    return _reading_html(work) + cards + still_end(KIND, "choose_check")


def _cards_html(work: Choose) -> list[str]:
    return [_card_html(work, place) for place in range(len(work.options))]


def _reading_html(work: Choose) -> str:
    parts = (str(work.data.get(key, "")) for key in ("setting", "customer", "agent_bad"))
    return exchange_html(*parts) + task_html(work.data["task"])


def _card_html(work: Choose, place: int) -> str:
    """An option; after the check with its marks, and what it does."""
    option = work.options[place]
    key = "choose_reply" if work.is_graded else "choose_option"
    name = escape(say(key, letter=LETTERS[place]))
    if work.result is None:
        return f'<p class="tid-who">{name}</p><p class="tid-choose-text">{escape(option.text)}</p>'
    marked = marked_html(option.text, work.evidence(place))
    said = ""
    if option.right:
        key = "choose_best_yours" if place == work.chosen else "choose_best"
        said = f'<span class="tid-choose-badge tid-good">{escape(say(key))}</span>'
    elif place == work.chosen:
        said = f'<span class="tid-choose-badge">{escape(say("choose_yours"))}</span>'
    return (
        f'<p class="tid-who">{name} {said}</p><p class="tid-choose-text tid-marked">{marked}</p>'
        f'<p class="tid-choose-why">{escape(option.why)}</p>'
    )


class ChooseView(ChoicesView):
    """The widgets of one exercise."""

    def __init__(self, work: Choose) -> None:
        self.work: Choose = work
        self._end = End(KIND, "choose_check", work.kept, self._on_check, self._on_again)
        self._cards = Cards(KIND, len(work.options), self._end, self._on_pick)
        self._first = self._cards.picks[0]
        self._reasons = [tick_box(reason.text) for reason in work.reasons]
        for place, reason in enumerate(self._reasons):
            reason.observe(self._end.guard(partial(self._on_tick, place)), names="value")
        ask = f'<p class="tid-heading">{escape(work.ask)}</p>{note_html(say("choose_tick"))}'
        self._why = ipywidgets.VBox([ipywidgets.HTML(ask), *self._reasons])
        self._why.add_class("tid-choose-reasons")
        self.widget = frame(
            KIND,
            [
                ipywidgets.HTML(_reading_html(work)),
                *self._cards.boxes,
                self._why,
                *self._end.widgets,
            ],
        )
        self.refresh()

    def _draw(self) -> None:
        work = self.work
        open_ = work.result is None
        self._cards.draw(_cards_html(work), {work.chosen}, None if open_ else {work.best})
        for place, reason in enumerate(self._reasons):
            reason.value = place in work.ticked
        # Not before the choice: the reasons say what to look for. Nor later: the feedback has them.
        asked = open_ and bool(work.reasons) and work.chosen is not None
        show_widget(self._why, shown=asked)
        self._end.offer_again(offered=not open_)

    def _on_pick(self, place: int) -> None:
        self.work.choose(place)
        self._draw()
        key = "choose_said_why" if self.work.lacks else "choose_said"
        self._end.say(note_html(say(key, letter=LETTERS[place])))

    def _on_tick(self, place: int) -> None:
        self.work.tick(place, on=self._reasons[place].value)

    def _on_check(self) -> None:
        lacks = self.work.lacks
        if lacks:
            self._end.say(note_html(say(_LACKING[lacks])))
            return
        self.work.check()
        self._redraw()

    def _result_html(self) -> str:
        work = self.work
        if work.result is None:
            return ""
        best = LETTERS[work.best]
        words = say("choose_right" if work.result.right else "choose_other", letter=best)
        look = say("choose_look_up_marks" if work.is_graded else "choose_look_up")
        whys = "".join(
            f"<p><strong>{LETTERS[place]}:</strong> {escape(option.why)}</p>"
            for place, option in enumerate(work.options)
            if option.right or place == work.chosen
        )
        return total_html(work.result.total, words) + whys + self._reasons_html() + note_html(look)

    def _reasons_html(self) -> str:
        """Each reason that was ticked or should have been, and whether it is true."""
        items = []
        for place, reason in enumerate(self.work.reasons):
            ticked = place in self.work.ticked
            if ticked or reason.right:
                if not reason.right:
                    name, key = "tid-choose-wrong", "choose_reason_wrong"
                elif ticked:
                    name, key = "tid-good", "choose_reason_hit"
                else:
                    name, key = "tid-choose-missed", "choose_reason_missed"
                said = f'<span class="{name}">{escape(say(key))}</span>'
                items.append(f"<li>{said} {escape(reason.text)}</li>")
        if not items:
            return ""
        ask = f'<p class="tid-heading">{escape(self.work.ask)}</p>'
        return f'{ask}<ul class="tid-choose-found">{"".join(items)}</ul>'
