"""The review queue on the screen: what is listed, set, said and kept."""

# ruff: noqa: ANN401  (widgets have no types)

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from exercises import review_queue
from exercises.texts import say
from exercises.views import review_queue as queue_view
from exercises.views.review_queue import ReviewView
from grader.commands import CommandError
from grader.results import Results
from grader.review_session import Review
from tests.exercises.onscreen import by_class, html_of, region, session, widgets, words_of
from tests.grader.classroom import BAD, FAIR, GOOD, classroom
from tests.grader.test_review import MADE, Book, sure

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
CLASS = classroom(
    {"ana": (f"{GOOD} {HOSTILE}", BAD), "ben": (FAIR, GOOD), "cem": ("", f"{FAIR} {HOSTILE}")},
    ana="Ana <b>Adams</b>",
)


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    yield from session(monkeypatch)


@pytest.fixture
def open_view(tmp_path: Path) -> Callable[..., ReviewView]:
    book = Book(CLASS)

    def opened(results: Results = CLASS) -> ReviewView:
        view = ReviewView(lambda: Review(MADE, lambda: sure(results), tmp_path, book, "Ines"))
        view.widget.book = book
        return view

    return opened


@pytest.fixture
def view(open_view: Callable[..., ReviewView]) -> ReviewView:
    return open_view()


def listed(view: ReviewView) -> Any:
    return by_class(view.widget, "tid-review-list")


def press(view: ReviewView, name: str) -> None:
    by_class(view.widget, f"tid-review-{name}").click()


def level(view: ReviewView, criterion: str) -> Any:
    return by_class(view.widget, f"tid-review-level-{criterion}")


def told(view: ReviewView) -> str:
    return words_of(
        region(view.widget, "tid-review-told") + region(view.widget, "tid-review-feedback")
    )


def choose(view: ReviewView, learner: str, scenario: str) -> None:
    listed(view).value = (learner, scenario)


