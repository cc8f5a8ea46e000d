"""Every page of the built site, with its first exercise live."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import ROOT
from tests.e2e.test_links import astray
from tests.e2e.visit import Visit, barriers, expect_fit, wait_until_live

SOURCES = sorted((ROOT / "book").rglob("*.md"))
PAGES = [path.relative_to(ROOT).with_suffix(".html").as_posix() for path in SOURCES]
LOOKS = [(1280, "light"), (1280, "dark"), (375, "light")]
# What Python has drawn, too.
LINKS = "[...document.querySelectorAll('a[href]')].map((link) => link.href)"


@pytest.mark.thorough
@pytest.mark.parametrize("name", [*PAGES, "404.html", "genindex.html", "search.html"])
def test_page_is_sound_and_shuts_nobody_out(visit: Visit, name: str) -> None:
    page = visit.open(name)
    exercises = page.locator(".tid-exercise")
    if exercises.count():
        exercises.first.scroll_into_view_if_needed()
        wait_until_live(exercises.first)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 812})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.wait_for_timeout(1_000)  # the theme lets Tab into what scrolls now a while later
        assert barriers(page, "", "best-practice") == [], (width, scheme)
    expect_fit(page)
    links = {link.removeprefix(visit.site.url) for link in page.evaluate(LINKS)}
    assert [told for link in sorted(links) if (told := astray("index.html", link))] == []
