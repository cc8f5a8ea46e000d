"""My progress and the record as a learner meets them: in JupyterLab and on the site."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from exercises.progress import book
from exercises.record import Record
from tests.e2e.lab import Lab, choose_theme, open_notebook, run_all
from tests.e2e.server import Site
from tests.e2e.visit import (
    CHAPTER,
    PHONE,
    START,
    Visit,
    barriers,
    expect_fit,
    visit_site,
    wait_until_live,
)

PAGE = "book/progress.html"
KEY = "talk-it-down/attempts.jsonl"
NAME = "Zoë O'Brien"
ROOT = Path(__file__).resolve().parents[2]


def whole_course() -> str:
    """A record in which every exercise of the book was passed, with levels up and down."""
    now = datetime.now(UTC)
    exercises = [exercise for chapter in book().values() for exercise in chapter["exercises"]]
    lines = []
    for i, exercise in enumerate([*exercises, *exercises]):
        line = {
            "v": 1,
            "time": (now - timedelta(days=9, minutes=-i)).isoformat(timespec="milliseconds"),
            "exercise": exercise["id"],
            "kind": exercise["kind"],
            "text": f"Reply {i}.",
            "levels": {"reflect": i % 3, "acknowledge": 2, "blame": i % 2},
            "total": 100.0,
        }
        lines.append(json.dumps(line) + "\n")
    return "".join(lines)


def counted(text: str) -> int:
    return len(text.splitlines())


def saved(page: Page, link: Locator) -> str:
    """Choose a link that saves a file; returns the file's text."""
    with page.expect_download() as download:
        link.click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def bring_in(page: Page, found: Locator, text: str, folder: Path) -> None:
    """Choose a file for the record, as a learner does."""
    file = folder / "saved.jsonl"
    file.write_text(text, encoding="utf-8")
    with page.expect_file_chooser() as chooser:
        found.locator(".tid-record-import").click()
    chooser.value.set_files(file)


def expect_progress(found: Locator, count: int) -> None:
    expect(found.locator(".tid-progress-sum")).to_contain_text(f"{count} attempts since")
    chapters = len(book())
    expect(found.locator(".tid-progress-sum")).to_contain_text(f"{chapters} of {chapters} chapters")
    expect(found.locator(".tid-progress-next li").first).to_be_visible()
    card = found.locator(".tid-progress-card[data-criterion='reflect']")
    expect(card.get_by_role("img")).to_be_visible()
    assert "not yet, partly, fully" in (card.get_by_role("img").get_attribute("aria-label") or "")


