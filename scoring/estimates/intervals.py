"""Confidence levels, quantiles and the interval type that every estimate shares."""

import math
import sys
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

from scoring.errors import BadInput
from scoring.estimates.distributions import student_quantile, student_tails
from surveys.messages import mark

LOWEST_LEVEL = 0.90
HIGHEST_LEVEL = 0.999
SUREST_LEVEL = 0.999999
"""The highest level that a stepped-down comparison may need; nobody chooses it."""
STANDARD = NormalDist()
SMALLEST_P = sys.float_info.min


class Interval(NamedTuple):
    """Two ends, the lower first, in the unit of the estimate they belong to."""

    low: float
    high: float

    def clipped(self, low: float, high: float) -> "Interval":
        """Return the part of the interval within low…high."""
        return Interval(max(self.low, low), min(self.high, high))

    def including(self, value: float) -> "Interval":
        """Return the interval widened, where need be, to hold the printed estimate."""
        return Interval(min(self.low, value), max(self.high, value))


def checked_level(level: float, highest: float = HIGHEST_LEVEL) -> float:
    """Return the confidence level (a fraction), refused outside .90–highest.

    Below about .85 an all-promoter score leaves its own interval; above .999 the normal
    approximation has nothing to stand on.
    """
    if not LOWEST_LEVEL <= level <= highest:
        raise BadInput(
            field="level",
            problem=mark("must lie between {low} and {high}, not {given}"),
            low=LOWEST_LEVEL,
            high=highest,
            given=level,
        )
    return level


@lru_cache
def two_sided_z(level: float) -> float:
    """Return the standard normal quantile that leaves (1 − level)/2 in each tail."""
    return STANDARD.inv_cdf((1 + checked_level(level)) / 2)


def quantile(probability: float, df: float | None = None) -> float:
    """Return the quantile of Student's t with df degrees of freedom, of the normal without."""
    if df is None:
        return STANDARD.inv_cdf(probability)
    return student_quantile(probability, df)


def two_sided_p(statistic: float, df: float | None = None) -> float:
    """Return the two-sided p value of a t statistic with df degrees of freedom, or of a z.

    Never 0: the smallest number of double precision stands for anything smaller.
    """
    if df is None:
        return max(math.erfc(abs(statistic) / math.sqrt(2)), SMALLEST_P)
    return max(student_tails(statistic, df), SMALLEST_P)
