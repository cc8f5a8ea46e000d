"""The scene: the model, the drawings, what authors may write, and what a learner sees."""

# ruff: noqa: ANN401  (widgets have no types)

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import ipywidgets
import pytest
import yaml

from exercises import scene
from exercises.kept import Kept
from exercises.record import Record
from exercises.scene import Scene, problems
from exercises.schema import problems as schema_problems
from exercises.texts import say
from exercises.views.figures import LOOKS, POSES, figure_svg
from tests.exercises.onscreen import by_class, html_of, region, restart, session, widgets, words_of

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> & \"'"
SCHEMA = Path(__file__).parents[2] / "exercises" / "schemas" / "quiz_scene.yml"


def option(direction: str, *, right: bool = False, **more: str) -> dict[str, Any]:
    return {"direction": direction, "right": right, "why": f"Why {direction} {HOSTILE}", **more}


def exercise(**changes: object) -> dict[str, Any]:
    """An exercise as an author writes it; a field is left out where its change is None."""
    data: dict[str, Any] = {
        "kind": "scene",
        "source": "rebuilding-trust/active-listening",
        "setting": "Bakery, at the counter",
        "task": f"How do you stand? {HOSTILE}",
        "customer": f"The cake came at six! {HOSTILE}",
        "options": [
            option("Leans in.", right=True, pose="leaning-in"),
            option("Types.", pose="typing", words=f"Mm-hm. {HOSTILE}"),
            option("Folds arms.", pose="arms-crossed"),
        ],
    }
    data |= changes
    return {field: value for field, value in data.items() if value is not None}


def several() -> dict[str, Any]:
    names = ("Slows down.", "Lowers the voice.", "Talks over them.", "Speeds up.")
    return exercise(several=True, options=[option(n, right=i < 2) for i, n in enumerate(names)])


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "cake.json", Record(tmp_path))


def choose(work: Scene, *directions: str) -> None:
    for place, found in enumerate(work.options):
        if found.direction in directions:
            work.choose(place)


# ---- the model ----


@pytest.mark.parametrize(("direction", "total"), [("Leans in.", 100), ("Types.", 0)])
def test_the_right_one_is_worth_everything(kept: Kept, direction: str, total: int) -> None:
    work = Scene("cake", exercise(), kept)
    choose(work, "Folds arms.")
    choose(work, direction)  # thinking again
    assert work.check() == total


@pytest.mark.parametrize(
    ("directions", "total"),
    [
        (["Slows down.", "Lowers the voice."], 100),
        (["Slows down."], 50),
        (["Slows down.", "Lowers the voice.", "Speeds up."], 50),
        (["Slows down.", "Lowers the voice.", "Talks over them.", "Speeds up."], 0),
        (["Speeds up."], 0),
    ],
)
def test_of_several_a_wrong_one_costs_what_a_right_one_earns(
    kept: Kept, directions: list[str], total: int
) -> None:
    work = Scene("cake", several(), kept)
    choose(work, *directions)
    assert work.check() == total


def test_an_attempt_is_what_was_chosen_in_words(kept: Kept, tmp_path: Path) -> None:
    work = Scene("cake", exercise(), kept)
    assert work.check() is None
    choose(work, "Types.")
    work.check()
    work.check()
    (entry,) = Record(tmp_path).read()
    assert (entry.exercise, entry.kind, entry.levels, entry.total) == ("cake", "scene", {}, 0)
    assert entry.text == f"Types. Mm-hm. {HOSTILE}"


def test_after_the_check_nothing_changes_until_a_new_start(kept: Kept) -> None:
    work = Scene("cake", exercise(), kept)
    choose(work, "Types.")
    work.check()
    choose(work, "Leans in.")
    assert work.total == 0
    work.start_again()
    assert not work.chosen
    assert work.total is None


def test_new_session_finds_choice_and_result(kept: Kept, tmp_path: Path) -> None:
    work = Scene("cake", several(), kept)
    choose(work, "Slows down.", "Speeds up.")
    again = Scene("cake", several(), Kept(tmp_path / "cake.json"))
    assert (again.chosen, again.total) == (work.chosen, None)
    work.check()
    again.reload()
    assert again.total == 0


