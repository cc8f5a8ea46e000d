"""The complete exercise on the screen: draws a `Filling` and forwards what the learner does."""

from __future__ import annotations

from typing import Any

import ipywidgets

from exercises.complete import HONEST_WORDS, KIND, Complete, Filling
from exercises.drafts import draft_here
from exercises.home import home
from exercises.quizzes import quiz
from exercises.record import Record
from exercises.texts import say
from exercises.views.complete_html import (
    BOX,
    given_html,
    model_html,
    reading_html,
    still_html,
)
from exercises.views.conversation import count_html, note_html, set_aside_html, told_html
from exercises.views.parts import after_typing, button, frame, guarded, live_region, text_box
from exercises.views.stage import stage
from exercises.writing import Attempt
from grader.feedback import to_html
from grader.rubric import FAULTS

FEEDBACK = "tid-complete-feedback"


def complete(id: str) -> None:
    """Display the exercise: write the part that a reply lacks."""
    stage(
        KIND,
        id,
        still=lambda: still_html(_exercise(id)),
        make=lambda: CompleteView(Filling(_exercise(id), draft_here(id), Record(home()))),
        draft=f"drafts/{id}.txt",
    )


def _exercise(id: str) -> Complete:
    return Complete.of(id, quiz(id, KIND))


class CompleteView:
    """The widgets of one exercise; `widget` is what is displayed."""

    def __init__(self, work: Filling) -> None:
        self.work = work
        self._part = text_box(
            say("complete_part"), say("complete_hint"), BOX, rows=4, text=work.text
        )
        on_check = after_typing(self._guard(self._check), self._part)
        check = button(say("complete_check"), "tid-complete-check", on_check, main=True)
        self._status = ipywidgets.HTML()
        self._status.add_class("tid-status")
        self._trouble = ipywidgets.HTML()
        self._feedback = ipywidgets.HTML(live_region(self._welcome(), FEEDBACK))
        self._show_model = button("", "tid-complete-show", self._guard(self._toggle_model))
        self._model_note = ipywidgets.HTML()
        self._model = ipywidgets.HTML()
        exercise = work.exercise
        self.widget = frame(
            KIND,
            [
                ipywidgets.HTML(reading_html(exercise)),
                ipywidgets.VBox(
                    [
                        ipywidgets.HTML(given_html(exercise.before)),
                        self._part,
                        ipywidgets.HTML(given_html(exercise.after)),
                    ]
                ).add_class("tid-complete-reply"),
                ipywidgets.HBox([check, self._status]).add_class("tid-row"),
                self._trouble,
                self._feedback,
                self._show_model,
                self._model_note,
                self._model,
            ],
        )
        self._draw_status()
        self._draw_model()
        self._part.observe(self._guard(self._on_typed), names="value")

    def refresh(self) -> None:
        """Show what stands in the files now; called when the exercise is displayed again."""
        self.work.reload()
        self._part.value = self.work.text

    def _guard(self, action: Any) -> Any:  # noqa: ANN401
        return guarded(action, self._tell)

    def _tell(self, html: str) -> None:
        self._feedback.value = live_region(html, FEEDBACK)

    def _on_typed(self, change: dict[str, Any]) -> None:
        self.work.write(change["new"])
        self._draw_status()

    def _check(self, _button: object) -> None:
        self._tell(self._result(self.work.check(self._part.value)))
        self._draw_status()
        self._draw_model()

    def _result(self, attempt: Attempt) -> str:
        before = self.work.before(attempt)
        found = attempt.assessment
        faults = [fault for fault in FAULTS if found.levels[fault]]
        return to_html(
            attempt.reply,
            found,
            shown=[self.work.exercise.criterion, *faults],
            before=before.assessment if before else None,
        )

    def _welcome(self) -> str:
        """What stands in the region before the first check."""
        if not self.work.attempts:
            return ""
        total = round(self.work.attempts[-1].assessment.total or 0)
        return note_html(say("complete_before", total=total))

    def _draw_status(self) -> None:
        trouble = self.work.trouble
        self._status.value = count_html(self.work.text) + (
            "" if trouble else note_html(say("saved"))
        )
        # Apart from the count, so that it is read out once and not with every word.
        self._trouble.value = told_html(trouble) + set_aside_html(self.work.set_aside())

    def _draw_model(self) -> None:
        is_open = self.work.model_open
        self._show_model.disabled = not is_open
        key = "complete_hide" if self._model.value else "complete_show"
        self._show_model.description = say(key)
        closed = note_html(say("complete_closed", words=HONEST_WORDS))
        self._model_note.value = "" if is_open else closed

    def _toggle_model(self, _button: object) -> None:
        if self.work.model_open:
            self._model.value = "" if self._model.value else model_html(self.work.exercise)
        self._draw_model()
