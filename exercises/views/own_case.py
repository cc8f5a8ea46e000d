"""The learner's own case on the screen: two boxes, what to ask of the reply, the feedback."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Any

import ipywidgets

from exercises.home import home
from exercises.own_case import KIND, OwnCase, private_words
from exercises.record import Record
from exercises.texts import say
from exercises.views.compare import compare_html
from exercises.views.conversation import note_html, told_html
from exercises.views.page import still_button, still_feedback, still_text, still_tick
from exercises.views.parts import (
    after_typing,
    button,
    frame,
    guarded,
    live_region,
    show_widget,
    text_box,
    tick_box,
)
from exercises.views.stage import stage
from grader import load_rubric
from grader.feedback import to_html
from grader.rubric import USUAL_ASKS

# Of each box: its CSS class, the texts of its label and its hint, and how many rows it has.
BOXES = (
    ("tid-own-case-message", "own_case_message", "own_case_message_hint", 5),
    ("tid-own-case-reply", "own_case_reply", "own_case_reply_hint", 8),
)
MOST_NAMED = 3  # words that look private, of those that are found


def own_case() -> None:
    """Display the exercise on the learner's own case."""
    stage(KIND, "", still=_still, make=lambda: OwnCaseView(OwnCase(Record(home()))))


def _still() -> str:
    ticks = "".join(
        still_tick(move.name, _tick(move.id), on=move.id in USUAL_ASKS)
        for move in load_rubric().moves
    )
    texts = "".join(
        still_text(KIND, label, hint, name=name, rows=rows) for name, label, hint, rows in BOXES
    )
    return (
        f"{note_html(say('own_case_private'))}{texts}"
        f'{_asks_html()}<div class="tid-own-case-asks">{ticks}</div>'
        f'<div class="tid-row">{still_button("own_case_check", "tid-own-case-check")}</div>'
        f"{still_tick(say('own_case_keep'), 'tid-own-case-keep', on=False)}"
        f"{note_html(say('own_case_keep_note'))}{still_feedback('tid-own-case-feedback')}"
    )


def _tick(move: str) -> str:
    return f"tid-own-case-ask-{move}"


def _asks_html() -> str:
    heading = f'<p class="tid-heading">{escape(say("own_case_asks"))}</p>'
    return heading + note_html(say("own_case_asks_note"))


class OwnCaseView:
    """The widgets of the exercise; `widget` is what is displayed."""

    def __init__(self, work: OwnCase) -> None:
        self.work = work
        self._message, self._reply = (
            text_box(say(label), say(hint), name, rows=rows) for name, label, hint, rows in BOXES
        )
        ticks = []
        for move in load_rubric().moves:
            tick = tick_box(move.name, on=move.id in work.asks)
            tick.tooltip = move.question
            tick.add_class(_tick(move.id))
            tick.observe(partial(self._on_tick, move.id), names="value")
            ticks.append(tick)
        check = after_typing(guarded(self._on_check, self._tell), self._message, self._reply)
        self._keep = tick_box(say("own_case_keep"), on=work.keep)
        self._keep.add_class("tid-own-case-keep")
        self._keep.observe(guarded(self._on_keep, self._tell_kept), names="value")
        self._kept = ipywidgets.HTML(live_region("", "tid-own-case-kept"))
        self._feedback = ipywidgets.HTML(live_region("", "tid-own-case-feedback"))
        self._compare = button("", "tid-own-case-compare", guarded(self._on_compare, self._tell))
        self._drafts = ipywidgets.HTML()
        self.widget = frame(
            KIND,
            [
                ipywidgets.HTML(note_html(say("own_case_private"))),
                self._message,
                self._reply,
                ipywidgets.HTML(_asks_html()),
                ipywidgets.VBox(ticks).add_class("tid-own-case-asks"),
                ipywidgets.HBox(
                    [button(say("own_case_check"), "tid-own-case-check", check, main=True)]
                ).add_class("tid-row"),
                self._keep,
                ipywidgets.HTML(note_html(say("own_case_keep_note"))),
                self._kept,
                self._feedback,
                self._compare,
                self._drafts,
            ],
        )
        self._draw_compare()

    def refresh(self) -> None:
        """Leave everything as it stands: no file holds anything of it."""

    def _on_tick(self, move: str, change: dict[str, Any]) -> None:
        self.work.ask(move, on=change["new"])

    def _on_check(self, _button: object) -> None:
        message = self._message.value
        attempt = self.work.check(message, self._reply.value)
        before = self.work.before(attempt)
        told = "" if message.strip() else note_html(say("own_case_no_message"))
        told += "" if self.work.asks else note_html(say("own_case_no_asks"))
        if found := private_words(f"{message}\n{self._reply.value}"):
            words = ", ".join(f"“{word}”" for word in found[:MOST_NAMED])
            told += note_html(say("own_case_names", words=words))
        result = to_html(
            attempt.reply, attempt.assessment, before=before.assessment if before else None
        )
        self._tell(told + result)
        self._draw_kept()
        self._draw_compare()

    def _on_keep(self, change: dict[str, Any]) -> None:
        self.work.keep_attempts(on=change["new"])
        self._draw_kept()

    def _draw_kept(self) -> None:
        kept = note_html(say("own_case_kept")) if self.work.is_kept else ""
        self._tell_kept(told_html(self.work.trouble) or kept)

    def _on_compare(self, _button: object) -> None:
        self._drafts.value = "" if self._drafts.value else compare_html(*self.work.attempts)
        self._draw_compare()

    def _draw_compare(self) -> None:
        is_possible = len(self.work.attempts) == 2
        show_widget(self._compare, shown=is_possible)
        if self._drafts.value:
            self._drafts.value = compare_html(*self.work.attempts) if is_possible else ""
        self._compare.description = say("compare_hide" if self._drafts.value else "compare_show")

    def _tell(self, html: str) -> None:
        self._feedback.value = live_region(html, "tid-own-case-feedback")

    def _tell_kept(self, html: str) -> None:
        self._kept.value = live_region(html, "tid-own-case-kept")
