"""The page that prints the sources: what each shows and what it does not, as plain HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from exercises.compiled import compiled
from exercises.texts import say
from exercises.views.screen import show_html

Sources = Mapping[str, Mapping[str, str]]


def sources_html(sources: Sources, shows: str, limit: str) -> str:
    """Each source under its key, with its reference, what it shows and what it does not.

    The heading's id is the key in small letters, so that chapters can link to it. `shows` and
    `limit` are the labels in front of the two texts.
    """
    parts = []
    for key, source in sources.items():
        parts.append(
            f'<section class="tid-source"><h2 id="{escape(key.lower())}">{escape(key)}</h2>'
            f"<p>{_reference(source)}</p>"
            f"<dl><dt>{escape(shows)}</dt><dd>{escape(source['shows'])}</dd>"
            f"<dt>{escape(limit)}</dt><dd>{escape(source['limit'])}</dd></dl></section>"
        )
    return "\n".join(parts)


def _reference(source: Mapping[str, str]) -> str:
    text = re.sub(r"\*([^*]+)\*", r"<em>\1</em>", escape(source["reference"]))
    if "doi" not in source:
        return text
    doi = escape(source["doi"])
    return f'{text} <a href="https://doi.org/{doi}">doi:{doi}</a>'


def source_list() -> None:
    """Display every source that the course rests on."""
    show_html(sources_html(compiled("sources"), say("source_shows"), say("source_limit")))
