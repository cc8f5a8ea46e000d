"""What the record says of a learner's progress, and what to practise next."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from exercises import bank, progress
from exercises.bank import BankScenario
from exercises.progress import Progress, mean_levels, measure
from exercises.record import Entry

TODAY = date(2026, 3, 31)
LISTEN, ASK = "rebuilding-trust/active-listening", "rebuilding-trust/empathy"
BOOK = {
    LISTEN: {
        "title": "Active listening",
        "notebook": "",
        "exercises": [{"kind": "rewrite", "id": "cake"}, {"kind": "order", "id": "steps"}],
    },
    ASK: {
        "title": "Empathy",
        "notebook": "",
        "exercises": [{"kind": "rewrite", "id": "crown"}, {"kind": "self-check", "id": "recall"}],
    },
}
QUIZZES = {
    "fill": {"kind": "complete", "criterion": "explore"},
    "recall": {"kind": "self-check"},
    "steps": {"kind": "order"},
}


@pytest.fixture(autouse=True)
def small_course(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A course of two chapters, two scenarios on their pages and one beside them."""
    asks: dict[str, dict[str, float]] = {
        "cake": {"reflect": 1, "explore": 1},
        "crown": {"reflect": 1},
        "extra": {"reflect": 1, "relate": 1},
    }
    scenarios = {id: BankScenario(id, "", "", "", asked) for id, asked in asks.items()}
    scenarios["exam"] = BankScenario("exam", "", "", "", {"thank": 1}, pool="assessment")
    monkeypatch.setattr(bank, "_bank", lambda: scenarios)
    monkeypatch.setattr(progress, "book", lambda: BOOK)
    monkeypatch.setattr(progress, "quizzes", lambda: QUIZZES)
    progress._places.cache_clear()
    yield
    progress._places.cache_clear()


def attempt(
    exercise: str,
    total: float | None,
    levels: Mapping[str, int] | None = None,
    *,
    days: int = 0,
    kind: str = "rewrite",
) -> Entry:
    """An attempt some days before TODAY, at noon where the learner is."""
    noon = datetime(2026, 3, 31, 12).astimezone() - timedelta(days=days)
    return Entry(exercise, kind, "A reply.", levels or {}, total, noon.astimezone(UTC).isoformat())


def after(*attempts: Entry) -> Progress:
    return measure(attempts, TODAY)


def first(found: Progress) -> tuple[str, str, str, int]:
    """Exercise, criterion, reason of what is next, and in how many days it is due."""
    due = found.next[0]
    return due.exercise, due.criterion, due.reason, (due.due - TODAY).days


def test_chapter_is_done_when_each_exercise_on_its_page_has_a_best_total_of_70() -> None:
    attempts = [
        attempt("cake", 90, days=9),
        attempt("cake", 10, days=8),  # the best one counts
        attempt("steps", 69.99, days=7, kind="order"),
    ]
    chapter = after(*attempts).chapters[0]
    assert (chapter.title, chapter.passed, chapter.done_on) == ("Active listening", 1, None)
    assert chapter.best == {("rewrite", "cake"): 90, ("order", "steps"): 69.99}
    attempts.append(attempt("steps", 70, days=6, kind="order"))
    found = after(*attempts)
    assert found.chapters[0].done_on == TODAY - timedelta(days=6)
    assert found.chapters[1].best == {("rewrite", "crown"): None, ("self-check", "recall"): None}
    assert not found.is_complete


def test_same_id_of_another_kind_and_attempts_without_a_total_do_not_count() -> None:
    found = after(attempt("cake", 100, kind="order"), attempt("cake", None))
    assert found.chapters[0].passed == 0
    assert found.chapters[0].best["rewrite", "cake"] is None


def test_course_is_complete_on_the_day_of_its_last_chapter() -> None:
    attempts = [
        attempt("cake", 80, days=9),
        attempt("steps", 80, days=9, kind="order"),
        attempt("recall", 100, days=5, kind="self-check"),
        attempt("crown", 70, days=2),
        attempt("crown", 100, days=1),
    ]
    found = after(*attempts)
    assert found.is_complete
    assert found.completed_on == TODAY - timedelta(days=2)
    assert after(*attempts[:3]).completed_on is None


def test_levels_over_time_are_those_of_attempts_that_were_asked_for_them() -> None:
    full = {"reflect": 2, "explore": 1, "relate": 0, "blame": 0, "defend": 1, "unheard_of": 1}
    found = after(attempt("cake", 50, full, days=1), attempt("crown", 50, full))
    assert {name: [*track.levels] for name, track in found.tracks.items()} == {
        "reflect": [2, 2],
        "explore": [1],  # the crown does not ask for it
        "defend": [1, 1],  # faults always count; blame never happened
    }
    assert list(found.tracks) == ["reflect", "explore", "defend"]  # the rubric's order
    other = after(attempt("of-a-newer-course", None, {"relate": 0}), attempt("x", 5, {"thank": 2}))
    assert list(other.tracks) == ["thank", "relate"]


