"""What the exercises share that are chosen and not written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from html import escape
from typing import Any, TypeVar

import ipywidgets

from exercises.home import home
from exercises.kept import Kept
from exercises.quizzes import quiz
from exercises.record import Record
from exercises.texts import say
from exercises.views.conversation import told_html
from exercises.views.page import still_button, still_feedback
from exercises.views.parts import button, guarded, live_region, show_widget
from exercises.views.stage import View, stage

Work = TypeVar("Work")


def stage_choices(
    kind: str,
    id: str,
    model: Callable[[str, Mapping[str, Any], Kept], Work],
    still: Callable[[Work], str],
    view: Callable[[Work], View],
) -> None:
    """Display an exercise: `model` makes its work, `still` HTML and `view` widgets of that."""
    stage(
        kind,
        id,
        still=lambda: still(model(id, quiz(id, kind), Kept())),
        make=lambda: view(model(id, quiz(id, kind), kept_here(id))),
    )


def kept_here(id: str) -> Kept:
    """Where the choices in an exercise are kept, in the learner's folder."""
    return Kept(home() / "drafts" / f"{id}.json", Record(home()))


def task_html(task: str) -> str:
    """What is to be done."""
    return f'<p class="tid-choices-task">{escape(task)}</p>'


def total_html(total: int, words: str) -> str:
    """How it went: a sentence, and the total of 100."""
    points = escape(say("choices_total", total=total))
    return (
        f'<p class="tid-choices-total" data-total="{total}"><strong>{escape(words)}</strong> '
        f'<span class="tid-choices-points">{points}</span></p>'
    )


def still_end(kind: str, check: str) -> str:
    """The check button and the empty feedback of a still copy; `check` is a key of texts."""
    check = still_button(check, f"tid-{kind}-check")
    return f'<div class="tid-row">{check}</div>{still_feedback(f"tid-{kind}-feedback")}'


class End:
    """What stands below every exercise of choices: buttons to check and to start again, feedback.

    `check` is the key of the text on the button. `on_check` and `on_again` may raise: then the
    feedback says that something went wrong.
    """

    def __init__(
        self,
        kind: str,
        check: str,
        kept: Kept,
        on_check: Callable[[], None],
        on_again: Callable[[], None],
    ) -> None:
        self._name = f"tid-{kind}-feedback"
        self._kept = kept
        self._feedback = ipywidgets.HTML(live_region("", self._name))
        self.check = button(say(check), f"tid-{kind}-check", self.guard(on_check), main=True)
        self.again = button(say("choices_again"), f"tid-{kind}-again", self.guard(on_again))
        self.row = ipywidgets.HBox([self.check, self.again]).add_class("tid-row")
        self.widgets = [self.row, self._feedback]
        self.offer_again(offered=False)

    def say(self, html: str) -> None:
        """Put HTML into the feedback, which screen readers read out."""
        self._feedback.value = live_region(told_html(self._kept.trouble) + html, self._name)

    def offer_again(self, *, offered: bool) -> None:
        """Show or hide the button to start again."""
        show_widget(self.again, shown=offered)

    def guard(self, action: Callable[..., None]) -> Callable[..., None]:
        """The action as a callback that shows no traceback, whatever its arguments."""
        return guarded(lambda *_: action(), self.say)


class ChoicesView(ABC):
    """One exercise on the screen; `widget` is what is displayed.

    Clicks go to `work`. `_end` stands below it, `_first` is the widget to go on with after a new
    start.
    """

    work: Any
    widget: Any
    _end: End
    _first: Any

    def refresh(self) -> None:
        """Show what stands in the file now; called when the exercise is displayed again."""
        self.work.reload()
        self._redraw()

    def _redraw(self) -> None:
        self._draw()
        self._end.say(self._result_html())

    def _on_again(self) -> None:
        self.work.start_again()
        self._redraw()
        self._first.focus()

    @abstractmethod
    def _draw(self) -> None:
        """Bring the widgets in line with the work."""

    @abstractmethod
    def _result_html(self) -> str:
        """What the last check found; empty before it."""
