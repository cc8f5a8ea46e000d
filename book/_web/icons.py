"""Leaves of the theme's icons what the pages show: a few glyphs, of a font with thousands."""

from __future__ import annotations

import re
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

STYLES = "_static/styles/pydata-sphinx-theme.css"
FONTS = "_static/vendor/fontawesome/webfonts"
# The theme's other way to draw the same icons, with 1.5 MB of script.
SCRIPT = "_static/scripts/fontawesome.js"
NAMED = re.compile(r"((?:\.fa-[\w-]+:before,?)+)\{content:\"\\([0-9a-f]{2,5})\"\}")
SMALLER_FONT = re.compile(r"url\([^)]*\.woff2\) format\(\"woff2\"\),(?=url\([^)]*/fontawesome/)")
PRIVATE_USE = re.compile("[\ue000-\uf8ff]")


def leave_out_icons(site: Path) -> None:
    """Take out of the built site's icon fonts and their styles what no page or script names."""
    (site / SCRIPT).write_text("/* The icon font is enough. */\n", encoding="utf-8")
    scripts = (site / "_static").rglob("*.js")
    code = [path.read_text(encoding="utf-8") for path in (*site.rglob("*.html"), *scripts)]
    shown = {name for text in code for name in re.findall(r"\bfa-[\w-]+", text)}
    glyphs: set[int] = set()

    def keep_shown(icon: re.Match[str]) -> str:
        if shown.isdisjoint(re.findall(r"fa-[\w-]+", icon[1])):
            return ""
        glyphs.add(int(icon[2], 16))
        return icon[0]

    styles = NAMED.sub(keep_shown, (site / STYLES).read_text(encoding="utf-8"))
    glyphs |= set(map(ord, PRIVATE_USE.findall(styles)))  # those the styles themselves show
    for path in (site / FONTS).glob("*.ttf"):
        font = TTFont(path, recalcTimestamp=False)  # the same icons make the same bytes
        subsetter = Subsetter(Options(notdef_outline=True, layout_features=[]))
        subsetter.populate(unicodes=glyphs)
        subsetter.subset(font)
        font.save(path)
    for path in (site / FONTS).glob("*.woff2"):  # of so small a font nothing is left to squeeze
        path.unlink()
    (site / STYLES).write_text(SMALLER_FONT.sub("", styles), encoding="utf-8")
