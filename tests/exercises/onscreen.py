"""What tests of the views look at: the widgets and the words of what was displayed."""

# ruff: noqa: ANN401  (widgets have no types)

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import ipywidgets
import pytest

from exercises import quizzes
from exercises.views import screen, stage


def session(monkeypatch: pytest.MonkeyPatch, **exercises: Any) -> Iterator[list[Any]]:
    """What a new session displays; at its end, all of that is looked through for what must not be.

    `exercises` are the short exercises there are, where they are not to be those of the course.
    """
    things: list[Any] = []
    monkeypatch.setattr(screen, "display", things.append)
    if exercises:
        monkeypatch.setattr(quizzes, "quizzes", lambda: exercises)
    restart(monkeypatch)
    yield things
    for thing in things:
        assert "Traceback" not in str(thing)
        assert "<script" not in html_of(thing)
        assert "<img" not in html_of(thing)


def restart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget all widgets, as a kernel does that is started again."""
    monkeypatch.setattr(stage, "_views", {})


def is_shown(widget: Any) -> bool:
    """Whether a widget is not hidden."""
    return bool(widget.layout.display != "none")


def widgets(thing: Any, kind: type) -> list[Any]:
    """Every widget of a kind in a box, in order."""
    inner = [w for child in getattr(thing, "children", ()) for w in widgets(child, kind)]
    return [thing, *inner] if isinstance(thing, kind) else inner


def by_class(thing: Any, name: str) -> Any:
    """The one widget of a box that has a CSS class."""
    (found,) = [w for w in widgets(thing, ipywidgets.DOMWidget) if name in w._dom_classes]
    return found


def region(view: Any, name: str) -> str:
    """The HTML of the live region that has a CSS class."""
    start = re.compile(rf'<div class="{name}( [^"]*)?" role="status" aria-live="polite">')
    (html,) = [w.value for w in widgets(view, ipywidgets.HTML) if start.match(w.value)]
    return str(html)


def html_of(thing: Any) -> str:
    """The HTML of a displayed thing, without the stylesheet."""
    parts = widgets(thing, ipywidgets.HTML)
    html = "".join(w.value for w in parts) if parts else thing.data
    return re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)


def words_of(html: str) -> str:
    """The text of HTML as a reader sees it."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def unmarked(html: str) -> str:
    """HTML without the tags that stand within sentences."""
    return re.sub(r"</?(?:mark|span)[^>]*>", "", html)
