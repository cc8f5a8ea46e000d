"""A browser window on the built site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    Route,
    ViewportSize,
)

from tests.e2e.server import Site

AXE = (
    Path(__file__)
    .resolve()
    .parents[2]
    .joinpath("_build", "npm", "node_modules", "axe-core", "axe.min.js")
)
CHAPTER = "book/rebuilding-trust/active-listening.html"
PHONE: ViewportSize = {"width": 375, "height": 812}
START = 60_000  # ms; Python starts in seconds, but not on every machine


@dataclass
class Visit:
    """A browser window on the site, and what it did that it should not."""

    context: BrowserContext
    site: Site
    page: Page
    elsewhere: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, name: str = CHAPTER) -> Page:
        """Open a page of the site in this window."""
        self.page.goto(self.site.url + name)
        return self.page

    def watch(self, page: Page) -> Page:
        """Note requests to other hosts and errors of a page."""
        page.on("request", self._on_request)
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)
        return page

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.elsewhere.append(request.url)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _on_error(self, error: Error) -> None:
        self.errors.append(str(error))


def visit_site(browser: Browser, site: Site, **options: object) -> Iterator[Visit]:
    """A window of its own, which in the end must have asked only the site and had no errors.

    It keeps nothing for later, so that a test sees every request.
    """
    context = browser.new_context(service_workers="block", **options)  # type: ignore[arg-type]
    visit = Visit(context, site, context.new_page())
    visit.watch(visit.page)
    yield visit
    context.close()
    assert visit.elsewhere == []
    assert visit.errors == []


def wait_until_live(exercise: Locator) -> None:
    """Wait until Python runs and the widgets are there."""
    exercise.locator(".tid-live").wait_for(timeout=START)


def hold_python(page: Page) -> Callable[[], None]:
    """Keep Python from a page until what is returned is called."""
    held: list[Route] = []
    is_held = True

    def hold(route: Route) -> None:
        if is_held:
            held.append(route)
        else:  # on a busy machine the page may ask for it only now
            route.continue_()

    page.route("**/pyodide.asm.wasm", hold)

    def let_go() -> None:
        nonlocal is_held
        is_held = False
        for route in held:
            route.continue_()

    return let_go


def open_kinds(visit: Visit, kinds: Iterable[str]) -> Page:
    """Open the chapter, and wait until its exercises of these kinds are live."""
    page = visit.open()
    for kind in kinds:
        exercise = page.locator(f".tid-exercise[data-kind={kind}]")
        exercise.scroll_into_view_if_needed()
        wait_until_live(exercise)
    return page


def open_exercise(visit: Visit, id: str, *, live: bool = True) -> Locator:
    """Open the chapter at an exercise; unless `live` is false, wait until it is live."""
    exercise = visit.open().locator(f".tid-exercise[data-exercise={id}]")
    exercise.scroll_into_view_if_needed()
    if live:
        wait_until_live(exercise)
    return exercise


def expect_fit(page: Page, *kinds: str) -> None:
    """Nothing must be wider than a phone, neither the page nor its exercises of these kinds."""
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    for kind in kinds:
        frame = page.locator(f".tid-live .tid-{kind}")
        assert frame.evaluate("f => f.scrollWidth <= f.clientWidth")


def barriers(page: Page, within: str = "", *more: str) -> list[tuple[str, str]]:
    """What shuts people or their tools out, in the page or in a part of it: rule and element.

    axe checks what a program can check of WCAG 2.2 AA: contrast, names, roles, order; `more` names
    sets of its rules that go beyond.
    """
    page.add_script_tag(path=AXE)
    found = page.evaluate(
        """([within, rules]) => axe.run(within || document, {
          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", ...rules],
        }).then(({ violations }) => violations)""",
        [within, more],
    )
    return [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]]
