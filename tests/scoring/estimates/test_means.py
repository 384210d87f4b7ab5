"""Means of bounded answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import BadInput, NotEnoughData
from scoring.estimates import means
from scoring.estimates.counts import Scale, rescaled
from tests.scoring.scales import SATISFACTION

tables = st.dictionaries(st.integers(1, 5), st.integers(1, 50), min_size=1).filter(
    lambda table: sum(table.values()) > 1
)


def test_golden_intervals() -> None:
    mixed, agreed = (means.estimate(c, SATISFACTION) for c in ({4: 3, 5: 1, 3: 1}, {5: 5}))
    assert (mixed.low, mixed.high) == pytest.approx((2.719, 4.948), abs=5e-4)
    assert (agreed.low, agreed.high) == pytest.approx((3.496, 5), abs=5e-4)
    assert (mixed.mean, agreed.mean) == (4, 5)


@given(tables)
def test_the_mean_lies_in_its_interval_and_on_the_scale(table: dict[int, int]) -> None:
    found = means.estimate(table, SATISFACTION)
    assert 1 <= found.low <= found.mean <= found.high <= 5
    assert found.low < found.high


@given(tables)
def test_more_of_the_same_answers_narrow_the_interval(table: dict[int, int]) -> None:
    few = means.estimate(table, SATISFACTION)
    many = means.estimate({value: 50 * n for value, n in table.items()}, SATISFACTION)
    assert many.mean == pytest.approx(few.mean)
    assert many.high - many.low < few.high - few.low


@given(tables)
def test_an_index_is_the_mean_stretched(table: dict[int, int]) -> None:
    found = means.estimate(table, SATISFACTION)
    index = means.estimate(rescaled(table, SATISFACTION), Scale(0, 100, 5))
    assert (index.low, index.mean, index.high) == pytest.approx(
        tuple(25 * (value - 1) for value in (found.low, found.mean, found.high))
    )


def test_a_single_answer_has_no_interval() -> None:
    with pytest.raises(NotEnoughData) as refused:
        means.estimate({5: 1}, SATISFACTION)
    assert (refused.value.needed, refused.value.have) == (2, 1)


def test_answers_off_the_scale_are_refused() -> None:
    with pytest.raises(BadInput):
        means.estimate({0: 3}, SATISFACTION)
