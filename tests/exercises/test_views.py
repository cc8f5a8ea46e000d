"""What cells display: the widgets of the rewrite exercise, conversations, plain sentences."""

# ruff: noqa: ANN401  (widgets have no types)

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from exercises import bank, exchange, model_reply, practice
from exercises.bank import BankScenario, Model
from exercises.record import Record
from exercises.texts import say, texts
from exercises.unknown import UnknownExerciseError
from exercises.views import show
from grader import load_rubric
from tests.exercises.onscreen import (
    by_class,
    html_of,
    is_shown,
    region,
    session,
    unmarked,
    widgets,
    words_of,
)

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> & \"'"
STRONG = (
    "Your cake turned up two hours after the party had begun. Anyone would be furious. "
    "What would make it up to your little girl?"
)
WEAK = "I understand your frustration. We will pass on your comments to the team."
SCENARIO = BankScenario(
    id="late-cake",
    setting="Bakery, at the counter",
    customer=f"The cake came at six. The party was at four! {HOSTILE}",
    agent_bad="There was <b>traffic</b>.",
    asks={"acknowledge": 1, "reflect": 1, "explore": 1},
    facts=("You are Ann & you bake.",),
    limits=("No second cake <today>.",),
    source="rebuilding-trust/active-listening",
    models=(
        Model("strong", STRONG, {"explore": 2}),
        Model("strong", f"{STRONG} Tell me all about it.", {"explore": 2}),
        Model("weak", WEAK, {"explore": 0}),
    ),
    pitfalls=(f"You offer another cake & a <b>voucher</b>. {HOSTILE}",),
)
EXAM = BankScenario(
    "exam", "Bank", "Where is my card?", "No idea.", {"explore": 1}, pool="assessment"
)


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What was displayed. The bank is a small one, and every test a new session."""
    monkeypatch.setattr(bank, "_bank", lambda: {"exam": EXAM, "late-cake": SCENARIO})
    monkeypatch.setattr(show, "_views", {})
    yield from session(monkeypatch)


def feedback(view: Any) -> str:
    return region(view, "tid-feedback")


def check(view: Any, reply: str) -> str:
    by_class(view, "tid-reply").value = reply
    by_class(view, "tid-check").click()
    return feedback(view)


# ---- the rewrite exercise ----


def test_practice_shows_scenario_task_box_button_and_region(shown: list[Any]) -> None:
    assert practice("late-cake") is None  # type: ignore[func-returns-value]
    (view,) = shown
    words = words_of(html_of(view))
    for part in ("Bakery, at the counter", "The cake came at six.", "There was <b>traffic</b>."):
        assert part in words
    for part in ("You are Ann & you bake.", "No second cake <today>.", "Ask an open question"):
        assert part in words
    assert "Apologise" not in words  # it is not asked for
    box = by_class(view, "tid-reply")
    assert isinstance(box, ipywidgets.Textarea)
    assert (box.value, box.description, box.continuous_update) == ("", "Your reply", True)
    assert by_class(view, "tid-check").description == "Check my reply"
    assert feedback(view) == '<div class="tid-feedback" role="status" aria-live="polite"></div>'


def test_check_shows_total_levels_and_marks(shown: list[Any]) -> None:
    practice("late-cake")
    region = check(shown[0], STRONG)
    total = re.findall(r'data-total="(\d+)"', region)
    assert len(total) == 1
    assert int(total[0]) > 0
    assert re.findall(r'data-criterion="explore" data-level="(\d)"', region) == ["2"]
    assert '<mark data-criterion="explore"' in region


def test_second_draft_tells_what_changed_and_the_third_compares_with_the_second(
    shown: list[Any],
) -> None:
    practice("late-cake")
    assert "tid-change" not in check(shown[0], WEAK)
    assert "tid-change" in check(shown[0], STRONG)
    assert say("checked_before", total=0)[:12] not in feedback(shown[0])


def test_learners_html_is_shown_as_text_never_as_markup(shown: list[Any]) -> None:
    practice("late-cake")
    region = check(shown[0], f"{STRONG} {HOSTILE}")
    for html in (region, html_of(shown[0])):
        assert "<script" not in html
        assert "<img" not in html
    assert HOSTILE in words_of(region)


@pytest.mark.parametrize(
    "reply", ["", "\0\ud83d\ufffe" * 99_999, HOSTILE * 9_999, "word " * 99_999, SCENARIO.customer]
)
def test_bad_reply_gets_a_plain_sentence_and_stays_in_the_box(
    shown: list[Any], reply: str, learner_home: Path
) -> None:
    practice("late-cake")
    region = check(shown[0], reply)
    assert "tid-rejected" in region or "tid-total" in region
    assert len(words_of(region)) < 500
    assert by_class(shown[0], "tid-reply").value == reply
    kept = learner_home / "drafts" / "late-cake.txt"
    assert (kept.read_bytes().decode() if reply else "") == reply.replace("\ud83d", "\ufffd")


def test_every_change_is_on_the_disk_at_once(shown: list[Any], learner_home: Path) -> None:
    practice("late-cake")
    box = by_class(shown[0], "tid-reply")
    for end in range(1, 5):
        box.value = STRONG[:end]
        assert (learner_home / "drafts" / "late-cake.txt").read_text() == STRONG[:end]
    assert words_of(by_class(shown[0], "tid-status").value) == "1 word Kept as you type."


def test_cell_run_twice_shows_the_same_words_and_feedback(shown: list[Any]) -> None:
    practice("late-cake")
    region = check(shown[0], STRONG)
    practice("late-cake")
    assert shown[1] is shown[0]
    assert feedback(shown[1]) == region
    assert by_class(shown[1], "tid-reply").value == STRONG


def test_new_session_finds_words_comparison_and_open_model_reply(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    practice("late-cake")
    check(shown[0], WEAK)
    by_class(shown[0], "tid-reply").value = f"{WEAK} And"
    monkeypatch.setattr(show, "_views", {})  # a kernel that was restarted
    practice("late-cake")
    view = shown[1]
    assert view is not shown[0]
    assert by_class(view, "tid-reply").value == f"{WEAK} And"
    assert "Welcome back" in feedback(view)
    assert "data-total" not in feedback(view)
    assert not by_class(view, "tid-show-model").disabled
    assert "tid-change" in check(view, STRONG)


def test_model_reply_opens_after_an_honest_attempt(shown: list[Any]) -> None:
    practice("late-cake")
    view = shown[0]
    button = by_class(view, "tid-show-model")
    why = say("model_closed", words=8)
    for reply in ("", "So the cake was late."):
        check(view, reply)
        assert button.disabled
        assert why in words_of(html_of(view))
        button.click()  # a keyboard or a script may still do it
        assert "tid-model" not in html_of(view)
    check(view, WEAK)
    assert not button.disabled
    assert why not in words_of(html_of(view))
    assert "voucher" not in html_of(view)
    button.click()
    assert html_of(view).count("tid-model") == 2
    assert button.description == say("model_hide")
    (pitfalls,) = re.findall(r"<details.*?</details>", html_of(view), re.DOTALL)
    assert "<details open" not in pitfalls
    assert say("pitfalls") in pitfalls
    assert SCENARIO.pitfalls[0] in words_of(pitfalls)
    button.click()
    assert "tid-model" not in html_of(view)
    assert "voucher" not in html_of(view)


def hint(view: Any) -> str:
    """What stands in the hint's live region."""
    return words_of(region(view, "tid-hint-text"))


