"""The digest's reasons for leaving: shares of those who told, and what managers counted."""

from scoring.estimates.shares import wilson
from scoring.reports.measures import CONFIDENCE
from surveys.counts.leaving import Leaving
from surveys.counts.minima import MIN_SCORE
from surveys.reports.digest import LeavingReason, WhyTheyLeave
from surveys.reports.estimates import Estimate


def why_they_leave(found: Leaving) -> WhyTheyLeave | None:
    """Return the reasons, the most frequent first; None where nobody told or counted any.

    A share has Wilson's interval from `MIN_SCORE` customers on. Managers' counts are no sample, so
    they have none.
    """
    told = sum(found.told.values())
    if not told and not found.managers:
        return None
    reasons = [key for key in found.labels if found.told.get(key) or found.counted.get(key)]
    rows = [
        LeavingReason(
            key=key,
            label=found.labels[key],
            customers=found.told.get(key, 0),
            share=_share(found.told.get(key, 0), told),
            counted=found.counted.get(key, 0),
        )
        for key in reasons
    ]
    return WhyTheyLeave(
        told=told,
        managers=found.managers,
        counted=sum(row.counted for row in rows),
        reasons=tuple(sorted(rows, key=lambda row: (-row.customers, -row.counted))),
    )


def _share(customers: int, told: int) -> Estimate | None:
    if told < MIN_SCORE:
        return None
    share = wilson(customers, told, level=CONFIDENCE)
    return Estimate(value=share.share, low=share.low, high=share.high, n=told)
