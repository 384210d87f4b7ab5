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
from surveys.counts.minima import MIN_GAP, MIN_WORD
from surveys.messages import mark
from surveys.reports.estimates import Agreement

KeyT = TypeVar("KeyT", bound=Hashable)
CONFIDENCE: Final = 0.95


class Rated(NamedTuple):
    """A manager's own rating and the customers', on one scale."""

    own: float
    customers: Counts
    scale: Scale


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
    least `minimum` customers [Holm 1979]; the others have an interval of 95 % and no word. An
    interval leaves zero exactly where the word says so.
    """
    tested = {
        key: _p_value(one)
        for key, one in rated.items()
        if total(one.customers) >= max(minimum, MIN_GAP)
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

    The interval is that of the customers' mean (`means.estimate`) around the manager's own rating:
    Student's t with the pseudo-answer. The plain t has no width when all customers agree, and near
    the end of a scale it calls even true agreement a gap (simulated: in up to every digest of 60
    managers). Raises NotEnoughData below `MIN_GAP` customers.
    """
    center, error, n = _center(rated)
    reach = quantile((1 + checked_level(level, SUREST_LEVEL)) / 2, n - 1) * error
    customers = mean(rated.customers)
    ends = Interval(center - reach, center + reach)
    low, high = ends.clipped(rated.own - rated.scale.high, rated.own - rated.scale.low).including(
        rated.own - customers
    )
    return Gap(
        n=n,
        own=rated.own,
        customers=customers,
        gap=rated.own - customers,
        low=low,
        high=high,
        level=level,
    )


def _center(rated: Rated) -> tuple[float, float, int]:
    """Return the adjusted gap, its standard error and n."""
    rated.scale.holding(rated.own, "own")
    n = enough(mark("gap"), total(on_scale(rated.customers, rated.scale)), MIN_GAP)
    center, spread = means.adjusted(rated.customers, rated.scale)
    return rated.own - center, math.sqrt(spread / n), n


def _p_value(rated: Rated) -> float:
    center, error, n = _center(rated)
    alike = center * (rated.own - mean(rated.customers)) > 0
    return two_sided_p(center / error, n - 1) if alike else 1.0


def _word(found: Gap) -> Agreement:
    if found.low > 0:
        return Agreement.OVER_RATER
    return Agreement.UNDER_RATER if found.high < 0 else Agreement.IN_AGREEMENT
