"""The role play on the screen: draws a `Rehearsal` and forwards what the learner does."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Any

import ipywidgets

from exercises.dialogues import dialogue
from exercises.home import home
from exercises.kinds import ROLE_PLAY
from exercises.record import Record
from exercises.rehearsal import Rehearsal
from exercises.role_play import begin, is_capstone, length
from exercises.temper import rules
from exercises.texts import say
from exercises.views.conversation import note_html, set_aside_html, told_html
from exercises.views.page import still_button, still_button_with
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
from exercises.views.role_play_html import (
    facts_html,
    good_run_html,
    head_html,
    newest_html,
    review_html,
    talk_html,
)
from exercises.views.stage import stage


def role_play(id: str | None = None) -> None:
    """Display a role play; without an id, all of them to choose from."""
    if id:
        stage(
            ROLE_PLAY,
            id,
            still=lambda: still_html(id),
            make=lambda: RolePlayView(rehearsal(id)),
            draft=f"drafts/{id}.txt",
        )
    else:
        from exercises.views.practice_room import PracticeRoom
        from exercises.views.practice_room import still_html as still_room

        stage(ROLE_PLAY, "", still=still_room, make=PracticeRoom)


def rehearsal(id: str) -> Rehearsal:
    """The learner's work on a dialogue, kept in their folder. Raises UnknownExerciseError."""
    return Rehearsal(id, dialogue(id), home() / "drafts", Record(home()))


def still_html(id: str) -> str:
    """A role play before Python runs: the customer's first words and a usable box."""
    found = dialogue(id)
    label = escape(say("role_play_reply", customer=found["customer"]))
    hint = escape(say("role_play_reply_hint"))
    return (
        f"{head_html(found)}{newest_html(begin(found))}{facts_html(found, unfolded=True)}"
        f'<div class="tid-text tid-say"><label for="tid-say-{escape(id)}">{label}</label>'
        f'<textarea id="tid-say-{escape(id)}" rows="4" placeholder="{hint}"></textarea></div>'
        f'<div class="tid-row">{still_button("role_play_say", "tid-role-play-say")}'
        f"{still_button_with(say('role_play_silent'), 'tid-role-play-silent')}</div>"
        f"{keys_html()}"
        '<div class="tid-role-play-told" data-say role="status" aria-live="polite"></div>'
    )


def keys_html() -> str:
    """How to say it by keyboard; only the site's script knows Ctrl+Enter."""
    page = escape(say("role_play_keys_page"))
    keys = escape(say("role_play_keys"))
    return f'<p class="tid-note tid-keys">{keys} <span class="tid-on-page">{page}</span></p>'


