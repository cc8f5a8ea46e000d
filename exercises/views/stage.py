"""Puts an exercise where the learner is: widgets in a notebook, a still copy on a page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from exercises.texts import say
from exercises.unknown import UnknownExerciseError
from exercises.views.conversation import trouble_html
from exercises.views.page import placeholder
from exercises.views.screen import on_page, show, show_html

log = logging.getLogger(__name__)


class View(Protocol):
    """One exercise on the screen: `widget` is displayed, `refresh` takes in what files say now."""

    widget: Any

    def refresh(self) -> None:
        """Show what stands in the files now; called when the exercise is displayed again."""


# One view for each exercise: a cell that is run again shows the same widgets, and two cells with
# the same exercise show the same words.
_views: dict[tuple[str, str], View] = {}


def stage(
    kind: str, id: str, *, still: Callable[[], str], make: Callable[[], View], draft: str = ""
) -> None:
    """Display an exercise of a kind.

    `still` is its HTML while no Python runs, for a page of the book; `make` makes its widgets;
    `draft` is the path of a text's file in the learner's folder, where the still copy has a box;
    of several boxes, the paths with a space between.
    """
    with plain_words():
        if on_page():
            show_html(placeholder(kind, id, still(), draft=draft))
            return
        show(view_of(kind, id, make).widget)


def view_of(kind: str, id: str, make: Callable[[], View]) -> View:
    """The view of an exercise: the one there is, showing what the files say now, else a new one."""
    view = _views.get((kind, id))
    if view is None or not view.widget.comm:
        view = _views[kind, id] = make()
    else:
        view.refresh()
    return view


class NotHereError(Exception):
    """There is nothing to show; the message says why in words for the learner."""


@contextmanager
def plain_words() -> Iterator[None]:
    """Tell what goes wrong in a plain sentence; while the book is built, raise it instead."""
    try:
        yield
    except Exception as error:  # whatever it is, a learner never sees a traceback
        if on_page():
            raise
        log.debug("nothing to show", exc_info=True)
        show_html(trouble_html(_reason(error)))


def _reason(error: Exception) -> str:
    if isinstance(error, NotHereError):
        return str(error)
    if isinstance(error, UnknownExerciseError):
        if error.near:
            return say("unknown_near", id=error.id, near=say("or").join(error.near))
        return say("unknown", id=error.id)
    return say("broken")
