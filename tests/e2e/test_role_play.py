"""A whole role play as a learner plays it: in JupyterLab and on the site."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from exercises.dialogues import dialogues
from tests.e2e.lab import Lab, choose_theme, open_notebook, restart_and_run_all, run_all
from tests.e2e.visit import START, Visit, barriers, expect_fit, wait_until_live

ID = "trimmed-watercolour"
STRONG = dialogues()[ID]["strong"]
# The capstone has a page of its own.
CUSTOMERS = [data for data in dialogues().values() if data["source"] != "capstone"]
ROOM = "book/practice-room.html"
HOSTILE = "Calm down. It's only a picture, and you should have measured it yourself."
SCRIPT = "<img src=x onerror='harmed=true'><script>harmed=true</script>"


def box(found: Locator) -> Locator:
    return found.locator(".tid-say textarea")


def temper(found: Locator) -> int:
    return int(found.locator(".tid-newest .tid-gauge").get_attribute("data-temper") or "")


def say(found: Locator, words: str, turn: int) -> None:
    """Say something; waits until the customer has answered, and all of that is drawn."""
    box(found).fill(words)
    found.locator(".tid-role-play-say").click()
    expect(found.locator(".tid-talk .tid-turn-agent")).to_have_count(turn, timeout=START)
    status = found.locator(".tid-status").filter(has_text=re.compile(rf"\b{turn + 1}\b"))
    expect(found.locator("[data-end]").or_(status)).to_have_count(1)


def play_through(found: Locator, replies: list[str]) -> None:
    """Play until it is over."""
    for turn, words in enumerate(replies, 1):
        if found.locator("[data-end]").count():
            return
        say(found, words, turn)


def expect_the_whole_course(found: Locator) -> None:
    """A talk that goes well, its look back, and a second run from a turn."""
    first = found.locator(".tid-newest .tid-turn-customer").inner_text()
    assert dialogues()[ID]["opening"].split(".")[0] in first
    start = temper(found)
    play_through(found, STRONG)
    expect(found.locator("[data-end='thankful']")).to_be_visible()
    assert temper(found) < start - 25
    review = found.locator(".tid-review")
    expect(review.locator("svg.tid-temper-plot")).to_be_visible()
    assert "64 at the start" in (review.locator("svg").get_attribute("aria-label") or "")
    quote = review.locator(".tid-points q").first.inner_text().strip("“”…")
    assert any(quote in " ".join(reply.split()) for reply in STRONG)

    found.locator(".tid-show-run").click()
    expect(found.locator(".tid-good-run")).to_be_visible()

    found.locator(".tid-again-2").click()
    expect(found.locator("[data-end]")).to_have_count(0)
    expect(found.locator(".tid-talk .tid-turn-agent")).to_have_count(1)
    expect(box(found)).to_have_value(STRONG[1])
    before = temper(found)
    say(found, HOSTILE, 2)
    assert temper(found) > before


# ---- in JupyterLab ----


def in_lab(page: Page, lab: Lab, name: str) -> Locator:
    open_notebook(
        page, lab, lab.notebook(name, f'from exercises import role_play; role_play("{ID}")')
    )
    run_all(page)
    return waited(page)


def waited(page: Page) -> Locator:
    found = page.locator(".tid-role-play")
    found.locator(".tid-role-play-say").wait_for()
    return found


def test_a_whole_talk_in_jupyterlab_and_again_from_a_turn(page: Page, lab: Lab) -> None:
    found = in_lab(page, lab, "talk.ipynb")
    expect_the_whole_course(found)
    expect(page.locator("[data-mime-type*='error'], [data-mime-type*='stderr']")).to_have_count(0)
    lines = (lab.home / "attempts.jsonl").read_text(encoding="utf-8").splitlines()
    (attempt,) = (row for row in map(json.loads, lines) if row["kind"] == "role-play")
    assert attempt["exercise"] == ID
    assert attempt["text"].startswith(f"1. {' '.join(STRONG[0].split())[:40]}")
    assert attempt["total"] > 70

    box(found).fill("Half a thought, and then")
    expect(found.locator(".tid-talk .tid-turn-agent")).to_have_count(2)
    page.wait_for_timeout(500)
    restart_and_run_all(page)
    found = waited(page)
    expect(found.locator(".tid-talk .tid-turn-agent")).to_have_count(2)
    expect(box(found)).to_have_value("Half a thought, and then")


@pytest.mark.thorough
def test_a_talk_in_jupyterlab_needs_no_mouse(page: Page, lab: Lab) -> None:
    (lab.home / "drafts" / f"{ID}.turns").unlink(missing_ok=True)
    (lab.home / "drafts" / f"{ID}.txt").unlink(missing_ok=True)
    found = in_lab(page, lab, "keys.ipynb")
    box(found).focus()
    for turn in (1, 2):
        page.keyboard.type(f"What happened to the picture, and what does it mean to you? ({turn})")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(found.locator(".tid-talk .tid-turn-agent")).to_have_count(turn)
        expect(found.locator(".tid-role-play-say")).to_be_focused()
        page.keyboard.press("Shift+Tab")
        expect(box(found)).to_be_focused()


@pytest.mark.thorough
def test_jupyterlab_shuts_nobody_out(page: Page, lab: Lab) -> None:
    found = in_lab(page, lab, "axe.ipynb")
    found.locator(".tid-tick input").check()
    choose_theme(page, "Dark")
    assert barriers(page, ".tid-role-play") == []
    choose_theme(page, "Light")
    assert barriers(page, ".tid-role-play") == []
    played = found.locator(".tid-talk .tid-turn-agent").count()
    for turn in range(played + 1, 9):
        if found.locator("[data-end]").count():
            break
        say(found, HOSTILE, turn)
    found.locator("[data-end]").wait_for()
    assert barriers(page, ".tid-role-play") == []


# ---- on the site ----


def on_page(page: Page) -> Locator:
    exercise = page.locator(f".tid-exercise[data-exercise='{ID}']")
    exercise.scroll_into_view_if_needed()
    return exercise


def test_a_whole_talk_on_the_site_and_again_from_a_turn(visit: Visit) -> None:
    found = on_page(visit.open())
    wait_until_live(found)
    expect_the_whole_course(found)
    box(found).fill("Half a thought")
    visit.page.reload()
    found = on_page(visit.page)
    expect(box(found)).to_have_value("Half a thought")
    wait_until_live(found)
    expect(found.locator(".tid-talk .tid-turn-agent")).to_have_count(2)
    expect(box(found)).to_have_value("Half a thought")


@pytest.mark.thorough
def test_words_said_before_python_runs_are_said_once_it_does(visit: Visit) -> None:
    found = on_page(visit.open())
    box(found).fill(STRONG[0])
    found.locator(".tid-role-play-say").click()
    expect(found.locator(".tid-talk .tid-turn-agent")).to_have_count(1, timeout=START)
    expect(found.locator(".tid-talk .tid-turn-agent")).to_contain_text("Come and sit down")
    expect(box(found)).to_have_value("")


@pytest.mark.thorough
def test_control_and_enter_say_it(visit: Visit) -> None:
    found = on_page(visit.open())
    wait_until_live(found)
    expect(found.get_by_text("Ctrl+Enter")).to_be_visible()
    for turn in (1, 2):
        box(found).fill(STRONG[turn - 1])
        box(found).press("Control+Enter")
        expect(found.locator(".tid-talk .tid-turn-agent")).to_have_count(turn)
        expect(box(found)).to_have_value("")
        expect(box(found)).to_be_focused()


def test_html_in_what_is_said_is_shown_and_not_run(visit: Visit) -> None:
    page = visit.open()
    page.evaluate("window.harmed = false")
    found = on_page(page)
    wait_until_live(found)
    found.locator(".tid-tick input").check()
    play_through(found, [f"{SCRIPT} {HOSTILE} {turn}" for turn in range(8)])
    found.locator("[data-end]").wait_for()
    expect(found.locator(".tid-talk")).to_contain_text("<script>harmed=true</script>")
    expect(found.locator(".tid-talk img, .tid-review img, .tid-live script")).to_have_count(0)
    assert page.evaluate("window.harmed") is False


@pytest.mark.thorough
def test_the_practice_room_lets_one_choose_and_come_back(visit: Visit) -> None:
    page = visit.open(ROOM)
    room = page.locator(".tid-exercise")
    wait_until_live(room)
    cards = room.locator(".tid-card:visible")
    assert cards.count() == len(CUSTOMERS)
    room.get_by_label("Temperament").select_option("Cold")
    cold = [data for data in CUSTOMERS if data["temperament"] == "cold"]
    expect(cards).to_have_count(len(cold))
    room.get_by_label("Temperament").select_option("All")
    room.locator(f".tid-meet-{ID}").click()
    talk = room.locator(".tid-role-play")
    expect(box(talk)).to_be_visible()
    play_through(talk, STRONG)
    expect(talk.locator("[data-end='thankful']")).to_be_visible()
    room.locator(".tid-room-back").click()
    card = room.locator(".tid-card").filter(has=page.locator(f".tid-meet-{ID}"))
    expect(card).to_contain_text(re.compile(r"best so far: \d\d of 100"))


def test_the_talk_and_the_room_shut_nobody_out(themed_visit: Visit) -> None:
    page = themed_visit.open()
    found = on_page(page)
    wait_until_live(found)
    assert barriers(page, ".tid-role-play") == []
    play_through(found, [STRONG[0], HOSTILE, *STRONG[1:], *STRONG])
    found.locator("[data-end]").wait_for()
    found.locator(".tid-show-run").click()
    assert barriers(page, ".tid-role-play") == []
    themed_visit.open(ROOM)
    wait_until_live(page.locator(".tid-exercise"))
    assert barriers(page, ".tid-exercise") == []


@pytest.mark.thorough
def test_the_talk_and_the_room_fit_on_a_phone(phone_visit: Visit) -> None:
    page = phone_visit.open()
    found = on_page(page)
    wait_until_live(found)
    play_through(found, [STRONG[0], HOSTILE, *STRONG[1:], *STRONG])
    found.locator("[data-end]").wait_for()
    expect_fit(page)
    phone_visit.open(ROOM)
    wait_until_live(page.locator(".tid-exercise"))
    expect_fit(page)
