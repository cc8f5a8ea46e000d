"""The pocket guide: a PDF that holds every card, whole, with its own fonts."""

import io
import re
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from exercises import pocket_guide
from exercises.__main__ import main
from exercises.compiled import compiled
from exercises.pocket_guide import NAME, make_guide
from grader import Scenario, assess, load_rubric
from grader.rubric import FAULTS


@pytest.fixture(scope="module")
def guide() -> bytes:
    return make_guide()


@pytest.fixture(scope="module")
def reader(guide: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(guide))


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is shown on the screen, instead of showing it."""
    html: list[str] = []
    monkeypatch.setattr("exercises.views.guide_page.show_html", html.append)
    return html


def plain(text: str) -> str:
    """Words and signs as both CommonMark and the PDF have them, without the breaks of lines."""
    text = text.replace("*", "").replace("...", "…").replace("’", "'")
    return re.sub(r"\s+", "", re.sub("[“”]", '"', text))


def test_guide_holds_every_card_whole_on_a_page(reader: PdfReader) -> None:
    pages = [plain(page.extract_text()) for page in reader.pages]
    cards = compiled("cards")
    assert list(cards) == list(compiled("coverage"))
    for id, card in cards.items():
        wanted = [plain(text) for text in (card["title"], *card["lines"], *card["notes"])]
        assert any(all(text in page for text in wanted) for page in pages), id


def test_guide_holds_the_rubric_the_steps_and_the_limits(reader: PdfReader) -> None:
    text = plain("".join(page.extract_text() for page in reader.pages))
    data = compiled("guide")
    wanted = [c.step or c.question for c in load_rubric().criteria.values()]
    wanted += [step["line"] for step in (*data["way"]["steps"], *data["limits"]["grades"])]
    wanted += [words for swap in data["swaps"] for words in (swap["never"], swap["instead"])]
    assert [words for words in wanted if plain(words) not in text] == []


def test_nothing_runs_over_the_edge_of_a_page(reader: PdfReader) -> None:
    millimetre = 72 / 25.4
    for page in reader.pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        assert (round(width / millimetre), round(height / millimetre)) == (105, 148)
        lows: list[float] = []

        def note(text: str, _: object, at: list[float], *rest: object) -> None:
            if text.strip() and not text.strip().isdigit():
                lows.append(at[5])  # noqa: B023 (used at once)

        page.extract_text(visitor_text=note)
        assert min(lows) > 8 * millimetre
        assert max(lows) < height


def test_guide_says_what_it_is_and_brings_its_fonts(reader: PdfReader) -> None:
    assert reader.metadata is not None
    assert reader.metadata.title == "Talk It Down: The pocket guide"
    root: Any = reader.root_object
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    pages: Any = reader.pages
    fonts = [font for page in pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert len(descriptor["/FontFile2"].get_data()) > 1000
    assert {item["/Title"] for item in reader.outline if isinstance(item, dict)} >= {
        "Six steps down",
        "The cards of the chapters",
    }


def test_what_never_to_say_has_its_fault_and_the_other_has_none() -> None:
    for swap in compiled("guide")["swaps"]:
        never = assess(swap["never"], Scenario()).levels
        assert never[swap["fault"]], swap["never"]
        instead = assess(swap["instead"], Scenario()).levels
        assert [fault for fault in FAULTS if instead[fault]] == [], swap["instead"]
    shown = {swap["fault"] for swap in compiled("guide")["swaps"]}
    assert shown == set(FAULTS)


def test_command_writes_the_same_bytes_again_and_misses_no_sign(
    guide: bytes,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    target = tmp_path / "out" / NAME
    assert main(["guide", "--out", str(target)]) == 0
    assert target.read_bytes() == guide
    assert capsys.readouterr().out == f"{target}\n"
    assert [record.message for record in caplog.records if "missing" in record.message] == []


def test_command_says_what_to_do_without_the_library(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "fpdf", None)
    assert main(["guide", "--out", str(tmp_path / NAME)]) == 1
    assert "talk-it-down[site]" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_page_of_the_site_links_to_the_file_of_the_site(
    shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALK_IT_DOWN_OUTPUT", "page")
    pocket_guide()
    assert f'href="../_static/talk-it-down/{NAME}"' in shown[0]


def test_notebook_brings_the_guide_along(
    shown: list[str], guide: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exercises.views.guide_page.make_guide", lambda: guide)
    pocket_guide()
    (data,) = re.findall(r'href="data:application/pdf;base64,([^"]+)"', shown[0])
    assert b64decode(data) == guide


def test_notebook_says_where_the_guide_is_without_the_library(
    shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fpdf", None)
    pocket_guide()
    assert "The site of the course has it" in shown[0]
    assert "<a" not in shown[0]
