"""My progress on the screen: what the record shows, and what the learner may do with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import escape
from time import monotonic
from typing import Any

import ipywidgets

from exercises.certificate import make_code
from exercises.files import read_text, write_atomic
from exercises.home import home
from exercises.kinds import MY_PROGRESS
from exercises.progress import Progress, measure
from exercises.record import Entry, Record
from exercises.texts import say
from exercises.views.certificate import certificate_page
from exercises.views.conversation import note_html, trouble_html
from exercises.views.page import still_button, still_feedback
from exercises.views.parts import button, frame, guarded, live_region, show_widget, tick_box
from exercises.views.progress_parts import (
    attempts_words,
    chapters_html,
    download_html,
    levels_html,
    next_html,
    still_to_do,
    sum_html,
)
from exercises.views.stage import stage

EXPORTED = "talk-it-down-record.jsonl"
CERTIFICATE = "talk-it-down-certificate.html"
# Seconds in which a second click on "Delete" is a slip of the finger.
DOUBLE_CLICK = 0.7


def my_progress() -> None:
    """Display the learner's progress, their certificate, and their record as a file."""
    stage(MY_PROGRESS, "", still=_still, make=lambda: ProgressView(Record(home())))


def _still() -> str:
    show = still_button("progress_refresh", "tid-progress-refresh")
    return f"{note_html(say('progress_reading'))}{show}{still_feedback('tid-progress-say')}"


class ProgressView:
    """The widgets of the page; `widget` is what is displayed."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.entries: list[Entry] = []
        self.progress: Progress = measure((), date.today())
        self._shown = ipywidgets.HTML()
        self._said = ipywidgets.HTML(live_region("", "tid-progress-say"))
        self._refresh = button(
            say("progress_refresh"), "tid-progress-refresh", self._guard(self._on_refresh)
        )
        self._certificate = _CertificateBox(self)
        self._file = _FileBox(self)
        self.widget = frame(
            MY_PROGRESS,
            [
                self._shown,
                self._refresh,
                self._said,
                self._certificate.widget,
                self._file.widget,
            ],
        )
        self.refresh()

    def refresh(self) -> None:
        """Show what the record says now; called when the page is displayed again."""
        try:
            self.entries = list(self.record.read())
        except OSError:
            self._shown.value = trouble_html(say("progress_unreadable"))
            return
        self.progress = measure(self.entries, date.today())
        damaged = ", ".join(path.name for path in self.record.damaged())
        told = trouble_html(say("progress_damaged", files=damaged)) if damaged else ""
        self._shown.value = told + "".join(
            part(self.progress) for part in (sum_html, next_html, chapters_html, levels_html)
        )
        self._certificate.draw()

    def say(self, html: str) -> None:
        """Put HTML below the progress, where screen readers read it out."""
        self._said.value = live_region(html, "tid-progress-say")

    def _guard(self, action: Callable[..., None]) -> Callable[..., None]:
        return guarded(action, self.say)

    def _on_refresh(self, _button: object) -> None:
        self.refresh()
        self.say(note_html(say("progress_refreshed")))


class _CertificateBox:
    """The certificate's widgets: closed until every chapter is done."""

    def __init__(self, page: ProgressView) -> None:
        self._page = page
        self._note = ipywidgets.HTML()
        self._name = ipywidgets.Text(
            value=_kept_name(),
            description=say("certificate_name"),
            continuous_update=False,
            layout=ipywidgets.Layout(width="auto"),
        )
        self._name.add_class("tid-text")
        self._name.add_class("tid-line-box")
        self._keep = tick_box(say("certificate_keep"), on=bool(self._name.value))
        self._said = ipywidgets.HTML()
        self._tell("")
        make = guarded(self._on_make, self._tell)
        self._make = button(say("certificate_make"), "tid-certificate-make", make, main=True)
        self._form = ipywidgets.VBox([self._name, self._keep, self._make, self._said])
        self.widget = ipywidgets.VBox([self._note, self._form]).add_class("tid-certificate")

    def draw(self) -> None:
        """Open or close, as the progress is."""
        is_open = self._page.progress.is_complete
        show_widget(self._form, shown=is_open)
        titles = still_to_do(self._page.progress.chapters)
        key = "certificate_open" if is_open else "certificate_closed"
        heading = f'<p class="tid-heading" role="heading" aria-level="2">{_said("certificate")}</p>'
        self._note.value = heading + note_html(say(key, titles=titles))
        if not is_open:
            self._tell("")

    def _on_make(self, _button: object) -> None:
        name = " ".join(self._name.value.split())
        if not name:
            self._tell(note_html(say("certificate_no_name")))
            return
        self._page.refresh()
        if not self._page.progress.is_complete:
            return
        if self._keep.value:
            write_atomic(_name_file(), name)
        else:
            _name_file().unlink(missing_ok=True)
        page = certificate_page(name, self._page.progress, make_code(name, self._page.entries))
        link = download_html(CERTIFICATE, "text/html", page, say("certificate_save"))
        self._tell(f"{note_html(say('certificate_made'))}<p>{link}</p>")

    def _tell(self, html: str) -> None:
        self._said.value = live_region(html, "tid-certificate-say")


