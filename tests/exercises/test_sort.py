"""The sort exercise: the model, what authors may write, and what a learner sees."""

# ruff: noqa: ANN401  (widgets have no types)

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from exercises import sort
from exercises.kept import Kept
from exercises.record import Record
from exercises.schema import problems as schema_problems
from exercises.sort import Sort, problems
from exercises.texts import say
from tests.exercises.onscreen import by_class, html_of, region, restart, session, widgets, words_of

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> & \"'"
PLACES = {
    "You came twice.": "reflect",
    "No wonder.": "acknowledge",
    f"What now? {HOSTILE}": "later",
    "You paid twice.": "reflect",
}


def exercise(**changes: object) -> dict[str, Any]:
    """An exercise as an author writes it; a field is left out where its change is None."""
    data: dict[str, Any] = {
        "kind": "sort",
        "source": "rebuilding-trust/active-listening",
        "task": f"Where? {HOSTILE}",
        "bins": [
            {"id": "reflect"},
            {"id": "acknowledge", "name": "See it"},
            {"id": "later", "name": "For later"},
        ],
        "items": [
            {"text": text, "bin": bin, "why": f"Why {n}. {HOSTILE}"}
            for n, (text, bin) in enumerate(PLACES.items())
        ],
    }
    data |= changes
    return {field: value for field, value in data.items() if value is not None}


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "visit.json", Record(tmp_path))


def put_all(work: Sort, **others: str) -> None:
    """Put every item where it belongs, but those of a bin in `others` into another."""
    for place, item in enumerate(work.items):
        work.move(place, others.get(item.bin, item.bin))


# ---- the model ----


def test_bins_have_their_own_names_or_those_of_the_rubric(kept: Kept) -> None:
    work = Sort("visit", exercise(), kept)
    assert work.bins == {"reflect": "Say it back", "acknowledge": "See it", "later": "For later"}


def test_total_is_the_share_put_right_and_the_right_ones_stay(kept: Kept) -> None:
    work = Sort("visit", exercise(), kept)
    put_all(work, reflect="later")
    assert work.check() == 50
    assert {work.items[place].bin for place in work.wrong} == {"reflect"}
    settled = set(work.settled)
    for place in settled:
        work.move(place, "reflect")
        assert work.put[place] == work.items[place].bin
    for place in sorted(work.wrong):
        work.move(place, "reflect")
    assert work.wrong == set()
    assert (work.settled, work.done) == (settled, False)
    assert work.check() == 100
    assert work.done


def test_nothing_is_judged_while_some_are_left(kept: Kept, tmp_path: Path) -> None:
    work = Sort("visit", exercise(), kept)
    put_all(work)
    work.move(0, None)
    assert (work.left, work.check()) == (1, None)
    assert list(Record(tmp_path).read()) == []


def test_an_attempt_is_what_was_put_where_in_words(kept: Kept, tmp_path: Path) -> None:
    work = Sort("visit", exercise(), kept)
    put_all(work, acknowledge="reflect")
    work.check()
    work.check()
    (entry,) = Record(tmp_path).read()
    assert (entry.exercise, entry.kind, entry.levels, entry.total) == ("visit", "sort", {}, 75)
    assert sorted(entry.text.splitlines()) == sorted(
        f"{'For later' if bin == 'later' else 'Say it back'}: {text}"
        for text, bin in PLACES.items()
    )


def test_new_session_finds_everything_where_it_was(kept: Kept, tmp_path: Path) -> None:
    work = Sort("visit", exercise(), kept)
    put_all(work, reflect="later")
    work.check()
    again = Sort("visit", exercise(), Kept(tmp_path / "visit.json"))
    assert (again.put, again.settled, again.wrong) == (work.put, work.settled, work.wrong)
    again.start_again()
    work.reload()
    assert (work.put, work.settled, work.wrong) == ({}, set(), set())


@pytest.mark.parametrize(
    "state",
    [
        {"put": {"gone": "reflect", "No wonder.": "a bin of last year"}, "checked": ["gone"]},
        {"put": {"No wonder.": ["reflect"]}, "checked": "No wonder."},
        {"put": 5, "checked": [{}, None, "No wonder."]},
    ],
)
def test_what_no_longer_fits_is_left_out(tmp_path: Path, state: object) -> None:
    (tmp_path / "visit.json").write_text(json.dumps(state))
    work = Sort("visit", exercise(), Kept(tmp_path / "visit.json"))
    assert (work.put, work.settled, work.wrong) == ({}, set(), set())


# ---- what authors may write ----


def items(**first: str) -> list[dict[str, Any]]:
    """The items of an exercise, the first one changed."""
    one, *others = exercise()["items"]
    return [one | first, *others]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"items": items(bin="never")},
            "items[0].bin: 'never' is no bin; allowed: reflect, acknowledge, later",
        ),
        ({"items": items(text="No wonder.")}, "items[1].text: is the same as an earlier one"),
        (
            {"bins": [*exercise()["bins"], {"id": "never"}]},
            "bins[3].name: is missing; allowed: left out only where id is a criterion",
        ),
        ({"bins": [*exercise()["bins"], {"id": "own"}]}, "bins[3]: no item belongs here; allowed:"),
        (
            {"bins": [*exercise()["bins"], {"id": "later", "name": "x"}]},
            "bins[3].id: 'later' is given twice; allowed: another id",
        ),
        (
            {"bins": [*exercise()["bins"], {"id": "own", "name": "Say it back"}]},
            "bins[3].name: is the same as an earlier one; allowed: another name",
        ),
    ],
)
def test_what_a_schema_cannot_see_is_told(changes: dict[str, Any], expected: str) -> None:
    data = exercise(**changes)
    assert schema_problems(data, "quiz_sort", "x.yml") == []
    assert [line for line in problems(data) if line.startswith(expected)]


