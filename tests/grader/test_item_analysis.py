"""Item analysis against figures worked out by hand."""

import pytest

from grader.item_analysis import cronbachs_alpha, discriminations


def test_alpha_of_a_worked_example() -> None:
    # Variances of the items 4 and 1, of the totals 9: 2 / 1 * (1 - 5 / 9).
    assert cronbachs_alpha([[2, 1], [4, 2], [6, 3]]) == pytest.approx(8 / 9)


def test_alpha_is_one_where_all_scenarios_say_the_same() -> None:
    assert cronbachs_alpha([[1, 1, 1], [5, 5, 5], [9, 9, 9]]) == pytest.approx(1)


def test_alpha_is_below_zero_where_they_contradict_each_other() -> None:
    alpha = cronbachs_alpha([[1, 9], [5, 4], [9, 2]])
    assert alpha is not None
    assert alpha < 0


@pytest.mark.parametrize("scores", [[], [[1, 2]], [[1], [2]], [[1, 3], [2, 2]]])
def test_alpha_is_not_defined_without_a_spread_of_totals(scores: list[list[float]]) -> None:
    assert cronbachs_alpha(scores) is None


def test_discrimination_leaves_the_scenario_itself_out() -> None:
    # The first against 2, 4, 6: it goes up with them; the second against 7, 8, 9 the same.
    scores = [[1, 1, 1], [2, 2, 2], [3, 3, 3]]
    assert discriminations(scores) == pytest.approx([1, 1, 1])
    odd = discriminations([[3, 1, 1], [2, 2, 2], [1, 3, 3]])
    assert odd[0] == pytest.approx(-1)


def test_discrimination_is_not_defined_where_all_have_the_same_mark() -> None:
    assert discriminations([[5, 1], [5, 2], [5, 3]]) == [None, None]
    assert discriminations([]) == []
