"""The packages at work: in scorm-again, an open player, and against a stub of a cmi5 platform."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from math import fsum
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FrameLocator,
    Page,
    Request,
    expect,
)

from book._web.lms.pack import pack
from exercises.progress import PASS, book, measure
from exercises.record import entries_of
from tests.e2e.conftest import BUILT, ROOT
from tests.e2e.lrs import ACTIVITY, EXTENSIONS, PUBLISHED, REGISTRATION, Store, serve_lrs
from tests.e2e.server import Site, serve
from tests.e2e.visit import START, barriers, wait_until_live

PART = "keeping-your-cool"
KEY = "talk-it-down/attempts.jsonl"
PLAYER = ROOT / "_build" / "npm" / "node_modules" / "scorm-again" / "dist" / "scorm12.min.js"
# A platform's page: the player's API, and the package in a frame beside it.
LMS = """<!DOCTYPE html><html lang="en"><title>LMS</title><link rel="icon" href="data:,">
<script src="player.js"></script><script>
  window.API = new Scorm12API({ autocommit: false, logLevel: 5 });
  const learner = location.hash.slice(1);
  const kept = JSON.parse(localStorage.getItem(`lms ${learner}`) ?? "null");
  if (kept) API.loadFromJSON(kept, "");
  API.cmi.core.student_id = learner;
  const keep = () => localStorage.setItem(`lms ${learner}`, JSON.stringify(API.cmi.toJSON()));
  window.said = [];
  for (const name of ["LMSInitialize", "LMSCommit", "LMSFinish"]) {
    API.on(name, () => { said.push(name); keep(); });
  }
</script>
<iframe src="scorm/launch.html" title="Course" width="1200" height="800"></iframe></html>"""
CATEGORIES = "https://w3id.org/xapi/cmi5/context/categories/"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The packages of one part, unpacked on the server of a platform."""
    folder = tmp_path_factory.mktemp("lms")
    for path, name in zip(pack(BUILT, folder / "zips", PART), ("scorm", "cmi5"), strict=True):
        with zipfile.ZipFile(path) as package:
            package.extractall(folder / "www" / name)
    shutil.copyfile(PLAYER, folder / "www" / "player.js")
    (folder / "www" / "lms.html").write_text(LMS, encoding="utf-8")
    with serve(folder / "www", "/lms/", compress=True) as running:
        yield running


@pytest.fixture
def lrs() -> Iterator[Store]:
    with serve_lrs() as store:
        yield store
    assert store.refused == []


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser in which nothing fails and no other host is asked than the platform's two."""
    wrong: list[str] = []

    def on_console(said: ConsoleMessage) -> None:
        # 404 is how a record store says that there is no such document yet.
        if said.type == "error" and "/xapi/" not in said.location["url"]:
            wrong.append(said.text)

    def on_request(asked: Request) -> None:
        if not asked.url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:")):
            wrong.append(asked.url)

    def watch(page: Page) -> None:
        page.on("console", on_console)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", on_request)

    with browser.new_context() as opened:
        opened.set_default_timeout(START)
        opened.on("page", watch)
        yield opened
    assert wrong == []


def exercises() -> list[dict[str, str]]:
    """The part's exercises, each once."""
    found = [
        each
        for name, chapter in book().items()
        if name.startswith(PART)
        for each in chapter["exercises"]
    ]
    return list({(each["kind"], each["id"]): each for each in found}.values())


def attempt(exercise: dict[str, str], total: float | None) -> str:
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = {"v": 1, "time": now, "exercise": exercise["id"], "kind": exercise["kind"]}
    return json.dumps({**line, "text": "", "levels": {}, "total": total}) + "\n"


def mixed_record() -> str:
    """Totals high and low, some exercises twice, some without a total, a line that is damaged."""
    lines = [attempt(each, 37.25 * i % 101 % 100) for i, each in enumerate(exercises()[4:])]
    lines += [attempt(each, 12.5) for each in exercises()[6:10]]
    lines += [attempt(exercises()[0], None), '{"v": 1, "total": 10', "\n"]
    lines += [attempt({"id": "unknown", "kind": "rewrite"}, 100)]
    lines += [attempt(exercises()[1], 100).replace('"v": 1', '"v": 2')]
    return "".join(lines)


def score_of(record: str) -> float:
    """The mean best total by the course's own reckoning; what was not tried counts 0."""
    measured = measure(entries_of(record.encode()), date.today()).chapters
    best = {
        key: total or 0
        for chapter in measured
        if chapter.name.startswith(PART)
        for key, total in chapter.best.items()
    }
    return round(fsum(best.values()) / len(best), 2)