def test_good_exercise_passes() -> None:
    assert schema_problems(exercise(), "quiz_sort", "x.yml") == []
    assert list(problems(exercise())) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"bins": None}, "x.yml: bins: is missing; allowed: a list of two to four bins"),
        ({"items": exercise()["items"][:3]}, "allowed: a list of four to ten items"),
        ({"items": items(hint="x")}, "x.yml: items[0].hint: is unknown; allowed: text, bin, why"),
        ({"items": items(text="two\nlines")}, "allowed: one line of text without $: the words"),
        ({"items": items(text="$5 or $6")}, "allowed: one line of text without $: the words"),
    ],
)
def test_schema_names_field_and_remedy(changes: dict[str, Any], expected: str) -> None:
    assert expected in "\n".join(schema_problems(exercise(**changes), "quiz_sort", "x.yml"))


# ---- on the screen ----


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What was displayed; there is one exercise, and every test is a new session."""
    yield from session(monkeypatch, visit=exercise())


def menus(view: Any) -> dict[str, Any]:
    """The menu of each item by its words."""
    return {menu.description: menu for menu in widgets(view, ipywidgets.Dropdown)}


def feedback(view: Any) -> str:
    return words_of(region(view, "tid-sort-feedback"))


def check(view: Any, places: dict[str, str]) -> str:
    for text, bin in places.items():
        menus(view)[text].value = bin
    by_class(view, "tid-sort-check").click()
    return feedback(view)


def test_each_phrase_is_the_name_of_its_menu(shown: list[Any]) -> None:
    assert sort("visit") is None  # type: ignore[func-returns-value]
    assert set(menus(shown[0])) == set(PLACES)
    assert list(menus(shown[0])) != list(PLACES)
    for menu in menus(shown[0]).values():
        assert [label for label, _ in menu.options] == [
            say("sort_pick"),
            "Say it back",
            "See it",
            "For later",
        ]
        assert (menu.index, menu.value) == (0, "")
    assert "Why 0." not in words_of(html_of(shown[0]))


def test_lines_without_a_place_are_counted(shown: list[Any]) -> None:
    sort("visit")
    assert check(shown[0], {}) == say("sort_left", count=4)
    assert check(shown[0], dict(list(PLACES.items())[1:])) == say("sort_left_one")


def test_check_says_for_each_row_why_and_a_second_try_keeps_the_right_ones(
    shown: list[Any],
) -> None:
    sort("visit")
    found = check(shown[0], PLACES | {"No wonder.": "reflect"})
    assert found == f"{say('sort_some_right', count=3, all=4)} 75 of 100"
    words = words_of(html_of(shown[0]))
    assert say("sort_elsewhere", bin="Say it back") in words
    assert all(f"Why {n}. {HOSTILE}" in words for n in range(4))
    assert [text for text, menu in menus(shown[0]).items() if not menu.disabled] == ["No wonder."]
    menus(shown[0])["No wonder."].value = "acknowledge"
    assert "Why 1." not in words_of(html_of(shown[0]))
    assert check(shown[0], {}) == f"{say('sort_all_right')} 100 of 100"


def test_all_wrong_is_told(shown: list[Any]) -> None:
    sort("visit")
    turned = {"reflect": "later", "acknowledge": "reflect", "later": "reflect"}
    found = check(shown[0], {text: turned[bin] for text, bin in PLACES.items()})
    assert found == f"{say('sort_none_right')} 0 of 100"


def test_start_again_empties_the_menus(shown: list[Any]) -> None:
    sort("visit")
    again = by_class(shown[0], "tid-sort-again")
    assert again.layout.display == "none"
    check(shown[0], PLACES)
    again.click()
    assert feedback(shown[0]) == ""
    for menu in menus(shown[0]).values():
        assert (menu.index, menu.disabled) == (0, False)


def test_run_again_and_a_new_session_show_the_same(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    sort("visit")
    found = check(shown[0], PLACES | {"No wonder.": "reflect"})
    sort("visit")
    assert shown[1] is shown[0]
    restart(monkeypatch)
    sort("visit")
    assert shown[2] is not shown[0]
    for view in shown:
        assert feedback(view) == found
        assert menus(view)["No wonder."].value == "reflect"


def test_page_holds_menus_that_can_be_used_before_python_runs(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALK_IT_DOWN_OUTPUT", "page")
    sort("visit")
    html = shown[0].data
    labels = re.findall(r'<label for="([\w-]+)">', html)
    assert re.findall(r'<select id="([\w-]+)"', html) == labels
    assert len(labels) == 4
    gone = re.findall(r'data-go="([\w-]+)"', html)
    assert gone == [*(f"tid-sort-pick-{i}" for i in range(4)), "tid-sort-check"]
