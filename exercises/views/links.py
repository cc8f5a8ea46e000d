"""Links to chapters and to the rubric, for pages beside the chapters."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from exercises.views.screen import on_page
from grader import load_rubric

Chapters = Mapping[str, Mapping[str, Any]]


def criterion_link(id: str) -> str:
    """A link to a criterion on the rubric page, by its name."""
    # JupyterLab has names of its own for the places on a page.
    page = f"rubric.html#{id}" if on_page() else "rubric.ipynb"
    return _link(page, load_rubric().criteria[id].name)


def chapter_link(id: str, chapters: Chapters) -> str:
    """A link to a chapter, <part>/<section>, by its title; "" where it is not among `chapters`."""
    if id not in chapters:
        return ""
    notebook = str(chapters[id]["notebook"]).removeprefix("notebooks/")
    return _link(f"{id}.html" if on_page() else notebook, chapters[id]["title"])


def _link(page: str, text: str) -> str:
    return f'<a href="{escape(page)}">{escape(text)}</a>'