def put(page: Page, record: str) -> None:
    """Write the record as a page of the course does: from another document of the same host."""
    course = page.frames[-1]
    course.locator("article h1").wait_for()  # until then the frame is another, empty document
    course.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, record])


def grade_a_reply(course: FrameLocator, reply: str) -> float:
    """Check a reply to the first scenario of the page; returns its total."""
    exercise = course.locator(".tid-exercise[data-kind=rewrite]").first
    exercise.scroll_into_view_if_needed()
    wait_until_live(exercise)
    exercise.locator("textarea").fill(reply)
    exercise.locator(".tid-check").click()
    total = exercise.locator("[data-total]")
    total.wait_for(timeout=START)
    return float(str(total.get_attribute("data-total")))


# ---- SCORM 1.2 ----


def cmi(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("JSON.parse(JSON.stringify(API.cmi.toJSON()))")
    return found


def expect_status(page: Page, status: str, score: float) -> None:
    is_there = """([status, score]) =>
      API.cmi.core.lesson_status === status && Number(API.cmi.core.score.raw) === score"""
    page.wait_for_function(is_there, arg=[status, score])


def test_scorm_player_gets_status_and_score(context: BrowserContext, platform: Site) -> None:
    page = context.new_page()
    page.goto(platform.url + "lms.html")
    launch = page.frame_locator("iframe")
    course = launch.frame_locator("#pages")
    expect(launch.locator("#say")).to_contain_text(f"0 of {len(exercises())} exercises")
    assert cmi(page)["core"]["lesson_status"] == "incomplete"
    assert page.evaluate("said")[0] == "LMSInitialize"

    total = grade_a_reply(course, "I'm sorry about your ceiling. What matters most to you today?")
    assert total > 0
    page.wait_for_function("API.cmi.core.score.raw !== ''")
    record = page.frames[-1].evaluate("key => localStorage.getItem(key)", KEY)
    expect_status(page, "incomplete", score_of(record))
    score = cmi(page)["core"]["score"]
    assert (score["min"], score["max"]) == ("0", "100")
    assert "sorry about your ceiling" not in json.dumps(cmi(page))

    put(page, mixed_record() + record)
    expect_status(page, "incomplete", score_of(mixed_record() + record))
    course.locator(".prev-next-area a.right-next").click()
    expect(course.locator("article h1")).to_contain_text("Say it so that it helps")
    page.wait_for_function("API.cmi.core.lesson_location.includes('communication')")

    put(page, "".join(attempt(each, 80) for each in exercises()))
    page.wait_for_function("API.cmi.core.lesson_status === 'passed'")
    expect(launch.locator("#say")).to_contain_text(f"{len(exercises())} of {len(exercises())}")
    reported = cmi(page)["core"]["score"]["raw"]
    assert PASS < float(reported) < 100
    page.locator("iframe").evaluate("frame => frame.remove()")
    page.wait_for_function("said.at(-1) === 'LMSFinish'")

    # Another day, and nothing left in the browser but what the platform keeps.
    page.evaluate("""() => {
      const own = Object.keys(localStorage).filter((key) => !key.startsWith("lms "));
      own.forEach((key) => localStorage.removeItem(key));
    }""")
    page.reload()
    expect(course.locator("article h1")).to_contain_text("Say it so that it helps")
    expect_status(page, "passed", float(reported))


def test_scorm_learners_at_one_machine_keep_apart(context: BrowserContext, platform: Site) -> None:
    page = context.new_page()
    say = page.frame_locator("iframe").locator("#say")

    def expect_done(learner: str, count: int) -> None:
        page.goto("about:blank")
        page.goto(f"{platform.url}lms.html#{learner}")
        expect(say).to_contain_text(f"{count} of")

    expect_done("l-7", 0)
    put(page, attempt(exercises()[0], 90))
    expect(say).to_contain_text("1 of")
    expect_done("l-8", 0)
    put(page, "".join(attempt(each, 90) for each in exercises()[:3]))
    expect(say).to_contain_text("3 of")
    expect_done("l-7", 1)
    assert page.evaluate("key => localStorage.getItem(key).split('\\n').length", KEY) == 2
    expect_done("l-8", 3)


def test_package_without_a_platform_says_so_and_works(
    context: BrowserContext, platform: Site
) -> None:
    for name in ("scorm", "cmi5"):
        page = context.new_page()
        page.goto(f"{platform.url}{name}/launch.html")
        expect(page.locator("#say")).to_contain_text("No learning platform answers")
        expect(page.frame_locator("#pages").locator("article h1")).to_contain_text("Stay calm")
        assert barriers(page, "footer") == []
        page.close()


# ---- cmi5 ----


def wait_for(page: Page, lrs: Store, *verbs: str) -> None:
    """Wait until these are the last statements."""
    for _ in range(200):
        if lrs.verbs()[-len(verbs) :] == [*verbs]:
            break
        page.wait_for_timeout(50)
    assert lrs.verbs()[-len(verbs) :] == [*verbs]


def test_cmi5_platform_gets_the_statements(
    browser: Browser, context: BrowserContext, platform: Site, lrs: Store
) -> None:
    unit = f"{platform.url}cmi5/launch.html?unit={PART}"
    page = context.new_page()
    page.goto(lrs.launch(unit, masteryScore=0.75, returnURL=platform.url + "lms.html"))
    wait_for(page, lrs, "initialized")
    assert lrs.profiles == ["cmi5LearnerPreferences"]
    grade_a_reply(page.frame_locator("#pages"), "I'm sorry about your ceiling. What happened?")
    wait_for(page, lrs, "initialized", "progressed")
    put(page, "".join(attempt(each, 71) for each in exercises()))
    wait_for(page, lrs, "progressed", "completed")  # but not at the platform's own mastery score
    put(page, "".join(attempt(each, 82) for each in exercises()))
    wait_for(page, lrs, "completed", "passed")
    page.get_by_role("button", name="Leave").click()
    page.wait_for_url("**/lms.html")
    wait_for(page, lrs, "passed", "terminated")
    check_statements(lrs)
    page.close()

    # The next session says neither again, also in a browser that knows nothing.
    del lrs.statements[:]
    with browser.new_context() as other:
        page = other.new_page()
        page.goto(lrs.launch(unit, masteryScore=0.75))
        expect(page.locator("#say")).to_contain_text(f"{len(exercises())} of {len(exercises())}")
        wait_for(page, lrs, "initialized")
        page.close()
    wait_for(context.new_page(), lrs, "initialized", "terminated")


def check_statements(lrs: Store) -> None:
    """What cmi5 asks of every statement, by its section 9."""
    ids = [statement["id"] for statement in lrs.statements]
    assert len({*ids}) == len(ids)
    times = [statement["timestamp"] for statement in lrs.statements]
    assert times == sorted(times)
    for verb, statement in zip(lrs.verbs(), lrs.statements, strict=True):
        context, result = statement["context"], statement.get("result", {})
        assert statement["actor"]["account"]["name"] == "l-7"
        assert statement["object"]["id"] == ACTIVITY
        assert context["registration"] == REGISTRATION
        assert context["extensions"][EXTENSIONS + "sessionid"] == "session-1"
        assert context["contextActivities"]["grouping"][0]["id"] == PUBLISHED
        found = {each["id"] for each in context["contextActivities"].get("category", [])}
        expected = set() if verb == "progressed" else {CATEGORIES + "cmi5"}
        if verb in {"completed", "passed"}:
            expected.add(CATEGORIES + "moveon")
        assert found == expected
        assert (EXTENSIONS + "masteryscore" in context["extensions"]) == (verb == "passed")
        assert ("score" in result) == (verb in {"passed", "progressed"})
        assert result.get("completion") == (True if verb == "completed" else None)
        assert result.get("success") == (True if verb == "passed" else None)
        assert ("duration" in result) == (verb in {"completed", "passed", "terminated"})
    score = next(
        each["result"]["score"] for each in lrs.statements if "passed" in each["verb"]["id"]
    )
    assert score["scaled"] >= 0.75
    assert score["raw"] == round(score["scaled"] * 100)


def test_cmi5_review_and_a_page_loaded_anew_report_nothing(
    context: BrowserContext, platform: Site, lrs: Store
) -> None:
    page = context.new_page()
    page.goto(
        lrs.launch(
            f"{platform.url}cmi5/launch.html?unit={PART}",
            launchMode="Review",
            returnURL="javascript:alert(1)",
        )
    )
    expect(page.locator("#say")).to_contain_text("only looking round")
    expect(page.get_by_role("button", name="Leave")).to_be_hidden()
    put(page, "".join(attempt(each, 100) for each in exercises()))
    page.reload()
    expect(page.locator("#say")).to_contain_text("This session is closed")
    assert lrs.verbs() == ["initialized", "terminated"]
