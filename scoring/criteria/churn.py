"""Departed customers: who was active at the start of a period and is not at its end."""

from dataclasses import dataclass

from scoring.estimates.shares import PERCENT, ShareEstimate, wilson


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
