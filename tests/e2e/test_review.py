"""An instructor's review of a marked assignment, in a real JupyterLab."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from exercises import bank
from grader.__main__ import main
from tests.e2e.jupyter import jupyterlab
from tests.e2e.lab import Lab, open_notebook, run_all
from tests.grader.course import NAME, Course

HOSTILE = "<script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">"


PATIENCE = 60_000  # milliseconds, on a busy machine


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@dataclass
class Marked:
    """A marked course and the JupyterLab in it."""

    course: Course
    lab: Lab


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marked]:
    course = Course(tmp_path_factory.mktemp("review") / "course")
    course.nbgrader("generate_assignment", NAME)
    scenarios = [bank.scenario(item.id) for item in course.assignment.items]
    for kind in ("strong", "weak"):
        replies = {s.id: next(m.reply for m in s.models if m.kind == kind) for s in scenarios}
        course.submit(f"{kind}-one", {i: f"{text} {HOSTILE}" for i, text in replies.items()})
    with chdir(course.folder):
        assert main(["autograde", NAME]) == 0
    log = course.folder.parent / "jupyter.log"
    with jupyterlab(course.folder, course.environment, log) as url:
        yield Marked(course, Lab(url, course.folder, course.folder))


def test_instructor_works_through_the_queue(page: Page, marked: Marked) -> None:
    lab, course = marked.lab, marked.course
    cell = f'from exercises import review_queue\nreview_queue("{NAME}")'
    open_notebook(page, lab, lab.notebook("review.ipynb", cell))
    run_all(page)
    frame = page.locator(".tid-review")
    listed = frame.get_by_label("Replies, the most doubtful first")
    expect(listed.locator("option")).to_have_count(6)
    expect(frame.get_by_label("Show", exact=True)).to_contain_text("Still to look at (6)")
    expect(frame.locator(".tid-marked")).to_contain_text("<script>document.title")
    assert page.title() != "owned"

    # By keyboard, and JupyterLab takes none of it for its cells: x would cut this one, 0 0 restart
    # Python.
    listed.focus()
    for key in ("x", "0", "0", "ArrowDown"):
        listed.press(key)
    expect(listed.locator("option").nth(1)).to_have_js_property("selected", True)
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    label = listed.locator("option").nth(1).text_content() or ""
    _, _, scenario = label.replace("\xa0", " ").partition(", ")
    expect(frame.locator(".tid-setting")).to_have_text(scenario)
    level = frame.locator(".tid-review-levels select").first
    points = frame.get_by_label("Points of 10")
    before = points.input_value()
    level.focus()
    level.press("f" if level.input_value().startswith("not") else "n")
    expect(points).not_to_have_value(before)
    frame.get_by_role("button", name="Save and next").click()
    expect(frame.locator(".tid-review-feedback")).to_contain_text("Say why")
    frame.get_by_label("Why it differs").fill("It says the problem back.")
    frame.get_by_label("Comment", exact=True).fill("Name the day.")
    frame.get_by_label("A comment about").select_option(index=1)
    frame.get_by_role("button", name="Add to the comment").click()
    expect(frame.get_by_label("Your comment to the learner")).to_have_value(
        re.compile("^“.+” Name the day.$")
    )
    frame.get_by_role("button", name="Save and next").click()
    expect(frame.locator(".tid-review-told")).to_contain_text("Saved: ")
    expect(listed.locator("option").nth(2)).to_have_js_property("selected", True)
    expect(frame.locator(".tid-review-agreement")).to_contain_text("too few to say")

    (line,) = (course.root / "review.jsonl").read_text(encoding="utf-8").splitlines()
    kept = json.loads(line)
    entry = course.gradebook()[kept["learner"]][kept["scenario"]]
    assert entry.manual == kept["score"]
    assert entry.auto is not None
    comments = course.root / "review-comments.txt"
    assert comments.read_text(encoding="utf-8") == "Name the day.\n"

    # What is typed in the formgrader, and another marking, are seen when the cell runs again.
    course.set_manual_score(kept["learner"], kept["scenario"], 1.5)
    with chdir(course.folder):
        assert main(["autograde", NAME, "--force"]) == 0
    run_all(page)
    frame.get_by_label("Show", exact=True).select_option(label="Looked at (1)")
    expect(frame).to_contain_text("The gradebook has 1.5 points")
    expect(points).to_have_value("1.5")
