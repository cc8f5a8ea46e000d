"""Sphinx extension: what stands around the book's texts, and what depends on the site's address.

On every page that is progress marks in the sidebar, a description for search engines and the foot
of the page; beside the pages, one for addresses where there is none. With a public address
(`html: baseurl` in _config.yml) come a sitemap and a card for social media.
"""

from __future__ import annotations

import json
import tomllib
from base64 import b64encode
from collections.abc import Callable, Iterable
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

from exercises.progress import PASS, book
from exercises.texts import say

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MARKS = "talk-it-down/marks.js"
CARD = "_static/talk-it-down/card.png"
NOT_FOUND = "404.html"
ABOUT = ("your-privacy", "licence", "changelog")  # the pages that the foot of each page leads to


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to the build; called by Sphinx."""
    app.add_config_value("talk_it_down_marks", "", "html", [str])
    app.add_js_file(MARKS, type="module")
    app.connect("config-inited", note_marks)
    app.connect("builder-inited", add_files, priority=900)  # the folder has been made
    app.connect("html-page-context", describe, priority=900)
    app.connect("html-page-context", add_foot, priority=900)
    app.connect("build-finished", add_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def note_marks(app: Sphinx, config: Config) -> None:
    """Have every page written anew when the script of the marks has changed: each has its hash."""
    config.talk_it_down_marks = sha256(marks().encode()).hexdigest()


def add_files(app: Sphinx) -> None:
    """Put the script of the marks and the card beside the pages."""
    script = Path(app.outdir, "_static", MARKS)
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(marks(), encoding="utf-8")
    if address(app.config):
        from book._web.card import make_card

        Path(app.outdir, CARD).write_bytes(make_card(app.config.html_title, description()))


def add_pages(app: Sphinx, error: Exception | None) -> None:
    """Write the page for addresses where there is none, and the sitemap."""
    if error is not None or app.builder.format != "html":
        return
    site, link = Path(app.outdir), app.builder.get_target_uri
    text = not_found(address(app.config), link(app.config.root_doc))
    (site / NOT_FOUND).write_text(text, encoding="utf-8")
    (site / "sitemap.xml").unlink(missing_ok=True)
    if base := address(app.config):
        pages = [link(name) for name in sorted(app.env.found_docs)]
        (site / "sitemap.xml").write_text(sitemap(base, pages), encoding="utf-8")


def describe(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Say in the head of a page what the site is and, with an address, how to show a link to it."""
    found = [f'<meta name="description" content="{escape(description())}">']
    if base := address(app.config):
        link = base + quote(app.builder.get_target_uri(pagename))
        card = {
            "og:type": "website",
            "og:site_name": app.config.html_title,
            "og:title": context.get("title", app.config.html_title),
            "og:description": description(),
            "og:url": link,
            "og:image": base + CARD,
        }
        found += [
            f'<meta property="{name}" content="{escape(value)}">' for name, value in card.items()
        ]
        found.append('<meta name="twitter:card" content="summary_large_image">')
    if pagename == app.config.root_doc:
        context["docstitle"] = ""  # its title is that of the site, which need not be said twice
    context["metatags"] = context.get("metatags", "") + "\n".join(found)


def add_foot(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Lead from the foot of each page to those about the site, by their own titles."""
    pathto: Callable[[str], str] = context["pathto"]
    folder = app.config.root_doc.rpartition("/")[0]
    names = [name for page in ABOUT if (name := f"{folder}/{page}") in app.env.titles]
    links = [
        f'<a href="{escape(pathto(name))}">{escape(app.env.titles[name].astext())}</a>'
        for name in names
    ]
    version = escape(say("footer_version", version=PROJECT["version"]))
    context["theme_extra_footer"] = " · ".join([*links, version])


def address(config: Config) -> str:
    """Return the site's public address with a slash at its end, "" while there is none."""
    base = str(config.html_baseurl or "").strip()
    return f"{base.rstrip('/')}/" if base else ""


def description() -> str:
    """Return what the course is, in a sentence."""
    return f"{PROJECT['description']}."


def marks() -> str:
    """Return the script of the progress marks with what it has to know."""
    known = {
        "pass": PASS,
        "done": say("mark_done"),
        "begun": say("mark_begun"),
        "pages": {
            f"book/{name}": [f"{each['kind']} {each['id']}" for each in chapter["exercises"]]
            for name, chapter in book().items()
        },
    }
    source = (HERE / "marks.js").read_text(encoding="utf-8")
    return f"const MARKS = {json.dumps(known)};\n{source}"


def not_found(base: str, home: str) -> str:
    """Return the page for addresses where there is none; it needs no other file.

    Where the address is not known, the page itself looks for the site's folder.
    """
    icon = b64encode((ROOT / "book" / "_static" / "favicon.svg").read_bytes()).decode()
    text = (HERE / NOT_FOUND).read_text(encoding="utf-8")
    text = text.replace("{icon}", f"data:image/svg+xml;base64,{icon}")
    return text.replace("{home}", urlsplit(base).path + home)


def sitemap(base: str, pages: Iterable[str]) -> str:
    """Return the list of all pages for search engines, in the sitemaps.org format."""
    urls = "".join(f"<url><loc>{escape(base + quote(page))}</loc></url>\n" for page in pages)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{space}">\n{urls}</urlset>\n'
