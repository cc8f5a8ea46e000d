"""Draws the card that social media show beside a link to the site."""

from __future__ import annotations

from io import BytesIO

from font_source_sans_pro import SourceSansPro
from font_source_serif_pro import SourceSerifProSemibold
from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)  # what the media ask for
_MARGIN = 96
_PAPER, _INK, _QUIET, _ACCENT = "#fdfcf9", "#1f2a2c", "#5f5a50", "#0b6670"
# The line of the logo: a voice that begins jagged and comes to rest.
_VOICE = [(0, 0), (60, 0), (96, -110), (150, 140), (200, -70), (245, 60), (290, -25), (330, 0)]


def make_card(title: str, text: str) -> bytes:
    """Return a PNG with the title and, below it, the text; the same words make the same bytes."""
    image = Image.new("RGB", SIZE, _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 24, SIZE[1]), fill=_ACCENT)
    voice = [(_MARGIN + x, 160 + y * 0.6) for x, y in [*_VOICE, (SIZE[0] - 2 * _MARGIN, 0)]]
    draw.line(voice, fill=_ACCENT, width=9, joint="curve")
    draw.text((_MARGIN, 260), title, fill=_INK, font=ImageFont.truetype(SourceSerifProSemibold, 92))
    font = ImageFont.truetype(SourceSansPro, 42)
    lines = "\n".join(_lines(text, font, SIZE[0] - 2 * _MARGIN))
    draw.multiline_text((_MARGIN, 396), lines, fill=_QUIET, font=font, spacing=16)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _lines(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """The text in lines that are no longer than `width`."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
