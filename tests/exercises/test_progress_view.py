"""My progress on the screen: what it says, the certificate, and the record as one file."""

# ruff: noqa: ANN401  (widgets have no types)

import base64
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from exercises import bank, my_progress, progress
from exercises.certificate import check
from exercises.kinds import LISTED
from exercises.record import Entry, Record
from exercises.texts import say
from exercises.views import progress as progress_view
from exercises.views import progress_parts
from exercises.views.chart import MOST_POINTS, levels_svg
from exercises.views.progress_parts import KINDS
from tests.exercises.onscreen import by_class, html_of, region, restart, session, widgets, words_of

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
NAME = "Zoë <b>O'Brien</b>"
CHAPTER = "rebuilding-trust/active-listening"
BOOK = {
    CHAPTER: {
        "title": "Active listening",
        "notebook": f"notebooks/{CHAPTER.replace('/', '/01-')}.ipynb",
        "exercises": [{"kind": "rewrite", "id": "crown-not-back"}, {"kind": "spot", "id": "words"}],
    },
}


@pytest.fixture(autouse=True)
def small_book(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(progress, "book", lambda: BOOK)
    monkeypatch.setattr(progress_parts, "book", lambda: BOOK)
    progress._places.cache_clear()
    yield
    progress._places.cache_clear()


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What was displayed; every test is a new session, and no click is taken for a slip."""
    monkeypatch.setattr(progress_view, "DOUBLE_CLICK", -1)
    yield from session(monkeypatch)


@pytest.fixture
def record(learner_home: Path) -> Record:
    return Record(learner_home)


def attempt(
    exercise: str = "crown-not-back",
    total: float = 50,
    *,
    kind: str = "rewrite",
    days: int = 0,
    **levels: int,
) -> Entry:
    when = datetime.now(UTC) - timedelta(days=days)
    time = when.isoformat(timespec="milliseconds")
    return Entry(exercise, kind, f"A reply. {HOSTILE}", levels, total, time)


def finish(record: Record) -> None:
    """Do every chapter."""
    record.append(attempt(total=70, reflect=2))
    record.append(attempt("words", 100, kind="spot"))


def view(shown: list[Any]) -> Any:
    my_progress()
    return shown[-1]


def download(html: str) -> tuple[str, bytes]:
    """The name and content of the file that a link saves."""
    (link,) = re.findall(r'<a [^>]*class="tid-download"[^>]*>|<a class="tid-download"[^>]*>', html)
    name = re.search(r'download="([^"]+)"', link)
    data = re.search(r'href="data:[\w/-]+;base64,([^"]+)"', link)
    assert name is not None
    assert data is not None
    return name[1], base64.b64decode(data[1])


def upload(thing: Any, content: bytes) -> None:
    """Choose a file, as the browser hands it over."""
    by_class(thing, "tid-record-import").value = (
        {
            "name": "record.jsonl",
            "type": "",
            "size": len(content),
            "content": memoryview(content),
            "last_modified": datetime.now(UTC),
        },
    )


# ---- what it says ----


def test_new_learner_is_told_where_to_begin(shown: list[Any]) -> None:
    words = words_of(html_of(view(shown)))
    assert say("progress_none") in words
    found = bank.scenario("crown-not-back")
    assert f"Active listening: rewrite a reply ({found.trade}, {found.channel})" in words
    assert say("progress_levels_none") in words
    assert say("certificate_closed", titles="Active listening") in words


def test_record_is_shown_in_words_and_drawings(shown: list[Any], record: Record) -> None:
    for days, level in enumerate([2, 1, 0]):
        record.append(attempt(days=days, reflect=level, explore=2, blame=1, defend=0))
    html = html_of(view(shown))
    words = words_of(html)
    assert "3 attempts since" in words
    assert "0 of 1 chapters done" in words
    assert "0 of 2 exercises at 70 or more" in words
    assert say("progress_weakest", name="Blaming the customer").partition(":")[0] in words
    assert "oldest first: not yet, partly, fully" in html
    cards = re.findall(r'class="tid-progress-card" data-criterion="(\w+)"', html)
    assert "reflect" in cards
    assert "blame" in cards
    assert "defend" not in cards  # it never happened
    assert "<script" not in html


def test_table_says_the_same_as_the_drawings(shown: list[Any], record: Record) -> None:
    for days, level in ((9, 0), (8, 1), (0, 2)):
        record.append(attempt(days=days, reflect=level))
    html = html_of(view(shown))
    assert html.count("<svg") == html.count("<tbody><tr>") == 1
    row = re.findall(r"<tbody><tr>(.*?)</tr>", html)[0]
    assert words_of(row).startswith("Say it back 3 not yet fully 1.0 of 2")


def test_chapters_of_several_parts_stand_under_their_parts(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = view(shown)
    assert "Rebuilding trust" not in words_of(html_of(page))
    names = ("de-escalating/apology", "de-escalating/empathy", "keeping-your-cool/aftermath")
    more = {name: {**BOOK[CHAPTER], "title": name.partition("/")[2]} for name in names}
    for module in (progress, progress_parts):
        monkeypatch.setattr(module, "book", lambda: BOOK | more)
    words = words_of(html_of(view(shown)))
    parts = ["Rebuilding trust", "De-escalating tense", "Keeping your cool"]
    assert [words.index(part) for part in parts] == sorted(words.index(part) for part in parts)
    assert "Still to do: Active listening, apology, empathy and 1 more." in words


def test_links_lead_to_the_chapters_where_the_page_is(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = view(shown)
    assert re.search(r'href="rebuilding-trust/\d\d-active-listening\.ipynb"', html_of(page))
    monkeypatch.setattr("sys.platform", "emscripten")
    by_class(page, "tid-progress-refresh").click()
    assert 'href="rebuilding-trust/active-listening.html"' in html_of(page)
    assert ".ipynb" not in html_of(page)


def test_new_attempts_are_there_when_it_is_shown_again_or_brought_up_to_date(
    shown: list[Any], record: Record
) -> None:
    page = view(shown)
    record.append(attempt(reflect=1))
    assert view(shown) is page
    assert "1 attempt since" in words_of(html_of(page))
    record.append(attempt(reflect=2))
    by_class(page, "tid-progress-refresh").click()
    assert "2 attempts since" in words_of(html_of(page))
    assert say("progress_refreshed") in region(page, "tid-progress-say")


def test_damaged_record_is_told_as_long_as_the_copy_is_there(
    shown: list[Any], record: Record
) -> None:
    record.append(attempt(reflect=1))
    with record.path.open("ab") as file:
        file.write(b"{damaged\n")
    page = view(shown)
    for _ in range(2):
        (aside,) = record.damaged()
        assert say("progress_damaged", files=aside.name) in words_of(html_of(page))
        assert "1 attempt since" in words_of(html_of(page))
        view(shown)


def test_record_that_cannot_be_read_is_told(shown: list[Any], record: Record) -> None:
    record.path.mkdir(parents=True)
    assert say("progress_unreadable") in words_of(html_of(view(shown)))


def test_every_kind_has_a_name_for_learners() -> None:
    assert set(KINDS) == {*LISTED}


# ---- drawings ----


def points(svg: str) -> list[tuple[float, float]]:
    """Where the dots are, checked to lie on the line and within the picture."""
    root = ET.fromstring(svg)
    width, height = (float(part) for part in root.attrib["viewBox"].split()[2:])
    dots = [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in root.iter("circle")]
    (line,) = root.iter("polyline")
    assert line.attrib["points"].split() == [f"{x:g},{y:g}" for x, y in dots]
    assert all(0 < x < width and 0 < y < height for x, y in dots)
    return dots


def test_drawing_goes_up_with_the_level_and_right_with_time() -> None:
    words = ["not yet", "partly", "fully"]
    dots = points(levels_svg([0, 2, 1], words, "label"))
    assert [x for x, _ in dots] == sorted({x for x, _ in dots})
    (_, low), (_, high), (_, middle) = dots
    assert high < middle < low
    assert low - middle == middle - high
    assert len(points(levels_svg([1], words, "label"))) == 1


def test_drawing_keeps_to_the_last_attempts_and_to_known_levels() -> None:
    assert len(points(levels_svg([0] * 10_000 + [1], ["no", "yes"], "label"))) == MOST_POINTS
    assert points(levels_svg([9], ["no", "yes"], "label")) == points(
        levels_svg([1], ["no", "yes"], "label")
    )


def test_drawing_has_words_and_no_colours_of_its_own() -> None:
    svg = levels_svg([0, 1], ["no", "yes"], f"Skill {HOSTILE}")
    root = ET.fromstring(svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == f"Skill {HOSTILE}"
    assert not re.search(r"fill=|stroke=|style=|#[0-9a-f]{3}", svg)


# ---- the certificate ----


def test_certificate_is_closed_until_every_chapter_is_done(
    shown: list[Any], record: Record
) -> None:
    record.append(attempt(total=69.9))
    record.append(attempt("words", 100, kind="spot"))
    page = view(shown)
    form = by_class(page, "tid-certificate").children[1]
    assert form.layout.display == "none"
    by_class(page, "tid-line-box").value = NAME
    by_class(page, "tid-certificate-make").click()
    assert "tid-download" not in html_of(page)
    record.append(attempt(total=70))
    view(shown)
    assert form.layout.display is None
    assert say("certificate_open") in words_of(html_of(page))


def make(page: Any, name: str = NAME) -> str:
    """Make the certificate; returns its page."""
    by_class(page, "tid-line-box").value = name
    by_class(page, "tid-certificate-make").click()
    file, content = download(region(page, "tid-certificate-say"))
    assert file.endswith(".html")
    return content.decode("utf-8")


def test_certificate_has_name_date_and_a_code_that_fits_the_record(
    shown: list[Any], record: Record
) -> None:
    finish(record)
    html = make(view(shown))
    words = words_of(html)
    assert NAME in words
    assert "<b>" not in html.partition("<body>")[2]
    assert "Active listening" in words
    assert str(datetime.now().astimezone().year) in words
    code = re.findall(r"[0-9A-Z]{7}(?:-[0-9A-Z]{5}){3}", words)[0]
    record.append(attempt(days=-1))  # practice that comes later
    found = check(code, record.read(), NAME)
    assert (found.fits_record, found.fits_name) == (True, True)
    assert not re.search(r"<script|https?:|<img|<link", html)


def test_name_is_kept_only_where_the_learner_says_so(
    shown: list[Any], record: Record, learner_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish(record)
    page = view(shown)
    make(page)
    assert all("Brien" not in p.read_text() for p in learner_home.rglob("*") if p.is_file())
    (remember,) = widgets(by_class(page, "tid-certificate"), ipywidgets.Checkbox)
    assert remember.value is False
    remember.value = True
    make(page)
    restart(monkeypatch)
    again = view(shown)
    assert by_class(again, "tid-line-box").value == NAME
    (remember,) = widgets(by_class(again, "tid-certificate"), ipywidgets.Checkbox)
    assert remember.value is True
    remember.value = False
    make(again)
    restart(monkeypatch)
    assert by_class(view(shown), "tid-line-box").value == ""


def test_certificate_needs_a_name(shown: list[Any], record: Record) -> None:
    finish(record)
    page = view(shown)
    by_class(page, "tid-line-box").value = "  "
    by_class(page, "tid-certificate-make").click()
    assert say("certificate_no_name") in region(page, "tid-certificate-say")


# ---- the record as one file ----


def test_copy_that_is_saved_can_be_brought_in_elsewhere(
    shown: list[Any], record: Record, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    finish(record)
    page = view(shown)
    by_class(page, "tid-record-export").click()
    name, content = download(region(page, "tid-record-say"))
    assert (name, content) == ("talk-it-down-record.jsonl", record.path.read_bytes())
    monkeypatch.setenv("TALK_IT_DOWN_HOME", str(tmp_path / "elsewhere"))
    restart(monkeypatch)
    other = view(shown)
    upload(other, content)
    assert "2 attempts new, 0 were here already" in words_of(region(other, "tid-record-say"))
    assert "2 attempts since" in words_of(html_of(other))
    assert by_class(other, "tid-record-import").value == ()
    upload(other, content)
    assert "0 attempts new, 2 were here already" in words_of(region(other, "tid-record-say"))
    assert Record(tmp_path / "elsewhere").path.read_bytes() == content


def test_nothing_to_save_is_said(shown: list[Any]) -> None:
    page = view(shown)
    by_class(page, "tid-record-export").click()
    assert say("progress_export_none") in region(page, "tid-record-say")


def test_file_that_is_no_record_changes_nothing(shown: list[Any], record: Record) -> None:
    finish(record)
    before = record.path.read_bytes()
    page = view(shown)
    upload(page, b"\xff\xd8\xff a photograph")
    assert say("progress_import_bad") in region(page, "tid-record-say")
    line = json.dumps({"v": 1})
    upload(page, before + line.encode())
    assert say("progress_import_some", count=1) in words_of(region(page, "tid-record-say"))
    assert record.path.read_bytes() == before


def test_delete_asks_once_and_then_leaves_nothing(
    shown: list[Any], record: Record, learner_home: Path
) -> None:
    finish(record)
    page = view(shown)
    delete, keep = by_class(page, "tid-record-delete"), by_class(page, "tid-record-keep")
    assert keep.layout.display == "none"
    delete.click()
    assert say("progress_delete_ask", count="2 attempts") in region(page, "tid-record-say")
    assert delete.description == say("progress_delete_sure")
    keep.click()
    assert len(list(record.read())) == 2
    assert delete.description == say("progress_delete")
    delete.click()
    delete.click()
    assert say("progress_deleted") in region(page, "tid-record-say")
    assert say("progress_none") in words_of(html_of(page))
    assert [p.name for p in learner_home.rglob("*") if p.is_file() and p.read_bytes()] == []


def test_double_click_deletes_nothing(
    shown: list[Any], record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish(record)
    monkeypatch.setattr(progress_view, "DOUBLE_CLICK", 3600)
    delete = by_class(view(shown), "tid-record-delete")
    delete.click()
    delete.click()
    assert len(list(record.read())) == 2


@pytest.mark.parametrize("too", [True, False])
def test_drafts_go_only_where_the_learner_says_so(
    shown: list[Any], record: Record, learner_home: Path, too: bool
) -> None:
    finish(record)
    draft = learner_home / "drafts" / "crown-not-back.txt"
    draft.parent.mkdir()
    draft.write_text("Dear Lorna")
    page = view(shown)
    by_class(page, "tid-record-delete").click()
    (drafts,) = widgets(by_class(page, "tid-record"), ipywidgets.Checkbox)
    drafts.value = too
    by_class(page, "tid-record-delete").click()
    assert draft.exists() is not too


def test_disk_that_fails_is_told(
    shown: list[Any], record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish(record)
    page = view(shown)

    def fail(*_args: object) -> None:
        raise OSError("secret detail")

    monkeypatch.setattr(Record, "delete", fail)
    monkeypatch.setattr(Record, "merge", fail)
    by_class(page, "tid-record-delete").click()
    by_class(page, "tid-record-delete").click()
    assert say("progress_not_deleted") in region(page, "tid-record-say")
    upload(page, b"{}")
    assert say("went_wrong") in words_of(region(page, "tid-record-say"))


def test_page_holds_a_still_copy(shown: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALK_IT_DOWN_OUTPUT", "page")
    my_progress()
    html = shown[0].data
    assert 'data-kind="my-progress" data-exercise=""' in html
    assert 'data-go="tid-progress-refresh"' in html
    assert "data-say" in html
