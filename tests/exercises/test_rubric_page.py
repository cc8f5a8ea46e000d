"""The pages that print the rubric and the sources."""

import re
from html.parser import HTMLParser

import pytest

from exercises import rubric_table, source_list
from exercises.views.rubric_page import rubric_html
from exercises.views.sources_page import sources_html
from grader import Criterion, Level, load_rubric


class _Text(HTMLParser):
    """Collects the ids of a page and its text as a reader sees it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is shown on the screen, instead of showing it."""
    html: list[str] = []
    for page in ("rubric_page", "sources_page"):
        monkeypatch.setattr(f"exercises.views.{page}.show_html", html.append)
    return html


def test_rubric_table_prints_every_criterion_in_full(shown: list[str]) -> None:
    rubric = load_rubric()
    for kind, criteria in (("move", rubric.moves), ("fault", rubric.faults)):
        rubric_table(kind)
        page = _Text(shown[-1])
        assert page.ids == [criterion.id for criterion in criteria]
        for criterion in criteria:
            parts = [criterion.name, criterion.question, criterion.step]
            parts += [level.descriptor for level in criterion.levels]
            assert [part for part in parts if part not in page.words] == []


def test_rubric_table_numbers_the_levels_from_0(shown: list[str]) -> None:
    rubric_table("move")
    (first, *_) = shown[0].split("</ol>")
    assert re.findall(r'<li value="(\d)">', first) == ["0", "1", "2"]


def test_rubric_table_refuses_another_kind() -> None:
    with pytest.raises(ValueError, match="'moves' is no kind of criterion"):
        rubric_table("moves")


def test_rubric_html_escapes_its_data() -> None:
    bold = "<b>&amp;</b>"
    levels = (Level(0, bold), Level(1, bold))
    criterion = Criterion("x", "fault", bold, bold, levels, (bold, bold), bold, ())
    assert _Text(rubric_html([criterion], bold)).words == f"{bold * 5} {bold}"


def test_source_list_prints_every_source_under_its_key(shown: list[str]) -> None:
    source_list()
    page = _Text(shown[0])
    assert {"s02", "s03", "s03b"} <= set(page.ids)
    assert "Weger" in page.words
    assert "*" not in page.words


def test_sources_html_escapes_its_data_and_keeps_italics_and_doi() -> None:
    source = {"reference": "A & B. *C <i>*.", "doi": "10.1/<2>", "shows": "<s>", "limit": "<l>"}
    html = sources_html({"S99": source}, "Yes", "No")
    assert "A &amp; B. <em>C &lt;i&gt;</em>." in html
    assert 'href="https://doi.org/10.1/&lt;2&gt;"' in html
    assert "<s>" not in html
    assert "<l>" not in html
    assert _Text(html).ids == ["s99"]


def test_sources_without_a_doi_have_no_link() -> None:
    source = {"reference": "A. B.", "shows": "s", "limit": "l"}
    assert "<a" not in sources_html({"S99": source}, "Yes", "No")