def expect_certificate_to_be_checked(
    page: Page, found: Locator, browser: Browser, folder: Path
) -> None:
    """Make a certificate and save the record; the command line says that they fit."""
    found.get_by_label("Name on the certificate").fill(NAME)
    found.locator(".tid-certificate-make").click()
    certificate = saved(page, found.locator(".tid-certificate-say .tid-download"))
    with browser.new_context() as context:
        paper = context.new_page()
        paper.set_content(certificate)
        expect(paper.locator(".name")).to_have_text(NAME)
        code = paper.locator(".code").inner_text().split()[-1]
    found.locator(".tid-record-export").click()
    file = folder / "handed-in.jsonl"
    file.write_text(saved(page, found.locator(".tid-record-say .tid-download")), encoding="utf-8")
    command = [sys.executable, "-m", "exercises", "record", "--check", code, str(file)]
    checked = subprocess.run(
        [*command, "--name", NAME], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def delete(found: Locator) -> None:
    """Delete the record: one click, and another that confirms it."""
    button = found.locator(".tid-record-delete")
    button.click()
    expect(found.locator(".tid-record-keep")).to_be_visible()
    expect(button).to_be_focused()
    found.page.wait_for_timeout(800)  # a second click at once would be taken for a slip
    button.click()
    expect(found.locator(".tid-record-say")).to_contain_text("deleted")
    expect(found.locator(".tid-progress-sum")).not_to_contain_text("attempts since")


# ---- in JupyterLab ----


def cell(lab: Lab, name: str, call: str) -> str:
    """A cell with a learner's folder of its own."""
    return (
        f"import os\nos.environ['TALK_IT_DOWN_HOME'] = {str(lab.home / name)!r}\n"
        f"from exercises import my_progress, practice\n{call}"
    )


def in_lab(page: Page, lab: Lab, name: str, call: str = "my_progress()") -> Locator:
    notebook = f"{name}-{call.partition('(')[0]}.ipynb"
    open_notebook(page, lab, lab.notebook(notebook, cell(lab, name, call)))
    run_all(page)
    found = page.locator(".tid-frame").first
    found.wait_for()
    return found


def test_lab_shows_saves_brings_in_and_deletes(
    page: Page, lab: Lab, browser: Browser, tmp_path: Path
) -> None:
    found = in_lab(page, lab, "progress")
    expect(found.locator(".tid-progress-sum")).to_contain_text("nothing in your record yet")
    record = whole_course()
    for new in (counted(record), 0):
        bring_in(page, found, record, tmp_path)
        expect(found.locator(".tid-record-say")).to_contain_text(f"{new} attempts new")
    expect_progress(found, counted(record))
    assert Record(lab.home / "progress").path.read_text("utf-8") == record
    expect_certificate_to_be_checked(page, found, browser, tmp_path)
    delete(found)
    assert list(Record(lab.home / "progress").read()) == []


@pytest.mark.thorough
def test_lab_links_to_the_chapter(page: Page, lab: Lab) -> None:
    open_notebook(page, lab, "notebooks/progress.ipynb")
    run_all(page)
    link = page.locator(".tid-progress-chapter a").first
    link.wait_for()
    with page.context.expect_page() as opened:
        link.click()
    lesson = opened.value.locator(".jp-Notebook h1").first
    expect(lesson).to_contain_text("Start here", timeout=START)


@pytest.mark.thorough
def test_lab_two_kernels_share_one_record_and_a_deleted_one_stays_deleted(
    page: Page, lab: Lab, browser: Browser
) -> None:
    found = in_lab(page, lab, "two")
    other = browser.new_page()
    practice = in_lab(other, lab, "two", 'practice("crown-not-back")')
    record = Record(lab.home / "two")

    def check(reply: str) -> None:
        practice.locator(".tid-reply textarea").fill(reply)
        practice.locator(".tid-check").click()
        expect(practice.locator(".tid-marked")).to_contain_text(reply)

    check("The crown was late, Lorna, and nobody rang.")
    found.locator(".tid-progress-refresh").click()
    expect(found.locator(".tid-progress-sum")).to_contain_text("1 attempt since")
    found.locator(".tid-record-delete").click()
    page.wait_for_timeout(800)
    found.locator(".tid-record-delete").click()
    expect(found.locator(".tid-progress-sum")).to_contain_text("nothing in your record")
    check("Five weeks on one side of your mouth, Lorna!")
    assert [entry.text[:4] for entry in record.read()] == ["Five"]
    other.close()


@pytest.mark.thorough
def test_lab_shuts_nobody_out(page: Page, lab: Lab) -> None:
    home = lab.home / "axe"
    home.mkdir(parents=True)
    (home / "attempts.jsonl").write_text(whole_course())
    found = in_lab(page, lab, "axe")
    found.locator("summary", has_text="The same as a table").click()
    found.locator(".tid-record-delete").click()
    expect(found.locator(".tid-record-keep")).to_be_visible()
    for theme in ("Dark", "Light"):
        choose_theme(page, theme)
        assert barriers(page, ".tid-my-progress") == []


# ---- on the site ----


def on_site(visit: Visit, record: str = "", name: str = PAGE) -> Locator:
    if record:
        visit.open("book/rubric.html")
        visit.page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, record])
    visit.open(name)
    found = visit.page.locator(".tid-exercise").first
    found.scroll_into_view_if_needed()
    wait_until_live(found)
    return found


def stored(page: Page) -> str:
    text: str | None = page.evaluate("(key) => localStorage.getItem(key)", KEY)
    return text or ""


def test_site_shows_saves_brings_in_and_deletes(
    visit: Visit, browser: Browser, tmp_path: Path
) -> None:
    page, record = visit.page, whole_course()
    found = on_site(visit)
    expect(found.locator(".tid-progress-sum")).to_contain_text("nothing in your record yet")
    for new in (counted(record), 0):
        bring_in(page, found, record, tmp_path)
        expect(found.locator(".tid-record-say")).to_contain_text(f"{new} attempts new")
    expect_progress(found, counted(record))
    assert stored(page) == record
    expect_certificate_to_be_checked(page, found, browser, tmp_path)
    page.reload()
    found.scroll_into_view_if_needed()
    wait_until_live(found)
    expect_progress(found, counted(record))
    found.locator(".tid-progress-chapter a").first.click()
    expect(page).to_have_url(visit.site.url + f"book/{next(iter(book()))}.html")
    page.go_back()
    wait_until_live(found)
    delete(found)
    assert stored(page) == ""


@pytest.mark.thorough
def test_site_damaged_record_is_set_aside_and_told(visit: Visit) -> None:
    record = whole_course()
    found = on_site(visit, record + '{"v": 1, "ti\n')
    expect(found.get_by_text("attempts-damaged-")).to_be_visible()
    expect_progress(found, counted(record))
    assert stored(visit.page) == record
    keys = visit.page.evaluate("Object.keys(localStorage)")
    assert len([key for key in keys if "attempts-damaged-" in key]) == 1


def test_site_deleted_record_stays_deleted_in_another_tab(visit: Visit) -> None:
    found = on_site(visit, whole_course())
    other = visit.watch(visit.context.new_page())
    other.goto(visit.site.url + CHAPTER)
    exercise = other.locator(".tid-exercise[data-kind=rewrite]").first
    exercise.scroll_into_view_if_needed()
    wait_until_live(exercise)
    delete(found)
    exercise.locator(".tid-reply textarea").fill("The crown was late, Lorna, and nobody rang.")
    exercise.locator(".tid-check").click()
    exercise.locator("[data-total]").wait_for(timeout=START)
    assert counted(stored(other)) == 1
    found.locator(".tid-progress-refresh").click()
    expect(found.locator(".tid-progress-sum")).to_contain_text("1 attempt since")


