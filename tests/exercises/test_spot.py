"""The spot exercise: the model, what authors may write, and what a learner sees."""

# ruff: noqa: ANN401  (widgets have no types)

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from exercises import quizzes, spot
from exercises.kept import Kept
from exercises.record import Record
from exercises.schema import problems as schema_problems
from exercises.spot import Hunt, Spot, problems
from exercises.texts import say
from grader import assess
from tests.exercises.onscreen import (
    by_class,
    html_of,
    is_shown,
    region,
    restart,
    session,
    unmarked,
    widgets,
    words_of,
)

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> & \"'"
BLAME, DISMISS = "You should have ordered earlier.", "Calm down, it's only a cake."
IDLE = "The cake had four tiers."
HEATED = (
    f"Dear Ms Roy,\n\nThank you for your message. {BLAME} {IDLE} {DISMISS}\n\nKind regards, Ann"
)
FEELING = "Anyone would be furious."
HALF = "Thank you for your message."
ASK = "What would make it up to your daughter?"
CALMING = f"Dear Ms Roy,\n\n{HALF} {FEELING} {IDLE} {ASK}\n\nKind regards, Ann"


def data(**changes: object) -> dict[str, Any]:
    """An exercise as an author writes it; a field is left out where its change is None."""
    made: dict[str, Any] = {
        "kind": "spot",
        "source": "rebuilding-trust/active-listening",
        "task": f"Mark what heats. {HOSTILE}",
        "look_for": "heat",
        "setting": "Bakery, at the counter",
        "customer": f"The cake came at six. The party was at four! {HOSTILE}",
        "agent_bad": "",
        "reply": HEATED,
    }
    made |= changes
    return {field: value for field, value in made.items() if value is not None}


def exercise(**changes: object) -> Spot:
    return Spot.of("cake", data(**changes))


def at(found: Spot, text: str) -> int:
    """The number of the phrase that begins like this."""
    (place,) = [i for i, phrase in enumerate(found.phrases) if phrase.text.startswith(text)]
    return place


def marks(found: Spot, **named: str) -> dict[int, str]:
    """Marks on phrases by the names of their constants in this module."""
    return {at(found, globals()[text]): name for text, name in named.items()}


# ---- the model ----


@pytest.mark.parametrize(
    ("look_for", "reply", "criteria"),
    [
        ("heat", HEATED, {"blame", "dismiss"}),
        ("calm", CALMING, {"acknowledge", "explore"}),
        ("heat", CALMING, set()),
        ("calm", HEATED, set()),
        ("both", f"{CALMING}\n\n{BLAME}", {"acknowledge", "explore", "blame"}),
    ],
)
def test_key_is_the_graders_evidence_of_what_is_looked_for(
    look_for: str, reply: str, criteria: set[str]
) -> None:
    found = exercise(look_for=look_for, reply=reply)
    assert {e.criterion for e in found.key} == criteria
    evidence = assess(reply, found.scenario).evidence
    assert [e for e in evidence if e.criterion in criteria] == list(found.key)


@pytest.mark.parametrize(
    ("named", "total"),
    [
        ({"BLAME": "blame", "DISMISS": "dismiss"}, 100),
        ({"BLAME": "blame", "DISMISS": "blame"}, 75),
        ({"BLAME": "", "DISMISS": ""}, 50),
        ({"BLAME": "blame"}, 67),
        ({"BLAME": "blame", "DISMISS": "dismiss", "IDLE": "blame"}, 80),
        ({"IDLE": "blame"}, 0),
    ],
)
def test_total_weighs_what_is_found_and_what_is_marked(named: dict[str, str], total: int) -> None:
    found = exercise()
    assert found.compare(marks(found, **named)).total == total


def test_marking_everything_is_no_way_to_100() -> None:
    found = exercise()
    everything = dict.fromkeys(range(len(found.phrases)), "")
    assert found.compare(everything).total < 50


