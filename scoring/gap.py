"""A manager's own view against the customers', for coaching and never as a penalty.

A positive gap is normal: people rate themselves about .3 standard deviations higher than
others do [Heidemeier & Moser 2009, Journal of Applied Psychology 94(2), 353–370].
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import correlation

from scoring import means, waves
from scoring.counts import Counts, Scale, on_scale, total, variance
from scoring.disclosure import MIN_GAP, enough


class Agreement(StrEnum):
    """Whether the gap's interval leaves zero, and on which side."""

    OVER_RATER = "over_rater"
    UNDER_RATER = "under_rater"
    IN_AGREEMENT = "in_agreement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """self − customers' mean of one mirror item, in the scale's units."""

    n: int
    own: float
    customers: float
    gap: float
    low: float
    high: float
    level: float
    agreement: Agreement


def item_gap(
    own: float, customers: Counts, scale: Scale, *, level: float = 0.95, minimum: int = MIN_GAP
) -> Gap:
    """Return the gap of one mirror item with an interval from the customers' spread.

    The interval is that of the customers' mean (`means.estimate`) seen from the manager's own
    rating: Student's t with the pseudo-answer, since the plain one has no width when all
    customers agree. Raises NotEnoughData below `minimum` customers.
    """
    scale.holding(own, "own")
    enough("gap", total(customers), minimum)
    others = means.estimate(customers, scale, level=level)
    low, high = own - others.high, own - others.low
    return Gap(
        n=others.n,
        own=own,
        customers=others.mean,
        gap=own - others.mean,
        low=low,
        high=high,
        level=level,
        agreement=agreement(low, high),
    )


def agreement(low: float, high: float) -> Agreement:
    """Return the category of a gap's interval."""
    if low > 0:
        return Agreement.OVER_RATER
    return Agreement.UNDER_RATER if high < 0 else Agreement.IN_AGREEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileGap:
    """Self − customers over the mirror items, in the scale's units; None where not defined."""

    items: int
    mean_gap: float
    sd: float
    t: float | None
    p_value: float | None
    correlation: float | None


def profile_gap(own: Sequence[float], customers: Sequence[float]) -> ProfileGap:
    """Return how a manager's ratings of the items differ from the customers' means of them."""
    found = waves.paired(customers, own)
    varied = len(set(own)) > 1 and len(set(customers)) > 1
    return ProfileGap(
        items=found.n,
        mean_gap=found.mean_difference,
        sd=found.sd,
        t=found.t,
        p_value=found.p_value,
        correlation=correlation(own, customers) if varied else None,
    )


def within_group_agreement(customers: Counts, scale: Scale) -> float:
    """Return r_wg = 1 − s²/((A² − 1)/12) for A points: 1 when all customers agree.

    James, Demaree & Wolf (1984), Journal of Applied Psychology 69, 85–98. Not clipped: below
    zero the customers agree less than chance would make them.
    """
    by_chance = (scale.points**2 - 1) / 12
    step = (scale.high - scale.low) / (scale.points - 1)
    return 1 - variance(on_scale(customers, scale)) / (by_chance * step**2)
