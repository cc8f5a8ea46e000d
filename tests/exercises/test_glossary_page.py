"""The page that prints the glossary."""

import re
from pathlib import Path

import pytest
import yaml

from exercises import term_list
from exercises.views.glossary_page import glossary_html
from grader import load_rubric

ROOT = Path(__file__).parents[2]
LISTENING = "rebuilding-trust/active-listening"
CHAPTERS = {LISTENING: {"title": "A <b>", "notebook": "notebooks/rebuilding-trust/01-a.ipynb"}}
ENTRY = {"term": "B & C", "means": "<i>", "criterion": "reflect", "chapter": LISTENING}


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is shown on the screen, instead of showing it."""
    html: list[str] = []
    monkeypatch.setattr("exercises.views.glossary_page.show_html", html.append)
    return html


@pytest.fixture
def on_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALK_IT_DOWN_OUTPUT", "page")


def test_term_list_prints_every_term_by_the_alphabet(shown: list[str]) -> None:
    glossary = yaml.safe_load((ROOT / "exercises" / "glossary.yml").read_text(encoding="utf-8"))
    term_list()
    terms = re.findall(r'<dt id="([\w-]+)">([^<]+)</dt>', shown[0])
    assert dict(terms) == {id: entry["term"] for id, entry in glossary.items()}
    names = [name.casefold() for _, name in terms]
    assert names == sorted(names)


def test_every_link_leads_to_a_notebook(shown: list[str]) -> None:
    term_list()
    links = re.findall(r'href="([^"]+)"', shown[0])
    assert links
    assert [link for link in links if not (ROOT / "notebooks" / link).is_file()] == []


@pytest.mark.usefixtures("on_page")
def test_every_link_of_the_site_leads_to_a_page_and_a_criterion(shown: list[str]) -> None:
    term_list()
    links = [link.split("#") for link in re.findall(r'href="([^"]+)"', shown[0])]
    pages = {page.removesuffix(".html") for page, *_ in links}
    assert LISTENING in pages
    assert [page for page in pages if not (ROOT / "book" / f"{page}.md").is_file()] == []
    rubric = load_rubric()
    known = {criterion.id for criterion in (*rubric.moves, *rubric.faults)}
    assert {place for _, *places in links for place in places} <= known


@pytest.mark.usefixtures("on_page")
def test_glossary_html_links_and_escapes_its_data() -> None:
    html = glossary_html({"b-c": ENTRY}, CHAPTERS)
    assert '<dt id="b-c">B &amp; C</dt>' in html
    assert "<p>&lt;i&gt;<br>" in html
    assert '<a href="rubric.html#reflect">Say it back</a>' in html
    assert f'<a href="{LISTENING}.html">A &lt;b&gt;</a>' in html


def test_chapter_that_is_not_there_gets_no_link() -> None:
    html = glossary_html({"b-c": ENTRY}, {})
    assert html.count("<a ") == 1
    bare = {"term": "B", "means": "M."}
    assert "<dd><p>M.</p></dd>" in glossary_html({"b": bare}, CHAPTERS)
