"""The spot exercise on the screen: draws a `Hunt` and forwards what the learner does."""

from __future__ import annotations

from functools import partial
from typing import Any

import ipywidgets

from exercises.spot import Hunt
from exercises.texts import say
from exercises.views.conversation import note_html, trouble_html
from exercises.views.parts import button, frame, guarded, live_region
from exercises.views.spot import FEEDBACK, answer_html, lines_of, reading_html, result_html


class SpotView:
    """The widgets of one exercise; `widget` is what is displayed.

    A phrase is a check box that looks like text; for each that is marked there is a list of names
    below, made when it is first needed.
    """

    def __init__(self, work: Hunt) -> None:
        self.work = work
        self._phrases = [self._phrase(at) for at in range(len(work.spot.phrases))]
        self._names: dict[int, Any] = {}
        boxes = iter(self._phrases)
        lines = [
            ipywidgets.Box([next(boxes) for _ in line]).add_class("tid-spot-line")
            for line in lines_of(work.spot.phrases)
        ]
        self._heading = ipywidgets.HTML()
        self._chosen = ipywidgets.VBox().add_class("tid-spot-names")
        self._status = ipywidgets.HTML()
        self._status.add_class("tid-status")
        self._trouble = ipywidgets.HTML()
        self._feedback = ipywidgets.HTML(live_region("", FEEDBACK))
        check = button(say("spot_check"), "tid-spot-check", self._guard(self._check), main=True)
        self._show = button("", "tid-spot-show", self._guard(self._toggle))
        again = button(say("choices_again"), "tid-spot-again", self._guard(self._start_again))
        self.widget = frame(
            "spot",
            [
                ipywidgets.HTML(reading_html(work.spot)),
                ipywidgets.VBox(lines).add_class("tid-spot-reply"),
                self._heading,
                self._chosen,
                ipywidgets.HBox([check, self._status]).add_class("tid-row"),
                self._trouble,
                self._feedback,
                ipywidgets.HBox([self._show, again]).add_class("tid-row"),
            ],
        )
        self._answer_shown = False
        self._draw()
        if work.answer_open:
            self._tell_answer()
        elif work.tries:
            total = work.spot.compare(work.marks).total
            self._tell(note_html(say("spot_before", total=total)))

    def refresh(self) -> None:
        """Show what stands in the files now; called when the exercise is displayed again."""
        self.work.reload()
        self._draw()

    def _phrase(self, at: int) -> Any:  # noqa: ANN401
        box = ipywidgets.Checkbox(description=self.work.spot.phrases[at].text, indent=False)
        box.add_class("tid-spot-phrase")
        box.observe(self._guard(self._on_mark, at), names="value")
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
            made.observe(self._guard(self._on_name, at), names="value")
            self._names[at] = made
        return self._names[at]

    def _guard(self, action: Any, *arguments: Any) -> Any:  # noqa: ANN401
        return guarded(partial(action, *arguments), self._tell)

    def _on_mark(self, at: int, change: dict[str, Any]) -> None:
        if change["new"] != (at in self.work.marks):
            self.work.mark(at, on=change["new"])
            self._draw()

    def _on_name(self, at: int, change: dict[str, Any]) -> None:
        if self.work.marks.get(at) not in (None, change["new"]):
            self.work.name(at, change["new"])
            self._draw()

    def _check(self, _button: object) -> None:
        was_open = self.work.answer_open
        result = self.work.check()
        if result is None:
            self._tell(note_html(say("spot_nothing")))
        elif self.work.answer_open:
            self._tell_answer(note_html(say("spot_counted")) if was_open else "")
        else:
            self._tell(result_html(self.work.spot, result))
        self._draw()

    def _toggle(self, _button: object) -> None:
        if self._answer_shown:
            self._tell("")
        else:
            self.work.open_answer()
            self._tell_answer()
        self._draw()

    def _start_again(self, _button: object) -> None:
        self.work.start_again()
        self._tell("")
        self._draw()

    def _tell_answer(self, after: str = "") -> None:
        result = self.work.spot.compare(self.work.marks)
        self._tell(answer_html(self.work.spot, result) + after)
        self._answer_shown = True

    def _tell(self, html: str) -> None:
        self._feedback.value = live_region(html, FEEDBACK)
        self._answer_shown = False

    def _draw(self) -> None:
        """Bring the controls in line with the work; none is made anew that is there already."""
        marks = self.work.marks
        for at, box in enumerate(self._phrases):
            box.value = at in marks
        lists = [self._name_list(at) for at in sorted(marks)]
        for at, made in zip(sorted(marks), lists, strict=True):
            made.value = marks[at]
        self._chosen.children = lists
        heading = f'<p class="tid-heading">{say("spot_names")}</p>'
        self._heading.value = heading if marks else ""
        count = len(marks)
        key = ("spot_marked_none", "spot_marked_one")[count] if count < 2 else "spot_marked"
        self._status.value = note_html(say(key, count=count))
        self._show.description = say("spot_hide" if self._answer_shown else "spot_show")
        trouble = self.work.trouble
        self._trouble.value = trouble_html(say(trouble)) if trouble else ""
