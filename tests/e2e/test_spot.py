"""The spot exercise as learners do it: in JupyterLab and on the site, by keyboard alone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from exercises.quizzes import quiz
from exercises.spot import Spot
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
)

ID = "hotel-over-the-bins"
SPOT = Spot.of(ID, quiz(ID, "spot"))
KEY = {
    phrase.text: verdict.right[0].criterion
    for at, phrase in enumerate(SPOT.phrases)
    if (verdict := SPOT.verdict(at)).right
}
FIRST, *OTHERS = KEY
IDLE = next(phrase.text for phrase in SPOT.phrases if phrase.text not in KEY)
NAMES = {criterion.id: criterion.name for criterion in SPOT.choices}


def in_lab(page: Page, lab: Lab, name: str) -> Locator:
    run_cells(page, lab, name, f'from exercises import spot\nspot("{ID}")')
    page.locator(".tid-spot-check").wait_for()
    return page.locator(".tid-frame.tid-spot")


def on_site(visit: Visit) -> Locator:
    return open_exercise(visit, ID)


def box(exercise: Locator, text: str) -> Locator:
    return exercise.get_by_role("checkbox", name=text)


def menu(exercise: Locator, text: str) -> Locator:
    return exercise.get_by_role("combobox", name=f"“{text}”")


def total(exercise: Locator) -> Locator:
    return exercise.locator(".tid-spot-feedback [data-total]")


def mark(exercise: Locator, text: str, name: str) -> None:
    """Mark a phrase and name it, with the keyboard."""
    box(exercise, text).focus()
    box(exercise, text).press("Space")
    expect(box(exercise, text)).to_be_checked()
    menu(exercise, text).focus()
    menu(exercise, text).press("Space")
    places = [c.id for c in SPOT.choices]
    for _ in range(1 + places.index(name)):
        exercise.page.keyboard.press("ArrowDown")
    exercise.page.keyboard.press("Enter")
    expect(menu(exercise, text)).to_have_js_property("selectedIndex", 1 + places.index(name))


def check(exercise: Locator) -> None:
    exercise.locator(".tid-spot-check").focus()
    exercise.locator(".tid-spot-check").press("Enter")


def find_in_two_tries(exercise: Locator) -> None:
    """A first try with one right mark and one too many, and a second that finds everything."""
    mark(exercise, FIRST, KEY[FIRST])
    mark(exercise, IDLE, KEY[OTHERS[0]])
    check(exercise)
    region = exercise.locator(".tid-spot-feedback")
    expect(region).to_have_attribute("aria-live", "polite")
    expect(region.locator("mark")).to_have_count(1)
    expect(region.locator(f"mark[data-criterion={KEY[FIRST]}]")).to_have_text(FIRST.rstrip(".,"))
    expect(region).to_contain_text(f"You found 1 of {len(SPOT.key)}")
    expect(exercise.locator(".tid-spot-check")).to_be_focused()
    box(exercise, IDLE).press("Space")
    expect(menu(exercise, IDLE)).to_have_count(0)
    expect(box(exercise, IDLE)).to_be_focused()
    for text in OTHERS:
        mark(exercise, text, KEY[text])
    check(exercise)
    expect(total(exercise)).to_have_attribute("data-total", "100")
    expect(region.locator("mark")).to_have_count(len(SPOT.key))


def test_by_keyboard_in_jupyterlab(page: Page, lab: Lab) -> None:
    find_in_two_tries(in_lab(page, lab, "spot"))
    lines = (lab.home / "spot" / "attempts.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    assert [entry["total"] for entry in entries][1:] == [100]
    assert f"{FIRST} – {NAMES[KEY[FIRST]]}" in entries[0]["text"]


def test_by_keyboard_on_the_site(visit: Visit) -> None:
    find_in_two_tries(on_site(visit))
    record = visit.page.evaluate("localStorage.getItem('talk-it-down/attempts.jsonl')")
    assert [json.loads(line)["kind"] for line in record.splitlines()] == ["spot", "spot"]


@pytest.mark.thorough
def test_a_click_on_the_words_marks_them_and_the_answer_can_be_shown(visit: Visit) -> None:
    exercise = on_site(visit)
    exercise.get_by_text(IDLE, exact=True).click()
    expect(box(exercise, IDLE)).to_be_checked()
    exercise.locator(".tid-spot-check").click()
    expect(total(exercise)).to_have_attribute("data-total", "0")
    exercise.locator(".tid-spot-show").click()
    expect(exercise.locator("[data-state=missed]")).to_have_count(len(SPOT.key))
    exercise.locator(".tid-spot-again").click()
    expect(exercise.get_by_role("checkbox", checked=True)).to_have_count(0)
    expect(exercise.locator(".tid-spot-feedback")).to_be_empty()


@pytest.mark.thorough
def test_marks_survive_a_restart_and_a_reload_in_jupyterlab(page: Page, lab: Lab) -> None:
    exercise = in_lab(page, lab, "spot-restart")
    mark(exercise, FIRST, KEY[FIRST])
    restart_and_run_all(page)
    expect_marked(exercise)
    reload_and_run_all(page)
    expect_marked(exercise)


@pytest.mark.thorough
def test_marks_survive_a_reload_on_the_site(visit: Visit) -> None:
    mark(on_site(visit), FIRST, KEY[FIRST])
    expect_marked(on_site(visit))


def expect_marked(exercise: Locator) -> None:
    expect(box(exercise, FIRST)).to_be_checked()
    chosen = menu(exercise, FIRST).locator("option:checked")
    expect(chosen).to_have_text(NAMES[KEY[FIRST]])
    expect(exercise.get_by_role("checkbox", checked=True)).to_have_count(1)


@pytest.mark.thorough
def test_what_is_marked_before_python_runs_is_marked_then(visit: Visit) -> None:
    let_go = hold_python(visit.page)
    exercise = open_exercise(visit, ID, live=False)
    box(exercise, FIRST).press("Space")
    exercise.locator(".tid-spot-check").click()
    expect(exercise.locator(".tid-spot-feedback")).not_to_be_empty()
    box(exercise, OTHERS[0]).press("Space")
    expect(exercise.locator(".tid-live")).to_have_count(0)
    let_go()
    total(exercise).wait_for(timeout=START)
    expect(box(exercise, OTHERS[0])).to_be_focused()
    expect(exercise.get_by_role("checkbox", checked=True)).to_have_count(2)
    expect(menu(exercise, FIRST)).to_be_visible()
    expect(exercise.locator("[data-state=near]")).to_have_count(2)


@pytest.mark.thorough
def test_nothing_shuts_people_out_on_the_site(themed_visit: Visit) -> None:
    expect_no_barriers(on_site(themed_visit))


@pytest.mark.thorough
@pytest.mark.parametrize("light", ["true", "false"])
def test_nothing_shuts_people_out_in_jupyterlab(page: Page, lab: Lab, light: str) -> None:
    exercise = in_lab(page, lab, f"spot-axe-{light}")
    page.evaluate("light => { document.body.dataset.jpThemeLight = light; }", light)
    expect_no_barriers(exercise)


def expect_no_barriers(exercise: Locator) -> None:
    """Neither before nor after a try, nor with the answer."""
    assert barriers(exercise.page, ".tid-spot") == []
    try_a_little(exercise)
    assert barriers(exercise.page, ".tid-spot") == []
    exercise.locator(".tid-spot-show").click()
    expect(exercise.locator("[data-state=missed]").first).to_be_visible()
    assert barriers(exercise.page, ".tid-spot") == []


def try_a_little(exercise: Locator) -> None:
    for text in (FIRST, IDLE):
        exercise.get_by_text(text, exact=True).first.click()
        expect(menu(exercise, text)).to_be_visible()
    menu(exercise, FIRST).select_option(label=NAMES[KEY[FIRST]])
    exercise.locator(".tid-spot-check").click()
    expect(exercise.locator(".tid-spot-feedback mark")).to_be_visible()


@pytest.mark.thorough
def test_a_phone_needs_no_sideways_scrolling(phone_visit: Visit) -> None:
    exercise = on_site(phone_visit)
    try_a_little(exercise)
    expect_fit(exercise.page, "spot")