def test_half_a_move_neither_counts_nor_costs() -> None:
    found = exercise(look_for="calm", reply=CALMING)
    right = {"ASK": "explore", "FEELING": "acknowledge"}
    result = found.compare(marks(found, **right, HALF="thank"))
    assert result.total == found.compare(marks(found, **right)).total == 100
    assert result.perfect
    assert [v.phrase.text for v in result.verdicts if v.half] == [HALF]


def test_what_calms_is_no_heat_and_is_told_apart() -> None:
    found = exercise(reply=f"{FEELING} {IDLE}\n\n{HEATED.replace(IDLE, '')}")
    (verdict,) = found.compare(marks(found, FEELING="blame")).verdicts
    assert verdict.right == ()
    assert [e.criterion for e in verdict.other] == ["acknowledge"]


def test_missed_and_found_make_up_the_key() -> None:
    found = exercise()
    result = found.compare(marks(found, DISMISS="dismiss"))
    assert [e.criterion for e in result.missed] == ["blame"]
    assert result.key == found.key


@pytest.mark.parametrize("look_for", ["heat", "calm", "both"])
def test_names_to_choose_from_hold_the_right_ones_and_always_the_same_others(
    look_for: str,
) -> None:
    changes = {"look_for": look_for, "reply": f"{HEATED}\n\n{CALMING}"}
    found = exercise(**changes)
    right = {e.criterion for e in found.key}
    names = [criterion.id for criterion in found.choices]
    assert right < set(names)
    assert [c.id for c in exercise(**changes).choices] == names
    # A name that is in the reply, but not looked for or only half, must not stand there as wrong.
    levels = assess(found.reply, found.scenario).levels
    assert not any(levels[name] for name in set(names) - right)


def hunt(folder: Path, **changes: object) -> Hunt:
    """The learner's work as a new session finds it."""
    return Hunt(exercise(**changes), Kept(folder / "cake.json", Record(folder)))


def mark(work: Hunt, **named: str) -> None:
    for place, name in marks(work.spot, **named).items():
        work.mark(place, on=True)
        work.name(place, name)


def test_attempt_is_recorded_in_words(tmp_path: Path) -> None:
    work = hunt(tmp_path)
    mark(work, BLAME="blame", IDLE="")
    work.check()
    (entry,) = Record(tmp_path).read()
    assert (entry.exercise, entry.kind, entry.levels) == ("cake", "spot", {})
    assert entry.text == f"{BLAME} – Blames the customer\n{IDLE}"
    assert entry.total == work.spot.compare(work.marks).total


def test_nothing_marked_is_no_attempt(tmp_path: Path) -> None:
    work = hunt(tmp_path)
    assert work.check() is None
    assert list(Record(tmp_path).read()) == []


def test_answer_opens_after_the_second_try_and_later_checks_do_not_count(tmp_path: Path) -> None:
    work = hunt(tmp_path)
    mark(work, IDLE="blame")
    work.check()
    work.check()  # the same marks are the same try
    assert (work.tries, work.answer_open) == (1, False)
    mark(work, BLAME="blame")
    work.check()
    assert (work.tries, work.answer_open) == (2, True)
    mark(work, DISMISS="dismiss")
    result = work.check()
    assert result is not None
    assert result.missed == ()
    assert len(list(Record(tmp_path).read())) == 2


def test_answer_opens_when_all_is_found(tmp_path: Path) -> None:
    work = hunt(tmp_path)
    mark(work, BLAME="blame", DISMISS="dismiss")
    work.check()
    assert work.answer_open
    assert [entry.total for entry in Record(tmp_path).read()] == [100]


def test_start_again_forgets_marks_and_tries(tmp_path: Path) -> None:
    work = hunt(tmp_path)
    mark(work, BLAME="blame")
    work.check()
    work.open_answer()
    work.start_again()
    assert (work.marks, work.tries, work.answer_open) == ({}, 0, False)
    mark(work, BLAME="blame")
    work.check()
    assert len(list(Record(tmp_path).read())) == 2


