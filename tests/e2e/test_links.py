"""The built site's links and files, as its pages name them; no browser is needed to follow them."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from tests.e2e.conftest import BUILT

LOADED = re.compile(r"url\(\s*[\"']?([^\"')]+)[\"']?\s*\)")  # by a style sheet
# Theirs name pictures and fonts that no page of ours asks for; a browser would say if one did.
NOT_OURS = re.compile(r"_static/(styles/|vendor/|basic\.css|sphinx-)|lite/")


class Links(HTMLParser):
    """The addresses that a page names, and the places in it that a link can name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.named: set[str] = set()
        self.places: set[str] = {"", "top"}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.named |= {given[name] for name in ("href", "src", "poster", "data") if name in given}
        self.named |= {one.split()[0] for one in given.get("srcset", "").split(",") if one.strip()}
        self.places |= {given[name] for name in ("id", "name") if name in given}


@cache
def links_of(page: str) -> Links:
    """What a page of the site names, and its places."""
    return Links((BUILT / page).read_text(encoding="utf-8"))


def pages() -> list[str]:
    """The site's pages, without the theme's templates and JupyterLite's own."""
    names = [path.relative_to(BUILT).as_posix() for path in sorted(BUILT.rglob("*.html"))]
    return [name for name in names if not name.startswith(("_static/", "lite/"))]


def astray(name: str, link: str) -> str | None:
    """What is wrong with a link in a file of the site; None if it leads somewhere or elsewhere."""
    address = urlsplit(link)
    if address.scheme or address.netloc:
        return None
    path = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(address.path)))
    target = path if address.path else name
    if address.path.endswith("/"):
        target = posixpath.join(path, "index.html")
    if not (BUILT / target).is_file():
        return f"{name}: no file {link}"
    if not target.endswith(".html") or target.startswith("lite/"):
        return None
    known = unquote(address.fragment) in links_of(target).places
    return None if known else f"{name}: no place {link}"


def test_every_link_leads_somewhere() -> None:
    names = pages()
    assert len(names) > 1, "There is no site in _build/html: build it with `nox -s book`."
    broken = [astray(name, link) for name in names for link in sorted(links_of(name).named)]
    assert [told for told in broken if told] == []


def test_every_file_that_a_style_names_is_there() -> None:
    names = [path.relative_to(BUILT).as_posix() for path in sorted(BUILT.rglob("*.css"))]
    ours = [name for name in names if not NOT_OURS.match(name)]
    assert ours
    broken = [
        astray(name, link)
        for name in ours
        for link in LOADED.findall((BUILT / name).read_text(encoding="utf-8"))
    ]
    assert [told for told in broken if told] == []
