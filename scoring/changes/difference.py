"""Change between two periods: after − before, signed, with its interval and p value.

One formula serves different people, the same people twice, and any mixture (own method, after
Agresti & Caffo 2000, who add half the pseudo-answers to each sample): Var(Δ) = V₁/n₁ + V₂/n₂ −
2·n₁₂·cov/(n₁n₂), with cov over those who answered both times.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from scoring.errors import BadInput, NotEnoughData
from scoring.estimates import counts as tables
from scoring.estimates import means, nps
from scoring.estimates.counts import Counts, Joint, Scale
from scoring.estimates.intervals import SUREST_LEVEL, Interval, checked_level, quantile, two_sided_p
from scoring.estimates.nps import Segments
from scoring.estimates.shares import PERCENT, ShareEstimate
from surveys.counts.figures import Clusters
from surveys.counts.recommending import nps_code
from surveys.messages import mark

MEAN_PSEUDO = 0.5
SHARE_PSEUDO = 2.0
NOBODY: dict[tuple[float, float], int] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatedChange:
    """A change in the unit of what changed: points of NPS, of a 0–100 index, of a scale.

    `difference` is after − before of the raw figures. Interval, `statistic` (z, or t with `df`
    degrees of freedom) and `p_value` come from the adjusted difference and its standard error.
    """

    n_before: int
    n_after: int
    n_both: int
    before: float
    after: float
    difference: float
    adjusted_difference: float
    standard_error: float
    statistic: float
    df: float | None
    p_value: float
    low: float
    high: float
    level: float

    @property
    def p_of_sign(self) -> float:
        """The p value where the printed difference has the adjusted one's sign, else 1.

        The interval of level 1 − a leaves zero exactly where this is below a.
        """
        return self.p_value if self.difference * self.adjusted_difference > 0 else 1.0


class _Side(NamedTuple):
    """One period: answers, raw figure, adjusted figure, adjusted variance, effective n."""

    n: int
    raw: float
    center: float
    variance: float
    weight: float

    @property
    def error(self) -> float:
        return self.variance / self.weight


class _Shared(NamedTuple):
    """Those who answered both times: how many, and the covariance of their answers."""

    n: int
    covariance: float


def nps_change(
    before: Segments, after: Segments, *, both: Joint = NOBODY, level: float = 0.95
) -> EstimatedChange:
    """Return the change of the NPS, in points.

    `before` and `after` count everybody of their period; `both` counts the pairs of 0–10
    answers (before, after) of those who are in both.
    """
    for pairs, period in ((tables.before_of(both), before), (tables.after_of(both), after)):
        _check_within(nps.counts_to_segments(pairs), period)
    shared = _shared(_coded(both), nps.PSEUDO_ANSWERS)
    first, second = _nps_side(before, shared.n), _nps_side(after, shared.n)
    return _change(first, second, shared, level=level, limit=2 * nps.POINTS)


def nps_paired(both: Joint, *, level: float = 0.95) -> EstimatedChange:
    """Return the change of the NPS of the same people, asked twice, in points."""
    before = nps.counts_to_segments(tables.before_of(both))
    after = nps.counts_to_segments(tables.after_of(both))
    return nps_change(before, after, both=both, level=level)


def mean_change(
    before: Counts, after: Counts, scale: Scale, *, both: Joint = NOBODY, level: float = 0.95
) -> EstimatedChange:
    """Return the change of a mean, in the scale's units; `both` as in `nps_change`.

    Student's t: Welch's degrees of freedom for strangers, n − 1 for pairs, and between them
    as Derrick, Toher & White (2017) for partly overlapping samples.
    """
    for pairs, period in ((tables.before_of(both), before), (tables.after_of(both), after)):
        held = tables.merged(period)
        _check_within(pairs.values(), [held.get(value, 0) for value in pairs])
    first, second = _mean_side(before, scale), _mean_side(after, scale)
    shared = _shared(both, MEAN_PSEUDO)
    df = _degrees(first, second, shared.n)
    return _change(first, second, shared, level=level, limit=scale.high - scale.low, df=df)


def share_change(
    before: ShareEstimate, after: ShareEstimate, *, both: Joint = NOBODY, level: float = 0.95
) -> EstimatedChange:
    """Return the change of a share, in percentage points [Agresti & Caffo 2000].

    `both` as in `nps_change`, of 100 for those who count and 0 for the others.
    """
    for pairs, share in ((tables.before_of(both), before), (tables.after_of(both), after)):
        inside = (pairs.get(0, 0), pairs.get(PERCENT, 0))
        _check_within(
            (*inside, tables.total(pairs)), (share.n - share.count, share.count, sum(inside))
        )
    first, second = _share_side(before), _share_side(after)
    return _change(first, second, _shared(both, SHARE_PSEUDO), level=level, limit=PERCENT)


def amount_change(
    before: Counts, after: Counts, *, step: float, both: Joint = NOBODY, level: float = 0.95
) -> EstimatedChange:
    """Return the change of the mean of amounts (minutes, clients), in their unit.

    There are no pseudo-answers, because an amount has no scale to spread one over. Student's t is
    as in `mean_change`; for pairs it is the paired t test. Amounts are no more exact than their
    `step`, so each answer's variance is at least step²/12 [Sheppard 1898].
    """
    for pairs, period in ((tables.before_of(both), before), (tables.after_of(both), after)):
        given = tables.merged(period)
        _check_within(pairs.values(), [given.get(value, 0) for value in pairs])
    first, second = _amount_side(before, step), _amount_side(after, step)
    n = tables.total(both)
    shared = _Shared(n, tables.covariance(both) * n / (n - 1) if n > 1 else 0.0)
    least = step**2 / 12 * (1 / first.n + 1 / second.n)
    df = _degrees(first, second, shared.n)
    return _change(first, second, shared, level=level, limit=math.inf, df=df, least=least)


def at_level(change: EstimatedChange, level: float, limit: float) -> EstimatedChange:
    """Return the same change with its interval at another level; `limit` is the largest change."""
    ends = _ends(change.adjusted_difference, change.standard_error, change.df, level)
    ends = ends.clipped(-limit, limit).including(change.difference)
    return replace(change, low=ends.low, high=ends.high, level=level)


def with_firms(
    change: EstimatedChange, firms: Clusters, *, variance: float, limit: float
) -> EstimatedChange | None:
    """Return the change with colleagues of one firm taken into account, never surer than without.

    Standard error and degrees of freedom are those of `scoring.estimates.clusters` where these
    leave more doubt. `firms` have two periods, `variance` is that of one answer, and `limit` is the
    largest possible change. None where a single firm answered in a period.
    """
    from scoring.estimates.clusters import clustered  # noqa: PLC0415 - a score needs no numpy

    found = clustered(firms, (-1, 1), variance)
    if found is None:
        return None
    error = max(change.standard_error, found.standard_error)
    df = min(change.df or math.inf, found.df)
    wider = replace(
        change,
        standard_error=error,
        df=df,
        statistic=change.adjusted_difference / error,
        p_value=two_sided_p(change.adjusted_difference / error, df),
    )
    return at_level(wider, change.level, limit)


def _ends(center: float, error: float, df: float | None, level: float) -> Interval:
    reach = quantile((1 + checked_level(level, SUREST_LEVEL)) / 2, df) * error
    return Interval(center - reach, center + reach)


def _nps_side(segments: Segments, both: int) -> _Side:
    """Add half the pseudo-answers to each of two samples, and all of them to a sample of pairs."""
    raw = nps.moments(nps.checked_segments(*segments))
    pseudo = nps.PSEUDO_ANSWERS / 2 * (1 + both / segments.n)
    n, center, variance = nps.moments(segments, pseudo)
    return _Side(
        segments.n, nps.POINTS * raw.mean, nps.POINTS * center, variance * nps.POINTS**2, n
    )


def _mean_side(counts: Counts, scale: Scale) -> _Side:
    n = tables.total(tables.on_scale(counts, scale))
    if n < means.SMALLEST_N:
        raise NotEnoughData(what=mark("change of a mean"), needed=means.SMALLEST_N, have=n)
    center, variance = means.adjusted(counts, scale, MEAN_PSEUDO)
    return _Side(n, tables.mean(counts), center, variance, n)


def _amount_side(counts: Counts, step: float) -> _Side:
    n = tables.total(counts)
    if n < means.SMALLEST_N:
        raise NotEnoughData(what=mark("change of an amount"), needed=means.SMALLEST_N, have=n)
    mean = tables.mean(counts)
    return _Side(n, mean, mean, max(tables.variance(counts), step**2 / 12), n)


def _share_side(share: ShareEstimate) -> _Side:
    n = share.n + SHARE_PSEUDO
    center = (share.count + SHARE_PSEUDO / 2) / n
    return _Side(share.n, share.share, PERCENT * center, PERCENT**2 * center * (1 - center), n)


def _coded(both: Joint) -> dict[tuple[float, float], int]:
    coded: Counter[tuple[float, float]] = Counter()
    for (a, b), count in both.items():
        coded[nps.POINTS * nps_code(a), nps.POINTS * nps_code(b)] += count
    return dict(coded)


def _check_within(pairs: Iterable[int], period: Iterable[int]) -> None:
    if any(inside > whole for inside, whole in zip(pairs, period, strict=True)):
        raise BadInput(
            field="both", problem=mark("holds answers that are not in their period's counts")
        )


def _shared(both: Joint, pseudo: float) -> _Shared:
    """Shrink the covariance as the variances are: by as many independent pseudo-answers."""
    n = tables.total(both)
    return _Shared(n, tables.covariance(both) * n / (n + pseudo))


def _degrees(first: _Side, second: _Side, both: int) -> float:
    a, b = first.error, second.error
    welch = (a + b) ** 2 / (a * a / (first.n - 1) + b * b / (second.n - 1))
    alone = first.n + second.n - 2 * both
    return both - 1 + (welch - both + 1) * alone / (alone + 2 * both)


def _change(
    first: _Side,
    second: _Side,
    shared: _Shared,
    *,
    level: float,
    limit: float,
    df: float | None = None,
    least: float = 0.0,
) -> EstimatedChange:
    likeness = min(shared.covariance, math.sqrt(first.variance * second.variance))
    together = 2 * shared.n * likeness / (first.weight * second.weight)
    error = math.sqrt(max(first.error + second.error - together, least))
    delta = second.center - first.center
    raw = second.raw - first.raw
    ends = _ends(delta, error, df, level).clipped(-limit, limit).including(raw)
    return EstimatedChange(
        n_before=first.n,
        n_after=second.n,
        n_both=shared.n,
        before=first.raw,
        after=second.raw,
        difference=raw,
        adjusted_difference=delta,
        standard_error=error,
        statistic=delta / error,
        df=df,
        p_value=two_sided_p(delta / error, df),
        low=ends.low,
        high=ends.high,
        level=level,
    )
