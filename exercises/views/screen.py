"""Puts things on the screen, in a notebook or on a page of the book."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.resources import files

from IPython.display import HTML, display


def on_page() -> bool:
    """Whether a page of the book is being built: it has the stylesheet, but no Python later."""
    return os.environ.get("TALK_IT_DOWN_OUTPUT") == "page"


def show(thing: object) -> None:
    """Display a widget or another object that can show itself."""
    display(thing)  # type: ignore[no-untyped-call]


def show_html(html: str) -> None:
    """Display HTML, with the stylesheet where it is not there anyway."""
    show(HTML(html if on_page() else style_html() + html))  # type: ignore[no-untyped-call]


def show_script(name: str) -> None:
    """Run a script that stands beside the views, in the notebook that is on the screen."""
    from IPython.display import Javascript  # a page of the book has only what it needs of IPython

    script = files("exercises").joinpath("views", name).read_text(encoding="utf-8")
    show(Javascript(script))  # type: ignore[no-untyped-call]


@lru_cache(maxsize=1)
def style_html() -> str:
    """The views' stylesheets as an element."""
    return f"<style>{stylesheet()}</style>"


def stylesheet() -> str:
    """The views' stylesheets as one: `style.css` for all kinds, then one a kind."""
    folder = files("exercises").joinpath("views")
    sheets = [sheet for sheet in folder.iterdir() if sheet.name.endswith(".css")]
    sheets.sort(key=lambda sheet: (sheet.name != "style.css", sheet.name))
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
