"""The phrase finder, the pocket guide and the page of what is taught where, in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from exercises import bank
from exercises.pocket_guide import NAME
from tests.e2e.lab import Lab, run_cells
from tests.e2e.visit import START, Visit, barriers, expect_fit

PHRASES = "book/phrases.html"
GUIDE = "book/pocket-guide.html"
COVERAGE = "book/coverage.html"
SCENARIOS = "book/scenarios.html"


def expect_to_find(page: Page) -> None:
    """Words and a criterion narrow the finder down, and without them all is there again."""
    finder = page.locator(".tid-finder")
    shown = finder.locator("details:not([hidden])")
    expect(shown).to_have_count(23)
    expect(finder.locator("li").first).to_be_hidden()
    words = finder.get_by_label("Words to look for")
    words.fill("SORRY  if")
    told = finder.get_by_role("status")
    expect(told).to_contain_text("phrases")
    for item in finder.locator("li:not([hidden]) > span").all_inner_texts():
        assert "sorry" in item.lower()
        assert "if" in item.lower()
    expect(
        finder.locator("details[data-criterion=pseudo_apology] li:not([hidden])").first
    ).to_be_visible()
    finder.get_by_label("A line of the rubric").select_option("Offer a choice")
    expect(told).to_have_text(
        "Nothing with these words. Try fewer, or only the beginning of a word."
    )
    expect(shown).to_have_count(0)
    words.fill("")
    expect(shown).to_have_count(1)
    expect(shown.locator("mark").first).to_be_visible()
    finder.get_by_label("A line of the rubric").select_option("All of them")
    expect(shown).to_have_count(23)


def test_lab_finds_phrases(page: Page, lab: Lab) -> None:
    run_cells(page, lab, "phrases", "from exercises import phrase_finder\nphrase_finder()")
    page.locator(".tid-finder-fields").wait_for()
    expect_to_find(page)
    assert barriers(page, ".tid-finder") == []


def test_lab_saves_the_pocket_guide(page: Page, lab: Lab, tmp_path: Path) -> None:
    run_cells(page, lab, "guide", "from exercises import pocket_guide\npocket_guide()")
    expect_a_guide(page.locator("a.tid-download"), tmp_path)


def test_site_finds_phrases_without_python(visit: Visit) -> None:
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    expect_to_find(visit.open(PHRASES))
    assert asked
    assert not [url for url in asked if "pyodide" in url]


def test_site_saves_the_pocket_guide(visit: Visit, tmp_path: Path) -> None:
    expect_a_guide(visit.open(GUIDE).locator("a.tid-download"), tmp_path)


def expect_a_guide(link: Locator, folder: Path) -> None:
    link.wait_for(timeout=START)
    with link.page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == NAME
    download.value.save_as(folder / NAME)
    assert (folder / NAME).read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("name", [PHRASES, GUIDE, COVERAGE])
def test_pages_fit_a_phone(phone_visit: Visit, name: str) -> None:
    expect_fit(phone_visit.open(name))


@pytest.mark.parametrize("name", [PHRASES, GUIDE, COVERAGE])
def test_pages_shut_nobody_out(themed_visit: Visit, name: str) -> None:
    page = themed_visit.open(name)
    if name == PHRASES:
        page.get_by_label("A line of the rubric").select_option("Blames the customer")
        expect(page.locator(".tid-finder details:not([hidden]) mark").first).to_be_visible()
    assert barriers(page) == []


def test_site_lists_the_scenarios_that_the_menus_ask_for(phone_visit: Visit) -> None:
    page = phone_visit.open(SCENARIOS)
    listed = page.locator(".tid-scenarios")
    rows = listed.locator("tbody tr")
    shown = rows.filter(visible=True)
    everything = rows.count()
    expect(shown).to_have_count(everything)
    listed.get_by_label("Pool").select_option("assessment")
    listed.get_by_label("Asks for").first.select_option("apologise")
    wanted = [s for s in bank.scenarios() if s.pool == "assessment" and "apologise" in s.asks]
    expect(shown).to_have_count(len(wanted))
    assert 0 < len(wanted) < everything
    expect(shown.first.locator("code")).to_have_text(wanted[0].id)
    listed.get_by_label("Pool").select_option("")
    listed.get_by_label("Asks for").first.select_option("")
    expect(shown).to_have_count(everything)