def test_hint_names_criterion_question_and_next_level_and_no_models_words(
    shown: list[Any],
) -> None:
    practice("late-cake")
    view = shown[0]
    assert hint(view) == ""
    by_class(view, "tid-reply").value = "Anyone would be furious, and so would I be."
    by_class(view, "tid-hint").click()
    criteria = load_rubric().criteria.values()
    (named,) = [c for c in criteria if c.name in hint(view)]
    assert named.id in SCENARIO.asks
    assert named.question in hint(view)
    assert any(level.descriptor in hint(view) for level in named.levels[1:])
    said = {*re.findall(r"[\w']+(?: [\w']+){3}", hint(view))}
    assert not any(four in STRONG for four in said)
    assert not list(Record(Path(os.environ["TALK_IT_DOWN_HOME"])).read())
    check(view, STRONG)
    assert hint(view) == ""  # the feedback says it now
    by_class(view, "tid-hint").click()
    assert hint(view)


def test_two_drafts_are_compared_side_by_side(shown: list[Any]) -> None:
    practice("late-cake")
    view = shown[0]
    button = by_class(view, "tid-show-compare")
    check(view, f"{WEAK} {HOSTILE}")
    assert button.layout.display == "none"  # there is nothing to compare yet
    check(view, STRONG)
    assert button.layout.display is None
    button.click()
    html = html_of(view)
    _, earlier, later = html.partition("tid-compare")[2].split('class="tid-draft"')
    assert f"{WEAK} {HOSTILE}" in words_of(unmarked(earlier))
    assert "<script" not in html
    assert STRONG in words_of(unmarked(later))
    assert "<mark" in later
    assert "Ask an open question: not yet before, now fully" in unmarked(html)
    check(view, STRONG.replace("Anyone would be furious. ", "You should have rung us. "))
    again = unmarked(html_of(view).partition("tid-compare")[2])
    assert "new, and in the way" in again
    assert WEAK not in again
    button.click()
    assert "tid-drafts" not in html_of(view)


