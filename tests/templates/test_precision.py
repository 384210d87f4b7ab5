"""Digits are added until what is written is true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates import precision


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ([18, -0.47, 36.5], 1),
        ([18, -0.04, 36.5], 2),
        ([0.3, 0.1, 0.5], 1),
        ([0, 0, 3], 0),
        ([0.5, 3, 9], 0),
        ([1e-9], precision.MOST),
    ],
)
def test_what_is_not_zero_does_not_read_as_zero(values: list[float], count: int) -> None:
    assert precision.digits(values) == count


def test_what_is_below_the_end_does_not_read_as_the_end() -> None:
    assert precision.digits([99.7], precision.ENDS_OF_SHARES) == 1
    assert precision.digits([100], precision.ENDS_OF_SHARES) == 0


@given(st.lists(st.floats(-200, 200).filter(lambda value: abs(value) > 1e-5), min_size=1))
def test_signs_survive(values: list[float]) -> None:
    count = precision.digits(values)
    for value in values:
        assert (precision.rounded(value, count) > 0) == (value > 0)


@given(st.floats(-100, 100), st.floats(1e-4, 50), st.floats(1e-4, 50))
def test_a_value_reads_as_lying_between_ends_that_differ(
    value: float, below: float, above: float
) -> None:
    ends = (value - below, value + above)
    of_ends = precision.apart(ends, 0)
    low, high = (precision.rounded(end, of_ends) for end in ends)
    written = precision.rounded(value, precision.inside(value, ends, of_ends, 0))
    assert low < high
    assert low <= written <= high
