from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.charts import (
    DISTRIBUTION_BOX,
    ROW_WIDTH,
    TREND_BOX,
    bars,
    position,
    trend,
    whisker,
)

POINT = st.tuples(*[st.floats(-100, 100)] * 3).map(lambda ends: tuple(sorted(ends)))


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=11))
def test_bars_stand_on_the_axis_inside_their_box_and_do_not_touch(counts: list[int]) -> None:
    found = bars(counts)
    for bar in found:
        assert DISTRIBUTION_BOX.left <= bar.x <= bar.x + bar.width <= DISTRIBUTION_BOX.right
        assert bar.y + bar.height == pytest.approx(DISTRIBUTION_BOX.bottom, abs=0.1)
        assert bar.y >= DISTRIBUTION_BOX.top
    assert all(a.x + a.width < b.x for a, b in pairwise(found))


def test_a_bar_is_as_tall_as_its_share_of_the_tallest() -> None:
    none, half, full = bars([0, 5, 10])
    assert none.height == 0
    assert full.height == pytest.approx(DISTRIBUTION_BOX.bottom - DISTRIBUTION_BOX.top)
    assert half.height == pytest.approx(full.height / 2, abs=0.1)


def test_no_answers_make_bars_without_height() -> None:
    assert [bar.height for bar in bars([0] * 11)] == [0] * 11


def test_no_line_is_drawn_through_a_month_about_which_nothing_is_known() -> None:
    drawn = trend([(0, 10, 20), (0, 10, 20), None, (0, 10, 20), None, (0, 10, 20), (0, 5, 9)])
    assert [mark.y is None for mark in drawn.marks] == [
        False,
        False,
        True,
        False,
        True,
        False,
        False,
    ]
    assert [line.count(",") for line in drawn.lines] == [2, 2]


@given(st.lists(st.one_of(st.none(), POINT), max_size=12))
def test_marks_stay_inside_the_box_with_higher_scores_further_up(
    points: list[tuple[float, float, float] | None],
) -> None:
    drawn = trend(points)
    for mark in drawn.marks:
        assert TREND_BOX.left <= mark.x <= TREND_BOX.right
        assert TREND_BOX.top <= mark.high <= mark.low <= TREND_BOX.bottom
        assert mark.y is None or mark.high <= mark.y <= mark.low
    assert 0 in [value for value, _ in drawn.grid]
    heights = [y for _, y in drawn.grid]
    assert heights == sorted(heights, reverse=True)


@given(POINT)
def test_an_interval_stays_inside_its_row_and_can_always_be_seen(
    point: tuple[float, float, float],
) -> None:
    drawn = whisker(*point, (-100, 100))
    assert 0 <= drawn.low <= drawn.x <= drawn.high <= ROW_WIDTH
    assert drawn.width >= 1


def test_a_value_beyond_the_axis_is_drawn_at_its_end() -> None:
    assert position(7, 1, 5, 0, 200) == 200
    assert position(1, 1, 5, 0, 200) == 0
    assert position(3, 1, 5, 0, 200) == 100
