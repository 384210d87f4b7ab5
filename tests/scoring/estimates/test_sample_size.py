"""How many answers an NPS needs."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.changes import difference
from scoring.errors import BadInput
from scoring.estimates import nps, sample_size
from scoring.estimates.nps import Segments
from scoring.estimates.sample_size import Shares


@pytest.mark.parametrize(
    ("margin", "variance", "needed"),
    [(10, 1, 382), (5, 1, 1534), (10, 0.5475, 208), (5, 0.5475, 839)],
)
def test_golden_sizes(margin: float, variance: float, needed: int) -> None:
    assert sample_size.for_margin(margin, variance=variance) == needed


@given(st.floats(1, 100), st.floats(0.01, 1))
def test_a_narrower_margin_never_needs_fewer(margin: float, variance: float) -> None:
    wide = sample_size.for_margin(margin, variance=variance)
    narrow = sample_size.for_margin(margin / 2, variance=variance)
    assert 1 <= wide <= narrow


def test_the_size_gives_the_margin_it_promises() -> None:
    n = sample_size.for_margin(10)
    found = nps.score(n // 2, 0, n // 2)
    assert (found.high - found.low) / 2 == pytest.approx(10, abs=0.05)


@given(st.integers(1, 5000))
def test_a_population_is_never_exceeded(population: int) -> None:
    assert 1 <= sample_size.for_margin(2, population=population) <= population


def test_the_size_from_a_population_gives_its_margin() -> None:
    n = sample_size.for_margin(10, population=400)
    found = nps.score(n // 2, 0, n // 2, population=400)
    assert n < 250
    assert (found.high - found.low) / 2 == pytest.approx(10, abs=0.1)


def test_the_size_detects_what_it_promises() -> None:
    variances = (0.61, 0.5475)
    n = sample_size.for_difference(15, variances=variances)
    before, after = Segments(n // 5, 3 * n // 10, n // 2), Segments(3 * n // 20, n // 4, 3 * n // 5)
    found = difference.nps_change(before, after)
    reach = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(0.8)
    assert reach * found.standard_error == pytest.approx(15, abs=0.3)


@pytest.mark.parametrize("shares", [(0.2, 0.3, 0.5), (0.1, 0.2, 0.7), (0.33, 0.34, 0.33)])
@pytest.mark.parametrize("n", [10, 30, 100])
def test_the_smallest_fall_is_noticed_as_often_as_it_says(
    n: int, shares: tuple[float, float, float]
) -> None:
    """Two thousand pairs of waves, seed fixed: a standard error of .009."""
    before = Shares(*shares)
    fall = sample_size.smallest_fall(n, before) / 100
    lost = min(fall / 2, before.promoters)
    turned = fall - 2 * lost
    after = (before.detractors + lost + turned, before.passives - turned, before.promoters - lost)
    chance = np.random.default_rng(n)
    waves = zip(
        chance.multinomial(n, before, 2000).tolist(),
        chance.multinomial(n, after, 2000).tolist(),
        strict=True,
    )
    changes = [difference.nps_change(Segments(*a), Segments(*b)) for a, b in waves]
    noticed = sum(change.high < 0 for change in changes) / len(changes)
    assert noticed == pytest.approx(0.8, abs=0.035)


def test_more_power_needs_more() -> None:
    assert sample_size.for_difference(20) == 391
    assert sample_size.for_difference(20, power=0.9) > sample_size.for_difference(20)


def test_a_score_alone_leaves_the_widest_spread_it_allows() -> None:
    assert sample_size.variance_for(0) == 1
    assert sample_size.variance_for(-50) == pytest.approx(0.75)


@pytest.mark.parametrize("margin", [0, -5, 201, float("nan")])
def test_impossible_margins_are_refused(margin: float) -> None:
    with pytest.raises(BadInput, match="margin"):
        sample_size.for_margin(margin)


def test_impossible_wishes_are_refused() -> None:
    with pytest.raises(BadInput, match="power"):
        sample_size.for_difference(10, power=1)
    with pytest.raises(BadInput, match="nps"):
        sample_size.variance_for(101)
    with pytest.raises(BadInput, match="population"):
        sample_size.for_margin(10, population=0)
    with pytest.raises(BadInput, match="variance"):
        sample_size.for_margin(10, variance=2)
