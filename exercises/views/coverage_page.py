"""The page that prints what is taught where, and what trains it, as plain HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from exercises.compiled import compiled
from exercises.texts import say
from exercises.views.links import Chapters, chapter_link, criterion_link
from exercises.views.screen import show_html

Coverage = Mapping[str, Mapping[str, Any]]


def coverage_html(part: str, coverage: Coverage, chapters: Chapters) -> str:
    """A table of a part: each section with its chapter, and each point with what trains it.

    `coverage` and `chapters` are exercises/data/coverage.json and chapters.json. Raises KeyError
    where a section has no chapter.
    """
    heads = "".join(
        f'<th scope="col">{escape(say(key))}</th>'
        for key in ("coverage_point", "coverage_exercises", "coverage_criteria")
    )
    body = "".join(
        _section(id, section, chapters)
        for id, section in coverage.items()
        if id.startswith(f"{part}/")
    )
    return f'<table class="tid-coverage"><thead><tr>{heads}</tr></thead>{body}</table>'


def _section(id: str, section: Mapping[str, Any], chapters: Chapters) -> str:
    kinds = {exercise["id"]: exercise["kind"] for exercise in chapters[id]["exercises"]}
    rows = [
        _row(_point(point), point["exercises"], point["criteria"], kinds)
        for point in section["taught"]
    ]
    if section["recalled"]:
        rows.append(_row(escape(say("coverage_recalled")), section["recalled"], (), kinds))
    return (
        f'<tbody><tr><th colspan="3" scope="rowgroup">{chapter_link(id, chapters)}</th></tr>'
        f"{''.join(rows)}</tbody>"
    )


def _point(point: Mapping[str, Any]) -> str:
    under = escape(say("coverage_heading", heading=point["heading"]))
    return f"{escape(point['point'])}<br><small>{under}</small>"


def _row(
    what: str, exercises: Iterable[str], criteria: Iterable[str], kinds: Mapping[str, str]
) -> str:
    links = "<br>".join(criterion_link(id) for id in criteria) or escape(say("coverage_none"))
    return (
        f'<tr><th scope="row">{what}</th><td>{"<br>".join(_by_kind(exercises, kinds))}</td>'
        f"<td>{links}</td></tr>"
    )


def _by_kind(exercises: Iterable[str], kinds: Mapping[str, str]) -> Iterator[str]:
    ids: dict[str, list[str]] = {}
    for id in exercises:
        ids.setdefault(kinds[id], []).append(id)
    for kind, found in ids.items():
        name = say(f"progress_kind_{kind.replace('-', '_')}")
        yield f"{escape(name)}: <small>{escape(', '.join(found))}</small>"


def coverage_table(part: str) -> None:
    """Display the table of a part, by its id. It links from a page beside the chapters."""
    show_html(coverage_html(part, compiled("coverage"), compiled("chapters")))