class _FileBox:
    """The record as a file: copy it out, bring a copy in, delete it."""

    def __init__(self, page: ProgressView) -> None:
        self._page = page
        self._said = ipywidgets.HTML()
        self._tell("")
        self._export = self._button("progress_export", "tid-record-export", self._on_export)
        self._import = ipywidgets.FileUpload(
            accept=".jsonl,.json,.txt",
            multiple=False,
            description=say("progress_import_button"),
            icon="",
            layout=ipywidgets.Layout(width="auto"),
        )
        self._import.add_class("tid-record-import")
        self._import.add_class("tid-side")
        self._import.observe(guarded(self._on_import, self._tell), names="value")
        self._delete = self._button("progress_delete", "tid-record-delete", self._on_delete)
        self._keep = self._button("progress_delete_not", "tid-record-keep", self._on_keep)
        self._drafts = tick_box(say("progress_delete_drafts"))
        self._asked_at: float | None = None
        heading = (
            f'<p class="tid-heading" role="heading" aria-level="2">{_said("progress_record")}</p>'
        )
        note = note_html(say("progress_record_note"))
        label = f'<p class="tid-record-label">{_said("progress_import")}</p>'
        bring = ipywidgets.HBox([ipywidgets.HTML(label), self._import]).add_class("tid-row")
        sure = ipywidgets.HBox([self._delete, self._keep]).add_class("tid-row")
        self.widget = ipywidgets.VBox(
            [ipywidgets.HTML(heading + note), self._export, bring, sure, self._drafts, self._said]
        ).add_class("tid-record")
        self._draw_delete()

    def _button(self, key: str, name: str, action: Callable[..., None]) -> Any:  # noqa: ANN401
        return button(say(key), name, guarded(action, self._tell))

    def _on_export(self, _button: object) -> None:
        self._stop_asking()
        text = self._page.record.export().decode("utf-8")
        if not text:
            self._tell(note_html(say("progress_export_none")))
            return
        words = say("progress_export_save", name=EXPORTED, count=attempts_words(text.count("\n")))
        link = download_html(EXPORTED, "application/x-ndjson", text, words)
        self._tell(f"{note_html(say('progress_exported'))}<p>{link}</p>")

    def _on_import(self, change: dict[str, Any]) -> None:
        if not change["new"]:
            return
        data = b"".join(bytes(file["content"]) for file in change["new"])
        self._import.value = ()  # the same file may be chosen again
        self._stop_asking()
        found = self._page.record.merge(data)
        if found.unreadable and not found.added and not found.known:
            self._tell(trouble_html(say("progress_import_bad")))
            return
        added = attempts_words(found.added)
        told = note_html(say("progress_imported", added=added, known=found.known))
        if found.unreadable:
            told += note_html(say("progress_import_some", count=found.unreadable))
        self._page.refresh()
        self._tell(told)

    def _on_delete(self, _button: object) -> None:
        if self._asked_at is None:
            self._asked_at = monotonic()
            count = attempts_words(len(self._page.entries))
            self._draw_delete()
            self._tell(note_html(say("progress_delete_ask", count=count)))
        elif monotonic() - self._asked_at > DOUBLE_CLICK:
            self._delete_now()

    def _delete_now(self) -> None:
        try:
            self._page.record.delete()
            _name_file().unlink(missing_ok=True)
            if self._drafts.value:
                _delete_drafts()
        except OSError:
            self._tell(trouble_html(say("progress_not_deleted")))
            return
        self._stop_asking()
        self._page.refresh()
        self._tell(note_html(say("progress_deleted")))

    def _on_keep(self, _button: object) -> None:
        self._stop_asking()
        self._tell(note_html(say("progress_kept")))

    def _stop_asking(self) -> None:
        self._asked_at = None
        self._drafts.value = False
        self._draw_delete()

    def _draw_delete(self) -> None:
        is_asking = self._asked_at is not None
        self._delete.description = say("progress_delete_sure" if is_asking else "progress_delete")
        for widget in (self._keep, self._drafts):
            show_widget(widget, shown=is_asking)

    def _tell(self, html: str) -> None:
        self._said.value = live_region(html, "tid-record-say")


def _name_file() -> Any:  # noqa: ANN401
    return home() / "name.txt"


def _kept_name() -> str:
    try:
        return read_text(_name_file())
    except OSError:
        return ""


def _delete_drafts() -> None:
    """Remove what exercises keep of what was typed and chosen. Raises OSError."""
    for path in (home() / "drafts").glob("*"):
        if path.is_file():
            path.unlink(missing_ok=True)


def _said(key: str) -> str:
    return escape(say(key))
