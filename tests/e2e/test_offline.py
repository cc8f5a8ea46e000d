"""What the service worker keeps: the course without a connection, and one release at a time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from book._web.release import write_worker
from tests.e2e.conftest import BUILT
from tests.e2e.server import Site, serve
from tests.e2e.visit import CHAPTER, START

WEB = Path(__file__).resolve().parents[2] / "book" / "_web"
REPLY = "You took two mornings off for nothing, Lorna. I'm sorry."
# A page of a site of two pages, each with the same script; both say which release they are of.
PAGE = """<!doctype html><html lang="en"><title>A page</title>
<link rel="icon" href="_static/icon.svg">
<p id="page">{release}</p><p id="script"></p>
<script src="_static/said.js"></script>
<script type="module" src="_static/talk-it-down/page.js"></script></html>"""
SAID = "document.querySelector('#script').textContent = '{release}';"
KEEP = "keepSite(() => false, new Promise(() => {}));"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that keeps what a service worker has it keep."""
    with browser.new_context(service_workers="allow") as opened:
        opened.set_default_timeout(START)
        yield opened


def open_page(context: BrowserContext, url: str) -> Page:
    """A new window; its seconds of waiting can be skipped."""
    page = context.new_page()
    page.clock.install()
    page.goto(url)
    return page


def wait_until_kept(page: Page) -> None:
    """Let the page have its quiet seconds, and the worker its time to fetch."""
    page.clock.run_for(7_000)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")


def publish(folder: Path, release: int) -> None:
    """Put a release of the site of two pages into the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    scripts = folder / "_static" / "talk-it-down"
    scripts.mkdir(parents=True)
    for name in ("read.html", "unread.html"):
        (folder / name).write_text(PAGE.format(release=release), encoding="utf-8")
    (folder / "_static" / "said.js").write_text(SAID.format(release=release), encoding="utf-8")
    (folder / "_static" / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    offline = (WEB / "offline.js").read_text(encoding="utf-8")
    (scripts / "page.js").write_text(offline + KEEP, encoding="utf-8")
    write_worker(folder, ["read.html", "unread.html"], build="")


def expect_release(page: Page, release: int) -> None:
    """The page and its script must be of the same release, this one."""
    expect(page.locator("#page")).to_have_text(str(release), timeout=START)
    expect(page.locator("#script")).to_have_text(str(release), timeout=START)


def reload_until(page: Page, release: int) -> None:
    """Load the page anew until it is of this release; the browser forgets closed pages late."""
    for _ in range(10):
        page.reload(wait_until="commit")
        with suppress(AssertionError):
            expect(page.locator("#page")).to_have_text(str(release), timeout=5_000)
            break
    expect_release(page, release)


def test_a_chapter_once_read_works_and_grades_without_a_connection(
    context: BrowserContext,
) -> None:
    def check(page: Page, reply: str) -> None:
        exercise = page.locator(".tid-exercise[data-kind=rewrite]").first
        exercise.locator("textarea").fill(reply)
        exercise.locator(".tid-check").click()
        exercise.locator("[data-total]").wait_for(timeout=START)
        expect(exercise.locator(".tid-marked")).to_contain_text(reply)

    with serve(BUILT, compress=True) as site:
        page = open_page(context, site.url + CHAPTER)
        check(page, REPLY)
        wait_until_kept(page)
    page.goto(page.url)  # there is no server any more
    check(page, REPLY + " What matters most to you now?")


def test_no_page_is_of_two_releases(context: BrowserContext, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    publish(folder, 1)
    with serve(folder) as site:
        first = open_page(context, site.url + "read.html")
        wait_until_kept(first)
        publish(folder, 2)
        # A page that was not kept: only the new release of it is to be had.
        first.goto(site.url + "unread.html")
        expect_release(first, 2)
        first.goto(site.url + "read.html")
        expect_release(first, 2)


def test_a_new_release_waits_until_no_page_of_the_old_one_is_open(
    context: BrowserContext, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    publish(folder, 1)
    with serve(folder) as site:
        first = open_page(context, site.url + "read.html")
        wait_until_kept(first)
        publish(folder, 2)
        second = open_page(context, site.url + "read.html")
        expect_release(second, 1)
        second.evaluate(
            """async () => {
              const registration = await navigator.serviceWorker.getRegistration();
              await registration.update();
              while (!registration.waiting) await new Promise(requestAnimationFrame);
            }"""
        )
        second.reload()
        expect_release(second, 1)
        first.close()
        reload_until(second, 2)
    second.reload()  # there is no server any more
    expect_release(second, 2)


def test_nothing_is_missing_where_the_browser_has_no_service_workers(
    browser: Browser, site: Site
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.add_init_script("delete Navigator.prototype.serviceWorker")  # as on http
        page.goto(site.url + CHAPTER)
        exercise = page.locator(".tid-exercise[data-kind=rewrite]").first
        exercise.locator("textarea").fill(REPLY)
        exercise.locator(".tid-check").click()
        exercise.locator("[data-total]").wait_for(timeout=START)
        assert errors == []
