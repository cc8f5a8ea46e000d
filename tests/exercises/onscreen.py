"""What tests of the views look at: the widgets and the words of what was displayed."""

# ruff: noqa: ANN401  (widgets have no types)

import re
from html import unescape
from typing import Any

import ipywidgets


def widgets(thing: Any, kind: type) -> list[Any]:
    """Every widget of a kind in a box, in order."""
    inner = [w for child in getattr(thing, "children", ()) for w in widgets(child, kind)]
    return [thing, *inner] if isinstance(thing, kind) else inner


def by_class(thing: Any, name: str) -> Any:
    """The one widget of a box that has a CSS class."""
    (found,) = [w for w in widgets(thing, ipywidgets.DOMWidget) if name in w._dom_classes]
    return found


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
