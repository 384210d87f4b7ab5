"""Means of bounded answers with an interval that stays honest when all agree.

One pseudo-answer, spread evenly over the scale's points, is added before Student's interval
(own; after the add-one reasoning of Agresti & Coull 1998 for shares). Units: the scale's own.
"""

import math
from typing import NamedTuple

from scoring.errors import NotEnoughData
from scoring.estimates import counts as tables
from scoring.estimates.counts import Counts, Scale
from scoring.estimates.intervals import Interval, checked_level, quantile
from surveys.messages import mark
from surveys.reports.estimates import MeanEstimate

SMALLEST_N = 2


class Adjusted(NamedTuple):
    """Mean and variance of n answers and `pseudo` answers, the divisor being n + pseudo."""

    mean: float
    variance: float


def adjusted(counts: Counts, scale: Scale, pseudo: float = 1.0) -> Adjusted:
    """Return mean and variance with `pseudo` answers spread evenly over the scale's points."""
    n = tables.total(counts)
    raw_mean, raw_variance = tables.mean(counts), tables.variance(counts, ddof=0)
    weight = pseudo / (n + pseudo)
    mean = (1 - weight) * raw_mean + weight * scale.middle
    within = (1 - weight) * raw_variance + weight * scale.spread
    between = weight * (1 - weight) * (raw_mean - scale.middle) ** 2
    return Adjusted(mean, within + between)


def estimate(counts: Counts, scale: Scale, *, level: float = 0.95) -> MeanEstimate:
    """Return the raw mean with the interval m ± t(n − 1)·σ/√n, clipped to the scale.

    m and σ (divisor n + 1) include the pseudo-answer; `standard_error` is σ/√n.
    Raises NotEnoughData below two answers.
    """
    checked = tables.on_scale(counts, scale)
    n = tables.total(checked)
    if n < SMALLEST_N:
        raise NotEnoughData(what=mark("interval of a mean"), needed=SMALLEST_N, have=n)
    center, variance = adjusted(checked, scale)
    raw = tables.mean(checked)
    error = math.sqrt(variance / n)
    half = quantile((1 + checked_level(level)) / 2, n - 1) * error
    ends = Interval(center - half, center + half).clipped(scale.low, scale.high).including(raw)
    return MeanEstimate(
        n=n,
        mean=raw,
        sd=math.sqrt(tables.variance(checked)),
        standard_error=error,
        low=ends.low,
        high=ends.high,
        level=level,
    )