@pytest.mark.thorough
def test_site_import_in_one_tab_and_practice_in_another_lose_nothing(
    visit: Visit, tmp_path: Path
) -> None:
    found = on_site(visit)
    other = visit.watch(visit.context.new_page())
    other.goto(visit.site.url + CHAPTER)
    exercise = other.locator(".tid-exercise[data-kind=rewrite]").first
    exercise.scroll_into_view_if_needed()
    wait_until_live(exercise)
    exercise.locator(".tid-reply textarea").fill("The crown was late, Lorna, and nobody rang.")
    exercise.locator(".tid-check").click()
    exercise.locator("[data-total]").wait_for(timeout=START)
    bring_in(visit.page, found, whole_course(), tmp_path)
    expect(found.locator(".tid-record-say")).to_contain_text("attempts new")
    exercise.locator(".tid-reply textarea").fill("Five weeks on one side of your mouth, Lorna!")
    exercise.locator(".tid-check").click()
    expect(exercise.locator(".tid-marked")).to_contain_text("Five weeks")
    lines = stored(other).splitlines()
    assert len(lines) == len(set(lines)) == counted(whole_course()) + 2
    found.locator(".tid-progress-refresh").click()
    expect_progress(found, len(lines))


@pytest.mark.thorough
def test_site_two_tabs_with_one_draft_lose_no_words(visit: Visit) -> None:
    tabs = [visit.page, visit.watch(visit.context.new_page())]
    exercises = []
    for tab in tabs:
        tab.goto(visit.site.url + CHAPTER)
        exercise = tab.locator(".tid-exercise[data-kind=rewrite]").first
        exercise.scroll_into_view_if_needed()
        wait_until_live(exercise)
        exercises.append(exercise)
    first, second = exercises
    first.locator(".tid-reply textarea").fill("Words from the first tab.")
    tabs[0].wait_for_timeout(300)
    second.locator(".tid-reply textarea").fill("Words from the second tab.")
    second.locator(".tid-reply textarea").press_sequentially(" More.")
    second.get_by_text("Words kept from another window").click()
    expect(second.locator(".tid-kept")).to_have_text("Words from the first tab.")
    expect(first.locator(".tid-reply textarea")).to_have_value("Words from the first tab.")


@pytest.mark.thorough
def test_site_draft_typed_before_python_runs_puts_no_other_tabs_words_out(visit: Visit) -> None:
    other = visit.watch(visit.context.new_page())
    for tab in (visit.page, other):
        tab.route("**/pyodide.asm.wasm", lambda route: None)  # Python never comes
        tab.goto(visit.site.url + CHAPTER)
    first, second = (
        tab.locator(".tid-exercise[data-kind=rewrite]").first for tab in (visit.page, other)
    )
    box = ".tid-reply textarea"
    first.locator(box).fill("Words from the first tab.")
    expect(second.locator(box)).to_have_value("Words from the first tab.")  # untouched: it follows
    second.locator(box).fill("Words from the second tab.")
    expect(first.locator(box)).to_have_value("Words from the first tab.")
    first.locator(box).press_sequentially(" More.")
    kept = other.evaluate(
        "Object.entries(localStorage).filter(([key]) => key.includes('/drafts/'))"
        ".map(([, text]) => text).join()"
    )
    assert "Words from the second tab." in kept
    assert "Words from the first tab. More." in kept


def test_site_shuts_nobody_out(themed_visit: Visit) -> None:
    found = on_site(themed_visit, whole_course())
    found.locator("summary", has_text="The same as a table").click()
    found.locator(".tid-record-delete").click()
    expect(found.locator(".tid-record-keep")).to_be_visible()
    assert barriers(themed_visit.page) == []


@pytest.mark.thorough
def test_site_phone_needs_no_sideways_scrolling(browser: Browser, site: Site) -> None:
    for visit in visit_site(browser, site, viewport=PHONE):
        found = on_site(visit, whole_course())
        found.locator("summary", has_text="The same as a table").click()
        found.locator(".tid-record-delete").click()
        expect(found.locator(".tid-record-keep")).to_be_visible()
        expect_fit(visit.page)


@pytest.mark.thorough
def test_site_page_works_by_keyboard(visit: Visit) -> None:
    found = on_site(visit, whole_course())
    visit.page.get_by_label("Name on the certificate").focus()
    visit.page.keyboard.type(NAME)
    for target in (".tid-tick input", ".tid-certificate-make"):
        visit.page.keyboard.press("Tab")
        expect(found.locator(target).first).to_be_focused()
    visit.page.keyboard.press("Enter")
    expect(found.locator(".tid-certificate-say .tid-download")).to_be_visible()
    for target in (".tid-certificate-say .tid-download", ".tid-record-export"):
        visit.page.keyboard.press("Tab")
        expect(found.locator(target)).to_be_focused()
