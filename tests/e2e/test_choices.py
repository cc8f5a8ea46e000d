"""Choose, sort and order as learners do them: in JupyterLab and on the site, by keyboard alone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Page, expect

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
    open_kinds,
)

CHOOSE, SORT, ORDER = "five-hours-on-the-stairs", "room-nobody-cleaned", "an-upset-call"
KINDS = ("choose", "sort", "order")
BEST = next(o["text"] for o in quiz(CHOOSE, "choose")["options"] if o["right"])
REASONS = {r["text"]: r["right"] for r in quiz(CHOOSE, "choose")["reasons"]["options"]}
BINS = {item["text"]: item["bin"] for item in quiz(SORT, "sort")["items"]}
BIN_IDS = [bin["id"] for bin in quiz(SORT, "sort")["bins"]]
STEPS = [step["text"] for step in quiz(ORDER, "order")["steps"]]


def in_lab(page: Page, lab: Lab, name: str) -> Page:
    """A notebook with an exercise of each kind."""
    calls = [f'choose("{CHOOSE}")', f'sort("{SORT}")', f'order("{ORDER}")']
    run_cells(page, lab, name, "from exercises import choose, order, sort", *calls)
    page.locator(".tid-order-check").wait_for()
    return page


def on_site(visit: Visit) -> Page:
    return open_kinds(visit, KINDS)


def total(page: Page, kind: str) -> Locator:
    return page.locator(f".tid-{kind}-feedback [data-total]")


def press(target: Locator, key: str) -> None:
    """Press a key on what has the focus, which must be the target."""
    target.focus()
    target.press(key)


def choose_best(page: Page) -> None:
    """Choose the best reply and every true reason, with the keyboard."""
    card = page.locator(".tid-choose-card").filter(has_text=BEST[:40])
    press(card.get_by_role("button"), "Enter")
    expect(card.get_by_role("button")).to_contain_text("is your choice")
    for text, right in REASONS.items():
        box = page.get_by_role("checkbox", name=text)
        if box.is_checked() != right:
            press(box, "Space")
    press(page.locator(".tid-choose-check"), "Enter")


def sort_all(page: Page, *, wrong: str = "") -> None:
    """Put every line where it belongs, with the keyboard; `wrong` goes to another bin."""
    for text, bin in BINS.items():
        menu = page.get_by_label(text)
        if menu.is_enabled():
            now = menu.evaluate("menu => menu.selectedIndex")
            goal = 1 + BIN_IDS.index("reflect" if text == wrong else bin)
            press(menu, "Space")
            for _ in range(abs(goal - now)):
                page.keyboard.press("ArrowDown" if goal > now else "ArrowUp")
            page.keyboard.press("Enter")
            expect(menu).to_have_js_property("selectedIndex", goal)
    press(page.locator(".tid-sort-check"), "Enter")


def order_all(page: Page) -> None:
    """Move every step to its place, with the keyboard; the focus goes with the step."""
    for goal, step in enumerate(STEPS):
        for place in range(place_of(page, step), goal, -1):
            up = page.get_by_role("button", name=f"Move up: {step}", exact=True)
            if place == place_of(page, step) and not up.evaluate(
                "b => b === document.activeElement"
            ):
                up.focus()
            page.keyboard.press("Enter")
            said = f"Now number {place} of {len(STEPS)}: {step}"
            expect(page.locator(".tid-order-said")).to_have_text(said)
            focused = page.evaluate("document.activeElement.textContent")
            assert focused.endswith(f": {step}")
    press(page.locator(".tid-order-check"), "Enter")


def place_of(page: Page, step: str) -> int:
    rows = page.locator(".tid-order-row").all_inner_texts()
    return next(i for i, row in enumerate(rows) if step in row)


def do_all(page: Page) -> None:
    """Do the three exercises without a fault but one, which a second try mends."""
    choose_best(page)
    expect(total(page, "choose")).to_have_attribute("data-total", "100")
    expect(page.locator(".tid-choose-card mark").first).to_be_visible()
    expect(page.locator(".tid-choose-check")).to_be_focused()
    slip = next(text for text, bin in BINS.items() if bin == "explore")
    sort_all(page, wrong=slip)
    expect(total(page, "sort")).to_have_attribute("data-total", "86")
    expect(page.locator(".tid-sort-wrong")).to_have_count(1)
    expect(page.locator(".tid-sort select:enabled")).to_have_count(1)
    sort_all(page)
    expect(total(page, "sort")).to_have_attribute("data-total", "100")
    order_all(page)
    expect(total(page, "order")).to_have_attribute("data-total", "100")
    expect(page.locator(".tid-order-mark")).to_have_count(len(STEPS))


def test_by_keyboard_in_jupyterlab(page: Page, lab: Lab) -> None:
    do_all(in_lab(page, lab, "choices"))
    record = (lab.home / "choices" / "attempts.jsonl").read_text(encoding="utf-8")
    assert [line.count('"kind"') for line in record.splitlines()] == [1, 1, 1, 1]


def test_by_keyboard_on_the_site(visit: Visit) -> None:
    page = on_site(visit)
    do_all(page)
    record = page.evaluate("localStorage.getItem('talk-it-down/attempts.jsonl')")
    assert len(record.splitlines()) == 4


@pytest.mark.thorough
def test_choices_survive_a_restart_and_a_reload_in_jupyterlab(page: Page, lab: Lab) -> None:
    in_lab(page, lab, "choices-restart")
    begin(page)
    restart_and_run_all(page)
    expect_begun(page)
    choose_best(page)
    expect(total(page, "choose")).to_have_attribute("data-total", "100")
    reload_and_run_all(page)
    expect(total(page, "choose")).to_have_attribute("data-total", "100")
    expect_begun(page, chosen=False)


@pytest.mark.thorough
def test_choices_survive_a_reload_on_the_site(visit: Visit) -> None:
    begin(on_site(visit))
    expect_begun(on_site(visit))


def begin(page: Page) -> None:
    """Choose, sort and order a little, and check nothing."""
    page.locator(".tid-choose-pick-1").click()
    page.locator(".tid-choose-reasons input").first.check()
    page.get_by_label(next(iter(BINS))).select_option(index=2)
    page.get_by_role("button", name=f"Move up: {STEPS[-1]}", exact=True).click()
    expect(page.locator(".tid-order-row").first).to_contain_text(STEPS[-1])


def expect_begun(page: Page, *, chosen: bool = True) -> None:
    if chosen:
        expect(page.locator(".tid-choose-pick-1")).to_contain_text("is your choice")
        expect(page.locator(".tid-choose-reasons input").first).to_be_checked()
    expect(page.get_by_label(next(iter(BINS)))).to_have_js_property("selectedIndex", 2)
    expect(page.locator(".tid-order-row").first).to_contain_text(STEPS[-1])


@pytest.mark.thorough
def test_what_is_chosen_before_python_runs_is_chosen_then(visit: Visit) -> None:
    let_go = hold_python(visit.page)
    page = visit.open()
    page.locator(".tid-choose-pick-1").click()
    page.get_by_label(next(iter(BINS))).select_option(index=2)
    page.get_by_role("button", name=f"Move up: {STEPS[-1]}", exact=True).click()
    page.locator(".tid-sort-check").click()
    expect(page.locator(".tid-sort-feedback")).not_to_be_empty()
    expect(page.locator(".tid-live")).to_have_count(0)
    let_go()
    expect(page.locator(".tid-choose-pick-1")).to_contain_text("is your choice", timeout=START)
    expect(page.get_by_label(next(iter(BINS)))).to_have_js_property("selectedIndex", 2)
    expect(page.locator(".tid-sort-feedback")).to_contain_text(f"{len(BINS) - 1} lines")
    expect(page.locator(".tid-order-row").first).to_contain_text(STEPS[-1])


@pytest.mark.thorough
def test_two_clicks_in_a_row_move_one_step_twice(visit: Visit) -> None:
    page = on_site(visit)
    last = page.locator(".tid-order-row").last.inner_text().split(". ", 1)[-1].strip()
    step = next(text for text in STEPS if text in last)
    page.locator(".tid-order-up").last.dblclick()
    expect(page.locator(".tid-order-row").nth(len(STEPS) - 3)).to_contain_text(step)


def test_clicks_made_while_python_is_busy_keep_their_order(visit: Visit) -> None:
    page = open_kinds(visit, ["scene"])
    row = {
        "scenario": {"setting": "", "customer": "Where is my coat?"},
        "reply": "I have it. " * 20,
    }
    rows = "\n".join(json.dumps({"id": str(i), **row}) for i in range(8))
    for _ in range(4):  # which of two waiting clicks would win, is chance
        page.evaluate(
            """async (rows) => {
              const score = window.talkItDown.score(rows);
              document.querySelector(".tid-scene-pick-0").click();
              await new Promise((resolve) => setTimeout(resolve, 15));
              document.querySelector(".tid-scene-check").click();
              await score;
            }""",
            rows,
        )
        expect(total(page, "scene")).to_be_visible()
        page.locator(".tid-scene-again").click()
        expect(total(page, "scene")).to_have_count(0)


def test_nothing_shuts_people_out_on_the_site(themed_visit: Visit) -> None:
    expect_no_barriers(on_site(themed_visit))


@pytest.mark.thorough
@pytest.mark.parametrize("light", ["true", "false"])
def test_nothing_shuts_people_out_in_jupyterlab(page: Page, lab: Lab, light: str) -> None:
    in_lab(page, lab, f"choices-axe-{light}")
    page.evaluate("light => { document.body.dataset.jpThemeLight = light; }", light)
    expect_no_barriers(page)


def expect_no_barriers(page: Page) -> None:
    """Neither before nor after the checks."""
    for kind in KINDS:
        assert barriers(page, f".tid-{kind}") == []
    fill(page)
    for kind in KINDS:
        assert barriers(page, f".tid-{kind}") == []


def fill(page: Page) -> None:
    """Get feedback of every sort: a wrong choice, rows right and wrong, the right order shown."""
    page.locator(".tid-choose-pick-0").click()
    page.locator(".tid-choose-reasons input").first.check()
    page.locator(".tid-choose-reasons input").last.check()
    page.locator(".tid-choose-check").click()
    expect(total(page, "choose")).to_be_visible()
    for menu in page.locator(".tid-sort select").all():
        menu.select_option(index=1)
    page.locator(".tid-sort-check").click()
    expect(total(page, "sort")).to_be_visible()
    page.locator(".tid-order-down").first.click()
    page.locator(".tid-order-check").click()
    page.locator(".tid-order-show").click()
    expect(page.locator(".tid-order-solution")).to_be_visible()


@pytest.mark.thorough
def test_a_phone_needs_no_sideways_scrolling(phone_visit: Visit) -> None:
    page = on_site(phone_visit)
    fill(page)
    expect_fit(page, *KINDS)
