"""One word for the last twelve months: whether the NPS slides, slowly but surely.

A straight line runs through the months' scores, each weighted by its answers. The error of its
slope takes into account that people appear in several months and have colleagues; it grows where
the months scatter more than their answers explain. Control limits are three standard errors about
the mean of all months [Shewhart 1931]. Scores in points, slopes in points a month.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scoring.errors import NotEnoughData
from scoring.estimates import nps
from scoring.estimates.intervals import SUREST_LEVEL, Interval, checked_level, quantile, two_sided_p
from scoring.estimates.nps import Segments
from surveys.counts.figures import Clusters, Codes
from surveys.counts.minima import MIN_MONTHS, MIN_SCORE
from surveys.messages import mark

LIMITS: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The line through `months` months: slope, its standard error and degrees of freedom.

    `span` is the number of steps from the first to the last of these months; `center` is the mean
    of all their answers. `limits` are the control limits, one entry per given month (None: no
    score).
    """

    months: int
    span: int
    slope: float
    standard_error: float
    df: float
    center: float
    limits: tuple[Interval | None, ...]

    @property
    def p_value(self) -> float:
        """The two-sided p value of no slope."""
        return two_sided_p(self.slope / self.standard_error, self.df)

    def change(self, level: float) -> Interval:
        """Return the interval of the whole rise or fall, in points over the span."""
        reach = quantile((1 + checked_level(level, SUREST_LEVEL)) / 2, self.df)
        ends = (self.slope - reach * self.standard_error, self.slope + reach * self.standard_error)
        return Interval(*(self.span * end for end in ends))


def trend(
    months: Sequence[Segments],
    repeated: Mapping[Codes, int] | None = None,
    firms: Clusters | None = None,
) -> Trend:
    """Return the trend of months in their order, those with ten answers and more.

    `repeated` counts the respondents of several months by their answers, `firms` are colleagues'
    answers (−100, 0, 100) in each month. Raises NotEnoughData below eight such months.
    """
    used = [t for t, month in enumerate(months) if month.n >= MIN_SCORE]
    if len(used) < MIN_MONTHS:
        raise NotEnoughData(what=mark("months with ten answers"), needed=MIN_MONTHS, have=len(used))
    whole = Segments(*map(sum, zip(*[months[t] for t in used], strict=True)))
    spread = nps.POINTS**2 * nps.moments(whole, nps.PSEUDO_ANSWERS).variance
    scores = {t: nps.POINTS * nps.moments(months[t]).mean for t in used}
    sizes = {t: months[t].n for t in used}
    lever = _levers(sizes)
    slope = math.fsum(lever[t] * scores[t] for t in used)
    center = nps.POINTS * nps.moments(whole).mean
    plain = spread * math.fsum([lever[t] ** 2 / n for t, n in sizes.items()])
    shared = _shared(lever, months, repeated or {})
    error, df = max(plain + shared, plain / len(used)), float(len(used) - 2)
    if firms:
        from scoring.estimates.clusters import clustered  # noqa: PLC0415 - a score needs no numpy

        found = clustered(firms, [lever.get(t, 0.0) for t in range(len(months))], spread)
        if found is None:
            raise NotEnoughData(what=mark("firms"), needed=2, have=1)
        error, df = max(error, found.standard_error**2), min(df, found.df)
    return Trend(
        months=len(used),
        span=used[-1] - used[0],
        slope=slope,
        standard_error=math.sqrt(error * _scatter(scores, sizes, slope, spread)),
        df=df,
        center=center,
        limits=tuple(
            _limits(center, spread, month.n) if t in scores else None
            for t, month in enumerate(months)
        ),
    )


def _levers(sizes: Mapping[int, int]) -> dict[int, float]:
    """Return the weights with which each month's score enters the slope."""
    total = sum(sizes.values())
    middle = sum(t * n for t, n in sizes.items()) / total
    square = sum(n * (t - middle) ** 2 for t, n in sizes.items())
    return {t: n * (t - middle) / square for t, n in sizes.items()}


def _shared(
    lever: Mapping[int, float], months: Sequence[Segments], repeated: Mapping[Codes, int]
) -> float:
    """Return what respondents of several months add to the slope's variance; may be negative."""
    if not repeated:
        return 0.0
    means = {t: nps.moments(months[t]).mean for t in lever}
    return nps.POINTS**2 * math.fsum(
        2
        * count
        * lever[s]
        * lever[t]
        * (first - means[s])
        * (second - means[t])
        / (months[s].n * months[t].n)
        for codes, count in repeated.items()
        for s, first in enumerate(codes)
        for t, second in enumerate(codes)
        if s < t and s in lever and t in lever and first is not None and second is not None
    )


def _scatter(
    scores: Mapping[int, float], sizes: Mapping[int, int], slope: float, spread: float
) -> float:
    """Return how many times more the months scatter about the line than by chance, at least 1."""
    total = sum(sizes.values())
    middle = sum([t * n for t, n in sizes.items()]) / total
    mean = sum([scores[t] * n for t, n in sizes.items()]) / total
    residual = math.fsum(
        [n * (scores[t] - mean - slope * (t - middle)) ** 2 for t, n in sizes.items()]
    )
    return max(1.0, residual / spread / (len(scores) - 2))


def _limits(center: float, spread: float, n: int) -> Interval:
    reach = LIMITS * math.sqrt(spread / n)
    return Interval(max(center - reach, -nps.POINTS), min(center + reach, nps.POINTS))
