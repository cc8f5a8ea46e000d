"""The first page, the marks in the sidebar, and the page for addresses where there is none."""

from __future__ import annotations

import json
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from exercises.progress import PASS, book, measure
from exercises.record import Entry
from tests.e2e.server import Site
from tests.e2e.visit import START, Visit, barriers, expect_fit

FIRST = "book/index.html"
REPLY = (
    "You took the morning off, unpaid, came in at 8.40 on the 12th, and the crown wasn't here, "
    "for the second time."
)


def test_first_page_grades_a_reply_above_the_fold(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 1280, "height": 800})
    page = visit.open(FIRST)
    box, check = page.locator(".tid-reply textarea"), page.locator(".tid-check")
    for part in (box, check):
        expect(part).to_be_in_viewport(ratio=1)
    box.fill(REPLY)
    check.click()
    total = page.locator(".tid-feedback [data-total]")
    expect(total).to_be_in_viewport(timeout=START)
    # The sidebar hears of the attempt.
    link = page.locator(".bd-links a[href='rebuilding-trust/active-listening.html']")
    expect(link).to_contain_text("begun")


def test_first_page_on_a_phone_begins_with_a_customer_and_a_box(phone_visit: Visit) -> None:
    page = phone_visit.open(FIRST)
    for form in (".tid-still", ".tid-live"):
        for part in (".tid-turn-customer", ".tid-reply textarea", ".tid-check"):
            place = page.locator(f"{form} {part}")
            place.wait_for(timeout=START)
            expect(place).to_be_in_viewport(ratio=1)
    expect_fit(page)


def test_first_page_shuts_nobody_out(themed_visit: Visit) -> None:
    assert barriers(themed_visit.open(FIRST)) == []


def attempts() -> list[Entry]:
    """A record with a chapter that is done, others that are begun in several ways."""
    done, passed, failed, barely, close = [*book()][:5]
    wanted = [(done, None, 90.0), (passed, 2, 90.0), (failed, 2, 10.0)]
    wanted += [(barely, None, float(PASS)), (close, None, PASS - 0.01)]
    return [
        Entry(each["id"], each["kind"], "words", {}, total, f"2026-01-0{day}T10:00:00Z")
        for day, (name, count, total) in enumerate(wanted, start=1)
        for each in book()[name]["exercises"][:count]
    ]


def test_marks_say_what_my_progress_says(themed_visit: Visit) -> None:
    entries = attempts()
    lines = [
        {"v": 1, "exercise": e.exercise, "kind": e.kind, "total": e.total, "time": e.time}
        for e in entries
    ]
    record = "\n".join(["{damaged", *map(json.dumps, [{"kind": 3}, None, *lines]), ""])
    page = themed_visit.page
    page.add_init_script(
        f"localStorage.setItem('talk-it-down/attempts.jsonl', {json.dumps(record)})"
    )
    themed_visit.open("book/rebuilding-trust/conclusion.html")
    marked = page.locator(".bd-links a:has(.tid-mark)")
    chapters = measure(entries, date(2026, 2, 1)).chapters
    begun = [each for each in chapters if any(total is not None for total in each.best.values())]
    expect(marked).to_have_count(len(begun))
    expected = [
        f"{each.title} (done)"
        if each.done_on
        else f"{each.title} (begun, {each.passed} of {len(each.best)} passed)"
        for each in begun
    ]
    assert {text.replace("’", "'") for text in marked.all_text_contents()} == {
        text.replace("’", "'") for text in expected
    }
    assert barriers(page, ".bd-links") == []


@pytest.mark.parametrize("address", ["nothing.html", "book/a/b/nothing.html"])
def test_missing_page_leads_home(page: Page, site: Site, address: str) -> None:
    answer = page.goto(site.url + address)
    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading")).to_have_text("There is no such page")
    link = page.get_by_role("link", name="first page")
    home = site.url + FIRST
    expect(link).to_have_attribute("href", home.removeprefix(home.partition("/course")[0]))
    link.click()
    expect(page).to_have_url(home)
