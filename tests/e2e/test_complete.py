"""The complete exercise as learners do it: in JupyterLab and on the site, by keyboard alone."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from exercises.complete import Complete
from exercises.quizzes import quiz
from tests.e2e.lab import (
    Lab,
    reload_and_run_all,
    restart_and_run_all,
    run_cells,
)
from tests.e2e.visit import (
    START,
    Visit,
    barriers,
    expect_fit,
    hold_python,
    open_exercise,
    wait_until_live,
)

ID = "hotel-over-the-bins-opening"
TASK = Complete.of(ID, quiz(ID, "complete"))
WEAK = "I understand your frustration."
FULL = "You asked for quiet and were laughed at. Anyone would be furious."


def in_lab(page: Page, lab: Lab, name: str) -> Locator:
    run_cells(page, lab, name, f'from exercises import complete\ncomplete("{ID}")')
    page.locator(".tid-complete-check").wait_for()
    return page.locator(".tid-frame.tid-complete")


def on_site(visit: Visit) -> Locator:
    return open_exercise(visit, ID)


def box(exercise: Locator) -> Locator:
    return exercise.get_by_label("Your part of the reply")


def total(exercise: Locator) -> Locator:
    return exercise.locator(".tid-complete-feedback [data-total]")


def complete_in_two_drafts(exercise: Locator) -> None:
    """A weak draft, a full one, and then the model filling, with the keyboard."""
    keyboard = exercise.page.keyboard
    region = exercise.locator(".tid-complete-feedback")
    expect(region).to_have_attribute("aria-live", "polite")
    box(exercise).focus()
    keyboard.type(WEAK)
    expect(exercise.locator(".tid-status")).to_contain_text("4 words")  # it has arrived
    keyboard.press("Tab")
    expect(exercise.locator(".tid-complete-check")).to_be_focused()
    keyboard.press("Enter")
    expect(total(exercise)).to_have_attribute("data-total", "50")
    expect(region.locator("li[data-criterion]")).to_have_count(1)
    box(exercise).press("ControlOrMeta+a")
    keyboard.type(FULL)
    expect(exercise.locator(".tid-status")).to_contain_text("12 words")
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(total(exercise)).to_have_attribute("data-total", "100")
    expect(region.locator("mark").last).to_have_attribute("data-criterion", TASK.criterion)
    expect(region.locator(".tid-marked")).to_contain_text("laughed at")
    expect(region.locator(".tid-marked")).not_to_contain_text("night porter")  # not ours
    keyboard.press("Tab")
    expect(exercise.locator(".tid-complete-show")).to_be_focused()
    keyboard.press("Enter")
    expect(exercise.locator(".tid-marked").last).to_contain_text(TASK.model[:40])
    expect(exercise.locator(".tid-complete-show")).to_be_focused()


def test_by_keyboard_in_jupyterlab(page: Page, lab: Lab) -> None:
    complete_in_two_drafts(in_lab(page, lab, "complete"))
    lines = (lab.home / "complete" / "attempts.jsonl").read_text(encoding="utf-8").splitlines()
    found = [(e["text"], e["levels"], e["total"]) for e in map(json.loads, lines)]
    assert found == [(WEAK, {TASK.criterion: 1}, 50), (FULL, {TASK.criterion: 2}, 100)]


def test_by_keyboard_on_the_site(visit: Visit) -> None:
    complete_in_two_drafts(on_site(visit))
    record = visit.page.evaluate("localStorage.getItem('talk-it-down/attempts.jsonl')")
    assert [json.loads(line)["total"] for line in record.splitlines()] == [50, 100]


@pytest.mark.thorough
def test_words_survive_a_restart_and_a_reload_in_jupyterlab(page: Page, lab: Lab) -> None:
    exercise = in_lab(page, lab, "complete-restart")
    box(exercise).fill(WEAK)
    exercise.locator(".tid-complete-check").click()
    expect(total(exercise)).to_be_visible()
    box(exercise).press_sequentially(" And")
    _wait_for(lab.home / "complete-restart" / "drafts" / f"{ID}.txt", f"{WEAK} And")
    restart_and_run_all(page)
    expect(box(exercise)).to_have_value(f"{WEAK} And")
    expect(exercise.locator(".tid-complete-feedback")).to_contain_text("50 of 100")
    reload_and_run_all(page)
    expect(box(exercise)).to_have_value(f"{WEAK} And")


def _wait_for(path: Path, text: str) -> None:
    for _ in range(50):
        if path.exists() and path.read_text(encoding="utf-8") == text:
            return
        time.sleep(0.1)
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.thorough
def test_words_survive_a_reload_on_the_site(visit: Visit) -> None:
    box(on_site(visit)).fill(WEAK)
    exercise = open_exercise(visit, ID, live=False)
    expect(box(exercise)).to_have_value(WEAK)
    wait_until_live(exercise)
    expect(box(exercise)).to_have_value(WEAK)


@pytest.mark.thorough
def test_words_typed_before_python_runs_are_kept_and_then_checked(visit: Visit) -> None:
    let_go = hold_python(visit.page)
    exercise = open_exercise(visit, ID, live=False)
    box(exercise).fill(WEAK)
    exercise.locator(".tid-complete-check").click()
    expect(exercise.locator(".tid-complete-feedback")).not_to_be_empty()
    expect(exercise.locator(".tid-live")).to_have_count(0)
    let_go()
    expect(total(exercise)).to_have_attribute("data-total", "50", timeout=START)
    expect(box(exercise)).to_have_value(WEAK)
    expect(exercise.locator(".tid-complete-check")).to_be_focused()


def test_html_in_a_part_is_shown_and_not_run(visit: Visit) -> None:
    exercise = on_site(visit)
    visit.page.evaluate("window.harmed = false")
    box(exercise).fill(f"<img src=x onerror='harmed=true'><script>harmed=true</script> {FULL}")
    exercise.locator(".tid-complete-check").click()
    expect(exercise.locator(".tid-marked")).to_contain_text("<script>harmed=true</script>")
    assert visit.page.evaluate("window.harmed") is False


@pytest.mark.thorough
def test_nothing_shuts_people_out_on_the_site(themed_visit: Visit) -> None:
    expect_no_barriers(on_site(themed_visit))


@pytest.mark.thorough
@pytest.mark.parametrize("light", ["true", "false"])
def test_nothing_shuts_people_out_in_jupyterlab(page: Page, lab: Lab, light: str) -> None:
    exercise = in_lab(page, lab, f"complete-axe-{light}")
    page.evaluate("light => { document.body.dataset.jpThemeLight = light; }", light)
    expect_no_barriers(exercise)


def expect_no_barriers(exercise: Locator) -> None:
    """Neither before nor after a check, nor with the model filling."""
    assert barriers(exercise.page, ".tid-complete") == []
    check_and_show(exercise)
    assert barriers(exercise.page, ".tid-complete") == []


def check_and_show(exercise: Locator) -> None:
    box(exercise).fill(f"{WEAK} Calm down, please.")
    exercise.locator(".tid-complete-check").click()
    expect(total(exercise)).to_be_visible()
    exercise.locator(".tid-complete-show").click()
    expect(exercise.locator(".tid-marked").last).to_contain_text(TASK.model[:40])


@pytest.mark.thorough
def test_a_phone_needs_no_sideways_scrolling(phone_visit: Visit) -> None:
    exercise = on_site(phone_visit)
    check_and_show(exercise)
    expect_fit(exercise.page, "complete")
    assert box(exercise).evaluate("b => b.getBoundingClientRect().width") > 260
