"""Quantiles and tails of our own agree with those of scipy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from scoring.estimates.distributions import fisher_quantile, student_quantile, student_tails
from scoring.estimates.intervals import SMALLEST_P, two_sided_p

CLOSE = 1e-10
degrees = st.floats(0, 6).map(lambda power: 10.0**power)
tails = st.floats(-6, math.log10(0.45)).map(lambda power: 10.0**power)


@given(degrees, tails)
def test_quantiles_of_students_t(df: float, tail: float) -> None:
    for probability in (tail, 1 - tail):
        expected = special.stdtrit(df, probability)
        assert student_quantile(probability, df) == pytest.approx(expected, rel=CLOSE)


@pytest.mark.parametrize("df", [1, 1.5, 2, 3, 4, 29, 2999, 3000, 3001, 1e6])
def test_both_halves_of_students_t_mirror_each_other(df: float) -> None:
    assert student_quantile(0.5, df) == 0
    assert student_quantile(0.25, df) == -student_quantile(0.75, df)
    assert student_quantile(0.75, df) == pytest.approx(special.stdtrit(df, 0.75), rel=CLOSE)


@given(degrees, st.integers(5, 19))
def test_near_the_middle_where_scipy_loses_digits_the_density_tells(df: float, power: int) -> None:
    above = 2.0**-power
    found = student_quantile(0.5 + above, df)
    density = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)
    flat = above / density
    assert 1 - 1e-8 <= found / flat <= 1 + 1e-8 + 2 * flat**2


def test_one_and_two_degrees_have_formulas() -> None:
    for probability in (1e-6, 0.001, 0.3, 0.9, 0.9999):
        cauchy = math.tan(math.pi * (probability - 0.5))
        two = (2 * probability - 1) / math.sqrt(2 * probability * (1 - probability))
        assert student_quantile(probability, 1) == pytest.approx(cauchy, rel=CLOSE)
        assert student_quantile(probability, 2) == pytest.approx(two, rel=CLOSE)


@given(degrees, st.floats(-40, 40).filter(lambda t: abs(t) > CLOSE))
def test_tails_of_students_t(df: float, statistic: float) -> None:
    expected = 2 * special.stdtr(df, -abs(statistic))
    assert student_tails(statistic, df) == pytest.approx(expected, rel=CLOSE, abs=1e-290)


def test_the_ends_of_students_t() -> None:
    assert student_tails(0, 5) == 1
    assert two_sided_p(math.inf, 5) == two_sided_p(1e9, 1e6) == SMALLEST_P
    assert two_sided_p(1e200, 1.0) == pytest.approx(2 / math.pi / 1e200)


@given(degrees, degrees, tails)
def test_quantiles_of_fishers_f(df: float, df_below: float, tail: float) -> None:
    for probability in (tail, 1 - tail):
        expected = special.fdtri(df, df_below, probability)
        if np.isfinite(expected) and expected > 0:
            assert fisher_quantile(probability, df, df_below) == pytest.approx(expected, rel=1e-8)
