"""The digest's measures: each with its interval and its changes.

They are those on the period before and on the baseline wave, decided by `scoring.reports.family`.
An index is a mean of 0–100; its pseudo-answer is spread over the values that it can take.
"""

from typing import Any, Final
from zoneinfo import ZoneInfo

from scoring.changes.difference import Change
from scoring.changes.verdict import Verdict
from scoring.estimates.shares import ShareEstimate, wilson
from scoring.reports import measures as computed
from scoring.reports.family import CRITERIA, Family, Judged, counts_of, measured, points_of
from scoring.reports.measures import CONFIDENCE, POINTS, measure_of
from surveys.counts.figures import Counts, DigestFigures, PeriodFigures

BESIDE: Final = {"loyalty_index": "nps", "service_quality": "csat"}
"""Criterion → the figure shown with it and never weighted beside it (method §1)."""


def estimate(measure: str, counts: Counts, points: int = POINTS) -> dict[str, Any] | None:
    """Return {value, low, high, n} of a measure, None where there is too little to compute.

    `points`: how many values an index can take.
    """
    return computed.estimate(measure_of(measure, points), counts)


def share(count: int, n: int) -> dict[str, Any] | None:
    """Return {value, low, high, n} of a share in per cent, None of nobody."""
    return _share(wilson(count, n, level=CONFIDENCE)) if n else None


def comparison(figures: DigestFigures, measure: str, found: Family) -> dict[str, Any]:
    """Return {current, previous, change, verdict, level, within, baseline} of one measure."""
    return {
        "current": _estimated(figures.current, measure),
        "previous": _estimated(figures.previous, measure),
        **_judged(found.of(measure, "previous")),
        "baseline": _since_baseline(figures, measure, found),
    }


def _judged(found: Judged | None) -> dict[str, Any]:
    if found is None:
        return {"change": None, "verdict": Verdict.TOO_FEW.value, "level": None, "within": None}
    return {
        "change": _written(found.change),
        "verdict": found.verdict.value,
        "level": found.change.level,
        "within": found.within,
    }


def _since_baseline(figures: DigestFigures, measure: str, found: Family) -> dict[str, Any] | None:
    """Compare with the baseline wave; other words than its own are another series."""
    since = figures.baselines.get(measure)
    if since is None:
        return None
    return {
        "wave": since.wave,
        "name": since.name,
        "label": since.label,
        "start": since.start.astimezone(ZoneInfo(figures.zone)).isoformat(),
        "same_wording": since.same_wording,
        "value": estimate(measure, since.counts.counts, since.counts.points),
        **_judged(found.of(measure, "baseline")),
    }


def scorecard(figures: DigestFigures, found: Family) -> dict[str, Any]:
    """Return the criteria that were measured in either period, in the method's order."""
    periods = (figures.current, figures.previous)
    criteria = [
        _criterion(figures, key, found)
        for key in CRITERIA
        if any(measured(period, name) for period in periods for name in (key, BESIDE.get(key, key)))
    ]
    return {"compared": found.size, "criteria": criteria}


def _criterion(figures: DigestFigures, key: str, found: Family) -> dict[str, Any]:
    row = measured(figures.current, key)
    return {
        "key": key,
        **comparison(figures, key, found),
        "partial": row.partial if row else 0,
        "beside": _beside(figures, key),
    }


def _beside(figures: DigestFigures, key: str) -> dict[str, Any] | None:
    measure = BESIDE.get(key)
    if measure is None or not measured(figures.current, measure):
        return None
    return {
        "key": measure,
        "unit": "points" if measure == "nps" else "share",
        "current": _estimated(figures.current, measure),
        "previous": _estimated(figures.previous, measure),
    }


def _estimated(period: PeriodFigures, measure: str) -> dict[str, Any] | None:
    return estimate(measure, counts_of(period, measure), points_of(period, measure))


def _written(change: Change) -> dict[str, Any]:
    return {
        "value": change.difference,
        "low": change.low,
        "high": change.high,
        "shared": change.n_both,
    }


def _share(found: ShareEstimate) -> dict[str, Any]:
    return computed.written(found.share, found.low, found.high, found.n)
