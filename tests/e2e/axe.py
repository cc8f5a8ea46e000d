"""What axe can check of WCAG 2.2 AA: contrast, names, roles, order."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "_build" / "npm" / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page, within: str | None = None) -> list[tuple[str, str]]:
    """The rules broken on the page (or within a CSS selector), each with the element's HTML."""
    page.add_script_tag(path=AXE)
    found = page.evaluate(
        """within => axe.run(within ?? document, {
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        }).then(({ violations }) => violations)""",
        within,
    )
    return [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]]
