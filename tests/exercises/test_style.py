"""The stylesheet: words are readable on their ground in both themes."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "exercises" / "views" / "style.css").read_text(encoding="utf-8")
LIGHT, DARK = re.findall(r"\{\n((?:  --tid-\w.*\n){9,})\}", CSS)
THEMES = {"light": LIGHT, "dark": DARK}
GROUNDS = {
    "text": ["paper", "shade", "hear", "own", "act", "fault"],
    "quiet": ["paper", "shade"],
    "accent": ["paper"],
    "on-accent": ["accent"],
    "hear-line": ["paper"],
    "own-line": ["paper"],
    "act-line": ["paper"],
    "fault-line": ["paper"],
}
# Borders and underlines are no text: 3 is enough (WCAG 2.2, 1.4.11).
LINES = {"line": ["paper", "shade"], "bad": ["paper", "shade"]}
LINES |= {f"{family}-line": [family] for family in ("hear", "own", "act", "fault")}


def luminance(colour: str) -> float:
    """Relative luminance of #rgb or #rrggbb (WCAG 2.2)."""
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("pairs", "least"), [(GROUNDS, 4.5), (LINES, 3.0)], ids=["text", "lines"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast(theme: str, pairs: dict[str, list[str]], least: float) -> None:
    colours = dict(re.findall(r"--tid-([\w-]+): (#\w+);", THEMES[theme]))
    poor = {
        f"{front} on {ground}": round(contrast(colours[front], colours[ground]), 2)
        for front, grounds in pairs.items()
        for ground in grounds
        if contrast(colours[front], colours[ground]) < least
    }
    assert poor == {}


def test_both_themes_have_the_same_colours_and_no_rule_has_its_own() -> None:
    names = [re.findall(r"--tid-[\w-]+", THEMES[theme]) for theme in ("light", "dark")]
    assert names[0] == names[1]
    rules = CSS.replace(THEMES["light"], "").replace(THEMES["dark"], "")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(", rules) == []
    used = set(re.findall(r"var\((--tid-[\w-]+)\)", rules))
    assert used == set(names[0])


def test_nothing_moves_by_itself() -> None:
    assert not re.search(r"animation|transition|@keyframes", CSS)
