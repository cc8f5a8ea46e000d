"""What every test in a real browser shares."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.browser import launch


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; each test opens a context of its own in it."""
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()