def test_comparison_is_there_again_in_a_new_session(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    practice("late-cake")
    for reply in (WEAK, STRONG):
        check(shown[0], reply)
    monkeypatch.setattr(show, "_views", {})
    practice("late-cake")
    by_class(shown[1], "tid-show-compare").click()
    assert WEAK in unmarked(html_of(shown[1]))


def test_words_of_another_window_are_shown_folded_away(
    shown: list[Any], learner_home: Path
) -> None:
    practice("late-cake")
    by_class(shown[0], "tid-reply").value = "Mine"
    (learner_home / "drafts" / "late-cake.txt").write_text(f"Theirs {HOSTILE}")
    by_class(shown[0], "tid-reply").value = "Mine, too"
    html = html_of(shown[0])
    assert say("other_window") in words_of(html)
    assert f"Theirs {HOSTILE}" in words_of(html)
    assert "<script" not in html
    assert (learner_home / "drafts" / "late-cake.txt").read_text() == "Mine, too"


def test_disk_that_fails_is_told_and_checking_goes_on(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    monkeypatch.setenv("TALK_IT_DOWN_HOME", str(blocked))
    practice("late-cake")
    assert "data-total" in check(shown[0], STRONG)
    assert say("not_saved") in words_of(html_of(shown[0]))


def test_error_in_the_grader_is_a_plain_sentence(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    practice("late-cake")

    def fail(*_args: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("exercises.rewrite.assess", fail)
    region = check(shown[0], STRONG)
    assert words_of(region) == say("went_wrong")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (
            lambda: practice("late-cakes"),
            "There is no exercise called late-cakes. Did you mean late",
        ),
        (lambda: exchange("late_cake"), "Did you mean late-cake?"),
        (lambda: model_reply(""), "There is no exercise called"),
        (lambda: practice(HOSTILE), f"There is no exercise called {HOSTILE}"),
        (lambda: practice(5), say("broken")),  # type: ignore[arg-type]
        (lambda: model_reply("late-cake", 9), say("no_model")),
        (lambda: model_reply("late-cake", -1), say("no_model")),
        (lambda: model_reply("exam"), say("no_model")),
        (lambda: practice("late-cake", assignment="assignment.json"), "assignment.json is missing"),
    ],
)
def test_what_is_not_there_is_told_in_a_plain_sentence(
    shown: list[Any], call: Any, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    call()
    (thing,) = shown
    assert expected in words_of(html_of(thing))
    assert "<script" not in html_of(thing)


# ---- in an assignment ----


@pytest.fixture
def homework(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an assignment, where its notebook runs."""
    folder = tmp_path / "homework"
    folder.mkdir()
    monkeypatch.chdir(folder)
    write_assignment(folder, "full")
    return folder


def write_assignment(folder: Path, detail: str) -> None:
    item = {
        "id": "late-cake",
        "points": 10,
        "setting": "Bakery",
        "customer": "Changed for this class: the cake came late!",
        "agent_bad": "Well.",
        "asks": {"explore": 2},
        "facts": ["You are Bo."],
        "limits": [],
    }
    data = {"version": 1, "name": "homework", "feedback": detail, "scenarios": [item]}
    (folder / "assignment.json").write_text(json.dumps(data))


def test_assignment_gives_scenario_and_asks_and_takes_the_answer(
    shown: list[Any], homework: Path, learner_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice("late-cake", assignment="assignment.json")
    view = shown[0]
    words = words_of(html_of(view))
    assert "Changed for this class" in words
    assert "You are Bo." in words
    assert say("saved_answer", file="answers/late-cake.txt") in words
    assert by_class(view, "tid-show-model") in widgets(view.children[-1], ipywidgets.Button)
    assert view.children[-1].layout.display == "none"  # no model replies here
    monkeypatch.chdir("/")  # wherever the kernel goes, the answer stays beside the notebook
    region = check(view, STRONG)
    assert (homework / "answers" / "late-cake.txt").read_text() == STRONG
    assert not (learner_home / "drafts" / "late-cake.txt").exists()
    assert re.findall(r'data-criterion="(\w+)" data-level', region) == ["explore"]
    practice("late-cake")
    assert by_class(shown[1], "tid-reply").value == ""  # practice has a draft of its own


@pytest.mark.parametrize(
    ("detail", "total", "advice", "recorded"),
    [("full", True, True, 1), ("levels", True, False, 1), ("none", False, False, 0)],
)
def test_assignment_says_how_much_feedback_there_is(
    shown: list[Any],
    homework: Path,
    learner_home: Path,
    detail: str,
    total: bool,
    advice: bool,
    recorded: int,
) -> None:
    write_assignment(homework, detail)
    practice("late-cake", assignment="assignment.json")
    region = check(shown[0], STRONG)
    assert ("data-total" in region) is total
    assert ("data-level" in region) is total
    assert ("tid-advice" in region) is advice
    assert len(list(Record(learner_home).read())) == recorded
    assert is_shown(by_class(shown[0], "tid-hint")) is advice
    if detail == "none":
        assert words_of(region) == say("held_back")
        assert STRONG[:20] not in region


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"version": 2}'])
def test_damaged_assignment_is_told(shown: list[Any], homework: Path, damaged: str) -> None:
    (homework / "assignment.json").write_text(damaged)
    practice("late-cake", assignment="assignment.json")
    assert words_of(html_of(shown[0])) == say("bad_assignment", file="assignment.json")


def test_scenario_that_an_assignment_does_not_have_is_told(
    shown: list[Any], homework: Path
) -> None:
    practice("late-cakes", assignment="assignment.json")
    assert "Did you mean late-cake?" in words_of(html_of(shown[0]))


def test_corrected_assignment_is_read_anew(shown: list[Any], homework: Path) -> None:
    practice("late-cake", assignment="assignment.json")
    check(shown[0], STRONG)
    text = (homework / "assignment.json").read_text()
    (homework / "assignment.json").write_text(text.replace("You are Bo.", "You are Cem."))
    practice("late-cake", assignment="assignment.json")
    assert "You are Cem." in words_of(html_of(shown[1]))
    assert by_class(shown[1], "tid-reply").value == STRONG


# ---- what is only read ----


def test_exchange_shows_who_said_what(shown: list[Any]) -> None:
    exchange("late-cake")
    words = words_of(html_of(shown[0]))
    order = [words.index(say("customer")), words.index("The cake"), words.index(say("agent"))]
    assert order == sorted(order)
    assert words.endswith("There was <b>traffic</b>.")


def test_model_reply_marks_what_it_does_and_says_why(shown: list[Any]) -> None:
    model_reply("late-cake")
    html = html_of(shown[0])
    assert STRONG in re.sub(r"<[^>]+>", "", html)
    marked = set(re.findall(r'<mark data-criterion="(\w+)"', html))
    assert "explore" in marked
    assert marked <= set(SCENARIO.asks)
    assert html.count("<li>") == len(marked)
    model_reply("late-cake", index=1)
    assert "Tell me all about it." in re.sub(r"<[^>]+>", "", html_of(shown[1]))


# ---- on a page of the book ----


def test_page_holds_a_usable_copy_and_no_widget(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALK_IT_DOWN_OUTPUT", "page")
    practice("late-cake")
    html = shown[0].data
    assert "<style" not in html
    assert "The cake came at six." in html
    assert re.search(r'<div class="tid-text tid-reply">.*<textarea', html)
    assert 'data-draft="drafts/late-cake.txt"' in html


@pytest.mark.parametrize("call", [practice, exchange, model_reply])
def test_page_of_an_unknown_exercise_stops_the_build(
    call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALK_IT_DOWN_OUTPUT", "page")
    with pytest.raises(UnknownExerciseError, match="late-cakes"):
        call("late-cakes")


# ---- texts ----


def test_texts_are_filled_in_once_and_never_read_as_a_format() -> None:
    assert say("unknown", id="{near} {0.__class__}") == (
        "There is no exercise called {near} {0.__class__}."
    )


def test_every_text_is_used_and_every_used_text_is_there() -> None:
    root = Path(__file__).parents[2]
    files = [*(root / "exercises").rglob("*.py"), *(root / "book" / "_web").glob("*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in files)
    said = set(re.findall(r"""\b_?(?:say|said|details)\(\s*["'](\w+)""", code))
    literals = set(re.findall(r"""["'](\w+)["']""", code))
    literals |= {f"page_{literal}" for literal in literals}
    # A key put together, as f"page_{name}", stands for every text of that form.
    forms = re.findall(r"""f["']((?:\w|\{[^{}]*\})+)["']""", code)
    used = [re.compile(re.sub(r"\{[^{}]*\}", r"\\w+", form)) for form in forms if form[0] != "{"]
    assert said - set(texts()) == set()
    unused = {text for text in texts() if not any(form.fullmatch(text) for form in used)}
    assert unused - literals == set()
