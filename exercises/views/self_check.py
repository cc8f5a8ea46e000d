"""The self-check on the screen: a box, then the model answer, points to tick, a rating."""

from __future__ import annotations

from functools import partial
from html import escape
from time import monotonic
from typing import Any

import ipywidgets

from exercises.drafts import draft_here
from exercises.home import home
from exercises.quizzes import quiz
from exercises.record import Record
from exercises.self_check import HONEST_WORDS, KIND, RATINGS, SelfCheck, day_of
from exercises.texts import say
from exercises.views.choices import kept_here
from exercises.views.conversation import note_html, set_aside_html, told_html
from exercises.views.days import day_words
from exercises.views.page import still_button, still_feedback, still_text
from exercises.views.parts import (
    after_typing,
    button,
    frame,
    guarded,
    live_region,
    set_class,
    set_main,
    show_widget,
    text_box,
    tick_box,
)
from exercises.views.stage import stage

_FEEDBACK = "tid-self-check-feedback"
DOUBLE = 0.5  # seconds in which a second press of a button is not meant


def self_check(id: str) -> None:
    """Display the exercise: answer a question, compare, rate yourself."""
    stage(
        KIND,
        id,
        still=lambda: _still(id, str(quiz(id, KIND)["question"])),
        make=lambda: SelfCheckView(_work(id)),
        draft=f"drafts/{id}.txt",
    )


def _work(id: str) -> SelfCheck:
    return SelfCheck(id, quiz(id, KIND), draft_here(id), kept_here(id), Record(home()))


def _still(id: str, question: str) -> str:
    box = still_text(id, "self_check_box", "self_check_hint", name="tid-self-check-box", rows=3)
    row = f'<div class="tid-row">{still_button("self_check_open", "tid-self-check-open")}</div>'
    return _question_html(question) + box + row + still_feedback(_FEEDBACK)


def _question_html(question: str) -> str:
    title = f'<p class="tid-who">{escape(say("self_check_title"))}</p>'
    return f'{title}<p class="tid-self-check-question">{escape(question)}</p>'


