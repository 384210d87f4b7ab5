"""The digest's reasons for departures: shares of those who told, and what managers counted."""

from scoring.estimates.shares import wilson
from scoring.reports.measures import CONFIDENCE
from surveys.counts.departures import Departures
from surveys.counts.minima import MIN_SCORE
from surveys.reports.digest import DepartureReason, ToldDepartures
from surveys.reports.estimates import Estimate


def departures(found: Departures) -> ToldDepartures | None:
    """Return the reasons, the most frequent first; None where nobody told or counted any.

    A share has Wilson's interval from `MIN_SCORE` customers on. Managers' counts are no sample, so
    they have none.
    """
    told = sum(found.told.values())
    if not told and not found.managers:
        return None
    reasons = [key for key in found.labels if found.told.get(key) or found.counted.get(key)]
    rows = [
        DepartureReason(
            key=key,
            label=found.labels[key],
            customers=found.told.get(key, 0),
            share=_share(found.told.get(key, 0), told),
            counted=found.counted.get(key, 0),
        )
        for key in reasons
    ]
    return ToldDepartures(
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
