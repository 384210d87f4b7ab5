"""Departed customers: who was active at the start of a period and is not at its end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from scoring.errors import BadInput
from scoring.estimates.shares import PERCENT, ShareEstimate, wilson
from surveys.messages import mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Churn:
    """Departed of the customers active at the start; shares in percent with Wilson's interval.

    `score` is 100·(1 − churn): the criterion on 0–100, higher being better.
    """

    active_at_start: int
    departed: int
    churn: ShareEstimate
    retention: ShareEstimate
    score: float


class Cohort(NamedTuple):
    """Customers active at the start, and how many of them were not at the end."""

    active_at_start: int
    departed: int


def churn(active_at_start: int, departed: int, *, level: float = 0.95) -> Churn:
    """Return churn and retention; NotEnoughData when nobody was active at the start."""
    lost = wilson(departed, active_at_start, level=level)
    kept = wilson(active_at_start - departed, active_at_start, level=level)
    return Churn(
        active_at_start=active_at_start,
        departed=departed,
        churn=lost,
        retention=kept,
        score=PERCENT - lost.share,
    )


def cohort(
    purchases: Iterable[Iterable[datetime]], start: datetime, end: datetime, window: timedelta
) -> Cohort:
    """Return who departed between start and end, from every customer's purchase moments.

    A customer is active at a moment after a purchase within the window before it. All moments are
    aware.
    """
    if not start < end:
        raise BadInput(field="end", problem=mark("must come after the start"))
    histories = [list(history) for history in purchases]
    active = [history for history in histories if is_active(history, start, window)]
    return Cohort(len(active), sum(not is_active(history, end, window) for history in active))


def is_active(history: Iterable[datetime], moment: datetime, window: timedelta) -> bool:
    """Tell whether a purchase lies within the window that ends at the moment."""
    return any(moment - window < bought <= moment for bought in history)
