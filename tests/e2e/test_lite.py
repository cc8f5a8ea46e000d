"""JupyterLite, the second door: a chapter's notebook in JupyterLab, in the browser alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from book._web import lite
from tests.e2e.conftest import BUILT
from tests.e2e.lab import run_all
from tests.e2e.server import Site
from tests.e2e.visit import CHAPTER, barriers

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(
        not (BUILT / "lite").is_dir(),
        reason="the site has no JupyterLite: `nox -s lite` builds it",
    ),
]

PATIENCE = 180_000  # ms; all of Python and JupyterLab, on a busy machine
REPLY = "You took two mornings off for nothing, Lorna. I'm sorry. What else is on your mind?"
DOORS = ".dropdown-launch-buttons"
DOOR = re.compile(r'<a href="([^"]*lite/lab/index\.html[^"]*)"')
WORKERS = """navigator.serviceWorker.getRegistrations().then((found) =>
  found.map(({ scope, active }) => [scope, active?.scriptURL.split("?")[0]]).sort())"""


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A browser that keeps what pages have it keep, and in the end has asked no other host."""
    elsewhere: list[str] = []
    host = "{0.scheme}://{0.netloc}/".format(urlsplit(site.url))
    with browser.new_context(viewport={"width": 1280, "height": 900}) as opened:
        opened.set_default_timeout(PATIENCE)
        opened.on("request", lambda request: elsewhere.append(request.url))
        yield opened
    assert [url for url in elsewhere if not url.startswith((host, "data:", "blob:"))] == []


def wait_until_ready(page: Page) -> None:
    """Wait until the notebook's Python has nothing to do."""
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.get_by_text(re.compile(r"Python \(Pyodide\).*\| Idle")).wait_for()


def test_each_page_with_a_notebook_has_a_door_to_it() -> None:
    for name, notebook in lite.notebooks().items():
        page = name.removesuffix(".md") + ".html"
        (door,) = DOOR.findall((BUILT / page).read_text(encoding="utf-8"))
        assert (BUILT / page).parent.joinpath(urlsplit(door).path).resolve().is_file()
        assert parse_qs(urlsplit(unquote(door)).query) == {"path": [notebook]}
        assert (BUILT / "lite" / "files" / notebook).is_file()


def test_a_reply_is_graded_and_kept_while_the_site_keeps_its_own_worker(
    context: BrowserContext, site: Site
) -> None:
    chapter = context.new_page()
    chapter.goto(site.url + CHAPTER)
    chapter.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    assert barriers(chapter, DOORS) == []
    chapter.locator(f"{DOORS} button").click()
    with context.expect_page() as opened:
        chapter.locator(DOORS).get_by_text("Open in JupyterLite").click()

    page = opened.value
    wait_until_ready(page)
    figure = page.locator(".jp-RenderedMarkdown img").first
    figure.scroll_into_view_if_needed()
    assert figure.evaluate("img => img.decode().then(() => img.naturalWidth)") > 0

    run_all(page)
    box = page.locator(".tid-reply textarea").first
    box.fill(REPLY)
    page.locator(".tid-check").first.click()
    expect(page.locator(".tid-feedback [data-total]").first).to_be_attached(timeout=PATIENCE)
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert page.evaluate(WORKERS) == [
        [site.url, f"{site.url}sw.js"],
        [f"{site.url}lite/", f"{site.url}lite/service-worker.js"],
    ]

    # The kernel is a new one, and the learner's folder the old one.
    page.reload()
    wait_until_ready(page)
    run_all(page)
    expect(page.locator(".tid-reply textarea").first).to_have_value(REPLY, timeout=PATIENCE)
