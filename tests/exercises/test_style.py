"""The stylesheet: words are readable on their ground in both themes."""

import re
from pathlib import Path

import pytest

from exercises.views.figures import LOOKS

VIEWS = Path(__file__).parents[2] / "exercises" / "views"
SHEETS = sorted(VIEWS.glob("*.css"))
CSS = (VIEWS / "style.css").read_text(encoding="utf-8")
WELCOME = "@media (prefers-reduced-motion: no-preference) {"
LIGHT, DARK = re.findall(r"\{\n((?:  --tid-\w.*\n){9,})\}", CSS)
THEMES = {"light": LIGHT, "dark": DARK}
GROUNDS = {
    "text": ["paper", "shade", "hear", "own", "act", "fault"],
    "quiet": ["paper", "shade"],
    "accent": ["paper", "shade"],
    "on-accent": ["accent"],
    "hear-line": ["paper"],
    "own-line": ["paper"],
    "act-line": ["paper", "shade"],
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


def always(css: str) -> str:
    """The rules that hold where people have asked for no motion, too."""
    left, found = "", css.partition(WELCOME)
    while found[1]:
        depth, end = 1, 0
        while depth:
            depth += {"{": 1, "}": -1}.get(found[2][end], 0)
            end += 1
        left, found = left + found[0], found[2][end:].partition(WELCOME)
    return left + found[0]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_nothing_moves_where_motion_is_not_welcome(sheet: Path) -> None:
    rules = always(sheet.read_text(encoding="utf-8"))
    assert not re.search(r"\btransition|scroll-behavior", rules)
    # What says more than "now it is there" has no place here.
    for name, frames in re.findall(r"@keyframes ([\w-]+) (\{(?:[^{}]*\{[^{}]*\})*\s*\})", rules):
        changed = set(re.findall(r"^\s*([\w-]+):", frames, re.M))
        assert changed <= {"visibility", "position"}, name
    assert rules.count("@keyframes") == len(re.findall(r"@keyframes [\w-]+ \{", rules))


def test_what_appears_without_motion_is_defined_without_it() -> None:
    everywhere = always("\n".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS))
    used = set(re.findall(r"animation(?:-name)?:\s*([\w-]+)", everywhere))
    assert used <= set(re.findall(r"@keyframes ([\w-]+)", everywhere))
    assert "tid-appear" in used


def test_rules_for_motion_are_told_from_the_others() -> None:
    css = f"a {{ b: c }} {WELCOME}\n  @keyframes x {{ from {{ top: 0 }} }}\n}} d {{ e: f }}"
    assert always(css).split() == "a { b: c } d { e: f }".split()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_people_in_drawings_stand_out_from_the_wall(theme: str) -> None:
    css = (VIEWS / "scene.css").read_text(encoding="utf-8")
    light, dark = re.findall(r"\{\n((?:  --tid-fig-\w.*\n){9,})\}", css)
    own = re.findall(r"--tid-fig-([\w-]+): (#\w+);", light if theme == "light" else dark)
    colours = dict(own)
    looks = re.findall(r"\.tid-look-\d \{\n(.*?)\}", css, re.S)
    assert len(looks) == LOOKS - 1  # and the one without a rule of its own
    for look in ["", *looks]:
        one = colours | dict(re.findall(r"--tid-fig-([\w-]+): (#\w+);", look))
        # Face against wall and eyes against face: what a pose is told by.
        assert contrast(one["skin"], one["wall"]) >= 1.4, look
        assert contrast(one["ink"], one["skin"]) >= 2.8, look
        assert contrast(one["shirt"], one["wall"]) >= 1.7, look