def test_new_session_finds_marks_names_and_tries(tmp_path: Path) -> None:
    work = hunt(tmp_path)
    mark(work, BLAME="blame", IDLE="")
    work.mark(at(work.spot, DISMISS), on=True)
    work.mark(at(work.spot, DISMISS), on=False)
    work.check()
    again = hunt(tmp_path)
    assert (again.marks, again.tries, again.is_checked) == (work.marks, 1, True)
    assert again.marks == marks(work.spot, BLAME="blame", IDLE="")
    changed = hunt(tmp_path, reply=f"Hello. {HEATED.replace(IDLE, 'It is in Bow Road.')}")
    assert changed.marks == marks(changed.spot, BLAME="blame")


@pytest.mark.parametrize(
    "state",
    [
        "[]",
        "{",
        json.dumps({"marks": ["x"], "tries": "2", "open": 1}),
        json.dumps({"marks": {"A phrase of last year": "blame"}, "tries": -3, "open": None}),
        json.dumps({"marks": {"x": "blame", "": []}, "tries": True}),
    ],
)
def test_what_no_longer_fits_is_left_out(tmp_path: Path, state: str) -> None:
    (tmp_path / "cake.json").write_text(state)
    work = hunt(tmp_path)
    assert (work.marks, work.tries, work.answer_open) == ({}, 0, False)


@pytest.mark.parametrize("name", ["jargon of last year", [], None, 3])
def test_name_that_is_no_choice_any_more_is_left_open(tmp_path: Path, name: object) -> None:
    (tmp_path / "cake.json").write_text(json.dumps({"marks": {BLAME: name}}))
    work = hunt(tmp_path)
    assert work.marks == marks(work.spot, BLAME="")


# ---- what authors may write ----


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"reply": f"{BLAME} {IDLE} Thank you."},
            f"reply: the grader finds too little of heat (blame: {BLAME[:-1]!r}); allowed: a reply",
        ),
        (
            {"look_for": "calm"},
            "reply: the grader finds too little of calm (nothing); allowed: a reply with at least",
        ),
        (
            {"look_for": "both"},
            "reply: the grader finds only one of heat and calm (blame: ",
        ),
        (
            {"reply": f"{BLAME} {DISMISS} {IDLE}"},
            "reply: 1 of its 3 phrases do nothing of what is looked for; allowed: a reply with at",
        ),
        (
            {"reply": f"{HEATED}\n\n{IDLE}"},
            f"reply: the phrase {IDLE!r} stands in it twice; allowed:",
        ),
        ({"reply": "Lorem ipsum dolor sit amet"}, "reply: the grader finds too little of heat"),
    ],
)
def test_what_a_schema_cannot_see_is_told(changes: dict[str, Any], expected: str) -> None:
    assert schema_problems(data(**changes), "quiz_spot", "x.yml") == []
    assert [line for line in problems(data(**changes)) if line.startswith(expected)]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"look_for": "calm", "reply": CALMING},
        {"look_for": "both", "reply": f"{CALMING}\n\n{BLAME}"},
    ],
)
def test_good_exercises_pass(changes: dict[str, Any]) -> None:
    assert schema_problems(data(**changes), "quiz_spot", "x.yml") == []
    assert list(problems(data(**changes))) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"task": None}, "x.yml: task: is missing; allowed: one line of text: what to look for"),
        ({"task": "two\nlines"}, "x.yml: task: 'two\\nlines' does not fit; allowed: one line"),
        ({"look_for": "cold"}, "x.yml: look_for: 'cold' does not fit; allowed: heat, calm or both"),
        ({"agent_bad": None}, "x.yml: agent_bad: is missing; allowed: an answer the customer had"),
        ({"reply": " "}, "x.yml: reply: ' ' does not fit; allowed: the reply to search, as text"),
        ({"key": ["blame"]}, "x.yml: key: is unknown; allowed: kind, source, task, look_for"),
        ({"source": "listening"}, "x.yml: source: 'listening' does not fit; allowed: <part>/<sec"),
    ],
)
def test_schema_names_field_and_remedy(changes: dict[str, Any], expected: str) -> None:
    assert expected in "\n".join(schema_problems(data(**changes), "quiz_spot", "x.yml"))