@pytest.mark.parametrize(
    "state", [{"chosen": ["gone"], "checked": True}, {"chosen": 3}, {"chosen": [{}], "checked": 1}]
)
def test_what_no_longer_fits_is_left_out(tmp_path: Path, state: object) -> None:
    (tmp_path / "cake.json").write_text(json.dumps(state))
    work = Scene("cake", exercise(), Kept(tmp_path / "cake.json"))
    assert (work.chosen, work.total) == (set(), None)


# ---- the drawings ----


def test_every_pose_that_authors_may_write_is_drawn() -> None:
    schema = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))
    pose = schema["properties"]["options"]["items"]["properties"]["pose"]
    assert pose["enum"] == list(POSES)
    told = pose["description"].replace(" or ", ", ").split(", ")
    assert [name.strip() for name in told] == pose["enum"]


@pytest.mark.parametrize("pose", POSES)
def test_a_drawing_has_a_title_and_stays_in_its_frame(pose: str) -> None:
    svg = ElementTree.fromstring(figure_svg(pose))
    assert svg.get("role") == "img"
    assert (svg[0].text or "").startswith("Drawing: ")
    for circle in svg.iter("circle"):
        x, y = float(circle.get("cx", 0)), float(circle.get("cy", 0))
        if circle.get("class") != "tid-fig-skin":
            continue
        assert -20 <= x <= 240, pose  # heads from the side are drawn around 0
        assert -20 <= y <= 175, pose


def test_no_two_poses_look_the_same_and_looks_differ() -> None:
    drawings = {figure_svg(pose).partition("</title>")[2] for pose in POSES}
    assert len(drawings) == len(POSES)
    titles = {figure_svg(pose).partition("</title>")[0] for pose in POSES}
    assert len(titles) == len(POSES)
    assert len({figure_svg("open", look) for look in range(LOOKS)}) == LOOKS


# ---- what authors may write ----


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"task": None}, "x.yml: task: is missing; allowed: text: what to choose"),
        ({"options": [option("a", right=True)]}, "allowed: a list of two to four options"),
        (
            {"options": [option("a", right=True, pose="dancing"), option("b")]},
            "x.yml: options[0].pose: 'dancing' does not fit; allowed: open, leaning-in",
        ),
        ({"options": [{"direction": "a", "right": True}] * 2}, "options[0].why: is missing"),
        ({"options": [option("a"), option("b")]}, "options: 0 of them are right; allowed: exactly"),
        (
            {"options": [option("a", right=True), option("b", right=True)]},
            "options: 2 of them are right; allowed: exactly one, or several: true",
        ),
        (
            {"several": True, "options": [option("a", right=True), option("b", right=True)]},
            "options: 2 of them are right; allowed with several: one or more, not all",
        ),
        (
            {"options": [option("a", right=True, pose="open"), option("b")]},
            "options[1].pose: is missing; allowed: a pose in every option, or in none",
        ),
        (
            {"options": [option("a", right=True), option("a")]},
            "options[1]: is the same as an earlier one; allowed: another option",
        ),
    ],
)
def test_bad_exercise_names_field_and_remedy(changes: dict[str, Any], expected: str) -> None:
    data = exercise(**changes)
    found = schema_problems(data, "quiz_scene", "x.yml")
    assert expected in "\n".join(found or problems(data))


@pytest.mark.parametrize("data", [exercise(), several()], ids=["one", "several"])
def test_good_exercises_pass(data: dict[str, Any]) -> None:
    assert schema_problems(data, "quiz_scene", "x.yml") == []
    assert list(problems(data)) == []


