"""The class report as an instructor opens it: on a screen, on a phone, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from grader.report import Report
from grader.results import Results
from tests.e2e.visit import PHONE, barriers
from tests.grader.classroom import BAD, FAIR, GOOD, classroom

WIDE: ViewportSize = {"width": 1280, "height": 900}
HOSTILE = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


def results() -> Results:
    texts = {"ana": (GOOD, GOOD), "ben": (GOOD, FAIR), "cas": (FAIR, f"{BAD} {HOSTILE}")}
    made = classroom({**texts, HOSTILE: (BAD, "")})
    return replace(made, replies=tuple(replace(reply, first=30.0) for reply in made.replies))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(Report(results()).html(), encoding="utf-8")
    return path


@contextmanager
def opened(
    browser: Browser, report: Path, size: ViewportSize, *, csp: bool = True
) -> Iterator[Page]:
    """The report in a window of its own, which asks nobody for anything."""
    context = browser.new_context(viewport=size, bypass_csp=not csp)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: pytest.fail(message.text))
    page.goto(report.as_uri())
    assert [url for url in asked if not url.startswith("data:")] == [report.as_uri()]
    yield page
    context.close()


def test_report_shows_its_pictures_and_obeys_nobody(browser: Browser, report: Path) -> None:
    with opened(browser, report, WIDE) as page:
        pictures = page.locator("img")
        assert pictures.count() == 3
        assert pictures.evaluate_all("all => all.every(one => one.naturalWidth > 300)")
        assert page.title() == "Two complaints: class report"
        assert page.get_by_text("document.title='owned'").count() > 0


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_report_is_open_to_everyone(browser: Browser, report: Path, size: ViewportSize) -> None:
    with opened(browser, report, size, csp=False) as page:
        assert barriers(page) == []
        assert page.evaluate("document.scrollingElement.scrollWidth") <= size["width"]


def test_wide_tables_are_scrolled_with_the_keyboard(browser: Browser, report: Path) -> None:
    with opened(browser, report, PHONE) as page:
        table = page.get_by_role("region", name="Learners")
        assert table.evaluate("it => it.scrollWidth > it.clientWidth")
        table.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("it => it.scrollLeft > 0", arg=table.element_handle())
        # Whose row it is stays in sight.
        head = table.get_by_role("rowheader").first.bounding_box()
        assert head
        assert head["x"] >= 0


def test_report_prints_without_cut_tables(browser: Browser, report: Path, tmp_path: Path) -> None:
    with opened(browser, report, {"width": 700, "height": 990}) as page:
        page.emulate_media(media="print")
        assert page.evaluate(
            """[...document.querySelectorAll("table, img")].every(
              it => it.getBoundingClientRect().right <= document.documentElement.clientWidth)"""
        )
        assert page.pdf(format="A4").startswith(b"%PDF-")
