"""`python -m exercises guide`: the course as a booklet for the pocket, a PDF of A6 pages.

It is made of data: the take-away cards of the chapters, the rubric, and exercises/guide.yml.
The same data make the same bytes.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exercises.compiled import compiled
from exercises.files import write_atomic
from grader import load_rubric

if TYPE_CHECKING:
    from fpdf import FPDF

NAME = "talk-it-down-pocket-guide.pdf"
_MISSING = (
    "The pocket guide needs fpdf2 and two fonts, which are not installed. Take the guide from the "
    "course's site, or install them: pip install 'talk-it-down[site]'"
)
_PAGE = (105, 148)  # millimetres, A6
_MARGIN = 9
_BOTTOM = 12  # below the text, with the page number in them
_LINE = 4.1
_SIZE = 8.6  # points
_INK = (42, 40, 36)
_QUIET = (93, 88, 78)
_ACCENT = (11, 102, 112)
_BAD = (156, 42, 18)
_SHADE = (243, 240, 232)
# For the readers of the file alone, so that the same data make the same bytes.
_DATE = datetime(2026, 1, 1, tzinfo=UTC)


class GuideError(Exception):
    """The guide cannot be made; the message says what to do."""


def make_guide() -> bytes:
    """The guide as PDF. Raises GuideError where fpdf2 or the fonts are not installed."""
    guide = compiled("guide")
    book = _Booklet(guide["title"], guide["subtitle"])
    book.front(guide["use"], guide["licence"])
    book.way(guide["way"])
    book.limits(guide["limits"])
    book.swaps(guide["swaps_title"], guide["swaps"])
    rubric = load_rubric()
    book.heading(guide["rubric_title"])
    book.lines(guide["moves_title"], [(move.name, move.step) for move in rubric.moves], _ACCENT)
    book.lines(
        guide["faults_title"], [(fault.name, fault.question) for fault in rubric.faults], _BAD
    )
    book.cards(guide["cards_title"], compiled("cards"), compiled("outline"))
    book.own(guide["own_title"], guide["own_note"])
    return book.output()


class _Booklet:
    """Draws the pages; a block that would not fit begins a new one."""

    def __init__(self, title: str, subtitle: str) -> None:
        self.pdf = _new_pdf(title, subtitle)
        self.title, self.subtitle = title, subtitle
        self.width = _PAGE[0] - 2 * _MARGIN

    def output(self) -> bytes:
        """The whole as bytes."""
        return bytes(self.pdf.output())

    def front(self, use: str, licence: str) -> None:
        """The title page."""
        self.pdf.add_page()
        self.pdf.set_fill_color(*_ACCENT)
        self.pdf.rect(0, 0, _PAGE[0], 6, style="F")
        self.pdf.set_y(38)
        self._write(self.title, "Serif", 25, _INK, line=11)
        self._write(self.subtitle, "Serif", 15, _ACCENT, line=9)
        self.pdf.ln(6)
        self._write(use, "Sans", 10, _INK, line=5)
        self.pdf.set_y(-22)
        self._write(licence, "Sans", 7, _QUIET, line=3.4)

    def heading(self, text: str) -> None:
        """A heading on a new page."""
        self._new_page()
        self.pdf.start_section(text)
        self._write(text, "Serif", 14, _INK, line=6.5)
        self.pdf.ln(2)

    def way(self, way: Mapping[str, Any]) -> None:
        """The steps from hot to calm, drawn as a stair that leads down."""
        self.heading(way["title"])
        for i, step in enumerate(way["steps"]):
            indent = 3.2 * i

            def draw(step: Mapping[str, str] = step, at: float = _MARGIN + indent) -> None:
                self._write(f"**{step['name']}**", "Sans", 9.6, _ACCENT, line=4.6, at=at + 3)
                self._write(step["line"], "Sans", _SIZE, _INK, at=at + 3)

            self._block(draw, bar=_MARGIN + indent, after=2.2)
        self.pdf.ln(1)
        self._block(partial(self._write, way["note"], "Sans", _SIZE, _QUIET))

    def limits(self, limits: Mapping[str, Any]) -> None:
        """Four grades of abuse, a limit in three parts, and what to do afterwards."""
        self.heading(limits["title"])
        for grade in limits["grades"]:
            self._block(
                partial(self._write, f"**{grade['name']}:** {grade['line']}", "Sans", _SIZE, _INK),
                after=1.6,
            )
        self.pdf.ln(2)
        self._write(limits["wording_title"], "Serif", 11, _ACCENT, line=5.4)
        self._items(limits["wording"], ordered=True)
        self.pdf.ln(2)
        self._write(limits["after"], "Sans", _SIZE, _QUIET)

    def swaps(self, title: str, swaps: Iterable[Mapping[str, str]]) -> None:
        """What never to say, slanted, and what to say in its place."""
        self.heading(title)
        for swap in swaps:

            def draw(swap: Mapping[str, str] = swap) -> None:
                self._write(f"*{swap['never']}*", "Sans", _SIZE, _BAD)
                self._write(f"→ {swap['instead']}", "Sans", _SIZE, _INK, at=_MARGIN + 4)

            self._block(draw, after=1)

    def lines(
        self, title: str, lines: Iterable[tuple[str, str]], colour: tuple[int, int, int]
    ) -> None:
        """Names, each with its line."""
        self._block(partial(self._write, title, "Serif", 11, colour, line=5.4), keep=12)
        for name, line in lines:
            self._block(
                partial(self._write, f"**{name}.** {line}", "Sans", 7.9, _INK, line=3.7),
                after=1.1,
            )
        self.pdf.ln(2)

    def cards(
        self, title: str, cards: Mapping[str, Mapping[str, Any]], outline: Mapping[str, Any]
    ) -> None:
        """The take-away cards, part by part, each whole on a page."""
        self.heading(title)
        for part, data in outline.items():
            shown = [card for id, card in cards.items() if id.startswith(f"{part}/")]
            if not shown:
                continue
            self._block(partial(self._write, data["title"], "Sans", 8, _QUIET, line=4.4), keep=40)
            self.pdf.start_section(data["title"], level=1)
            for card in shown:
                self._card(card)

    def own(self, title: str, note: str) -> None:
        """A page to write on."""
        self.heading(title)
        self._write(note, "Sans", _SIZE, _INK)
        self.pdf.set_draw_color(*_QUIET)
        for i in range(9):
            y = self.pdf.get_y() + 11 + 11 * i
            self.pdf.line(_MARGIN, y, _PAGE[0] - _MARGIN, y)

    def _new_page(self) -> None:
        self.pdf.add_page()
        self.pdf.set_y(-9)
        self.pdf.set_font("Sans", size=7)
        self.pdf.set_text_color(*_QUIET)
        self.pdf.cell(0, 4, str(self.pdf.page_no()), align="C")
        self.pdf.set_y(_MARGIN)

    def _card(self, card: Mapping[str, Any]) -> None:
        def draw() -> None:
            self._write(card["chapter"], "Sans", 6.8, _QUIET, line=3.4, at=_MARGIN + 3)
            self._write(card["title"], "Serif", 11, _ACCENT, line=5.2, at=_MARGIN + 3)
            self._items(card["lines"], ordered=card["ordered"], at=_MARGIN + 3)
            for note in card["notes"]:
                self.pdf.ln(0.8)
                self._write(note, "Sans", _SIZE, _QUIET, at=_MARGIN + 3)

        self._block(draw, box=True, after=3)

    def _items(self, lines: Sequence[str], *, ordered: bool, at: float = _MARGIN) -> None:
        for i, line in enumerate(lines, 1):
            y = self.pdf.get_y()
            self._write(f"{i}" if ordered else "•", "Sans", _SIZE, _ACCENT, at=at)
            self.pdf.set_y(y)
            self._write(line, "Sans", _SIZE, _INK, at=at + 4.5)
            self.pdf.ln(0.5)

    def _write(
        self,
        text: str,
        font: str,
        size: float,
        colour: tuple[int, int, int],
        *,
        line: float = _LINE,
        at: float = _MARGIN,
    ) -> None:
        """Text from `at` to the right margin, or to the edge of a box; `*words*` are slanted."""
        self.pdf.set_font(font, size=size)
        self.pdf.set_text_color(*colour)
        self.pdf.set_x(at)
        right = _MARGIN + (3 if at > _MARGIN else 0)
        self.pdf.multi_cell(
            _PAGE[0] - at - right,
            line,
            _markup(text),
            align="L",
            markdown=True,
            new_x="LMARGIN",
            new_y="NEXT",
        )

    def _height(self, draw: Callable[[], None]) -> float:
        """How high it is what `draw` draws."""
        with self.pdf.offset_rendering() as trial:
            begun = trial.get_y()
            draw()
            return float(trial.get_y() - begun)

    def _block(
        self,
        draw: Callable[[], None],
        *,
        after: float = 0,
        keep: float = 0,
        box: bool = False,
        bar: float | None = None,
    ) -> None:
        """Draw what belongs together on one page; `keep` is room for what follows it."""
        pad = 2.2 if box else 0.0
        height = self._height(draw)
        if self.pdf.get_y() + height + 2 * pad + keep > _PAGE[1] - _BOTTOM:
            self._new_page()
        top = self.pdf.get_y()
        if box:
            self.pdf.set_fill_color(*_SHADE)
            self.pdf.rect(
                _MARGIN,
                top,
                self.width,
                height + 2 * pad,
                style="F",
                round_corners=True,
                corner_radius=1.6,
            )
        if bar is not None:
            self.pdf.set_fill_color(*_ACCENT)
            self.pdf.rect(bar, top + 0.6, 1, height - 1, style="F")
        self.pdf.set_y(top + pad)
        draw()
        self.pdf.set_y(self.pdf.get_y() + pad + after)


def _markup(text: str) -> str:
    """CommonMark's `*words*` as fpdf2 has it, `__words__`, and quotation marks as in print."""
    text = re.sub(r"(?<!\*)\*([^*]+)\*(?!\*)", r"__\1__", text)
    text = re.sub(r"(^|[\s(_–])\"", r"\1“", text)
    return text.replace('"', "”").replace("'", "’").replace("...", "…")


