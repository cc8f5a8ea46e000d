"""When something comes back: 1, 3, 7 and 21 days, by how it went."""

from datetime import date, timedelta

import pytest

from exercises.review import FULLY, NOT_YET, PARTLY, result_of, review

START = date(2026, 3, 1)


def waits(*results: tuple[int, int]) -> list[int]:
    """The wait after each result, given as (days after the first, result)."""
    given = [(START + timedelta(days=days), result) for days, result in results]
    found = [review(given[: end + 1]) for end in range(len(given))]
    assert all(again and again.due == again.last + timedelta(days=again.wait) for again in found)
    return [again.wait for again in found if again]


def test_what_was_never_practised_has_no_review() -> None:
    assert review([]) is None


def test_good_results_lengthen_the_wait_to_three_weeks_and_no_further() -> None:
    assert waits((0, FULLY), (3, FULLY), (10, FULLY), (31, FULLY)) == [3, 7, 21, 21]


def test_half_a_result_keeps_the_wait_and_none_takes_it_back_to_a_day() -> None:
    assert waits((0, PARTLY), (1, FULLY), (4, PARTLY), (7, NOT_YET)) == [1, 3, 3, 1]


def test_practising_before_it_is_due_lengthens_nothing_and_does_no_harm() -> None:
    assert waits((0, FULLY), (1, FULLY), (2, FULLY), (5, FULLY)) == [3, 3, 3, 7]


def test_of_a_days_attempts_the_last_one_counts() -> None:
    assert waits((0, NOT_YET), (0, PARTLY), (0, FULLY)) == [1, 1, 3]
    assert waits((0, FULLY), (0, NOT_YET)) == [3, 1]


@pytest.mark.parametrize(
    ("total", "result"),
    [(None, NOT_YET), (0, NOT_YET), (39.9, NOT_YET), (40, PARTLY), (69, PARTLY), (70, FULLY)],
)
def test_a_total_stands_for_a_result(total: float | None, result: int) -> None:
    assert result_of(total) == result