def test_talk_counts_for_what_most_replies_should_do_and_for_what_was_done() -> None:
    levels = {"acknowledge": 0, "reflect": 1, "thank": 2, "relate": 0, "blame": 0}
    found = after(attempt("van", 60, levels, kind="role-play"))
    assert list(found.tracks) == ["acknowledge", "reflect", "thank"]


def test_how_it_goes_lately_is_the_mean_of_the_last_five() -> None:
    levels = [0, 0, 0, 2, 2, 1, 2, 1]
    found = after(*(attempt("crown", 0, {"reflect": n}, days=9 - i) for i, n in enumerate(levels)))
    assert found.tracks["reflect"].lately == pytest.approx(1.6)
    assert found.tracks["reflect"].strength == pytest.approx(0.8)


def test_weakest_is_the_move_made_least_or_the_fault_made_most() -> None:
    assert after().weakest is None
    assert after(attempt("cake", 100, {"reflect": 2, "explore": 2})).weakest is None
    weak = after(attempt("cake", 50, {"reflect": 2, "explore": 1, "blame": 0})).weakest
    assert weak is not None
    assert weak.criterion == "explore"
    blaming = after(attempt("cake", 50, {"reflect": 2, "explore": 1, "blame": 1})).weakest
    assert blaming is not None
    assert (blaming.criterion, blaming.strength) == ("blame", 0)


# ---- what to practise next ----


def test_new_learner_begins_with_the_first_exercise_of_the_book() -> None:
    assert first(after()) == ("cake", "", "new", 0)


def test_weakest_of_what_is_due_comes_first_then_what_is_new() -> None:
    found = after(attempt("cake", 75, {"reflect": 1, "explore": 0}, days=1))
    assert [(p.exercise, p.criterion, p.reason) for p in found.next] == [
        ("cake", "explore", "review"),  # the only one on a page that asks for it
        ("crown", "reflect", "review"),  # on a page, and not tried yet
        ("steps", "", "new"),
    ]
    assert {p.due for p in found.next} == {TODAY}


def test_new_exercises_go_on_until_something_is_due() -> None:
    found = after(attempt("cake", 100, {"reflect": 2, "explore": 0}))
    assert [(p.exercise, p.criterion, (p.due - TODAY).days) for p in found.next] == [
        ("steps", "", 0),
        ("cake", "explore", 1),
        ("crown", "reflect", 3),
    ]


def test_review_that_is_overdue_is_as_due_as_one_of_today() -> None:
    weak = attempt("cake", 0, {"explore": 0}, days=1)
    strong = attempt("crown", 100, {"reflect": 2}, days=20)
    assert [p.criterion for p in after(strong, weak).next if p.reason == "review"] == [
        "explore",
        "reflect",
    ]


def test_exercise_not_tried_for_longest_is_chosen_and_none_is_named_twice() -> None:
    levels = {"reflect": 1, "blame": 1}
    found = after(attempt("crown", 50, levels, days=3), attempt("cake", 50, levels, days=1))
    reviews = [(p.exercise, p.criterion) for p in found.next if p.reason == "review"]
    assert reviews == [("crown", "blame"), ("cake", "reflect")]


def test_criterion_without_an_exercise_on_a_page_gets_one_of_the_bank() -> None:
    found = after(attempt("extra", 0, {"relate": 0}, days=1))
    assert (found.next[0].exercise, found.next[0].chapter) == ("extra", "")
    none = after(attempt("exam", 0, {"thank": 0}, days=1))  # only an assessment asks for it
    assert [p.reason for p in none.next] == ["new"]


def test_self_checks_come_back_by_the_same_rule() -> None:
    good = attempt("recall", 100, days=3, kind="self-check")
    found = after(good)
    assert first(found)[:3] == ("recall", "", "review")
    assert found.next[0].chapter == ASK
    again = after(good, attempt("recall", 75, kind="self-check"))
    assert [(p.due - TODAY).days for p in again.next if p.exercise == "recall"] == [7]
    gone = after(attempt("withdrawn", 0, days=9, kind="self-check"))
    assert [p.exercise for p in gone.next] == ["cake"]


def test_when_all_is_done_the_next_review_is_told_with_its_day() -> None:
    found = after(
        attempt("cake", 100, {"reflect": 2, "explore": 1}),
        attempt("steps", 100, kind="order"),
        attempt("crown", 100, {"reflect": 2}),
        attempt("recall", 100, kind="self-check"),
    )
    assert found.is_complete
    assert first(found) == ("cake", "explore", "review", 1)


# ---- odd records ----


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_attempts_of_impossible_years_do_no_harm(time: str) -> None:
    found = measure([Entry("cake", "rewrite", "x", {"reflect": 1}, 50, time)], TODAY)
    assert found.attempts == 1
    assert found.next


def test_mean_levels_are_over_all_attempts_that_have_one() -> None:
    entries = [
        attempt("cake", 0, {"blame": 1, "reflect": 2, "zeal": 2}),
        attempt("crown", 0, {"reflect": 1, "blame": 0}),
        attempt("steps", 0, {"reflect": 1}, kind="order"),
    ]
    found: dict[str, Any] = mean_levels(entries)
    assert found == {"reflect": 1.33, "blame": 0.5, "zeal": 2.0}
    assert list(found) == ["reflect", "blame", "zeal"]
