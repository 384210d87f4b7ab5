"""Medians with intervals by order statistics, where some times are not over yet."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.estimates.medians import median_with_interval


@pytest.mark.parametrize(
    ("n", "rank"), [(5, None), (6, 1), (8, 1), (9, 2), (12, 3), (15, 4), (20, 6), (25, 8)]
)
def test_the_ranks_are_those_of_the_tables(n: int, rank: int | None) -> None:
    """Conover (1999), table A3, at 95 %."""
    found = median_with_interval(range(1, n + 1))
    assert found is not None
    assert found.value == (n + 1) / 2
    assert (found.low, found.high) == ((None, None) if rank is None else (rank, n + 1 - rank))


def test_it_covers_the_median_as_often_as_it_says() -> None:
    """All 2¹⁰ ways in which ten values fall below or above the median."""
    found = median_with_interval(range(10))
    assert found is not None
    rank = int(found.low or 0)
    within = sum(rank < sum(sides) < 10 - rank for sides in product((0, 1), repeat=10))
    assert within / 2**10 >= 0.95


def test_who_waits_still_counts_as_longest() -> None:
    found = median_with_interval([1, 2, 3, 4, 5, 6], waiting=4)
    assert found is not None
    assert (found.value, found.low, found.high, found.waiting) == (5.5, 2, None, 4)
    lost = median_with_interval([1], waiting=3)
    assert lost is not None
    assert lost.value is None


def test_nothing_has_no_median() -> None:
    assert median_with_interval([]) is None


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60), st.integers(0, 40))
def test_the_median_lies_within_its_interval(times: list[float], waiting: int) -> None:
    found = median_with_interval(times, waiting)
    assert found is not None
    value = math.inf if found.value is None else found.value
    high = math.inf if found.high is None else found.high
    assert (found.low or 0.0) <= value
    assert value <= high
