"""Grading as an instructor does it: in nbgrader's formgrader, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from exercises import bank
from grader.__main__ import main
from tests.e2e.jupyter import TOKEN, jupyterlab
from tests.grader.course import NAME, Course, write_answers

HOSTILE = "<script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">"
PATIENCE = 60_000  # milliseconds, on a busy machine


@dataclass
class Formgrader:
    """A course that was marked all at once, and the server that shows it."""

    course: Course
    url: str


@pytest.fixture(scope="module")
def formgrader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Formgrader]:
    course = Course(tmp_path_factory.mktemp("formgrader") / "course")
    course.nbgrader("generate_assignment", NAME)
    scenarios = [bank.scenario(item.id) for item in course.assignment.items]
    strong = {s.id: next(m.reply for m in s.models if m.kind == "strong") for s in scenarios}
    folder = course.submit("ana", {i: f"{HOSTILE} {reply}" for i, reply in strong.items()})
    notebook = folder / f"{NAME}.ipynb"
    output = (
        '"outputs": [{"output_type": "display_data", "metadata": {}, "data": {"text/html": %s}}]'
    )
    script = output % "\"<script>document.title = 'owned'</script>\""
    notebook.write_text(
        notebook.read_text(encoding="utf-8").replace('"outputs": []', script), encoding="utf-8"
    )
    assert "owned" in notebook.read_text(encoding="utf-8")
    autograde(course)
    log = course.folder.parent / "jupyter.log"
    with jupyterlab(course.folder, course.environment, log) as url:
        yield Formgrader(course, url)


def autograde(course: Course, *options: str) -> None:
    """Mark all at once, as `python -m grader autograde` does."""
    with chdir(course.folder):
        assert main(["autograde", NAME, *options]) == 0


@pytest.fixture
def page(browser: Browser, formgrader: Formgrader) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    # nbgrader's own pages ask for MathJax elsewhere; nothing here may need it.
    context.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{formgrader.url}/tree?token={TOKEN}")
    yield page
    context.close()


def open_submission(page: Page, formgrader: Formgrader) -> None:
    """Go the instructor's way: the list of submissions, then the first of them."""
    page.goto(f"{formgrader.url}/formgrader/gradebook/{NAME}/{NAME}")
    page.get_by_role("link", name="Submission #1").click()
    page.locator(".tid-marked-answer").first.wait_for()
    # What is typed before the gradebook's entries have come would be lost.
    page.locator(".score[placeholder]").first.wait_for()
    page.locator(".comment[placeholder]").first.wait_for()


def test_instructor_sees_the_reply_with_its_evidence_and_reasons(
    page: Page, formgrader: Formgrader
) -> None:
    open_submission(page, formgrader)
    ids = [item.id for item in formgrader.course.assignment.items]
    expect(page.locator(".tid-marked-answer")).to_have_count(len(ids))
    first = page.locator(f"[data-scenario='{ids[0]}']")
    expect(first.locator("mark[data-criterion]").first).to_be_visible()
    expect(first.locator(".tid-marked")).to_contain_text("<script>document.title")
    assert page.title() == NAME
    entries = formgrader.course.gradebook()["ana"]
    expect(page.locator(f"#{ids[0]}")).to_have_attribute("placeholder", f"{entries[ids[0]].auto:g}")
    comment = page.locator(f"#{ids[0]}-comment")
    expect(comment).to_have_attribute("placeholder", re.compile(r"of 100\s+- "))
    # The one line of code that every learner has is not in the way.
    expect(page.get_by_text("from exercises import practice").first).to_be_hidden()


def test_score_typed_by_an_instructor_wins_and_stays(page: Page, formgrader: Formgrader) -> None:
    course = formgrader.course
    open_submission(page, formgrader)
    first = course.assignment.items[0].id
    score = page.locator(f"#{first}")
    with page.expect_response(lambda response: response.request.method == "PUT"):
        score.fill("3.5")
        score.press("Tab")
    assert course.gradebook()["ana"][first].manual == 3.5
    with page.expect_response(lambda response: response.request.method == "PUT"):
        page.locator(f"#{first}-comment").fill("Warmer than last week, *well done*.")
        page.locator(f"#{first}-comment").press("Tab")

    # However the course is marked again, also what is handed in anew.
    reply = f"{HOSTILE} We have read your message."
    write_answers(course.submission("ana"), {first: reply})
    before = course.gradebook()["ana"]
    autograde(course)
    after = course.gradebook()["ana"]
    assert (after[first].manual, after[first].waits) == (3.5, True)
    assert after[first].auto != before[first].auto
    autograde(course, "--force")
    open_submission(page, formgrader)
    expect(page.locator(f"#{first}")).to_have_value("3.5")
    expect(page.locator(f"#{first}")).to_have_attribute("placeholder", f"{after[first].auto:g}")
    expect(page.locator(f"#{first}-comment")).to_have_value("Warmer than last week, *well done*.")
    expect(page.locator(f"[data-scenario='{first}'] .tid-marked")).to_contain_text(reply)
    course.nbgrader("autograde", NAME, "--force")
    assert course.gradebook()["ana"] == after

    course.nbgrader("generate_feedback", NAME)
    page.set_content(course.feedback("ana"))
    section = page.locator("section").first
    expect(section).to_contain_text("3.5 of 10 points")
    expect(section.locator(".tid-comment")).to_contain_text("Warmer than last week, well done.")
    assert "owned" not in page.title()


def test_feedback_made_in_the_formgrader_is_the_courses_page(
    page: Page, formgrader: Formgrader
) -> None:
    page.goto(f"{formgrader.url}/formgrader/manage_assignments")
    with page.expect_response(lambda response: "generate_feedback" in response.url) as answer:
        page.locator(".generate-feedback a").click()
    assert answer.value.json()["success"]
    text = formgrader.course.feedback("ana")
    assert 'class="tid-feedback-page"' in text
    assert text.count('class="tid-marked"') == len(formgrader.course.assignment.items)


def test_feedback_page_fits_a_phone_and_the_dark(page: Page, formgrader: Formgrader) -> None:
    formgrader.course.nbgrader("generate_feedback", NAME, "--force")
    page.set_viewport_size({"width": 375, "height": 800})
    page.emulate_media(color_scheme="dark")
    page.set_content(formgrader.course.feedback("ana"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    ink, paper = page.locator(".tid-marked").first.evaluate(
        "node => [getComputedStyle(node).color, getComputedStyle(node).backgroundColor]"
    )
    assert contrast(ink, paper) >= 4.5
    assert brightness(paper) < 0.2


def brightness(colour: str) -> float:
    """Relative luminance of "rgb(r, g, b)", 0 to 1 (WCAG 2.2)."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
