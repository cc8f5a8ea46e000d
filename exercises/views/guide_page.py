"""The link to the pocket guide: to the file of the site, or to one made on the spot."""

from __future__ import annotations

from html import escape

from exercises.pocket_guide import NAME, GuideError, make_guide
from exercises.texts import say
from exercises.views.conversation import note_html
from exercises.views.progress_parts import download_html
from exercises.views.screen import on_page, show_html


def pocket_guide() -> None:
    """Display a link to the guide. It links from a page beside the chapters."""
    words = say("guide_download")
    if on_page():
        address = escape(f"../_static/talk-it-down/{NAME}")
        link = f'<a class="tid-download" download="{escape(NAME)}" href="{address}">'
        show_html(f"<p>{link}{escape(words)}</a></p>")
        return
    try:
        show_html(f"<p>{download_html(NAME, 'application/pdf', make_guide(), words)}</p>")
    except GuideError:
        show_html(note_html(say("guide_missing")))
