"""Quantiles and tails of Student's and Fisher's distributions, by the incomplete beta function.

scipy has them too; to load it took a tenth of a digest's whole time.

I_x(a, b) is the continued fraction 8.17.22 of https://dlmf.nist.gov/8.17. It converges fast on one
side of the distribution; the other side is 1 − I_{1−x}(b, a). x is told by its log-odds, so that
neither end is lost to rounding. The logarithm of a tail is concave in them, so Newton's steps reach
a quantile from anywhere. They begin at Student's series in 1/df [Abramowitz & Stegun 1964, 26.7.5].
"""

import math
from functools import lru_cache
from statistics import NormalDist
from typing import Final

_STANDARD: Final = NormalDist()
_MANY: Final = 3_000.0
"""With more degrees of freedom the series is exact to eleven digits."""
_FEW: Final = 0.5
_STEPS: Final = 100
_NEAR: Final = 1e-8
"""A step as small as that was the last: the next would be about its square."""
_LARGE: Final = 20.0
"""From here on Stirling's series is exact; differences of lgamma lose digits."""
_EXACT: Final = 4e-16


@lru_cache(1024)
def student_quantile(probability: float, df: float) -> float:
    """Return the quantile of Student's t with df degrees of freedom, which may be a fraction."""
    tail, central = 2 * min(probability, 1 - probability), 2 * abs(probability - 0.5)
    if central == 0:
        return 0.0
    found = _series(abs(_STANDARD.inv_cdf(probability)), df)
    if df < _MANY:
        odds = _log_odds(df / 2, 0.5, tail, central, math.log(df) - 2 * math.log(found))
        found = math.sqrt(df) * math.exp(-odds / 2)
    return math.copysign(found, probability - 0.5)


def student_tails(statistic: float, df: float) -> float:
    """Return the probability that Student's t lies at least as far from 0 as the statistic."""
    if statistic == 0:
        return 1.0
    return math.exp(_log_share(df / 2, 0.5, math.log(df) - 2 * math.log(abs(statistic)))[0])


@lru_cache(1024)
def fisher_quantile(probability: float, df: float, df_below: float) -> float:
    """Return the quantile of Fisher's F, the ratio of two mean squares."""
    a, b = df / 2, df_below / 2
    start = math.log(a / b) + 2 * _half_log(_STANDARD.inv_cdf(probability), df, df_below)
    return b / a * math.exp(_log_odds(a, b, probability, 1 - probability, start))


def _half_log(z: float, df: float, df_below: float) -> float:
    """Return nearly half the logarithm of Fisher's quantile from the normal one.

    Abramowitz & Stegun (1964), 26.5.22; where there is one degree of freedom, it has no value.
    """
    above, below = 1 / max(df - 1, _FEW), 1 / max(df_below - 1, _FEW)
    mean, square = 2 / (above + below), (z * z - 3) / 6
    skew = (above - below) * (square + 5 / 6 - 2 / (3 * mean))
    return z * math.sqrt(mean + square) / mean - skew


def _series(z: float, df: float) -> float:
    """Return nearly Student's quantile from the normal one, z > 0: never less than it."""
    square = z * z
    second = ((5 * square + 16) * square + 3) / 96
    third = (((3 * square + 19) * square + 17) * square - 15) / 384
    return z * (1 + ((square + 1) / 4 + (second + max(third, 0) / df) / df) / df)


def _log_odds(a: float, b: float, below: float, above: float, start: float) -> float:
    """Return ln x/(1 − x) with I_x(a, b) = below = 1 − above."""
    if below > above:
        return -_log_odds(b, a, above, below, -start)
    odds = start
    for _ in range(_STEPS):
        share, slope = _log_share(a, b, odds)
        step = (share - math.log(below)) / slope
        odds -= step
        if abs(step) < _NEAR:
            break
    return odds


def _log_share(a: float, b: float, odds: float) -> tuple[float, float]:
    """Return ln I_x(a, b) where ln x/(1 − x) = odds, and its derivative by the odds."""
    if odds > math.log((a + 1) / (b + 1)):
        above, slope = _log_share(b, a, -odds)
        rest = -math.expm1(above)
        return math.log(rest), slope * math.exp(above) / rest
    log_x, log_rest = -_log_1_plus_exp(-odds), -_log_1_plus_exp(odds)
    times = _fraction(a, b, math.exp(log_x)) / a
    return a * log_x + b * log_rest - _log_beta(a, b) + math.log(times), 1 / times


def _log_1_plus_exp(value: float) -> float:
    return value + math.log1p(math.exp(-value)) if value > 0 else math.log1p(math.exp(value))


def _log_beta(a: float, b: float) -> float:
    """Return ln B(a, b)."""
    small, large = min(a, b), max(a, b)
    if large < _LARGE:
        return math.lgamma(small) + math.lgamma(large) - math.lgamma(small + large)
    both = small + large
    grown = (both - 0.5) * math.log1p(small / large) + small * (math.log(large) - 1)
    return math.lgamma(small) - grown - _stirling(both) + _stirling(large)


def _stirling(value: float) -> float:
    """Return what Stirling's formula for ln Γ lacks."""
    square = value * value
    return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / square) / square) / square) / value


def _fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction, by Lentz's method; each of its pairs is one round."""
    below = 1 / (1 - (a + b) * x / (a + 1))
    above, found, change, m = 1.0, below, 0.0, 0
    while abs(change - 1) > _EXACT:
        m += 1
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        below = 1 / (1 + even * below)
        above = 1 + even / above
        found *= below * above
        below = 1 / (1 + odd * below)
        above = 1 + odd / above
        change = below * above
        found *= change
    return found
