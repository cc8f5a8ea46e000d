"""An assignment as a learner meets it, in a real JupyterLab: reply, hand in, send drafts along."""

from __future__ import annotations

import zipfile

from playwright.sync_api import Page, expect

from exercises import bank
from grader.assignment import load_assignment
from tests.e2e.lab import Lab, open_notebook, run_all
from tests.grader.course import NAME


def test_learner_fills_the_gaps_and_hands_in(page: Page, lab: Lab) -> None:
    page.set_viewport_size({"width": 1280, "height": 4000})  # so that every cell is drawn
    folder = lab.course / "notebooks" / "assignments" / "source" / NAME
    open_notebook(page, lab, (folder / f"{NAME}.ipynb").relative_to(lab.course).as_posix())
    run_all(page)
    frame = page.locator(".tid-hand-in-frame")
    told = frame.locator(".tid-hand-in-result")
    frame.get_by_role("button", name="Hand in", exact=True).click()
    expect(told).to_contain_text("0 of 3 replies are ready")

    items = load_assignment(folder / "assignment.json").items
    for place, item in enumerate(items):
        reply = next(m.reply for m in bank.scenario(item.id).models if m.kind == "strong")
        page.locator(".tid-reply textarea").nth(place).fill(reply)
        page.locator(".tid-check").nth(place).click()
        page.locator(".tid-feedback").nth(place).locator("[data-total]").wait_for()
    box = frame.get_by_role("checkbox", name="Send along the versions I had checked")
    expect(box).to_be_checked()
    frame.get_by_role("button", name="Hand in", exact=True).click()
    expect(told).to_contain_text(f"{NAME}.zip, beside this notebook")
    with page.expect_download() as saved:
        told.get_by_role("link").click()
    with zipfile.ZipFile(saved.value.path()) as archive:
        names = {name.removeprefix(f"{NAME}/") for name in archive.namelist()}
    answers = {f"answers/{item.id}.txt" for item in items}
    assert names == {f"{NAME}.ipynb", "attempts.jsonl", *answers}

    box.press("Space")
    frame.get_by_role("button", name="Hand in", exact=True).click()
    expect(told).not_to_contain_text("versions you had checked")
    assert not (folder / "attempts.jsonl").exists()
