"""The first feedback in a chapter beside the same exercise in JupyterLite; `nox -s bench` runs it.

The other page is what jupyterlite-sphinx makes of its directive `replite`: a frame with the REPL
of JupyterLite, which runs `practice(…)` at once, with the code hidden. Its button to start is left
out, in its favour. Both have a cold cache each time, and take turns.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

from book._web import lite
from exercises.bank import scenario
from tests.benchmarks.site import BUILT, CHAPTER, measure_first
from tests.e2e.browser import launch
from tests.e2e.server import serve

ROUNDS = 3
START = 180_000  # ms
SCENARIO = "crown-not-back"
CODE = f"from exercises import practice\npractice({SCENARIO!r})"
QUESTION = {"kernel": "python", "execute": "1", "hideCodeInput": "1", "showBanner": "0"}
PAGE = '<!doctype html><title>replite</title><iframe src="{}" width="800" height="800"></iframe>'
WAIT = """() => new Promise((resolve) => {
  const inside = document.querySelector("iframe").contentDocument;
  const look = () => inside.querySelector(".tid-feedback [data-total]")
    ? resolve(performance.now()) : requestAnimationFrame(look);
  look();
})"""


def write_page(folder: Path) -> None:
    """Make a page with the frame; what JupyterLite loads lies beside it as in the site."""
    repl = lite.make(lite.OUT.with_name("lite-repl"), ("repl",))
    (folder / "lite").symlink_to(repl)
    (folder / "_static").symlink_to(BUILT / "_static")
    frame = f"lite/repl/index.html?{urlencode({**QUESTION, 'code': CODE})}"
    (folder / "index.html").write_text(PAGE.format(frame.replace("&", "&amp;")), encoding="utf-8")


def measure_replite(browser: Browser, url: str, reply: str) -> float:
    """Milliseconds from opening the page to the first feedback in its frame."""
    with browser.new_context() as context:
        context.set_default_timeout(START)
        page = context.new_page()
        page.goto(url, wait_until="domcontentloaded")
        frame = page.frame_locator("iframe")
        frame.locator(".tid-reply textarea").fill(reply)
        frame.locator(".tid-check").click()
        first: float = page.evaluate(WAIT)
        return first


def measure_chapter(browser: Browser, url: str, reply: str) -> float:
    """Milliseconds from opening the chapter to the first feedback."""
    with browser.new_context(service_workers="block") as context:
        return measure_first(context.new_page(), url, reply)


def main() -> None:
    """Print the table."""
    if not (BUILT / CHAPTER).is_file():
        sys.exit("There is no site in _build/html: build it with `nox -s book`.")
    reply = scenario(SCENARIO).strong[0].reply
    own, other = [], []
    with (
        TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        serve(BUILT, compress=True) as site,
        serve(Path(folder), compress=True) as repl,
    ):
        write_page(Path(folder))
        browser = launch(playwright)
        for _ in range(ROUNDS):
            own.append(measure_chapter(browser, site.url + CHAPTER, reply))
            other.append(measure_replite(browser, repl.url, reply))
        browser.close()
        sent = sum(repl.sent.values()) / ROUNDS / 1e6
    first, slow = statistics.median(own), statistics.median(other)
    for what, value, unit in (
        ("from opening the chapter to the first feedback", first, "ms"),
        ("the same exercise in JupyterLite (replite)", slow, "ms"),
        ("  the chapter is faster by", slow / first, "times"),
        ("the page with replite with all it loads, gzip", sent, "MB"),
    ):
        sys.stdout.write(f"{what:<60}{value:>9.{2 if unit == 'times' else 1}f} {unit}\n")


if __name__ == "__main__":
    main()
