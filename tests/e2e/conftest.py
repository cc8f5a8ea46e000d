"""What every test in a real browser shares."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.browser import launch
from tests.e2e.server import Site, serve

BUILT = Path(__file__).resolve().parents[2] / "_build" / "html"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; each test opens a context of its own in it."""
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The built site, served in the folder /course/ of a host."""
    if not (BUILT / "index.html").is_file():
        pytest.fail(f"There is no site in {BUILT}: build it with `nox -s book`.")
    with serve(BUILT) as running:
        yield running
