"""How long a reader of the site waits; `nox -s bench` runs it where `nox -s book` has built one.

The first feedback is counted from opening the page, beside that of a bare page which does no more
than load Pyodide and the grader and score the same reply. Medians, with a cold cache each time.
Then the same page twice in one profile like a reader's, through a line of 50 Mbit/s: the second
time it comes from what the service worker has kept. At last every held-out reply of the corpus is
scored in the page.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from book._web.build import WHEELHOUSE
from exercises.bank import BankScenario, scenario
from tests.e2e.browser import launch, launch_profile
from tests.e2e.server import serve

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "_build" / "html"
CHAPTER = "book/rebuilding-trust/active-listening.html"
REPLIES = ROOT / "grader" / "corpus" / "held-out.jsonl"
PYODIDE = ROOT / "_build" / "npm" / "node_modules" / "pyodide"
ROUNDS = 5
LINE = 50e6 / 8  # bytes a second

BARE = """<!doctype html>
<title>Pyodide and the grader</title>
<p id="total"></p>
<script type="module">
import { loadPyodide } from "./pyodide.mjs";
const wheel = fetch("grader.whl");
const { info } = await (await fetch("pyodide-lock.json")).json();
const pyodide = await loadPyodide({ lockFileContents: { info, packages: {} } });
pyodide.unpackArchive(await (await wheel).arrayBuffer(), "wheel");
pyodide.globals.set("row", ROW);
document.querySelector("#total").dataset.total = pyodide.runPython(`
    import json, grader
    given = json.loads(row)
    grader.assess(given["reply"], given["scenario"], given["asks"]).total`);
</script>
"""
EXERCISE = ".tid-exercise[data-kind=rewrite]"
WAIT = """(selector) => new Promise((resolve) => {
  const look = () => document.querySelector(selector)
    ? resolve(performance.now()) : requestAnimationFrame(look);
  look();
})"""
USABLE = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
KEPT = "navigator.serviceWorker.ready.then(() => true)"
CHECK_AGAIN = """(exercise) => new Promise((resolve) => {
  const before = exercise.querySelector(".tid-feedback").textContent;
  const start = performance.now();
  exercise.querySelector(".tid-check").click();
  const look = () => exercise.querySelector(".tid-feedback").textContent !== before
    ? resolve(performance.now() - start) : requestAnimationFrame(look);
  look();
})"""

SCORE_EACH = """async (rows) => {
  const times = [];
  for (const row of rows) {
    const start = performance.now();
    await window.talkItDown.score(row);
    times.push(performance.now() - start);
  }
  return times.slice(1); // the first has waited for Python to start
}"""


def measure_page(browser: Browser, url: str, reply: str) -> tuple[float, float, float]:
    """Milliseconds to a usable box, to the first feedback, and of the second after its click."""
    with browser.new_context(service_workers="block") as context:
        page = context.new_page()
        first = measure_first(page, url, reply)
        exercise = page.locator(EXERCISE).first
        exercise.locator("textarea").press_sequentially(" What else is on your mind?")
        return page.evaluate(USABLE), first, exercise.evaluate(CHECK_AGAIN)


def measure_first(page: Page, url: str, reply: str) -> float:
    """Milliseconds from opening the page to the first feedback."""
    page.goto(url, wait_until="domcontentloaded")
    exercise = page.locator(EXERCISE).first
    exercise.locator("textarea").fill(reply)
    exercise.locator(".tid-check").click()
    first: float = page.evaluate(WAIT, f"{EXERCISE} [data-total]")
    return first


def measure_visits(playwright: Playwright, url: str, reply: str) -> tuple[float, float]:
    """Milliseconds to the first feedback, at the first visit and at the second.

    In a profile on disk, like a reader's: another one has no cache for compiled programs.
    """
    with TemporaryDirectory() as profile, launch_profile(playwright, profile) as context:
        page = context.new_page()
        first = measure_first(page, url, reply)
        page.evaluate(KEPT)
        page.close()
        return first, measure_first(context.new_page(), url, reply)


def measure_bare(browser: Browser, url: str) -> float:
    """Milliseconds to the total on the bare page."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(url, wait_until="domcontentloaded")
        total: float = page.evaluate(WAIT, "[data-total]")
        return total


def measure_replies(browser: Browser, url: str) -> list[float]:
    """Milliseconds for each held-out reply, from the page to the worker and back."""
    rows = REPLIES.read_text(encoding="utf-8").splitlines()
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(url)
        times: list[float] = page.evaluate(SCORE_EACH, [rows[0], *rows])
        return times


def write_bare(folder: Path, found: BankScenario, reply: str) -> None:
    """Make the bare page and what it loads."""
    for name in ("pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide.mjs", "python_stdlib.zip"):
        shutil.copyfile(PYODIDE / name, folder / name)
    shutil.copyfile(PYODIDE / "pyodide-lock.json", folder / "pyodide-lock.json")
    (wheel,) = WHEELHOUSE.glob("talk_it_down-*.whl")
    shutil.copyfile(wheel, folder / "grader.whl")
    text = found.scenario
    told = {"setting": text.setting, "customer": text.customer, "agent_bad": text.agent_bad}
    row = json.dumps({"reply": reply, "scenario": told, "asks": dict(found.asks)})
    page = BARE.replace("ROW", json.dumps(row).replace("<", "\\u003c"))
    (folder / "index.html").write_text(page, encoding="utf-8")


def main() -> None:
    """Print the table."""
    if not (BUILT / CHAPTER).is_file():
        sys.exit("There is no site in _build/html: build it with `nox -s book`.")
    found = scenario("crown-not-back")
    reply = found.strong[0].reply
    pages, bare, visits = [], [], []
    with (
        TemporaryDirectory() as folder,
        serve(BUILT, compress=True) as site,
        serve(BUILT, compress=True, rate=LINE) as far,
        serve(Path(folder), compress=True) as plain,
        sync_playwright() as playwright,
    ):
        write_bare(Path(folder), found, reply)
        browser = launch(playwright)
        for _ in range(ROUNDS):
            site.sent.clear()
            plain.sent.clear()
            pages.append(measure_page(browser, site.url + CHAPTER, reply))
            bare.append(measure_bare(browser, plain.url))
            visits.append(measure_visits(playwright, far.url + CHAPTER, reply))
        loaded = [sum(served.sent.values()) / 1e6 for served in (site, plain)]
        replies = measure_replies(browser, site.url + CHAPTER)
        browser.close()
        usable, first, second = map(statistics.median, zip(*pages, strict=True))
        new, known = map(statistics.median, zip(*visits, strict=True))
        alone = statistics.median(bare)
        table = [
            ("from opening the chapter to a box to type in", usable, "ms"),
            ("from opening the chapter to the first feedback", first, "ms"),
            ("the same on a bare page with Pyodide and the grader", alone, "ms"),
            ("  the chapter's share of that", first / alone, "times"),
            ("from the click to the second feedback", second, "ms"),
            ("the first feedback through 50 Mbit/s, first visit", new, "ms"),
            ("  second visit", known, "ms"),
            ("  its share of the first", known / new, "times"),
            ("one reply in Pyodide, median", statistics.median(replies), "ms"),
            ("  its 99th percentile", statistics.quantiles(replies, n=100)[98], "ms"),
            ("the chapter with all it loads, gzip", loaded[0], "MB"),
            ("the bare page with all it loads, gzip", loaded[1], "MB"),
        ]
    for what, value, unit in table:
        sys.stdout.write(f"{what:<60}{value:>9.{2 if unit == 'times' else 1}f} {unit}\n")


if __name__ == "__main__":
    main()