def exercise_of(id: str) -> Spot:
    return Spot.of(id, quizzes.quiz(id, "spot"))


# ---- on the screen ----


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What was displayed; there is one exercise, and every test is a new session."""
    yield from session(monkeypatch, cake=data())


def boxes(view: Any) -> dict[str, Any]:
    return {box.description: box for box in widgets(view, ipywidgets.Checkbox)}


def names(view: Any) -> dict[str, Any]:
    return {made.description: made for made in widgets(view, ipywidgets.Dropdown)}


def feedback_html(view: Any) -> str:
    return region(view, "tid-spot-feedback")


def feedback(view: Any) -> str:
    return words_of(unmarked(feedback_html(view)))


def check(view: Any, **named: str) -> str:
    """Mark and name phrases and check; returns what is said."""
    for constant, name in named.items():
        boxes(view)[globals()[constant]].value = True
        names(view)[f"“{globals()[constant]}”"].value = name
    by_class(view, "tid-spot-check").click()
    return feedback(view)


def test_exercise_shows_customer_task_and_a_box_for_each_phrase(shown: list[Any]) -> None:
    assert spot("cake") is None  # type: ignore[func-returns-value]
    view = shown[0]
    words = words_of(html_of(view))
    for part in ("Bakery, at the counter", "The cake came at six.", f"Mark what heats. {HOSTILE}"):
        assert part in words
    assert say("agent") not in words
    assert list(boxes(view)) == [phrase.text for phrase in exercise().phrases]
    assert names(view) == {}
    assert "<mark" not in html_of(view)
    assert not is_shown(by_class(view, "tid-spot-show"))
    assert not is_shown(by_class(view, "tid-spot-again"))


def test_marked_phrase_gets_a_list_of_names_with_its_words_as_label(shown: list[Any]) -> None:
    spot("cake")
    view = shown[0]
    boxes(view)[DISMISS].value = True
    boxes(view)[BLAME].value = True
    assert list(names(view)) == [f"“{BLAME}”", f"“{DISMISS}”"]
    made = names(view)[f"“{DISMISS}”"]
    assert made.value == ""
    assert ("Makes it small", "dismiss") in made.options
    made.value = "dismiss"
    boxes(view)[BLAME].value = False
    assert list(names(view)) == [f"“{DISMISS}”"]
    assert names(view)[f"“{DISMISS}”"] is made  # not made anew: it may have the focus
    assert made.value == "dismiss"


def test_check_without_marks_says_what_to_do(shown: list[Any]) -> None:
    spot("cake")
    assert check(shown[0]) == say("spot_nothing")


def test_first_try_tells_what_is_right_and_keeps_the_rest_hidden(shown: list[Any]) -> None:
    spot("cake")
    found = check(shown[0], BLAME="blame", IDLE="jargon")
    assert "You found 1 of 2 things that heat." in found
    assert "50 of 100" in found
    assert "Blames the customer: that is what it does." in found
    assert "has to defend themselves" in found  # the rubric's words
    assert say("spot_idle_heat") in found
    html = feedback_html(shown[0])
    assert re.findall(r'<mark data-criterion="(\w+)"', html) == ["blame"]
    assert 'data-total="50"' in html
    assert "Makes it small" not in found


def test_wrong_name_is_told_without_the_right_one(shown: list[Any]) -> None:
    spot("cake")
    found = check(shown[0], BLAME="dismiss", DISMISS="")
    assert say("spot_misnamed", name="Makes it small") in found
    assert say("spot_unnamed") in found
    assert "Blames the customer" not in found
    assert "<mark" not in feedback_html(shown[0])


def test_second_try_shows_the_whole_answer(shown: list[Any]) -> None:
    spot("cake")
    check(shown[0], IDLE="blame")
    found = check(shown[0], BLAME="dismiss")
    html = feedback_html(shown[0])
    assert set(re.findall(r'<mark data-criterion="(\w+)"', html)) == {"blame", "dismiss"}
    assert re.findall(r'<li data-criterion="(\w+)" data-state="(\w+)"', html) == [
        ("blame", "found"),
        ("dismiss", "missed"),
    ]
    assert say("spot_called", name="Makes it small") in found
    assert say("spot_needless") in found
    assert say("spot_counted") in check(shown[0], DISMISS="dismiss")


def test_words_that_do_several_things_need_one_name_only(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = f"Dear Ms Roy, {IDLE} I'll ring you at nine tomorrow to hear what she said. {ASK}"
    made = data(look_for="calm", reply=reply)
    monkeypatch.setattr(quizzes, "quizzes", lambda: {"cake": made})
    found = Spot.of("cake", made)
    call = at(found, "I'll ring you")
    does = [e.criterion for e in found.verdict(call).right]
    assert len(does) > 1
    assert found.compare({call: does[0], at(found, ASK): "explore"}).total == 100
    spot("cake")
    view = shown[0]
    text = found.phrases[call].text
    boxes(view)[text].value = True
    names(view)[f"“{text}”"].value = does[0]
    check(view, ASK="explore")
    assert feedback(view).count(say("spot_also")) == len(does) - 1


def test_answer_is_shown_and_hidden_on_request(shown: list[Any]) -> None:
    spot("cake")
    check(shown[0], BLAME="blame")
    button = by_class(shown[0], "tid-spot-show")
    assert is_shown(button)
    button.click()
    assert say("spot_missed") in feedback(shown[0])
    assert button.description == say("spot_hide")
    button.click()
    assert feedback(shown[0]) == ""
    assert button.description == say("spot_show")


def test_start_again_clears_the_screen(shown: list[Any]) -> None:
    spot("cake")
    check(shown[0], BLAME="blame")
    again = by_class(shown[0], "tid-spot-again")
    again.click()
    assert feedback(shown[0]) == ""
    assert not any(box.value for box in boxes(shown[0]).values())
    assert names(shown[0]) == {}
    assert not is_shown(again)
    boxes(shown[0])[BLAME].value = True
    assert names(shown[0])[f"“{BLAME}”"].value == ""


def test_run_again_and_a_new_session_show_the_same(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    spot("cake")
    found = check(shown[0], BLAME="blame", IDLE="")
    spot("cake")
    assert shown[1] is shown[0]
    assert feedback(shown[1]) == found
    restart(monkeypatch)
    spot("cake")
    assert shown[2] is not shown[0]
    assert feedback(shown[2]) == found
    assert [text for text, box in boxes(shown[2]).items() if box.value] == [BLAME, IDLE]
    assert [made.value for made in names(shown[2]).values()] == ["blame", ""]
    boxes(shown[2])[DISMISS].value = True
    restart(monkeypatch)
    spot("cake")
    assert feedback(shown[3]) == ""  # the last check was of other marks


def test_disk_that_fails_is_told_and_marking_goes_on(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    monkeypatch.setenv("TALK_IT_DOWN_HOME", str(blocked))
    spot("cake")
    found = check(shown[0], BLAME="blame", DISMISS="dismiss")
    assert say("choices_not_kept") in found
    assert "100 of 100" in found


def test_error_in_the_grader_is_a_plain_sentence(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    spot("cake")
    monkeypatch.setattr(Hunt, "check", lambda _self: 1 / 0)
    assert check(shown[0], BLAME="blame") == say("went_wrong")


def test_unknown_exercise_is_told_in_a_plain_sentence(shown: list[Any]) -> None:
    spot("cakes")
    assert words_of(html_of(shown[0])) == say("unknown_near", id="cakes", near="cake")


def test_page_holds_the_reply_with_boxes_to_tick(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    spot("cake")
    live = boxes(shown[0])
    monkeypatch.setenv("TALK_IT_DOWN_OUTPUT", "page")
    spot("cake")
    html = shown[1].data
    assert 'data-kind="spot"' in html
    assert html.count('<input type="checkbox">') == len(live)  # the script pairs them in order
    assert re.findall(r'data-go="([\w-]+)"', html) == ["tid-spot-check"]
    assert "Makes it small" not in html
