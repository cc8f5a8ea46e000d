"""The site without a mouse: Tab comes by everything, shows where it is, and leaves again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.server import Site
from tests.e2e.visit import CHAPTER, Visit, wait_until_live

FIRST = "book/index.html"
# The next stop, null where the page ends; and what was wrong with the one before: nothing to see of
# the focus on it, on what it is in or what follows it, such as a check box's label.
NEXT_STOP = """() => {
  const look = (element) => [element, element.parentElement, element.nextElementSibling]
    .filter(Boolean).map((each) => getComputedStyle(each))
    .map((style) => [style.outlineStyle === "none" || style.outlineWidth, style.boxShadow]).join();
  const name = (element) => element.outerHTML.slice(0, 120);
  const { last } = window;
  const unseen = last && look(last.element) === last.look ? name(last.element) : null;
  const element = document.activeElement;
  if (element === document.body) return { stop: null, unseen, away: null };
  window.last = { element, look: look(element) };
  window.stops = (window.stops ?? new Map());
  if (!window.stops.has(element)) window.stops.set(element, window.stops.size);
  const box = element.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return { stop: window.stops.get(element), unseen, away: inside ? null : name(element) };
}"""
STILL = "*, ::before, ::after { transition: none !important; }"  # else a look lingers


@pytest.mark.parametrize("name", [FIRST, pytest.param(CHAPTER, marks=pytest.mark.thorough)])
def test_tab_comes_by_everything_and_shows_where_it_is(visit: Visit, name: str) -> None:
    page = visit.open(name)
    for exercise in page.locator(".tid-exercise").all():
        exercise.scroll_into_view_if_needed()
        wait_until_live(exercise)
    page.add_style_tag(content=STILL)
    page.evaluate("scrollTo(0, 0)")
    stops = []
    while True:
        page.keyboard.press("Tab")
        found = page.evaluate(NEXT_STOP)
        assert (found["unseen"], found["away"]) == (None, None)
        if found["stop"] is None:
            break
        stops.append(found["stop"])
        assert stops == list(range(len(stops)))  # never back to one before: no trap
        if len(stops) == 1:
            expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    boxes = page.locator("textarea:visible").count()
    assert page.evaluate("[...stops.keys()].filter((e) => e.matches('textarea')).length") == boxes


def test_skip_link_leads_to_the_text(visit: Visit) -> None:
    page = visit.open()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("name", [FIRST, CHAPTER])
def test_text_is_there_without_scripts(browser: Browser, site: Site, name: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.url + name)
        expect(page.locator(".bd-article h1")).to_be_visible()
        expect(page.locator(".tid-turn-customer").first).to_be_visible()
        expect(page.locator("noscript .tid-trouble").first).to_be_visible()
        # In the colours of the book, so that links are told from the text around them.
        link = page.locator(".bd-article p > a.reference").first
        expect(link).to_have_css("color", "rgb(11, 102, 112)")