class SelfCheckView:
    """The widgets of one exercise; `widget` is what is displayed."""

    def __init__(self, work: SelfCheck) -> None:
        self.work = work
        self._box = text_box(
            say("self_check_box"), say("self_check_hint"), "tid-self-check-box", rows=3
        )
        self._feedback = ipywidgets.HTML()
        self._opened = 0.0
        guard = partial(guarded, told=self._say)
        open_it = after_typing(guard(self._on_open), self._box)
        self._open = button("", "tid-self-check-open", open_it, main=True)
        self._trouble = ipywidgets.HTML()
        self._answers = ipywidgets.HTML()
        self._points = [tick_box(point) for point in work.points]
        self._had = ipywidgets.HTML()
        self._ratings = {
            total: button("", f"tid-{key.replace('_', '-')}", guard(partial(self._on_rate, total)))
            for key, total in RATINGS.items()
        }
        self._earlier = ipywidgets.HTML()
        self._compared = ipywidgets.VBox(
            [
                self._answers,
                ipywidgets.HTML(_heading_html("self_check_tick")),
                ipywidgets.VBox(self._points).add_class("tid-self-check-points"),
                self._had,
                self._earlier,
                ipywidgets.HTML(_heading_html("self_check_rate")),
                ipywidgets.HBox([*self._ratings.values()]).add_class("tid-row"),
            ]
        )
        self.widget = frame(
            KIND,
            [
                ipywidgets.HTML(_question_html(work.question)),
                self._box,
                self._compared,
                self._feedback,
                ipywidgets.HBox([self._open]).add_class("tid-row"),
                self._trouble,
            ],
        )
        for place, point in enumerate(self._points):
            point.observe(guard(partial(self._on_tick, place)), names="value")
        self.refresh()
        self._box.observe(guard(self._on_typed), names="value")

    def refresh(self) -> None:
        """Show what stands in the files now; called when the exercise is displayed again."""
        self.work.reload()
        self._box.value = self.work.text
        self._draw()
        self._say(self._result_html() or self._welcome_html())

    def _draw(self) -> None:
        work = self.work
        show_widget(self._box, shown=not work.is_open)
        show_widget(self._compared, shown=work.is_open)
        if not work.is_open:
            key = "self_check_open"
        else:
            key = "self_check_back" if work.rating is None else "self_check_again"
        self._open.description = say(key)
        set_main(self._open, main=not work.is_open)
        answers = _answer_html("yours", work.own_answer) + _answer_html("model", work.answer)
        self._answers.value = live_region(answers if work.is_open else "", "tid-self-check-answers")
        for place, point in enumerate(self._points):
            point.value = place in work.ticked
        self._draw_count()
        self._earlier.value = _earlier_html(work)
        for key, total in RATINGS.items():
            chosen = total == work.rating
            self._ratings[total].description = f"✓ {say(key)}" if chosen else say(key)
            set_class(self._ratings[total], "tid-chosen", on=chosen)
        self._draw_trouble()

    def _draw_count(self) -> None:
        had = say("self_check_had", count=len(self.work.ticked), all=len(self.work.points))
        self._had.value = note_html(had)

    def _draw_trouble(self) -> None:
        self._trouble.value = told_html(self.work.trouble) + set_aside_html(self.work.set_aside())

    def _say(self, html: str) -> None:
        self._feedback.value = live_region(html, _FEEDBACK)

    def _on_typed(self, change: dict[str, Any]) -> None:
        was_open = self.work.is_open
        self.work.write(change["new"])
        if was_open != self.work.is_open:
            self._draw()
            self._say("")
        elif self.work.is_open:
            self._draw()
        else:
            self._draw_trouble()

    def _on_open(self, _button: object) -> None:
        work = self.work
        if work.is_open:
            if monotonic() - self._opened < DOUBLE:
                return
            work.close()
            self._box.value = work.text
            self._draw()
            self._say(self._welcome_html())
            self._box.focus()
        elif work.open():
            self._opened = monotonic()
            self._draw()
            self._say("")
        else:
            self._say(note_html(say("self_check_first", words=HONEST_WORDS)))

    def _on_tick(self, place: int, change: dict[str, Any]) -> None:
        self.work.tick(place, on=change["new"])
        self._draw_count()

    def _on_rate(self, total: int, _button: object) -> None:
        self.work.rate(total)
        self._box.value = self.work.text
        self._draw()
        self._say(self._result_html())

    def _welcome_html(self) -> str:
        earlier = self.work.earlier
        if earlier is None or self.work.is_open:
            return ""
        key = "self_check_before_due" if self.work.is_due else "self_check_before"
        return note_html(say(key, day=day_words(day_of(earlier))))

    def _result_html(self) -> str:
        work = self.work
        if work.rating is None:
            return ""
        name = next(key for key, total in RATINGS.items() if total == work.rating)
        due = _due_words(work)
        noted = f"<strong>{escape(say('self_check_noted', rating=say(name)))}</strong>"
        return f'<p data-total="{work.rating}">{noted} {escape(due)}</p>'


def _answer_html(key: str, text: str) -> str:
    return (
        f'<div class="tid-self-check-answer tid-self-check-{key}">'
        f'<p class="tid-who">{escape(say(f"self_check_{key}"))}</p>'
        f'<p class="tid-words">{escape(text)}</p></div>'
    )


def _earlier_html(work: SelfCheck) -> str:
    """What the learner wrote the time before, folded away; only once the answer is open."""
    if work.earlier is None or not work.is_open:
        return ""
    title = escape(say("self_check_earlier", day=day_words(day_of(work.earlier))))
    kept = f'<pre class="tid-kept">{escape(work.earlier.text)}</pre>'
    return f"<details><summary>{title}</summary>{kept}</details>"


def _heading_html(key: str) -> str:
    return f'<p class="tid-heading">{escape(say(key))}</p>'


def _due_words(work: SelfCheck) -> str:
    if work.review is None:
        return ""
    if work.review.wait == 1:
        return say("self_check_due_tomorrow")
    return say("self_check_due", day=day_words(work.review.due))
