"""Handing in on the screen: says what is not ready, and makes the file; shows no marks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import ipywidgets

from exercises.hand_in import Folder, Gap, HandIn, due_words
from exercises.texts import say
from exercises.views.conversation import note_html, trouble_html
from exercises.views.parts import button, frame, guarded, live_region, show_widget, tick_box
from exercises.views.progress_parts import download_html
from exercises.views.screen import show
from exercises.views.show import load_here
from exercises.views.stage import plain_words, view_of


class HandInView:
    """The button, and what it had to say; `widget` is displayed. `path` is `assignment.json`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._check = button(
            say("hand_in"), "tid-hand-in", guarded(self._on_check, self._tell), main=True
        )
        self._anyway = button(
            say("hand_in_anyway"), "tid-hand-in-anyway", guarded(self._on_make, self._tell)
        )
        self._region = ipywidgets.HTML(live_region("", "tid-hand-in-result"))
        assignment = Folder(path).assignment
        # Where nothing was told before handing in, there is no first draft to look back on.
        self._attempts = tick_box(say("hand_in_attempts"), on=assignment.feedback != "none")
        self._attempts.add_class("tid-hand-in-attempts")
        due = [say("hand_in_due", due=due_words(assignment.due))] if assignment.due else []
        notes = [note_html(text) for text in (*due, say("hand_in_note"))]
        about = note_html(say("hand_in_attempts_note"))
        self.widget = frame(
            "hand-in-frame",
            [
                ipywidgets.HTML("".join(notes)),
                self._attempts,
                ipywidgets.HTML(about),
                self._check,
                self._region,
                self._anyway,
            ],
        )
        self.refresh()

    def refresh(self) -> None:
        """Forget what was said; the replies may have changed."""
        self._tell("")
        show_widget(self._anyway, shown=False)

    def _tell(self, html: str) -> None:
        self._region.value = live_region(html, "tid-hand-in-result")

    def _on_check(self, _button: object) -> None:
        folder = Folder(self._path)
        gaps = folder.gaps()
        show_widget(self._anyway, shown=bool(gaps))
        if gaps:
            self._tell(gaps_html(gaps, len(folder.assignment.items)))
        else:
            self._make(folder)

    def _on_make(self, _button: object) -> None:
        self._make(Folder(self._path))

    def _make(self, folder: Folder) -> None:
        try:
            made = folder.make(attempts=self._attempts.value)
        except OSError:
            self._tell(trouble_html(say("hand_in_not_written")))
        else:
            self._tell(made_html(made))
            show_widget(self._anyway, shown=False)


def gaps_html(gaps: Sequence[Gap], count: int) -> str:
    """What is not ready, as a list."""
    items = "".join(
        f"<li>{escape(say('hand_in_gap', place=gap.place, setting=gap.setting))} "
        f"{escape(gap.why)}</li>"
        for gap in gaps
    )
    told = say("hand_in_gaps", ready=count - len(gaps), count=count)
    return f"<p>{escape(told)}</p><ul>{items}</ul>"


def made_html(made: HandIn) -> str:
    """Where the file is, what to do with it, and a link that saves it elsewhere."""
    name = made.path.name
    told = [say("hand_in_made", file=name)]
    if made.attempts:
        told.append(say("hand_in_with_attempts", count=made.attempts))
    if not made.has_notebook:
        told.append(say("hand_in_no_notebook"))
    link = download_html(name, "application/zip", made.content, say("hand_in_save", file=name))
    return "".join(f"<p>{escape(text)}</p>" for text in told) + f"<p>{link}</p>"


def hand_in(assignment: str = "assignment.json") -> None:
    """Display the button that hands in an assignment; stands at the end of its notebook."""
    with plain_words():
        path = Path(assignment).resolve()
        load_here(path)
        show(view_of("hand-in", str(path), lambda: HandInView(path)).widget)
