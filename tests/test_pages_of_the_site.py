"""What stands around the book's texts, with and without a public address of the site."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from book._web.card import make_card
from book._web.talk_it_down_pages import CARD, description
from exercises.progress import PASS, book

ROOT = Path(__file__).resolve().parents[1]
CONF = """
extensions = ["myst_parser", "book._web.talk_it_down_pages"]
root_doc = "book/index"
html_theme = "sphinx_book_theme"
html_title = "Talk It Down"
"""
PAGES = {"index": "# Talk It Down", "your-privacy": "# Your <words>", "licence": "# Licence"}


def site_at(folder: Path, address: str) -> Path:
    """Build a book of three pages with the extension."""
    (folder / "book").mkdir(parents=True)
    (folder / "conf.py").write_text(f"{CONF}html_baseurl = {address!r}\n")
    for name, text in PAGES.items():
        more = "\n```{toctree}\nyour-privacy\nlicence\n```\n" if name == "index" else ""
        (folder / "book" / f"{name}.md").write_text(f"{text}\n{more}")
    sphinx = (sys.executable, "-m", "sphinx", "--quiet", "-W", folder, folder / "site")
    subprocess.run(sphinx, cwd=ROOT, check=True)
    return folder / "site"


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site_at(tmp_path_factory.mktemp("nowhere"), "")


@pytest.fixture(scope="module")
def somewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site_at(tmp_path_factory.mktemp("somewhere"), "https://course.example/talk")


class Head(HTMLParser):
    """The head's metadata and the links of a page."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.rel: dict[str, str] = {}
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self.meta[given.get("property", given.get("name", ""))] = given.get("content", "")
        elif tag == "link":
            self.rel[given.get("rel", "")] = given.get("href", "")


def test_address_brings_sitemap_and_card(somewhere: Path) -> None:
    base = "https://course.example/talk/"
    urls = [each.text for each in ElementTree.parse(somewhere / "sitemap.xml").iter() if each.text]
    found = [url.strip() for url in urls if url.strip()]
    assert found == [f"{base}book/{name}.html" for name in sorted(PAGES)]
    head = Head(somewhere / "book" / "your-privacy.html")
    assert head.meta["og:url"] == head.rel["canonical"] == f"{base}book/your-privacy.html"
    assert head.meta["og:title"] == "Your <words>"
    card = somewhere / head.meta["og:image"].removeprefix(base)
    assert card.read_bytes().startswith(b"\x89PNG")
    assert 'href="/talk/book/index.html"' in (somewhere / "404.html").read_text()


def test_card_is_the_same_each_time(somewhere: Path) -> None:
    words = "Talk It Down", description()
    assert make_card(*words) == (somewhere / CARD).read_bytes()


def test_without_address_nothing_depends_on_one(nowhere: Path) -> None:
    assert not (nowhere / "sitemap.xml").exists()
    assert not list(nowhere.rglob("card.png"))
    head = Head(nowhere / "book" / "index.html")
    assert not [name for name in head.meta if name.startswith(("og:", "twitter:"))]
    assert "canonical" not in head.rel
    assert head.meta["description"]
    assert 'href="book/index.html"' in (nowhere / "404.html").read_text()


def test_foot_leads_to_the_pages_about_the_site(nowhere: Path) -> None:
    page = (nowhere / "book" / "licence.html").read_text(encoding="utf-8")
    foot = page[page.index("extra_footer") :]
    assert '<a href="your-privacy.html">Your &lt;words&gt;</a>' in foot
    assert re.search(r"Version \d+\.\d+\.\d+", foot)


def test_marks_know_every_exercise_of_every_chapter(nowhere: Path) -> None:
    script = (nowhere / "_static" / "talk-it-down" / "marks.js").read_text(encoding="utf-8")
    known = json.loads(script.removeprefix("const MARKS = ").partition(";\n")[0])
    assert known["pass"] == PASS
    counts = {f"book/{name}": len(chapter["exercises"]) for name, chapter in book().items()}
    assert {page: len(exercises) for page, exercises in known["pages"].items()} == counts
