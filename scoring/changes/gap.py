"""A manager's own view against the customers', for coaching and never as a penalty.

A positive gap is normal: people rate themselves about .3 standard deviations higher than
others do [Heidemeier & Moser 2009, Journal of Applied Psychology 94(2), 353–370].
"""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeVar

from scoring.changes.multiple import FAMILY_ERROR, step_down
from scoring.errors import enough
from scoring.estimates import means
from scoring.estimates.counts import Counts, Scale, mean, on_scale, total
from scoring.estimates.intervals import SUREST_LEVEL, Interval, checked_level, quantile, two_sided_p
from surveys.counts.figures import Clusters
from surveys.counts.minima import MIN_GAP, MIN_WORD
from surveys.messages import mark
from surveys.reports.estimates import Agreement

KeyT = TypeVar("KeyT", bound=Hashable)
CONFIDENCE: Final = 0.95


class Rated(NamedTuple):
    """A manager's own rating and the customers', on one scale.

    `firms` are the same customers by firm, where colleagues are among them.
    """

    own: float
    customers: Counts
    scale: Scale
    firms: Clusters | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """The customers' mean and its interval, in the scale's units."""

    n: int
    mean: float
    low: float
    high: float
    level: float


class _Center(NamedTuple):
    """The adjusted mean, its error (infinite where nothing tells it), degrees of freedom, n."""

    mean: float
    error: float
    df: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """self − customers' mean, in the scale's units.

    `level` is that of the interval; `agreement` is None where nothing was tested.
    """

    n: int
    own: float
    customers: float
    gap: float
    low: float
    high: float
    level: float
    agreement: Agreement | None = None


def told(
    rated: Mapping[KeyT, Rated], *, error: float = FAMILY_ERROR, minimum: int = MIN_WORD
) -> dict[KeyT, Gap]:
    """Return the gaps read together, with words that err in at most `error` of all readings.

    There is one test per key (the one-sample t of `item_gap`), stepped down over the keys with at
    least `minimum` customers [Holm 1979]; the others have an interval of 95 % and no word, nor has
    one whose customers are all of one firm. An interval leaves zero exactly where the word says so.
    """
    tested = {
        key: _p_value(one)
        for key, one in rated.items()
        if total(one.customers) >= max(minimum, MIN_GAP) and math.isfinite(_center(one).error)
    }
    steps = step_down(tested, error)
    found = {}
    for key, one in rated.items():
        level = steps[key].level if key in steps else CONFIDENCE
        shown = item_gap(one, level=level)
        found[key] = replace(shown, agreement=_word(shown)) if key in steps else shown
    return found


def item_gap(rated: Rated, *, level: float = CONFIDENCE) -> Gap:
    """Return the gap with an interval from the customers' spread, and no word.

    The interval is that of `rating` around the manager's own. Raises NotEnoughData below `MIN_GAP`
    customers.
    """
    rated.scale.holding(rated.own, "own")
    customers = rating(rated, level=level)
    return Gap(
        n=customers.n,
        own=rated.own,
        customers=customers.mean,
        gap=rated.own - customers.mean,
        low=rated.own - customers.high,
        high=rated.own - customers.low,
        level=level,
    )


def rating(rated: Rated, *, level: float = CONFIDENCE) -> Rating:
    """Return what customers say of a manager.

    Student's t with the pseudo-answer, as in `means.estimate`. The plain t has no width when all
    customers agree, and near the end of a scale it calls even true agreement a gap (simulated: in
    up to every digest of 60 managers). Colleagues answer alike: where there are any, error and
    degrees of freedom are those of `clusters.clustered` if these leave more doubt. Customers of a
    single firm tell nothing of others, so their interval is the whole scale.
    """
    center = _center(rated)
    reach = quantile((1 + checked_level(level, SUREST_LEVEL)) / 2, center.df) * center.error
    customers = mean(rated.customers)
    ends = Interval(center.mean - reach, center.mean + reach)
    ends = ends.clipped(rated.scale.low, rated.scale.high).including(customers)
    return Rating(n=center.n, mean=customers, low=ends.low, high=ends.high, level=level)


def _center(rated: Rated) -> _Center:
    n = enough(mark("gap"), total(on_scale(rated.customers, rated.scale)), MIN_GAP)
    center, spread = means.adjusted(rated.customers, rated.scale)
    error = math.sqrt(spread / n)
    if not rated.firms:
        return _Center(center, error, n - 1, n)
    from scoring.estimates.clusters import clustered  # noqa: PLC0415 - a score needs no numpy

    found = clustered(rated.firms, (1,), spread)
    if found is None:
        return _Center(center, math.inf, n - 1, n)
    return _Center(center, max(error, found.standard_error), min(n - 1, found.df), n)


def _p_value(rated: Rated) -> float:
    center = _center(rated)
    adjusted = rated.own - center.mean
    alike = adjusted * (rated.own - mean(rated.customers)) > 0
    return two_sided_p(adjusted / center.error, center.df) if alike else 1.0


def _word(found: Gap) -> Agreement:
    if found.low > 0:
        return Agreement.OVER_RATER
    return Agreement.UNDER_RATER if found.high < 0 else Agreement.IN_AGREEMENT