def kept(folder: Path) -> list[dict[str, Any]]:
    text = (folder / "review.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_first_reply_is_open_with_its_evidence_and_the_graders_levels(view: ReviewView) -> None:
    choose(view, "ana", "late-parcel")
    html = html_of(view.widget)
    assert '<mark data-criterion="apologise"' in html
    assert "&lt;script&gt;alert(1)" in html
    assert level(view, "apologise").value == 2
    assert by_class(view.widget, "tid-review-points").value == 10
    # The name of the criterion is the label that screen readers read with the menu.
    labels = {menu.description for menu in widgets(view.widget, ipywidgets.Dropdown)}
    assert {"Show", "Scenario"} < labels
    assert len(listed(view).options) == 6
    assert listed(view).value == ("ana", "late-parcel")


def test_names_stand_there_only_when_they_are_asked_for(view: ReviewView) -> None:
    (tick,) = widgets(view.widget, ipywidgets.Checkbox)
    assert not any("Ana" in label for label, _ in listed(view).options)
    tick.value = True
    assert any("Ana <b>Adams</b>" in label for label, _ in listed(view).options)
    assert "Ana" not in html_of(view.widget)


def test_a_level_moves_the_points_and_a_difference_needs_a_reason(
    view: ReviewView, tmp_path: Path
) -> None:
    choose(view, "ana", "late-parcel")
    level(view, "solve").value = 0
    assert by_class(view.widget, "tid-review-points").value == 6.67
    assert "The levels give 6.67 points, the grader gave 10." in words_of(html_of(view.widget))
    press(view, "save")
    assert "Say why" in told(view)
    assert not (tmp_path / "review.jsonl").exists()
    by_class(view.widget, "tid-review-reason").value = "Nothing is promised."
    press(view, "save")
    assert "Saved: 6.67 of 10 points." in told(view)
    (line,) = kept(tmp_path)
    assert (line["score"], line["levels"]["solve"], line["by"]) == (6.67, 0, "Ines")
    assert listed(view).value != ("ana", "late-parcel")
    assert view.review.case(("ana", "late-parcel")).reply.manual == 6.67


def test_whoever_agrees_just_saves_and_goes_on_to_the_end(view: ReviewView, tmp_path: Path) -> None:
    keys = [key for _, key in listed(view).options]
    for number, key in enumerate(keys, start=1):
        assert listed(view).value == key
        press(view, "save")
        assert "Saved" in told(view)
        assert "too few to say" in words_of(html_of(view.widget)) or number == 1
    assert "the last one" in told(view)
    assert len(kept(tmp_path)) == 6
    show = by_class(view.widget, "tid-review-show")
    assert [label for label, _ in show.options] == [
        say("review_show_open", n=0),
        say("review_show_done", n=6),
        say("review_show_all", n=6),
    ]
    show.value = "done"
    show.value = "open"
    assert "Nothing here" in told(view)


def test_a_comment_quotes_the_passage_and_is_there_to_use_again(
    view: ReviewView, tmp_path: Path
) -> None:
    choose(view, "ana", "late-parcel")
    about = by_class(view.widget, "tid-review-about")
    use = by_class(view.widget, "tid-review-use")
    box = by_class(view.widget, "tid-review-comment")
    press(view, "add")
    assert "There is no comment yet" in told(view)
    about.value = next(words for _, words in about.options if words.startswith("I will send"))
    use.value = "A day and an hour: good."
    press(view, "add")
    about.value = next(words for _, words in about.options if "alert" in words)
    use.value = "What is this?"
    press(view, "add")
    first, second = box.value.split("\n\n")
    assert first.startswith("“I will send a new parcel today")
    assert first.endswith("” A day and an hour: good.")
    assert "<" not in second
    press(view, "save")
    choose(view, "ben", "wrong-bill")
    assert use.options == ("A day and an hour: good.", "What is this?")
    assert box.value == ""
    choose(view, "ana", "late-parcel")
    assert box.value == f"{first}\n\n{second}"


def test_somebody_elses_decision_is_not_overwritten_unseen(
    open_view: Callable[..., ReviewView], tmp_path: Path
) -> None:
    mine, theirs = open_view(), open_view()
    for view in (mine, theirs):
        choose(view, "ben", "late-parcel")
        by_class(view.widget, "tid-review-reason").value = "So it is."
    by_class(mine.widget, "tid-review-points").value = 9
    by_class(theirs.widget, "tid-review-points").value = 4
    press(theirs, "save")
    press(mine, "save")
    assert "Somebody else has marked this reply since you opened it. It has 4 points" in told(mine)
    assert by_class(mine.widget, "tid-review-points").value == 9
    press(mine, "save")
    assert "Saved: 9 of 10" in told(mine)
    assert [line["score"] for line in kept(tmp_path)] == [4, 9]


def test_a_mark_is_taken_back(view: ReviewView) -> None:
    key = ("ana", "late-parcel")
    choose(view, *key)
    press(view, "save")
    choose(view, *key)
    press(view, "take-back")
    assert "The grader's mark counts again: 10 of 10 points." in told(view)
    assert view.review.case(key).reply.manual is None


def test_the_list_has_pages_and_one_reply_is_drawn(open_view: Callable[..., ReviewView]) -> None:
    many = classroom({f"l{n:03}": (GOOD, FAIR) for n in range(40)})
    view = open_view(many)
    assert len(listed(view).options) == 25
    press(view, "page-on")
    assert "Page 2 of 4" in words_of(html_of(view.widget))
    assert listed(view).options[0][0].startswith("26. ")
    assert listed(view).value == listed(view).options[0][1]
    press(view, "back")
    assert "Page 1 of 4" in words_of(html_of(view.widget))
    assert html_of(view.widget).count("<blockquote") == 1


def test_damage_is_told(open_view: Callable[..., ReviewView], tmp_path: Path) -> None:
    (tmp_path / "review.jsonl").write_bytes(b"{half\n")
    view = open_view()
    (aside,) = tmp_path.glob("review-damaged-*.jsonl")
    assert aside.name in told(view)


def test_what_cannot_be_saved_is_told_and_stays(
    view: ReviewView, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(view, "ana", "late-parcel")
    by_class(view.widget, "tid-review-comment").value = "Well done."

    write = Book.write

    def full(*_: object, **__: object) -> None:
        raise CommandError("the gradebook cannot be used (OperationalError)")

    monkeypatch.setattr(Book, "write", full)
    press(view, "save")
    assert "could not be saved: the gradebook cannot be used" in told(view)
    assert by_class(view.widget, "tid-review-comment").value == "Well done."
    monkeypatch.setattr(Book, "write", write)
    press(view, "save")
    assert "Saved" in told(view)


def test_a_gradebook_that_was_made_anew_gets_its_marks_back(
    open_view: Callable[..., ReviewView],
) -> None:
    view, key = open_view(), ("ana", "late-parcel")
    choose(view, *key)
    level(view, "solve").value = 0
    by_class(view.widget, "tid-review-reason").value = "Nothing is promised."
    by_class(view.widget, "tid-review-comment").value = "Say when."
    press(view, "save")
    booked = dict(view.widget.book.marks[key])
    view.widget.book.marks[key] |= {"manual": None, "comment": ""}
    again = open_view()
    choose(again, *key)
    assert "The gradebook doesn't have this mark" in words_of(html_of(again.widget))
    assert level(again, "solve").value == 0
    press(again, "save")
    assert again.widget.book.marks[key] == booked


def test_a_course_that_is_not_there_is_a_sentence(
    shown: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    review_queue("no-such")
    assert "there is no such assignment" in words_of(html_of(shown[-1]))


def test_on_a_page_of_the_book_it_says_where_it_opens(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_view, "on_page", lambda: True)
    review_queue("active-listening")
    assert "opens here when this page runs in JupyterLab" in html_of(shown[-1])


def test_a_reply_handed_in_again_is_to_be_looked_at(open_view: Callable[..., ReviewView]) -> None:
    view = open_view()
    choose(view, "ana", "late-parcel")
    press(view, "save")
    changed = replace(CLASS.replies[0], text=f"{GOOD} Thank you.")
    again = open_view(replace(CLASS, replies=(changed, *CLASS.replies[1:])))
    again.review.refresh()
    choose(again, "ana", "late-parcel")
    assert "Handed in again since it was marked" in words_of(html_of(again.widget))
