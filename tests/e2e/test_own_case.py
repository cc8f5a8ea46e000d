"""The learner's own case, and the hint and the comparison that rewriting has, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from exercises.record import Record
from grader import load_rubric
from tests.e2e.lab import Lab, choose_theme, run_all, run_cells
from tests.e2e.server import Site
from tests.e2e.visit import (
    PHONE,
    START,
    Visit,
    barriers,
    expect_fit,
    hold_python,
    visit_site,
    wait_until_live,
)

PAGE = "book/your-own-case.html"
MESSAGE = "Your engineer came twice with the wrong part. We've had no heating since Friday!!"
WEAK = "I understand your frustration. We will pass on your comments to the team."
REPLY = (
    "Two visits, two wrong parts, and a cold house: anyone would be fed up. That's our mistake. "
    "I'm bringing the right valve myself tomorrow at nine."
)
HOSTILE = "<img src=x onerror='harmed=true'><script>harmed=true</script>"


def check(found: Locator, reply: str, *, words: str) -> Locator:
    """Check a reply to MESSAGE; returns the feedback once it has these words."""
    found.locator(".tid-own-case-message textarea").fill(MESSAGE)
    found.locator(".tid-own-case-reply textarea").fill(reply)
    found.locator(".tid-own-case-check").click()
    feedback = found.locator(".tid-own-case-feedback")
    expect(feedback).to_contain_text(words, timeout=START)
    return feedback


def expect_the_same_feedback(found: Locator) -> None:
    """Two drafts with feedback, compared; another move asked for."""
    feedback = check(found, WEAK, words="pass on your comments")
    assert feedback.get_attribute("aria-live") == "polite"
    weak = int(feedback.locator("[data-total]").get_attribute("data-total") or "")
    check(found, f"{REPLY} {HOSTILE}", words="right valve")
    assert int(feedback.locator("[data-total]").get_attribute("data-total") or "") > weak
    expect(feedback.locator("mark[data-criterion='reflect']").first).to_be_visible()
    expect(feedback).to_contain_text("<script>harmed=true</script>")
    found.locator(".tid-own-case-compare").click()
    expect(found.locator(".tid-draft")).to_have_count(2)
    found.get_by_label("Thank them for something").check()
    check(found, REPLY, words="right valve")
    expect(feedback.locator("[data-criterion='thank'][data-level='0']")).to_have_count(1)
    assert found.page.evaluate("window.harmed") is None


# ---- in JupyterLab ----


def in_lab(page: Page, lab: Lab, name: str) -> Locator:
    run_cells(page, lab, name, "from exercises import own_case\nown_case()")
    found = page.locator(".tid-own-case")
    found.wait_for()
    return found


def test_lab_gives_the_same_feedback_and_keeps_nothing_unasked(page: Page, lab: Lab) -> None:
    found = in_lab(page, lab, "own")
    expect_the_same_feedback(found)
    assert not [path for path in (lab.home / "own").rglob("*") if path.is_file()]
    found.get_by_label("Keep this reply in my record").check()
    expect(found.locator(".tid-own-case-kept")).to_contain_text("in your record")
    (entry,) = Record(lab.home / "own").read()
    assert (entry.kind, entry.text) == ("own-case", REPLY)
    run_all(page)  # a cell run twice shows the same words
    expect(page.locator(".tid-own-case-reply textarea")).to_have_value(REPLY)


@pytest.mark.thorough
def test_lab_is_done_by_keyboard_alone(page: Page, lab: Lab) -> None:
    found = in_lab(page, lab, "own-keys")
    page.get_by_label("What they wrote or said").focus()
    page.keyboard.type(MESSAGE)
    page.keyboard.press("Tab")
    page.keyboard.type(REPLY)
    for _ in load_rubric().moves:
        page.keyboard.press("Tab")
    page.keyboard.press("Space")  # the last move of the rubric
    page.keyboard.press("Tab")
    expect(found.locator(".tid-own-case-check")).to_be_focused()
    page.keyboard.press("Enter")
    expect(found.locator(".tid-own-case-feedback [data-total]")).to_be_visible()
    last = load_rubric().moves[-1].id
    expect(found.locator(f".tid-own-case-feedback [data-criterion='{last}']")).to_have_count(1)


@pytest.mark.thorough
def test_lab_shuts_nobody_out(page: Page, lab: Lab) -> None:
    found = in_lab(page, lab, "own-axe")
    expect_the_same_feedback(found)
    for theme in ("Dark", "Light"):
        choose_theme(page, theme)
        assert barriers(page, ".tid-own-case") == []


# ---- on the site ----


def on_site(visit: Visit) -> Locator:
    visit.open(PAGE)
    found = visit.page.locator(".tid-exercise").first
    found.scroll_into_view_if_needed()
    return found


def kept(page: Page) -> str:
    """All that the browser keeps of what was typed."""
    text: str = page.evaluate("Object.values(localStorage).join()")
    return text


def test_site_gives_the_same_feedback_and_keeps_nothing_unasked(visit: Visit) -> None:
    found = on_site(visit)
    wait_until_live(found)
    expect_the_same_feedback(found)
    assert "right valve" not in kept(visit.page)
    found.get_by_label("Keep this reply in my record").check()
    expect(found.locator(".tid-own-case-kept")).to_contain_text("in your record")
    assert "right valve" in kept(visit.page)
    assert "engineer" not in kept(visit.page)
    visit.open("book/progress.html")
    expect(visit.page.locator(".tid-progress-sum")).to_contain_text("1 attempt", timeout=START)


@pytest.mark.thorough
def test_site_words_and_ticks_from_before_python_are_carried_over(visit: Visit) -> None:
    let_go = hold_python(visit.page)
    found = on_site(visit)
    found.locator(".tid-own-case-message textarea").fill(MESSAGE)
    found.locator(".tid-own-case-reply textarea").fill(REPLY)
    found.get_by_label("Say it back").uncheck()
    found.get_by_label("Thank them for something").check()
    found.locator(".tid-own-case-check").click()
    found.locator(".tid-own-case-reply textarea").focus()
    expect(found.locator(".tid-live")).to_have_count(0)
    let_go()
    feedback = found.locator(".tid-own-case-feedback")
    feedback.locator("[data-total]").wait_for(timeout=START)
    expect(found.locator(".tid-own-case-message textarea")).to_have_value(MESSAGE)
    expect(found.locator(".tid-own-case-reply textarea")).to_have_value(REPLY)
    expect(found.locator(".tid-own-case-reply textarea")).to_be_focused()
    expect(feedback.locator("li[data-criterion='thank']")).to_have_count(1)
    expect(feedback.locator("li[data-criterion='reflect']")).to_have_count(0)
    assert "valve" not in kept(visit.page)


@pytest.mark.thorough
def test_site_shuts_nobody_out(themed_visit: Visit) -> None:
    found = on_site(themed_visit)
    wait_until_live(found)
    expect_the_same_feedback(found)
    assert barriers(themed_visit.page) == []


@pytest.mark.thorough
def test_site_phone_needs_no_sideways_scrolling(browser: Browser, site: Site) -> None:
    for visit in visit_site(browser, site, viewport=PHONE):
        found = on_site(visit)
        wait_until_live(found)
        expect_the_same_feedback(found)
        expect_fit(visit.page)


# ---- rewriting: a hint, and two drafts side by side ----


def expect_hint_and_comparison(found: Locator) -> None:
    found.locator(".tid-reply textarea").fill("Hello, sorry for the inconvenience.")
    found.locator(".tid-hint").click()
    hint = found.locator(".tid-hint-text")
    expect(hint).to_contain_text("A hint: Say it back", timeout=START)
    assert hint.get_attribute("aria-live") == "polite"
    expect(found.locator(".tid-feedback")).to_be_empty()  # it was no attempt
    expect(found.locator(".tid-show-compare")).to_be_hidden()
    better = "You gave up a morning's pay, Lorna, and there was no crown to fit."
    for reply in ("We are sorry for the inconvenience.", better):
        found.locator(".tid-reply textarea").fill(reply)
        found.locator(".tid-check").click()
        expect(found.locator(".tid-feedback .tid-marked")).to_contain_text(reply, timeout=START)
    expect(hint).to_be_empty()
    found.locator(".tid-show-compare").click()
    expect(found.locator(".tid-draft")).to_have_count(2)
    expect(found.locator(".tid-draft").first).to_contain_text("inconvenience")
    expect(found.locator(".tid-moved")).to_contain_text("Say it back")


@pytest.mark.thorough
def test_lab_gives_a_hint_and_compares_two_drafts(page: Page, lab: Lab) -> None:
    run_cells(page, lab, "hint", 'from exercises import practice\npractice("crown-not-back")')
    expect_hint_and_comparison(page.locator(".tid-rewrite"))


def test_site_gives_a_hint_and_compares_two_drafts(themed_visit: Visit) -> None:
    themed_visit.open()
    found = themed_visit.page.locator(".tid-exercise[data-exercise='crown-not-back']")
    found.scroll_into_view_if_needed()
    expect_hint_and_comparison(found)  # asked for before Python runs
    assert barriers(themed_visit.page, ".tid-rewrite") == []