class RolePlayView:
    """The widgets of one role play; `widget` is what is displayed."""

    def __init__(self, work: Rehearsal) -> None:
        self.work = work
        self._head = ipywidgets.HTML(head_html(work.dialogue))
        self._talk = ipywidgets.HTML()
        self._newest = ipywidgets.HTML()
        self._reply = text_box(
            say("role_play_reply", customer=work.dialogue["customer"]),
            say("role_play_reply_hint"),
            "tid-say",
            rows=4,
            text=work.text,
        )
        # One button for the next step, so that the focus stays where it is when the talk is over.
        on_main = after_typing(guarded(self._on_main, self._tell), self._reply)
        self._main = button("", "tid-role-play-say", on_main, main=True)
        on_silent = after_typing(guarded(self._on_silent, self._tell), self._reply)
        self._silent = button(say("role_play_silent"), "tid-role-play-silent", on_silent)
        self._status = ipywidgets.HTML().add_class("tid-status")
        self._told = ipywidgets.HTML()
        self._keys = ipywidgets.HTML(keys_html())
        self._notes = tick_box(say("role_play_notes_on"))
        self._notes.observe(guarded(lambda _change: self._draw_talk(), self._tell), names="value")
        self._review = ipywidgets.HTML()
        self._back = _Turns(rules()["turns"]["most"], guarded(self._on_again, self._tell))
        self._show_run = button("", "tid-show-run", guarded(self._on_run, self._tell))
        self._run_note = ipywidgets.HTML()
        self._run = ipywidgets.HTML()
        self._after = ipywidgets.VBox(
            [self._review, self._back.widget, self._show_run, self._run_note, self._run]
        )
        self._facts = ipywidgets.HTML()
        self._during = ipywidgets.VBox([self._keys, self._notes])
        self.widget = frame(
            ROLE_PLAY,
            [
                self._head,
                self._talk,
                self._newest,
                self._facts,
                self._reply,
                ipywidgets.HBox([self._main, self._silent, self._status]).add_class("tid-row"),
                self._told,
                self._during,
                self._after,
            ],
        )
        self._draw()
        self._reply.observe(self._on_typed, names="value")

    def refresh(self) -> None:
        """Show what stands in the files now; called when the exercise is displayed again."""
        self.work.reload()
        self._draw()

    def _on_typed(self, change: dict[str, Any]) -> None:
        if change["new"] != self.work.text:
            self.work.write(change["new"])
            self._draw_trouble()

    def _on_main(self, _button: object) -> None:
        if self.work.conversation.end is not None:
            self._on_again(1)
        elif not self._reply.value.strip():
            self._tell(note_html(say("role_play_empty")))
        else:
            self.work.say(self._reply.value)
            self._draw()

    def _on_silent(self, _button: object) -> None:
        self.work.say("")
        self._draw()

    def _on_again(self, turn: int) -> None:
        self.work.again(turn)
        self._draw()

    def _on_run(self, _button: object) -> None:
        if self.work.tried:
            self._run.value = "" if self._run.value else good_run_html(self.work.dialogue)
        self._draw_run()

    def _draw(self) -> None:
        conversation = self.work.conversation
        over = conversation.end is not None
        self._draw_talk()
        self._newest.value = newest_html(conversation)
        # Read once, they make room for the talk; what a learner unfolds later stays open.
        self._facts.value = facts_html(self.work.dialogue, unfolded=not conversation.turns)
        self._reply.value = self.work.text
        self._main.description = say("role_play_again" if over else "role_play_say")
        for widget in (self._facts, self._reply, self._silent, self._during):
            show_widget(widget, shown=not over)
        _, most = length(self.work.dialogue)
        key = "role_play_turn_of" if is_capstone(self.work.dialogue) else "role_play_turn"
        turn = say(key, turn=len(conversation.turns) + 1, most=most)
        self._status.value = "" if over else note_html(turn)
        self._review.value = review_html(conversation) if over else ""
        self._run.value = ""
        self._back.offer(len(conversation.turns))
        show_widget(self._after, shown=over)
        self._draw_run()
        self._draw_trouble()

    def _draw_talk(self) -> None:
        conversation = self.work.conversation
        notes = self._notes.value or conversation.end is not None
        self._talk.value = talk_html(conversation, notes=notes)

    def _draw_run(self) -> None:
        is_open = self.work.tried
        self._show_run.disabled = not is_open
        key = "role_play_run_hide" if self._run.value else "role_play_run_show"
        self._show_run.description = say(key)
        self._run_note.value = "" if is_open else note_html(say("role_play_run_closed"))

    def _draw_trouble(self) -> None:
        self._tell(told_html(self.work.trouble) + set_aside_html(self.work.set_aside()))

    def _tell(self, html: str) -> None:
        self._told.value = live_region(html, "tid-role-play-told")


class _Turns:
    """Buttons to go back to a turn."""

    def __init__(self, most: int, on_turn: Any) -> None:  # noqa: ANN401
        why = f'<p class="tid-heading">{escape(say("role_play_again"))}</p>'
        why += note_html(say("role_play_again_why"))
        self._buttons = [
            button(
                say("role_play_again_turn", turn=turn),
                f"tid-again-{turn}",
                partial(_go, on_turn, turn),
            )
            for turn in range(1, most + 1)
        ]
        row = ipywidgets.HBox(self._buttons).add_class("tid-row")
        self.widget = ipywidgets.VBox([ipywidgets.HTML(why), row])

    def offer(self, turns: int) -> None:
        """Show the buttons for the turns there were."""
        for turn, made in enumerate(self._buttons, 1):
            show_widget(made, shown=turn <= turns)


def _go(on_turn: Any, turn: int, _button: object) -> None:  # noqa: ANN401
    on_turn(turn)
