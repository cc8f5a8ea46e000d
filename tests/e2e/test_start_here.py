"""Where the course begins and where it ends, as learners do it: Start here and the capstone."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from exercises.dialogues import dialogues
from exercises.placement import messages
from exercises.record import Record
from tests.e2e.lab import Lab, choose_theme, open_notebook, reload_and_run_all, run_all
from tests.e2e.visit import START, Visit, barriers, expect_fit, hold_python, wait_until_live

STRONG = [message.strong for message in messages()]
CAPSTONE = "four-steps-to-step-free"
RUN = dialogues()[CAPSTONE]["strong"]
THANKS = "Glad to hear it is cold again. <img src=x onerror='harmed=true'>"


def box(found: Locator, number: int) -> Locator:
    return found.locator(f".tid-placement-reply-{number} textarea")


def begin_by_keyboard(page: Page, found: Locator) -> None:
    """Answer five messages and leave the last out, with the keyboard alone."""
    box(found, 1).focus()
    for reply in (*STRONG[:4], THANKS):
        page.keyboard.insert_text(reply)
        page.keyboard.press("Tab")
    expect(box(found, 6)).to_be_focused()
    page.keyboard.press("Tab")
    expect(found.locator(".tid-placement-check")).to_be_focused()
    page.keyboard.press("Enter")
    expect(found.locator("[data-where='chapters']")).to_be_visible(timeout=START)
    expect(found.locator(".tid-placement-check")).to_be_focused()


def expect_a_proposal(found: Locator) -> Locator:
    """A proposal that leads somewhere; returns the first link."""
    told = found.locator(".tid-placement-feedback")
    assert told.get_attribute("aria-live") == "polite"
    expect(told).to_contain_text("This goes by 5 of 6 replies.")
    link = found.locator("li[data-chapter] a").first
    expect(found.locator("[data-where]")).to_contain_text("It trains: Thank them for something.")
    found.locator(".tid-placement-replies > summary").click()
    expect(found.locator(".tid-placement-replies mark").first).to_be_visible()
    assert found.page.evaluate("window.harmed") is None
    return link


# ---- in JupyterLab ----


def test_lab_proposes_where_to_begin_and_leads_there(page: Page, lab: Lab) -> None:
    open_notebook(page, lab, "notebooks/start-here.ipynb")
    run_all(page)
    found = page.locator(".tid-placement")
    box(found, 6).wait_for()
    begin_by_keyboard(page, found)
    link = expect_a_proposal(found)
    entry = [entry for entry in Record(lab.home).read() if entry.kind == "placement"][-1]
    assert entry.text.startswith(f"1. {STRONG[0].strip()}")
    for theme in ("Dark", "Light"):
        choose_theme(page, theme)
        assert barriers(page, ".tid-placement") == []
    with page.context.expect_page() as opened:
        link.click()
    expect(opened.value.locator(".jp-Notebook h1").first).to_be_visible(timeout=START)
    reload_and_run_all(page)
    expect(box(found, 5)).to_have_value(THANKS)
    expect(found.locator("[data-where='chapters']")).to_be_visible()


# ---- on the site ----


def check_on_page(visit: Visit) -> Locator:
    found = visit.open("book/start-here.html").locator(".tid-exercise[data-kind='placement']")
    found.scroll_into_view_if_needed()
    return found


def test_site_keeps_what_is_written_before_python_and_proposes_where_to_begin(
    visit: Visit,
) -> None:
    let_go = hold_python(visit.page)
    found = check_on_page(visit)
    for number, reply in enumerate((*STRONG[:4], THANKS), 1):
        box(found, number).fill(reply)
    found.locator(".tid-placement-check").click()
    let_go()
    expect(found.locator("[data-where='chapters']")).to_be_visible(timeout=START)
    expect(box(found, 5)).to_have_value(THANKS)
    let_go = hold_python(visit.page)
    visit.page.reload()
    for number, reply in enumerate((*STRONG[:4], THANKS), 1):  # all of them, before Python
        expect(box(found, number)).to_have_value(reply)
    box(found, 4).fill("Another try.")
    let_go()
    wait_until_live(found)
    expect(box(found, 4)).to_have_value("Another try.")
    expect(box(found, 5)).to_have_value(THANKS)
    expect_a_proposal(found).click()
    expect(visit.page.get_by_role("heading", level=1)).to_be_visible()
    assert "/book/start-here" not in visit.page.url
    found = check_on_page(visit)
    wait_until_live(found)
    found.locator(".tid-placement-again").click()
    expect(found.locator("[data-where]")).to_have_count(0)
    expect(box(found, 1)).to_have_value("")


def test_site_check_needs_no_mouse_and_shuts_nobody_out(themed_visit: Visit) -> None:
    found = check_on_page(themed_visit)
    wait_until_live(found)
    begin_by_keyboard(themed_visit.page, found)
    expect_a_proposal(found)
    assert barriers(themed_visit.page) == []


def play_capstone(visit: Visit) -> Locator:
    """The whole talk without a word of thanks: not perfect, but done."""
    found = visit.open("book/capstone.html").locator(".tid-exercise")
    found.scroll_into_view_if_needed()
    wait_until_live(found)
    replies = [*RUN[:3], "You're right, and I can see why you ask.", *RUN[4:]]
    for turn, reply in enumerate(replies, 1):
        found.locator(".tid-say textarea").fill(reply)
        found.locator(".tid-role-play-say").click()
        expect(found.locator(".tid-talk .tid-turn-agent")).to_have_count(turn, timeout=START)
    return found.locator(".tid-capstone-outcome")


def test_site_capstone_says_what_was_reached_and_what_trains_the_rest(visit: Visit) -> None:
    outcome = play_capstone(visit)
    expect(outcome.locator("[data-total]")).to_be_visible()
    expect(outcome.locator("li[data-criterion='prevent'][data-level='2'] q")).to_contain_text(
        "tape"
    )
    assert barriers(visit.page) == []
    outcome.locator("li[data-criterion='thank'][data-level='0'] a").click()
    expect(visit.page.get_by_role("heading", level=1)).to_contain_text("Follow-up")
    visit.open("book/progress.html")
    done = visit.page.locator(".tid-progress-done")
    expect(done).to_contain_text("The capstone", timeout=START)


def test_site_check_fits_a_phone(phone_visit: Visit) -> None:
    found = check_on_page(phone_visit)
    wait_until_live(found)
    begin_by_keyboard(phone_visit.page, found)
    expect_a_proposal(found)
    expect_fit(phone_visit.page, "placement")
