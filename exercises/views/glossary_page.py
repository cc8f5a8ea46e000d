"""The page that prints the glossary: each term, what it means and where it leads, as plain HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from exercises.compiled import compiled
from exercises.texts import say
from exercises.views.links import Chapters, chapter_link, criterion_link
from exercises.views.screen import show_html

Glossary = Mapping[str, Mapping[str, str]]


def glossary_html(glossary: Glossary, chapters: Chapters) -> str:
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


def _links(entry: Mapping[str, str], chapters: Chapters) -> Iterator[str]:
    if "criterion" in entry:
        yield f"{escape(say('glossary_criterion'))} {criterion_link(entry['criterion'])}"
    if link := chapter_link(entry.get("chapter", ""), chapters):
        yield f"{escape(say('glossary_chapter'))} {link}"


def term_list() -> None:
    """Display every term of the glossary. It links from a page beside the chapters."""
    show_html(glossary_html(compiled("glossary"), compiled("chapters")))
