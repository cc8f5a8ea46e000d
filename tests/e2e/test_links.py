"""The built site's links and files, as its pages name them; no browser is needed to follow them."""

from __future__ import annotations

import posixpath
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from tests.e2e.conftest import BUILT


class Links(HTMLParser):
    """The addresses that a page names, and the places in it that a link can name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.named: set[str] = set()
        self.places: set[str] = {"", "top"}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.named |= {given[name] for name in ("href", "src") if name in given}
        self.places |= {given[name] for name in ("id", "name") if name in given}


def test_every_link_leads_somewhere() -> None:
    files = [path.relative_to(BUILT).as_posix() for path in BUILT.rglob("*.html")]
    pages = {
        name: Links((BUILT / name).read_text(encoding="utf-8"))
        for name in files
        if not name.startswith(("_static/", "lite/"))  # templates; JupyterLite's own pages
    }
    assert len(pages) > 1, "There is no site in _build/html: build it with `nox -s book`."
    broken = []
    for name, page in pages.items():
        for link in page.named:
            address = urlsplit(link)
            if address.scheme or address.netloc:
                continue
            folder = posixpath.dirname(name)
            path = posixpath.normpath(posixpath.join(folder, unquote(address.path)))
            target = name if not address.path else path
            if address.path.endswith("/"):
                target = posixpath.join(path, "index.html")
            if not (BUILT / target).is_file():
                broken.append(f"{name}: no file {link}")
            elif target in pages and unquote(address.fragment) not in pages[target].places:
                broken.append(f"{name}: no place {link}")
    assert broken == []
