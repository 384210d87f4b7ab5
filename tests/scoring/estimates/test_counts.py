"""Answers as counts."""

import statistics
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import BadInput, NotEnoughData
from scoring.estimates import counts
from scoring.estimates.counts import Scale
from tests.scoring.scales import SATISFACTION

values = st.lists(st.integers(1, 5), min_size=2, max_size=60)


@given(values)
def test_moments_agree_with_the_raw_answers(answers: list[int]) -> None:
    table = Counter(answers)
    assert counts.total(table) == len(answers)
    assert counts.mean(table) == pytest.approx(statistics.fmean(answers))
    assert counts.variance(table) == pytest.approx(statistics.variance(answers))


@given(values)
def test_order_does_not_matter(answers: list[int]) -> None:
    assert counts.mean(Counter(answers)) == counts.mean(Counter(sorted(answers)))


def test_scales_stretch() -> None:
    assert counts.rescaled({1: 1, 3: 2, 5: 1}, SATISFACTION) == {0: 1, 50: 2, 100: 1}


def test_a_pseudo_answer_has_the_moments_of_its_points() -> None:
    points = [1, 2, 3, 4, 5]
    assert SATISFACTION.middle == statistics.fmean(points)
    assert SATISFACTION.spread == pytest.approx(statistics.pvariance(points))
    tenths = Scale(0, 100, 11)
    assert tenths.spread == pytest.approx(statistics.pvariance(range(0, 101, 10)))


def test_covariance_of_those_who_answered_twice() -> None:
    both = {(1, 2): 1, (3, 3): 2, (5, 4): 1}
    before, after = [1, 3, 3, 5], [2, 3, 3, 4]
    expected = statistics.covariance(before, after) * 3 / 4
    assert counts.covariance(both) == pytest.approx(expected)
    assert counts.before_of(both) == {1: 1, 3: 2, 5: 1}
    assert counts.after_of(both) == {2: 1, 3: 2, 4: 1}
    assert counts.covariance({}) == 0


def test_answers_off_the_scale_are_refused() -> None:
    with pytest.raises(BadInput, match="6 lies outside the scale 1–5"):
        counts.on_scale({6: 1}, SATISFACTION)
    assert counts.on_scale({6: 0}, SATISFACTION) == {6: 0}


def test_too_few_answers_have_no_moments() -> None:
    with pytest.raises(NotEnoughData):
        counts.mean({})
    with pytest.raises(NotEnoughData):
        counts.variance({3: 1})
