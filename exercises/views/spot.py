"""The spot exercise on the screen: draws a `Hunt` and forwards what the learner does."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Any

import ipywidgets

from exercises.quizzes import quiz
from exercises.spot import KIND, Hunt, Spot
from exercises.texts import say
from exercises.views.choices import End, kept_here
from exercises.views.conversation import note_html
from exercises.views.parts import button, frame, guarded, show_widget
from exercises.views.spot_html import (
    answer_html,
    lines_of,
    reading_html,
    result_html,
    still_html,
)
from exercises.views.stage import stage


def spot(id: str) -> None:
    """Display the exercise: mark the words that heat or calm, and name what they do."""
    stage(
        KIND,
        id,
        still=lambda: still_html(Spot.of(id, quiz(id, KIND))),
        make=lambda: SpotView(Hunt(Spot.of(id, quiz(id, KIND)), kept_here(id))),
    )


class SpotView:
    """The widgets of one exercise; `widget` is what is displayed.

    A phrase is a check box that looks like text; for each that is marked there is a list of names
    below, made when it is first needed.
    """

    def __init__(self, work: Hunt) -> None:
        self.work = work
        self._end = End(KIND, "spot_check", work.kept, self._on_check, self._on_again)
        self._phrases = [self._phrase(at) for at in range(len(work.spot.phrases))]
        self._names: dict[int, Any] = {}
        boxes = iter(self._phrases)
        lines = [
            ipywidgets.Box([next(boxes) for _ in line]).add_class("tid-spot-line")
            for line in lines_of(work.spot.phrases)
        ]
        heading = f'<p class="tid-heading">{escape(say("spot_names"))}</p>'
        self._heading = ipywidgets.HTML(heading)
        self._chosen = ipywidgets.VBox().add_class("tid-spot-names")
        self._show = button("", "tid-spot-show", self._end.guard(self._on_show))
        self._end.row.children = [self._end.check, self._show, self._end.again]
        self.widget = frame(
            KIND,
            [
                ipywidgets.HTML(reading_html(work.spot)),
                ipywidgets.VBox(lines).add_class("tid-spot-reply"),
                self._heading,
                self._chosen,
                *self._end.widgets,
            ],
        )
        self._answer_shown = False
        self._draw_all()

    def refresh(self) -> None:
        """Show what stands in the files now; called when the exercise is displayed again."""
        self.work.reload()
        self._draw_all()

    def _draw_all(self) -> None:
        if self.work.answer_open:
            self._tell_answer()
        elif self.work.tries and self.work.is_checked:
            self._tell(result_html(self.work.spot, self.work.spot.compare(self.work.marks)))
        else:
            self._tell("")
        self._draw()

    def _phrase(self, at: int) -> Any:  # noqa: ANN401
        box = ipywidgets.Checkbox(description=self.work.spot.phrases[at].text, indent=False)
        box.add_class("tid-spot-phrase")
        box.observe(guarded(partial(self._on_mark, at), self._tell), names="value")
        return box

    def _name_list(self, at: int) -> Any:  # noqa: ANN401
        """The names to choose from for a phrase."""
        if at not in self._names:
            choices = self.work.spot.choices
            made = ipywidgets.Dropdown(
                options=[(say("spot_choose"), ""), *((c.name, c.id) for c in choices)],
                value=self.work.marks[at],
                description=say("spot_words", words=self.work.spot.phrases[at].text),
            )
            made.add_class("tid-spot-name")
            made.observe(guarded(partial(self._on_name, at), self._tell), names="value")
            self._names[at] = made
        return self._names[at]

    def _on_mark(self, at: int, change: dict[str, Any]) -> None:
        self.work.mark(at, on=change["new"])
        self._draw()

    def _on_name(self, at: int, change: dict[str, Any]) -> None:
        self.work.name(at, change["new"])

    def _on_check(self) -> None:
        was_open = self.work.answer_open
        result = self.work.check()
        if result is None:
            self._tell(note_html(say("spot_nothing")))
        elif self.work.answer_open:
            self._tell_answer(note_html(say("spot_counted")) if was_open else "")
        else:
            self._tell(result_html(self.work.spot, result))
        self._draw()

    def _on_show(self) -> None:
        if self._answer_shown:
            self._tell("")
        else:
            self.work.open_answer()
            self._tell_answer()
        self._draw()

    def _on_again(self) -> None:
        self.work.start_again()
        self._tell("")
        self._draw()

    def _tell_answer(self, after: str = "") -> None:
        result = self.work.spot.compare(self.work.marks)
        self._tell(answer_html(self.work.spot, result) + after)
        self._answer_shown = True

    def _tell(self, html: str) -> None:
        self._end.say(html)
        self._answer_shown = False

    def _draw(self) -> None:
        """Bring the controls in line with the work; none is made anew that is there already."""
        marks = dict(sorted(self.work.marks.items()))
        for at, box in enumerate(self._phrases):
            box.value = at in marks
        lists = [self._name_list(at) for at in marks]
        for made, name in zip(lists, marks.values(), strict=True):
            made.value = name
        if list(self._chosen.children) != lists:
            self._chosen.children = lists
        show_widget(self._heading, shown=bool(marks))
        begun = bool(self.work.tries) or self.work.answer_open
        show_widget(self._show, shown=begun)
        self._show.description = say("spot_hide" if self._answer_shown else "spot_show")
        self._end.offer_again(offered=begun)
