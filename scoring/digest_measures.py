"""The digest's measures: each with its interval and its changes.

They are those on the period before and on the baseline wave.

An index is a mean of 0–100; its pseudo-answer is spread over the values that it can take.
Every change that gets a word is one of the k comparisons of `scoring.multiple.level_for`.
"""

from typing import Any, Final
from zoneinfo import ZoneInfo

from scoring import measures as computed
from scoring import multiple
from scoring.counts import total
from scoring.difference import Change
from scoring.disclosure import MIN_CHANGE
from scoring.measures import CONFIDENCE, POINTS, measure_of
from scoring.shares import ShareEstimate, wilson
from scoring.verdict import Verdict, verdict
from surveys.counts.figures import Baseline, Counts, DigestFigures, MeasureCounts, PeriodFigures

CRITERIA: Final = (
    "loyalty_index",
    "service_quality",
    "automation",
    "customer_accounting",
    "self_assessment",
)
COMPARED: Final = ("nps", *CRITERIA)
BESIDE: Final = {"loyalty_index": "nps", "service_quality": "csat"}
"""Criterion → the figure shown with it and never weighted beside it (method §1)."""


def measured(period: PeriodFigures, measure: str) -> MeasureCounts | None:
    """Return the ungrouped counts of a measure, None where nobody answered it."""
    found = (row for row in period.measures if row.measure == measure and row.group_kind == "all")
    return next((row for row in found if total(row.counts) or row.partial), None)


def counts_of(period: PeriodFigures, measure: str) -> Counts:
    """Return the ungrouped counts of a measure, empty where nobody answered it."""
    row = measured(period, measure)
    return row.counts if row else {}


def estimate(measure: str, counts: Counts, points: int = POINTS) -> dict[str, Any] | None:
    """Return {value, low, high, n} of a measure, None where there is too little to compute.

    `points`: how many values an index can take.
    """
    return computed.estimate(measure_of(measure, points), counts)


def share(count: int, n: int) -> dict[str, Any] | None:
    """Return {value, low, high, n} of a share in per cent, None of nobody."""
    return _share(wilson(count, n, level=CONFIDENCE)) if n else None


def level(figures: DigestFigures) -> tuple[float, int]:
    """Return the level of every change's interval and k, the number of changes compared."""
    compared = sum(
        _comparable(figures, measure) + _comparable_baseline(figures, measure)
        for measure in COMPARED
    )
    return multiple.level_for(max(compared, 1)), compared


def comparison(figures: DigestFigures, measure: str, at: float) -> dict[str, Any]:
    """Return {current, previous, change, verdict, detectable, baseline} of one measure."""
    return {
        "current": _estimated(figures.current, measure),
        "previous": _estimated(figures.previous, measure),
        **_judged(_change(figures, measure, at)),
        "baseline": _since_baseline(figures, measure, at),
    }


def _judged(change: Change | None) -> dict[str, Any]:
    return {
        "change": change and _written(change),
        "verdict": (verdict(change) if change else Verdict.TOO_FEW).value,
        "detectable": change and change.smallest_detectable,
    }


def _since_baseline(figures: DigestFigures, measure: str, at: float) -> dict[str, Any] | None:
    """Compare with the baseline wave; other words than its own are another series."""
    found = figures.baselines.get(measure)
    if found is None:
        return None
    after, row = counts_of(figures.current, measure), found.counts
    points = min(row.points, _points(figures.current, measure))
    change = (
        computed.change(measure_of(measure, points), row.counts, after, found.both, at)
        if found.same_wording
        else None
    )
    return {
        "wave": found.wave,
        "name": found.name,
        "label": found.label,
        "start": found.start.astimezone(ZoneInfo(figures.zone)).isoformat(),
        "same_wording": found.same_wording,
        "value": estimate(measure, row.counts, row.points),
        **_judged(change),
    }


def scorecard(figures: DigestFigures) -> dict[str, Any]:
    """Return the criteria that were measured in either period, in the method's order."""
    at, compared = level(figures)
    periods = (figures.current, figures.previous)
    criteria = [
        _criterion(figures, key, at)
        for key in CRITERIA
        if any(measured(period, name) for period in periods for name in (key, BESIDE.get(key, key)))
    ]
    return {"level": at, "compared": compared, "criteria": criteria}


def _criterion(figures: DigestFigures, key: str, at: float) -> dict[str, Any]:
    row = measured(figures.current, key)
    return {
        "key": key,
        **comparison(figures, key, at),
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
    return estimate(measure, counts_of(period, measure), _points(period, measure))


def _points(period: PeriodFigures, measure: str) -> int:
    row = measured(period, measure)
    return row.points if row else POINTS


def _comparable(figures: DigestFigures, measure: str) -> bool:
    periods = (figures.current, figures.previous)
    return all(total(counts_of(period, measure)) >= MIN_CHANGE for period in periods)


def _comparable_baseline(figures: DigestFigures, measure: str) -> bool:
    found: Baseline | None = figures.baselines.get(measure)
    sides = (found.counts.counts if found else {}, counts_of(figures.current, measure))
    told = found is not None and found.same_wording
    return told and all(total(side) >= MIN_CHANGE for side in sides)


def _change(figures: DigestFigures, measure: str, at: float) -> Change | None:
    """Compare two means over the scale of the fewer points: the wider interval."""
    before, after = counts_of(figures.previous, measure), counts_of(figures.current, measure)
    points = min(_points(figures.previous, measure), _points(figures.current, measure))
    both = figures.overlap.get(measure, {})
    return computed.change(measure_of(measure, points), before, after, both, at)


def _written(change: Change) -> dict[str, Any]:
    return {
        "value": change.difference,
        "low": change.low,
        "high": change.high,
        "shared": change.n_both,
    }


def _share(found: ShareEstimate) -> dict[str, Any]:
    return computed.written(found.share, found.low, found.high, found.n)
