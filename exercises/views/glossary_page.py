"""The page that prints the glossary: each term, what it means and where it leads, as plain HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from exercises.compiled import compiled
from exercises.texts import say
from exercises.views.screen import on_page, show_html
from grader import load_rubric

Glossary = Mapping[str, Mapping[str, str]]


def glossary_html(glossary: Glossary, chapters: Mapping[str, Mapping[str, Any]]) -> str:
    """Each term by the alphabet, with links to its criterion and to its chapter.

    A term's id is that of its entry, so that other pages can link to it. A chapter that is not
    among `chapters` (exercises/data/chapters.json) gets no link.
    """
    parts = ['<dl class="tid-glossary">']
    for id, entry in sorted(glossary.items(), key=lambda item: item[1]["term"].casefold()):
        see = "<br>".join(_links(entry, chapters))
        parts.append(
            f'<dt id="{escape(id)}">{escape(entry["term"])}</dt>'
            f"<dd><p>{escape(entry['means'])}{f'<br><small>{see}</small>' if see else ''}</p></dd>"
        )
    return "\n".join([*parts, "</dl>"])


def _links(entry: Mapping[str, str], chapters: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    rubric = load_rubric()
    names = {criterion.id: criterion.name for criterion in (*rubric.moves, *rubric.faults)}
    if "criterion" in entry:
        id = entry["criterion"]
        # JupyterLab has names of its own for the places on a page.
        page = f"rubric.html#{id}" if on_page() else "rubric.ipynb"
        yield _link("glossary_criterion", page, names[id])
    chapter = chapters.get(entry.get("chapter", ""))
    if chapter:
        notebook = str(chapter["notebook"]).removeprefix("notebooks/")
        page = f"{entry['chapter']}.html" if on_page() else notebook
        yield _link("glossary_chapter", page, chapter["title"])


def _link(label: str, page: str, text: str) -> str:
    return f'{escape(say(label))} <a href="{escape(page)}">{escape(text)}</a>'


def term_list() -> None:
    """Display every term of the glossary. It links from a page beside the chapters."""
    show_html(glossary_html(compiled("glossary"), compiled("chapters")))
