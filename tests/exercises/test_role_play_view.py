"""What a role play and the practice room look like to a learner: widgets and the still copy."""

# ruff: noqa: ANN401  (widgets have no types)

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from exercises import role_play
from exercises.dialogues import dialogues
from exercises.texts import say
from exercises.views import stage
from tests.exercises.onscreen import by_class, html_of, is_shown, session, widgets, words_of
from tests.exercises.players import HOSTILE

ID = "trimmed-watercolour"
DIALOGUE = dialogues()[ID]
# The capstone has a page of its own.
ROOM = {id: data for id, data in dialogues().items() if data["source"] != "capstone"}
STRONG = DIALOGUE["strong"]
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)> & \"'"


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What was displayed; every test is a new session."""
    yield from session(monkeypatch)


def opened(shown: list[Any], id: str | None = ID) -> Any:
    role_play(id)
    return shown[-1]


def box(view: Any) -> Any:
    return by_class(view, "tid-say")


def press(view: Any, name: str) -> None:
    by_class(view, name).click()


def speak(view: Any, *replies: str) -> None:
    """Say one thing after the other, until it is over."""
    for reply in replies:
        if "data-end" in html_of(view):
            return
        box(view).value = reply
        press(view, "tid-role-play-say")


def test_it_shows_the_customer_the_temper_the_facts_and_a_box(shown: list[Any]) -> None:
    view = opened(shown)
    words = words_of(html_of(view))
    for part in (DIALOGUE["title"], DIALOGUE["setting"], DIALOGUE["opening"], "Level 1 of 3"):
        assert " ".join(part.split()) in words
    for part in (*DIALOGUE["facts"], *DIALOGUE["limits"], DIALOGUE["you"]):
        assert " ".join(part.split()) in words
    assert DIALOGUE["need"].strip() not in words
    assert f'data-temper="{DIALOGUE["temper"]}"' in html_of(view)
    assert "of 100, hot" in words
    assert isinstance(box(view), ipywidgets.Textarea)
    assert DIALOGUE["customer"] in box(view).description
    assert box(view).continuous_update


def test_a_reply_moves_the_talk_on_and_empties_the_box(shown: list[Any]) -> None:
    view = opened(shown)
    speak(view, STRONG[0])
    html = html_of(view)
    assert html.count('class="tid-turn tid-turn-agent"') == 1
    assert box(view).value == ""
    newest = html[html.index('class="tid-newest"') :]
    assert 'role="log"' in newest
    assert re.search(r"\d+ down", words_of(newest))
    assert "Turn 2 of at most 8" in words_of(html)
    assert "tid-turn-note" not in html


def test_an_empty_box_says_nothing_unless_that_is_meant(shown: list[Any]) -> None:
    view = opened(shown)
    press(view, "tid-role-play-say")
    assert "tid-turn-agent" not in html_of(view)
    assert words_of(say("role_play_empty")) in words_of(html_of(view))
    press(view, "tid-role-play-silent")
    assert say("role_play_nothing_said") in words_of(html_of(view))


def test_notes_on_each_turn_come_on_request(shown: list[Any]) -> None:
    view = opened(shown)
    speak(view, HOSTILE[0])
    (notes,) = widgets(view, ipywidgets.Checkbox)
    notes.value = True
    html = html_of(view)
    assert "tid-turn-note" in html
    assert '<mark data-criterion="dismiss"' in html
    notes.value = False
    assert "tid-turn-note" not in html_of(view)


def test_the_end_brings_the_look_back_and_the_box_goes(shown: list[Any]) -> None:
    view = opened(shown)
    speak(view, *STRONG[:4])
    html = html_of(view)
    assert 'data-end="thankful"' in html
    assert " ".join(DIALOGUE["endings"]["thankful"]["says"].split()) in words_of(html)
    assert " ".join(DIALOGUE["need"].split()) in words_of(html)
    assert '<svg class="tid-temper-plot"' in html
    assert "<table>" in html
    assert not is_shown(box(view))
    assert by_class(view, "tid-role-play-say").description == say("role_play_again")
    offered = [turn for turn in range(1, 9) if is_shown(by_class(view, f"tid-again-{turn}"))]
    assert offered == [1, 2, 3, 4]


def test_the_plot_says_in_words_what_it_shows(shown: list[Any]) -> None:
    view = opened(shown)
    speak(view, *STRONG[:4])
    html = html_of(view)
    label = re.search(r'role="img" aria-label="([^"]+)"', html)
    assert label
    tempers = [int(n) for n in re.findall(r"(\d+) after turn", label[1])]
    rows = [int(n) for n in re.findall(r"<td>(\d+)</td></tr>", html)]
    assert len(tempers) == 4
    assert tempers == rows


def test_one_can_play_again_from_a_turn_and_from_the_start(shown: list[Any]) -> None:
    view = opened(shown)
    speak(view, *STRONG[:4])
    press(view, "tid-again-3")
    assert box(view).value == STRONG[2]
    assert is_shown(box(view))
    assert html_of(view).count('class="tid-turn tid-turn-agent"') == 2
    assert "tid-review" not in html_of(view)
    speak(view, *HOSTILE)
    assert "data-end" in html_of(view)
    press(view, "tid-role-play-say")
    assert box(view).value == STRONG[0]
    assert "tid-turn-agent" not in html_of(view)


def test_the_good_run_opens_after_a_real_try(shown: list[Any]) -> None:
    view = opened(shown)
    for _ in range(8):
        press(view, "tid-role-play-silent")
    assert by_class(view, "tid-show-run").disabled
    press(view, "tid-role-play-say")
    speak(view, *HOSTILE)
    assert not by_class(view, "tid-show-run").disabled
    press(view, "tid-show-run")
    assert "tid-good-run" in html_of(view)
    press(view, "tid-show-run")
    assert "tid-good-run" not in html_of(view)


def test_what_was_said_and_typed_is_there_again(shown: list[Any]) -> None:
    view = opened(shown)
    speak(view, STRONG[0])
    box(view).value = "Half a thought"
    assert opened(shown) is view  # a cell that is run again shows the same widgets
    stage._views.clear()  # another kernel
    later = opened(shown)
    assert later is not view
    assert box(later).value == "Half a thought"
    assert html_of(later).count('class="tid-turn tid-turn-agent"') == 1


class _Tags(HTMLParser):
    """The tags that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def test_what_a_learner_writes_is_never_html(shown: list[Any]) -> None:
    view = opened(shown)
    (notes,) = widgets(view, ipywidgets.Checkbox)
    notes.value = True
    speak(view, *(f"{SCRIPT} {reply}" for reply in HOSTILE))
    tags = _Tags()
    tags.feed(html_of(view))
    assert not tags.seen & {"script", "img"}
    assert tags.handlers == []