# ---- on the screen ----


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What was displayed; there are two exercises, and every test is a new session."""
    yield from session(monkeypatch, cake=exercise(), voice=several())


def card(view: Any, direction: str) -> Any:
    (found,) = [
        box
        for box in widgets(view, ipywidgets.VBox)
        if "tid-scene-card" in box._dom_classes and direction in words_of(box.children[0].value)
    ]
    return found


def pick(view: Any, direction: str) -> str:
    """Choose an option; returns its letter."""
    button = card(view, direction).children[1]
    letter: str = button.description.removeprefix("Choose ")
    button.click()
    return letter


def feedback(view: Any) -> str:
    return words_of(region(view, "tid-scene-feedback"))


def check(view: Any) -> str:
    by_class(view, "tid-scene-check").click()
    return feedback(view)


def test_cards_have_a_drawing_a_letter_and_a_stage_direction(shown: list[Any]) -> None:
    assert scene("cake") is None  # type: ignore[func-returns-value]
    html = html_of(shown[0])
    words = words_of(html)
    assert html.count('<svg class="tid-figure') == 3
    assert len({part[:30] for part in html.split("<svg")[1:]}) == 1  # the same person in each
    for part in (f"How do you stand? {HOSTILE}", f"The cake came at six! {HOSTILE}", "Mm-hm."):
        assert part in words
    assert "Why" not in words


def test_who_speaks_may_be_somebody_else_than_a_customer(monkeypatch: pytest.MonkeyPatch) -> None:
    data = exercise(speaker=f"Babak {HOSTILE}")
    assert schema_problems(data, "quiz_scene", "x.yml") == []
    for shown in session(monkeypatch, cake=data):
        scene("cake")
        assert f"Babak {HOSTILE}" in words_of(html_of(shown[0]))
        assert say("customer") not in words_of(html_of(shown[0]))


def test_nothing_is_checked_before_a_choice(shown: list[Any]) -> None:
    scene("cake")
    assert check(shown[0]) == say("choose_no_choice")
    letter = pick(shown[0], "Types.")
    assert feedback(shown[0]) == say("choose_said", letter=letter)


def test_after_the_check_every_card_says_what_it_does(shown: list[Any]) -> None:
    scene("cake")
    best = card(shown[0], "Leans in.").children[1].description[-1]
    pick(shown[0], "Types.")
    assert check(shown[0]).startswith(f"{say('scene_other', letter=best)} 0 of 100")
    for direction, helps in (("Leans in.", True), ("Types.", False), ("Folds arms.", False)):
        words = words_of(card(shown[0], direction).children[0].value)
        assert say("scene_works" if helps else "scene_works_not") in words
        assert f"Why {direction} {HOSTILE}" in words
    words = words_of(card(shown[0], "Types.").children[0].value)
    assert f"({say('scene_yours')})" in words
    assert "tid-scene-right" in card(shown[0], "Leans in.")._dom_classes
    by_class(shown[0], "tid-scene-again").click()
    assert "Why" not in words_of(html_of(shown[0]))
    pick(shown[0], "Leans in.")
    assert check(shown[0]).startswith(f"{say('scene_right', letter=best)} 100 of 100")


@pytest.mark.parametrize(
    ("directions", "expected"),
    [
        (["Slows down.", "Lowers the voice."], say("scene_all_right")),
        (["Slows down."], say("scene_some", found=1, all=2)),
        (["Slows down.", "Speeds up."], say("scene_some_wrong", found=1, all=2, wrong=1)),
        (
            ["Speeds up.", "Talks over them."],
            say("scene_some_wrongs", found=0, all=2, wrong=2),
        ),
    ],
)
def test_several_may_be_chosen_and_taken_back(
    shown: list[Any], directions: list[str], expected: str
) -> None:
    scene("voice")
    view = shown[0]
    assert say("scene_several") in words_of(html_of(view))
    assert "<svg" not in html_of(view)
    pick(view, "Talks over them.")
    card(view, "Talks over them.").children[1].click()
    assert feedback(view) == ""
    for direction in directions:
        pick(view, direction)
    assert check(view).startswith(expected)


def test_kernel_restarted_shows_choice_and_result(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene("cake")
    pick(shown[0], "Leans in.")
    result = check(shown[0])
    scene("cake")
    assert shown[1] is shown[0]
    restart(monkeypatch)
    scene("cake")
    assert shown[2] is not shown[0]
    assert feedback(shown[2]) == result


def test_page_has_the_cards_with_buttons_that_wait_for_python(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALK_IT_DOWN_OUTPUT", "page")
    scene("cake")
    html = html_of(shown[0])
    assert html.count("<svg") == 3
    assert html.count('data-go="tid-scene-pick-') == 3
    assert 'data-go="tid-scene-check"' in html
    assert "Why" not in words_of(html)


def test_unknown_exercise_is_told_in_plain_words(shown: list[Any]) -> None:
    scene("cakes")
    assert words_of(html_of(shown[0])) == say("unknown_near", id="cakes", near="cake")
