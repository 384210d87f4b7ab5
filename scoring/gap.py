"""A manager's own view against the customers', for coaching and never as a penalty.

A positive gap is normal: people rate themselves about .3 standard deviations higher than
others do [Heidemeier & Moser 2009, Journal of Applied Psychology 94(2), 353–370].
"""

from dataclasses import dataclass
from enum import StrEnum

from scoring import means
from scoring.counts import Counts, Scale, total
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
