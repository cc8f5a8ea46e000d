"""Do not interrupt, on the screen: a message that comes in bit by bit, then a question.

Only the stylesheet moves the message on; Python is asked again when the learner wants to speak.
"""

from __future__ import annotations

from functools import partial
from html import escape

import ipywidgets

from exercises.listen import (
    ASKED,
    BEFORE,
    DONE,
    KIND,
    LISTENING,
    Listen,
)
from exercises.texts import say
from exercises.views.choices import stage_choices, task_html, total_html
from exercises.views.conversation import exchange_html, note_html, told_html, trouble_html
from exercises.views.page import still_button_with, still_feedback
from exercises.views.parts import (
    button,
    frame,
    guarded,
    live_region,
    set_class,
    set_main,
    show_widget,
)

_FEEDBACK = "tid-listen-feedback"


def listen(id: str) -> None:
    """Display the exercise: let the customer finish, then answer a question."""
    stage_choices(KIND, id, Listen, _still, ListenView)


def _still(work: Listen) -> str:
    row = (
        still_button_with(say("listen_start"), "tid-listen-start", main=True)
        + still_button_with(say("listen_answer"), "tid-listen-answer", enabled=False)
        + still_button_with(say("listen_read"), "tid-listen-read")
    )
    return (
        f'{_reading_html(work)}<div class="tid-row">{row}</div>{_read_why_html()}'
        f"{still_feedback(_FEEDBACK)}"
    )


def _reading_html(work: Listen) -> str:
    return exchange_html(work.setting, "") + task_html(work.task) + note_html(say("listen_how"))


def _read_why_html() -> str:
    return note_html(say("listen_read_why"))


class ListenView:
    """The widgets of one exercise; `widget` is what is displayed."""

    def __init__(self, work: Listen) -> None:
        self.work = work
        self._told = ipywidgets.HTML()
        self._feedback = ipywidgets.HTML()
        guard = partial(guarded, told=self._say)
        self._start = button("", "tid-listen-start", guard(self._on_start), main=True)
        self._answer = button(
            say("listen_answer"), "tid-listen-answer", guard(self._on_answer), main=True
        )
        self._read = button(say("listen_read"), "tid-listen-read", guard(self._on_read))
        self._read_why = ipywidgets.HTML(_read_why_html())
        self._message = ipywidgets.HTML()
        self._picks = []
        self._whys = []
        rows = []
        for place, option in enumerate(work.options):
            name = f"tid-listen-pick-{place}"
            pick = button(option.text, name, guard(partial(self._on_pick, place)))
            why = ipywidgets.HTML()
            self._picks.append(pick)
            self._whys.append(why)
            rows.append(ipywidgets.VBox([pick, why]).add_class("tid-listen-option"))
        ask = ipywidgets.HTML(f'<p class="tid-heading">{escape(work.ask)}</p>')
        self._question = ipywidgets.VBox([ask, *rows]).add_class("tid-listen-question")
        self._rows = rows
        self.widget = frame(
            KIND,
            [
                ipywidgets.HTML(_reading_html(work)),
                ipywidgets.HBox([self._start, self._answer, self._read]).add_class("tid-row"),
                self._read_why,
                self._message,
                self._told,
                self._question,
                self._feedback,
            ],
        )
        self.refresh()

    def refresh(self) -> None:
        """Called when the exercise is displayed again: what was coming in begins anew."""
        self.work.stop()
        self._message.value = _whole_html(self.work) if self.work.stage in (ASKED, DONE) else ""
        self._draw()
        self._say("")

    def _draw(self) -> None:
        work = self.work
        before, done = work.stage == BEFORE, work.stage == DONE
        key = {BEFORE: "listen_start", LISTENING: "listen_over"}.get(work.stage, "listen_again")
        self._start.description = say(key)
        set_main(self._start, main=before)
        set_main(self._answer, main=work.stage == LISTENING)
        for widget in (self._answer, self._read):
            show_widget(widget, shown=not done)
        show_widget(self._read_why, shown=before)
        show_widget(self._question, shown=work.stage in (ASKED, DONE))
        for place, (option, row, pick, why) in enumerate(
            zip(work.options, self._rows, self._picks, self._whys, strict=True)
        ):
            # The one that was chosen has the focus, so it stays.
            show_widget(pick, shown=not done or place == work.chosen)
            set_class(row, "tid-listen-done", on=done)
            set_class(row, "tid-listen-right", on=done and option.right)
            why.value = _why_html(work, place) if done else ""
        self._feedback.value = live_region(self._result_html(), _FEEDBACK)

    def _say(self, html: str) -> None:
        told = told_html(self.work.kept.trouble)
        self._told.value = live_region(told + html, "tid-listen-told")

    def _on_start(self, _button: object) -> None:
        self.work.start()
        self._message.value = _stream_html(self.work)
        self._draw()
        self._say("")

    def _on_answer(self, _button: object) -> None:
        work, round = self.work, self.work.round
        if work.stage == BEFORE:
            self._say(note_html(say("listen_not_begun")))
        elif work.answer():
            self._draw()
            self._say(note_html(say("listen_asked_waited" if work.waited else "listen_asked")))
        elif work.round != round:
            self._message.value = _stream_html(work)
            points = work.patience
            key = "listen_cut_in" if points else "listen_cut_in_none"
            self._say(trouble_html(say(key, points=points)))

    def _on_read(self, _button: object) -> None:
        self.work.read()
        self._message.value = _whole_html(self.work)
        self._draw()
        self._say(note_html(say("listen_asked_read")))

    def _on_pick(self, place: int, _button: object) -> None:
        if self.work.stage == ASKED:
            self.work.choose(place)
            self._draw()
            self._say("")

    def _result_html(self) -> str:
        result = self.work.result
        if result is None:
            return ""
        words = say("listen_right" if result.answer else "listen_wrong")
        patience = f"{say('listen_patience', points=result.patience)} {self._patience()}"
        answer = say("listen_points", points=result.answer)
        lines = f"<li>{escape(patience)}</li><li>{escape(answer)}</li>"
        return f"{total_html(result.total, words)}<ul>{lines}</ul>"

    def _patience(self) -> str:
        work = self.work
        if work.at_once:
            return say("listen_at_once")
        if work.cut_in:
            key = "listen_impatient_one" if work.cut_in == 1 else "listen_impatient"
            return say(key, count=work.cut_in)
        return say("listen_patient" if work.waited else "listen_no_silence")