def test_an_error_is_a_plain_sentence(shown: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    view = opened(shown)

    def broken(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr("exercises.rehearsal.Rehearsal.say", broken)
    speak(view, STRONG[0])
    assert words_of(say("went_wrong")) in words_of(html_of(view))
    assert box(view).value == STRONG[0]


def test_an_unknown_talk_is_told_what_is_near(shown: list[Any]) -> None:
    view = opened(shown, "trimmed-watercolor")
    assert ID in words_of(html_of(view))


def test_a_page_has_a_still_copy_with_a_box(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALK_IT_DOWN_OUTPUT", "page")
    html = opened(shown).data
    assert f'data-kind="role-play" data-exercise="{ID}" data-draft="drafts/{ID}.txt"' in html
    assert "<textarea" in html
    assert 'data-go="tid-role-play-say"' in html
    assert " ".join(DIALOGUE["opening"].split()) in words_of(html)


# ---- the practice room ----


def cards(view: Any) -> list[str]:
    """The ids of the customers that can be chosen."""
    return [id for id in ROOM if is_shown(_card(view, id)) and is_shown(_group_of(view, id))]


def _card(view: Any, id: str) -> Any:
    name = f"tid-meet-{id}"
    (card,) = [
        box
        for box in widgets(view, ipywidgets.VBox)
        if any(name in getattr(child, "_dom_classes", ()) for child in box.children)
    ]
    return card


def _group_of(view: Any, id: str) -> Any:
    card = _card(view, id)
    (grid,) = [box for box in widgets(view, ipywidgets.VBox) if card in box.children]
    (group,) = [box for box in widgets(view, ipywidgets.VBox) if grid in box.children]
    return group


def menu(view: Any, name: str) -> Any:
    return by_class(view, f"tid-room-{name}")


def test_the_room_shows_every_customer_by_part(shown: list[Any]) -> None:
    view = opened(shown, None)
    assert sorted(cards(view)) == sorted(ROOM)
    words = words_of(html_of(view))
    for data in ROOM.values():
        assert data["title"] in words
    assert "Rebuilding trust with upset clients" in words


@pytest.mark.parametrize("temperament", ["explosive", "cold", "wounded"])
def test_the_room_can_be_narrowed_down(shown: list[Any], temperament: str) -> None:
    view = opened(shown, None)
    menu(view, "temperament").value = temperament
    wanted = [id for id, d in ROOM.items() if d["temperament"] == temperament]
    assert sorted(cards(view)) == sorted(wanted)
    menu(view, "level").value = "2"
    both = [id for id in wanted if ROOM[id]["level"] == 2]
    assert sorted(cards(view)) == sorted(both)
    if not both:
        assert words_of(say("role_play_room_none")) in words_of(html_of(view))


def test_who_was_met_has_their_best_result_on_the_card(shown: list[Any]) -> None:
    view = opened(shown, None)
    press(view, f"tid-meet-{ID}")
    assert not is_shown(menu(view, "part")) or not cards_shown(view)
    speak(view, *STRONG[:4])
    assert 'data-end="thankful"' in html_of(view)
    press(view, "tid-room-back")
    assert cards_shown(view)
    best = words_of(html_of(_card(view, ID)))
    assert re.search(r"Your best so far: \d\d of 100", best)


def cards_shown(view: Any) -> bool:
    """Whether the list is on the screen, and not a talk."""
    (listed,) = [
        box for box in view.children if menu(view, "part") in widgets(box, ipywidgets.Dropdown)
    ]
    return is_shown(listed)


def test_a_talk_in_the_room_is_the_same_as_in_a_chapter(shown: list[Any]) -> None:
    chapter = opened(shown)
    speak(chapter, STRONG[0])
    room = opened(shown, None)
    press(room, f"tid-meet-{ID}")
    assert chapter in widgets(room, ipywidgets.VBox)


def test_the_rooms_still_copy_has_a_button_for_everybody(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch, learner_home: Path
) -> None:
    monkeypatch.setenv("TALK_IT_DOWN_OUTPUT", "page")
    html = opened(shown, None).data
    assert sorted(re.findall(r'data-go="tid-meet-([\w-]+)"', html)) == sorted(ROOM)
    assert not learner_home.exists()
