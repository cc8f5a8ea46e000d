"""The rewrite exercise on the screen: draws a `Rewrite` and forwards what the learner does."""

from __future__ import annotations

import logging
from html import escape
from typing import Any

import ipywidgets

from exercises.rewrite import HONEST_WORDS, Hint, Rewrite
from exercises.texts import say
from exercises.views.compare import compare_html
from exercises.views.conversation import (
    count_html,
    models_html,
    note_html,
    reading_html,
    set_aside_html,
    told_html,
    trouble_html,
)
from exercises.views.parts import (
    after_typing,
    button,
    frame,
    guarded,
    live_region,
    show_widget,
    text_box,
)
from exercises.writing import Attempt
from grader.feedback import to_html
from grader.rubric import load_guide

log = logging.getLogger(__name__)


class RewriteView:
    """The widgets of one exercise; `widget` is what is displayed.

    `detail` is how much a check tells: "full", "levels" or "none". `saved` is the sentence that
    says where the words are kept.
    """

    def __init__(self, work: Rewrite, *, detail: str, saved: str) -> None:
        self.work = work
        self.detail = detail
        self._saved = saved
        self._reply = text_box(say("reply"), say("reply_hint"), "tid-reply", rows=8, text=work.text)
        on_check = after_typing(self._on_check, self._reply)
        self._check = button(say("check"), "tid-check", on_check, main=True)
        on_hint = after_typing(guarded(self._on_hint, self._tell_hint), self._reply)
        self._hint = button(say("hint"), "tid-hint", on_hint)
        self._hint_region = ipywidgets.HTML(live_region("", "tid-hint-text"))
        self._status = ipywidgets.HTML()
        self._status.add_class("tid-status")
        self._feedback = ipywidgets.HTML(live_region(self._welcome(), "tid-feedback"))
        self._trouble = ipywidgets.HTML()
        self._compare = button("", "tid-show-compare", guarded(self._on_compare, self._tell_drafts))
        self._drafts = ipywidgets.HTML()
        self._show_model = button("", "tid-show-model", self._on_show_model)
        self._model_note = ipywidgets.HTML()
        self._model = ipywidgets.HTML()
        model = ipywidgets.VBox([self._show_model, self._model_note, self._model])
        show_widget(model, shown=bool(work.scenario.strong))
        self.widget = frame(
            "rewrite",
            [
                ipywidgets.HTML(reading_html(work.scenario)),
                self._reply,
                ipywidgets.HBox([self._check, self._hint, self._status]).add_class("tid-row"),
                self._hint_region,
                self._trouble,
                self._feedback,
                self._compare,
                self._drafts,
                model,
            ],
        )
        show_widget(self._hint, shown=detail == "full")  # a hint is advice
        self._draw_status()
        self._draw_model()
        self._draw_compare()
        self._reply.observe(self._on_typed, names="value")

    def refresh(self) -> None:
        """Show what stands in the files now; called when the exercise is displayed again."""
        self.work.reload()
        self._reply.value = self.work.text

    def _on_typed(self, change: dict[str, Any]) -> None:
        self.work.write(change["new"])
        self._draw_status()

    def _on_check(self, _button: object) -> None:
        if self.detail == "none":
            self._feedback.value = live_region(note_html(say("held_back")), "tid-feedback")
            return
        try:
            attempt = self.work.check(self._reply.value)
            self._feedback.value = live_region(self._result(attempt), "tid-feedback")
            self._hint_region.value = live_region("", "tid-hint-text")  # it was of another reply
            self._draw_status()
            self._draw_model()
            self._draw_compare()
        except Exception:  # whatever it is, a learner never sees a traceback
            log.debug("a reply could not be checked", exc_info=True)
            self._feedback.value = live_region(trouble_html(say("went_wrong")), "tid-feedback")

    def _on_hint(self, _button: object) -> None:
        self._tell_hint(hint_html(self.work.hint(self._reply.value)))

    def _tell_hint(self, html: str) -> None:
        self._hint_region.value = live_region(html, "tid-hint-text")

    def _on_compare(self, _button: object) -> None:
        self._tell_drafts("" if self._drafts.value else compare_html(*self.work.attempts))
        self._draw_compare()

    def _tell_drafts(self, html: str) -> None:
        self._drafts.value = html

    def _draw_compare(self) -> None:
        is_possible = len(self.work.attempts) == 2
        show_widget(self._compare, shown=is_possible)
        if is_possible and self._drafts.value:
            self._drafts.value = compare_html(*self.work.attempts)
        self._compare.description = say("compare_hide" if self._drafts.value else "compare_show")

    def _result(self, attempt: Attempt) -> str:
        before = self.work.before(attempt)
        return to_html(
            attempt.reply,
            attempt.assessment,
            detail=self.detail,
            before=before.assessment if before else None,
        )

    def _welcome(self) -> str:
        """What stands in the region before the first check."""
        if self.detail == "none" or not self.work.attempts:
            return ""
        total = round(self.work.attempts[-1].assessment.total or 0)
        return note_html(say("checked_before", total=total))

    def _draw_status(self) -> None:
        trouble = self.work.trouble
        self._status.value = count_html(self.work.text) + (
            "" if trouble else note_html(self._saved)
        )
        # Apart from the count, so that it is read out once and not with every word.
        self._trouble.value = told_html(trouble) + set_aside_html(self.work.set_aside())

    def _draw_model(self) -> None:
        is_open = self.work.model_open
        self._show_model.disabled = not is_open
        self._show_model.description = say("model_hide" if self._model.value else "model_show")
        closed = say("model_closed", words=HONEST_WORDS)
        self._model_note.value = "" if is_open else note_html(closed)

    def _on_show_model(self, _button: object) -> None:
        if self.work.model_open:
            self._model.value = "" if self._model.value else models_html(self.work.scenario)
        self._draw_model()


def hint_html(hint: Hint | None) -> str:
    """The criterion to work on and what the rubric says of its next level; no model's words."""
    if hint is None:
        return note_html(say("hint_none"))
    guide = load_guide()
    criterion = guide.rubric.criteria[hint.criterion]
    following = criterion.levels[hint.level + 1]
    level = guide.texts["move_levels"][hint.level + 1]
    return (
        f'<p class="tid-heading">{escape(say("hint_title", name=criterion.name))}</p>'
        f"<p>{escape(criterion.question)}</p>"
        f"<p>{escape(say('hint_next', level=level))} {escape(following.descriptor)}</p>"
    )
