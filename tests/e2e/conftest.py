"""What every test in a real browser shares."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.browser import launch
from tests.e2e.jupyter import jupyterlab
from tests.e2e.lab import Lab
from tests.e2e.server import Site, serve
from tests.e2e.visit import PHONE, Visit, visit_site

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "_build" / "html"
PATIENCE = 30_000  # milliseconds: a notebook and its kernel on a busy machine


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
    with serve(BUILT, compress=True) as running:
        yield running


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab on a copy of the course, so that running a lesson changes nothing here."""
    folder = tmp_path_factory.mktemp("lab")
    course, home = folder / "course", folder / "learner"
    shutil.copytree(ROOT / "notebooks", course / "notebooks")
    shutil.copytree(ROOT / "book" / "_static", course / "book" / "_static")
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "TALK_IT_DOWN_HOME": str(home), "PYTHONPATH": paths}
    with jupyterlab(course, environment, folder / "log") as url:
        yield Lab(url, course, home)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window for JupyterLab."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    yield from visit_site(browser, site)


@pytest.fixture(params=["light", "dark"])
def themed_visit(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Visit]:
    yield from visit_site(browser, site, color_scheme=request.param)


@pytest.fixture
def phone_visit(browser: Browser, site: Site) -> Iterator[Visit]:
    yield from visit_site(browser, site, viewport=PHONE)