def _stream_html(work: Listen) -> str:
    """The message as it comes in: each part appears after its delay, which is the stylesheet's."""
    parts = "".join(
        f'<p class="tid-listen-part" style="animation-delay:{_seconds(i * work.pause)}">'
        f"{escape(part)}</p>"
        for i, part in enumerate(work.spoken)
    )
    end = f"animation-delay:{_seconds(work.length)}"
    silent = (
        f'<p class="tid-listen-part tid-unseen" style="{end}">{escape(say("listen_silent"))}</p>'
    )
    dots = f'<p class="tid-listen-dots" style="{end}" aria-hidden="true"><i></i><i></i><i></i></p>'
    # Another round is another text, even where it is the same message: so it starts over.
    return _message_html(parts + silent + dots, f' data-round="{work.round}"')


def _whole_html(work: Listen) -> str:
    return _message_html("".join(f"<p>{escape(part)}</p>" for part in work.parts), "")


def _message_html(parts: str, more: str) -> str:
    name = escape(say("listen_says"))
    return (
        f'<div class="tid-listen-message tid-turn tid-turn-customer"{more}>'
        f'<p class="tid-who">{name}</p>'
        f'<div role="log" aria-live="polite" aria-label="{name}">{parts}</div></div>'
    )


def _seconds(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "s"


def _why_html(work: Listen, place: int) -> str:
    option = work.options[place]
    said = []
    if option.right:
        said.append(f'<span class="tid-good">{escape(say("listen_best"))}</span>')
    if place == work.chosen:
        said.append(f'<span class="tid-listen-yours">{escape(say("listen_yours"))}</span>')
    # Above it, the text of the chosen one stands on its button.
    text = f'<p class="tid-listen-text">{escape(option.text)}</p>' if place != work.chosen else ""
    badges = f'<p class="tid-listen-badges">{" · ".join(said)}</p>' if said else ""
    return f"{text}{badges}<p>{escape(option.why)}</p>"
