"""How each measure is estimated and compared: NPS, shares, indices of 0–100, effort, amounts.

Counts hold raw answers 0–10 for NPS, amounts in their own unit where a step is given, and values of
0–100 for everything else.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from scoring.changes import difference
from scoring.changes.difference import EstimatedChange
from scoring.errors import NotEnoughData
from scoring.estimates import counts as tables
from scoring.estimates import means, nps, shares
from scoring.estimates.counts import EFFORT, Scale, alike, total
from scoring.estimates.intervals import quantile
from surveys.counts.figures import Clusters, Counts, Joint
from surveys.counts.measures import SATISFIED, MeasureForm, worth
from surveys.counts.measures import measure as known
from surveys.messages import mark
from surveys.reports.estimates import Estimate

CONFIDENCE: Final = 0.95
CSAT: Final = Scale(0, 100, 5)
POINTS: Final = 101
"""The values that an index takes where their number is unknown."""
NO_FIRMS: Final[Clusters] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Computation:
    """How a measure is computed; `points`: how many values an index takes, `step` of an amount."""

    form: MeasureForm
    points: int = POINTS
    step: float = 1.0


def computation(key: str, points: int = POINTS, step: float | None = None) -> Computation:
    """Return how the measure of that key is computed; effort is read on its scale 1–7 alone."""
    form = known(key).form
    if step is not None:
        return Computation("amount", step=step)
    if form == "effort" and points != EFFORT.points:
        form = "index"
    return Computation(form, points)


def estimate(measure: Computation, counts: Counts) -> Estimate | None:
    """Return the estimate of a measure, None where there is too little to compute."""
    try:
        match measure.form:
            case "nps":
                score = nps.from_counts(counts, level=CONFIDENCE)
                return Estimate(value=score.nps, low=score.low, high=score.high, n=score.n)
            case "share":
                share = shares.at_least(counts, SATISFIED, CSAT, level=CONFIDENCE)
                return Estimate(value=share.share, low=share.low, high=share.high, n=share.n)
            case "amount":
                return _amount(counts, measure.step)
            case _:
                mean = means.estimate(on_own(measure, counts), scale(measure), level=CONFIDENCE)
                return Estimate(value=mean.mean, low=mean.low, high=mean.high, n=mean.n)
    except NotEnoughData:
        return None


def change(
    measure: Computation,
    before: Counts,
    after: Counts,
    both: Joint,
    level: float,
    firms: Clusters = NO_FIRMS,
) -> EstimatedChange | None:
    """Return after − before, None for too few answers.

    It takes into account who answered both times, and colleagues of one firm (`firms`).
    """
    try:
        found = _plain_change(measure, before, after, both, level)
    except NotEnoughData:
        return None
    if not firms:
        return found
    unit, limit = _unit(measure)
    scaled = firms if unit == 1 else _scaled(firms, unit)
    pooled = sum(_squares(measure, counts) for counts in (before, after))
    variance = unit**2 * pooled / (total(before) + total(after))
    return difference.with_firms(found, scaled, variance=variance, limit=limit)


def at_level(measure: Computation, found: EstimatedChange, level: float) -> EstimatedChange:
    """Return a change of the measure with its interval at another level."""
    return difference.at_level(found, level, _unit(measure)[1])


def _squares(measure: Computation, counts: Counts) -> float:
    """Return the sum of squares about the mean."""
    values: Counter[float] = Counter()
    for score, count in counts.items():
        values[worth(measure.form, score)] += count
    return tables.variance(values, ddof=0) * total(values)


def _unit(measure: Computation) -> tuple[float, float]:
    """Return the factor from scores to the figure's unit, and the largest possible change."""
    match measure.form:
        case "nps":
            return 1.0, 2 * nps.POINTS
        case "amount":
            return 1.0, math.inf
        case "effort":
            return (EFFORT.high - EFFORT.low) / 100, EFFORT.high - EFFORT.low
        case _:
            return 1.0, 100.0


def _scaled(firms: Clusters, unit: float) -> Clusters:
    return {tuple((n, unit * whole) for n, whole in firm): count for firm, count in firms.items()}


def _plain_change(
    measure: Computation, before: Counts, after: Counts, both: Joint, level: float
) -> EstimatedChange:
    match measure.form:
        case "nps":
            first, second = (nps.counts_to_segments(counts) for counts in (before, after))
            return difference.nps_change(first, second, both=both, level=level)
        case "share":
            return _share_change(before, after, both, level)
        case "amount":
            return difference.amount_change(
                before, after, step=measure.step, both=both, level=level
            )
        case _:
            return _mean_change(measure, before, after, both, level)


def scale(measure: Computation) -> Scale:
    """Return the scale on which an index or effort is read."""
    return EFFORT if measure.form == "effort" else tables.scale_of(measure.points)


def on_own(measure: Computation, counts: Counts) -> Counts:
    """Return the counts on the scale on which the measure is read."""
    if measure.form != "effort":
        return counts
    return {_effort(value): count for value, count in counts.items()}


def _effort(value: float) -> float:
    return round(EFFORT.low + value * (EFFORT.high - EFFORT.low) / 100, 9)


def _amount(counts: Counts, step: float) -> Estimate:
    """Return the mean with Student's interval; an amount has no scale for a pseudo-answer."""
    n = total(counts)
    if n < means.SMALLEST_N:
        raise NotEnoughData(what=mark("interval of an amount"), needed=means.SMALLEST_N, have=n)
    mean = tables.mean(counts)
    error = math.sqrt(max(tables.variance(counts), step**2 / 12) / n)
    reach = quantile((1 + CONFIDENCE) / 2, n - 1) * error
    return Estimate(value=mean, low=mean - reach, high=mean + reach, n=n)


def _mean_change(
    measure: Computation, before: Counts, after: Counts, both: Joint, level: float
) -> EstimatedChange:
    """Compare means; those of the same answers in another order are made one value first."""
    before, after = on_own(measure, before), on_own(measure, after)
    if measure.form == "effort":
        both = {(_effort(a), _effort(b)): count for (a, b), count in both.items()}
    same = alike(before, after, *both)
    pairs: Counter[tuple[float, float]] = Counter()
    for (first, second), count in both.items():
        pairs[same[first], same[second]] += count
    return difference.mean_change(
        _recounted(before, same),
        _recounted(after, same),
        scale(measure),
        both=dict(pairs),
        level=level,
    )


def _recounted(counts: Counts, same: Mapping[float, float]) -> Counts:
    found: Counter[float] = Counter()
    for value, count in counts.items():
        found[same[value]] += count
    return dict(found)


def _share_change(before: Counts, after: Counts, both: Joint, level: float) -> EstimatedChange:
    pairs: Counter[tuple[float, float]] = Counter()
    for (old, new), count in both.items():
        pairs[worth("share", old), worth("share", new)] += count
    shown = [
        shares.at_least(counts, SATISFIED, CSAT, level=CONFIDENCE) for counts in (before, after)
    ]
    return difference.share_change(shown[0], shown[1], both=dict(pairs), level=level)
