"""Self-check, scene, "do not interrupt" and the pacer, in JupyterLab and on the site.

With the keyboard alone, with motion and without, and with Python still on its way.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from exercises.quizzes import quiz
from tests.e2e.lab import Lab, restart_and_run_all, run_cells
from tests.e2e.server import Site
from tests.e2e.visit import (
    START,
    Visit,
    barriers,
    expect_fit,
    hold_python,
    open_kinds,
    visit_site,
)

SELF_CHECK, SCENE = "two-jobs-of-listening", "same-noise-at-the-garage"
LISTEN = "the-lift-and-the-shopping"
KINDS = ("self-check", "scene", "listen")
OWN = "I show them that it has landed, in my own words."
POSES = {option["direction"]: option for option in quiz(SCENE, "scene")["options"]}
BEST = next(direction for direction, option in POSES.items() if option["right"])
MESSAGE = quiz(LISTEN, "listen")
PARTS = MESSAGE["customer"]
ANSWER = next(o["text"] for o in MESSAGE["question"]["options"] if o["right"])


def in_lab(page: Page, lab: Lab, name: str) -> Page:
    """A notebook with all of them."""
    cells = [
        "from exercises import listen, pacer, scene, self_check",
        f'self_check("{SELF_CHECK}")',
        f'scene("{SCENE}")',
        f'listen("{LISTEN}")',
        "pacer()",
    ]
    run_cells(page, lab, name, *cells)
    page.locator(".tid-pacer").wait_for()
    return page


def on_site(visit: Visit) -> Page:
    return open_kinds(visit, KINDS)


def press(target: Locator, key: str = "Enter") -> None:
    """Press a key on what has the focus, which must be the target."""
    target.focus()
    target.press(key)


def total(page: Page, kind: str) -> Locator:
    return page.locator(f".tid-{kind}-feedback [data-total]")


def check_oneself(page: Page) -> None:
    """Answer, compare, tick a point, say how well it went."""
    page.get_by_label("Your answer, in your own words").focus()
    page.keyboard.type(OWN)
    page.keyboard.press("Tab")
    expect(page.locator(".tid-self-check-open")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".tid-self-check-model")).to_contain_text("I tell the story back")
    expect(page.locator(".tid-self-check-yours")).to_contain_text(OWN)
    point = page.locator(".tid-self-check").get_by_role("checkbox").nth(1)
    press(point, "Space")
    expect(point).to_be_checked()
    press(page.get_by_role("button", name="Got it"))
    expect(total(page, "self-check")).to_have_attribute("data-total", "100")
    expect(page.locator(".tid-self-check-feedback")).to_contain_text("It comes back on")
    expect(page.get_by_role("button", name="✓ Got it")).to_be_focused()


def choose_a_pose(page: Page) -> None:
    card = page.locator(".tid-scene-card").filter(has_text=BEST[:30])
    expect(card.get_by_role("img")).to_have_accessible_name(re.compile("^Drawing: someone"))
    press(card.get_by_role("button"))
    expect(card.get_by_role("button")).to_contain_text("is your choice")
    press(page.locator(".tid-scene-check"))
    expect(total(page, "scene")).to_have_attribute("data-total", "100")
    for direction, option in POSES.items():
        card = page.locator(".tid-scene-card").filter(has_text=direction[:30])
        expect(card).to_contain_text(option["why"].split(".")[0])


def hear_out(page: Page) -> None:
    """Cut in once, then hear them out, be silent for a second, and answer."""
    press(page.locator(".tid-listen-start"))
    part = page.locator(".tid-listen-part:not(.tid-unseen)")
    expect(part.nth(0)).to_be_visible()
    expect(part.nth(1)).to_be_hidden()
    expect(part.nth(1)).to_be_visible(timeout=1000 * MESSAGE["pause"] + 2000)
    expect(part.nth(2)).to_be_hidden()
    press(page.locator(".tid-listen-answer"))
    expect(page.locator(".tid-listen-told")).to_contain_text("You cut in.")
    expect(part.nth(0)).to_have_text(MESSAGE["interrupted"])
    expect(part.nth(1)).to_be_hidden()
    expect(page.locator(".tid-listen-question")).to_be_hidden()
    begun = time.monotonic()
    seen: list[float] = []
    while len(seen) < len(PARTS) + 1:
        expect(part.nth(len(seen))).to_be_visible(timeout=1000 * MESSAGE["pause"] + 3000)
        seen.append(time.monotonic() - begun)
    # One after the other, as the clock in Python has it.
    for i, at in enumerate(seen):
        assert at == pytest.approx(i * MESSAGE["pause"], abs=1.5)
    expect(page.locator(".tid-listen-dots")).to_be_hidden(timeout=1000 * MESSAGE["pause"] + 2000)
    time.sleep(1.2)
    press(page.locator(".tid-listen-answer"))
    expect(page.locator(".tid-listen-told")).to_contain_text("left a second of silence")
    press(page.get_by_role("button", name=ANSWER))
    expect(total(page, "listen")).to_have_attribute("data-total", "80")
    expect(page.get_by_role("button", name=ANSWER)).to_be_focused()


def test_by_keyboard_in_jupyterlab(page: Page, lab: Lab) -> None:
    in_lab(page, lab, "delivery")
    check_oneself(page)
    choose_a_pose(page)
    hear_out(page)
    lines = (lab.home / "delivery" / "attempts.jsonl").read_text(encoding="utf-8").splitlines()
    found = [(entry["kind"], entry["total"]) for entry in map(json.loads, lines)]
    assert found == [("self-check", 100), ("scene", 100), ("listen", 80)]
    assert json.loads(lines[0])["text"] == OWN


def test_by_keyboard_on_the_site(visit: Visit) -> None:
    page = on_site(visit)
    check_oneself(page)
    choose_a_pose(page)
    hear_out(page)
    record = page.evaluate("localStorage.getItem('talk-it-down/attempts.jsonl')")
    kinds = [json.loads(line)["kind"] for line in record.splitlines()]
    assert kinds == ["self-check", "scene", "listen"]


# ---- what was done is found again ----


def begin(page: Page) -> None:
    page.get_by_label("Your answer, in your own words").fill("Half an ans")
    page.locator(".tid-scene-pick-1").click()
    expect(page.locator(".tid-scene-pick-1")).to_contain_text("is your choice")
    page.locator(".tid-listen-read").click()
    page.get_by_role("button", name=ANSWER).click()
    expect(total(page, "listen")).to_have_attribute("data-total", "100")


def expect_begun(page: Page) -> None:
    expect(page.get_by_label("Your answer, in your own words")).to_have_value("Half an ans")
    expect(page.locator(".tid-scene-pick-1")).to_contain_text("is your choice")
    expect(total(page, "listen")).to_have_attribute("data-total", "100")


@pytest.mark.thorough
def test_all_survives_a_kernel_restart_in_jupyterlab(page: Page, lab: Lab) -> None:
    begin(in_lab(page, lab, "delivery-restart"))
    restart_and_run_all(page)
    expect_begun(page)


@pytest.mark.thorough
def test_all_survives_a_reload_on_the_site(visit: Visit) -> None:
    begin(on_site(visit))
    expect_begun(on_site(visit))


@pytest.mark.thorough
def test_a_rated_answer_stays_until_it_is_due_again(visit: Visit) -> None:
    page = on_site(visit)
    check_oneself(page)
    page = on_site(visit)
    expect(page.locator(".tid-self-check-yours")).to_contain_text(OWN)
    expect(total(page, "self-check")).to_have_attribute("data-total", "100")
    # A week later, as the record has it.
    page.evaluate(
        """() => {
          const key = "talk-it-down/attempts.jsonl";
          const entry = JSON.parse(localStorage.getItem(key));
          entry.time = new Date(Date.now() - 7 * 86400000).toISOString();
          localStorage.setItem(key, JSON.stringify(entry) + "\\n");
        }"""
    )
    page = on_site(visit)
    expect(page.get_by_label("Your answer, in your own words")).to_have_value("")
    expect(page.locator(".tid-self-check-feedback")).to_contain_text("today it's back")


@pytest.mark.thorough
def test_what_is_done_before_python_runs_is_done_then(visit: Visit) -> None:
    let_go = hold_python(visit.page)
    page = visit.open()
    page.get_by_label("Your answer, in your own words").fill(OWN)
    page.locator(".tid-self-check-open").click()
    page.locator(".tid-scene-pick-1").click()
    page.locator(".tid-scene-check").click()
    page.locator(".tid-listen-start").click()
    for kind in KINDS:
        expect(page.locator(f".tid-{kind}-feedback")).not_to_be_empty()
    expect(page.locator(".tid-live")).to_have_count(0)
    let_go()
    expect(page.locator(".tid-self-check-yours")).to_contain_text(OWN, timeout=START)
    expect(total(page, "scene")).to_be_visible(timeout=START)
    expect(page.locator(".tid-listen-part").first).to_be_visible(timeout=START)


# ---- the pacer ----


def breathe(page: Page) -> None:
    """Start it and stop it with the keyboard."""
    start = page.locator(".tid-pacer-breathe summary")
    press(start)
    words = page.locator(".tid-pacer-beat")
    expect(words.nth(0)).to_be_visible()
    expect(words.nth(1)).to_be_visible(timeout=3000)
    expect(words.nth(0)).to_be_hidden()
    expect(words.nth(4)).to_be_visible(timeout=6000)
    assert "Breathe out" in words.nth(4).inner_text()
    expect(start).to_be_focused()
    page.keyboard.press("Space")
    expect(words.nth(4)).to_be_hidden()
    # It begins again from the beginning.
    page.keyboard.press("Enter")
    expect(page.locator(".tid-pacer-breathe details")).to_have_attribute("open", "")
    milliseconds = words.nth(0).evaluate("word => word.getAnimations()[0].currentTime")
    assert milliseconds < 3000, "it goes on where it was stopped"


@pytest.mark.thorough
def test_pacer_in_jupyterlab(page: Page, lab: Lab) -> None:
    breathe(in_lab(page, lab, "delivery-pacer"))


def test_pacer_on_the_site_runs_without_python(visit: Visit) -> None:
    visit.page.route("**/pyodide.asm.wasm", lambda route: None)  # which never comes
    page = visit.open()
    breathe(page)
    expect(page.locator(".tid-pacer-circle")).to_be_visible()
    press(page.locator(".tid-pacer-wait summary"))
    expect(page.locator(".tid-pacer-talk")).to_be_visible()
    expect(page.locator(".tid-pacer-you")).to_be_visible(timeout=6000)
    expect(page.locator(".tid-pacer-wait .tid-pacer-end")).to_be_visible(timeout=20_000)
    expect(page.locator(".tid-pacer-talk")).to_be_hidden()


# ---- people who want no motion, a small screen, or a screen reader ----


@pytest.fixture
def still_visit(browser: Browser, site: Site) -> Iterator[Visit]:
    yield from visit_site(browser, site, reduced_motion="reduce")


@pytest.mark.thorough
def test_without_motion_words_still_come_one_after_the_other(still_visit: Visit) -> None:
    page = on_site(still_visit)
    breathe(page)
    expect(page.locator(".tid-pacer-circle")).to_be_hidden()
    page.locator(".tid-listen-start").click()
    part = page.locator(".tid-listen-part")
    expect(part.nth(0)).to_be_visible()
    expect(part.nth(1)).to_be_hidden()
    running = part.nth(1).evaluate(
        "part => part.getAnimations().map(animation => animation.animationName)"
    )
    assert running == ["tid-appear"]
    expect(part.nth(1)).to_be_visible(timeout=1000 * MESSAGE["pause"] + 2000)
    expect(part.nth(2)).to_be_hidden()


@pytest.mark.thorough
def test_a_screen_reader_is_not_given_the_message_before_it_is_said(visit: Visit) -> None:
    page = on_site(visit)
    page.locator(".tid-listen-start").click()
    log = page.locator(".tid-listen").get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(page.locator(".tid-listen-part").first).to_be_visible()
    heard = log.aria_snapshot()
    assert PARTS[0][:10] in heard, heard
    assert PARTS[-1][:10] not in heard
    assert "stopped speaking" not in heard
    page.locator(".tid-listen-read").click()
    expect(page.locator(".tid-listen-told")).to_contain_text("whole message")
    assert PARTS[-1][:10] in page.locator(".tid-listen").get_by_role("log").aria_snapshot()


def expect_no_barriers(page: Page) -> None:
    """Neither before nor after, nor while something is going on."""
    for kind in (*KINDS, "pacer"):
        assert barriers(page, f".tid-{kind}") == []
    page.get_by_label("Your answer, in your own words").fill(OWN)
    page.locator(".tid-self-check-open").click()
    page.locator(".tid-self-check-not-yet").click()
    page.locator(".tid-scene-pick-0").click()
    page.locator(".tid-scene-check").click()
    page.locator(".tid-listen-start").click()
    expect(page.locator(".tid-listen-part").first).to_be_visible()
    time.sleep(0.6)  # what comes sooner is taken for a double click
    page.locator(".tid-listen-answer").click()
    for summary in page.locator(".tid-pacer summary").all():
        summary.click()
    expect(page.locator(".tid-listen-told")).to_contain_text("You cut in")
    # Half of a fade is no state to judge colours in.
    page.evaluate(
        """() => document.getAnimations().forEach((animation) => {
          if (Number.isFinite(animation.effect.getComputedTiming().endTime)) animation.finish();
        })"""
    )
    for kind in (*KINDS, "pacer"):
        assert barriers(page, f".tid-{kind}") == []
    page.locator(".tid-listen-read").click()
    page.locator(".tid-listen-pick-0").click()
    expect(total(page, "listen")).to_be_visible()
    assert barriers(page, ".tid-listen") == []


def test_nothing_shuts_people_out_on_the_site(themed_visit: Visit) -> None:
    expect_no_barriers(on_site(themed_visit))


@pytest.mark.thorough
@pytest.mark.parametrize("light", ["true", "false"])
def test_nothing_shuts_people_out_in_jupyterlab(page: Page, lab: Lab, light: str) -> None:
    in_lab(page, lab, f"delivery-axe-{light}")
    page.evaluate("light => { document.body.dataset.jpThemeLight = light; }", light)
    expect_no_barriers(page)


@pytest.mark.thorough
def test_a_phone_needs_no_sideways_scrolling(phone_visit: Visit) -> None:
    page = on_site(phone_visit)
    expect_no_barriers(page)
    expect_fit(page, *KINDS)