def _new_pdf(title: str, subtitle: str) -> FPDF:
    try:
        from font_source_sans_pro import font_files_ttf as sans
        from font_source_serif_pro import font_files_ttf as serif
        from fpdf import FPDF, ViewerPreferences
    except ImportError:
        raise GuideError(_MISSING) from None

    pdf = FPDF(format=_PAGE, unit="mm")
    pdf.set_auto_page_break(auto=False)  # blocks are never broken
    pdf.set_margins(_MARGIN, _MARGIN)
    for style, name in (("", ""), ("B", "Semibold"), ("I", "It"), ("BI", "SemiboldIt")):
        pdf.add_font("Sans", style, sans[f"SourceSansPro{name}"])
    pdf.add_font("Serif", "", serif["SourceSerifProSemibold"])
    pdf.set_title(f"{title}: {subtitle}")
    pdf.set_author("Talk It Down contributors")
    pdf.set_lang("en-GB")
    pdf.set_creation_date(_DATE)
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
    return pdf


def main(argv: Sequence[str]) -> int:
    """Write the guide to a file; 1 where it cannot be made."""
    parser = argparse.ArgumentParser(prog="python -m exercises guide", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(NAME), help=f"the file; else {NAME}")
    args = parser.parse_args(argv)
    try:
        data = make_guide()
    except GuideError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    write_atomic(args.out, data)
    sys.stdout.write(f"{args.out}\n")
    return 0
