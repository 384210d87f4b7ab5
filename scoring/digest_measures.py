"""The digest's measures: each with its interval, and its change on the period before.

An index is a mean of 0–100; its pseudo-answer is spread over the values that it can take.
Every change that gets a word is one of the k comparisons of `scoring.multiple.level_for`.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from scoring import difference, indices, means, multiple, nps, shares
from scoring.counts import Scale, alike, total
from scoring.difference import Change
from scoring.disclosure import MIN_CHANGE
from scoring.errors import NotEnoughData
from scoring.verdict import Verdict, verdict
from surveys.figures import Counts, DigestFigures, MeasureCounts, PeriodFigures

CSAT: Final = Scale(0, 100, 5)
SATISFIED: Final = 75.0
"""4 of 1–5, on 0–100."""
POINTS: Final = 101
"""The values of an index of which nobody said how many it can take."""
CONFIDENCE: Final = 0.95
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
    try:
        if measure == "nps":
            return _nps(counts)
        return _csat(counts) if measure == "csat" else _index(counts, points)
    except NotEnoughData:
        return None


def share(count: int, n: int) -> dict[str, Any] | None:
    """Return {value, low, high, n} of a share in per cent, None of nobody."""
    return _share(shares.wilson(count, n, level=CONFIDENCE)) if n else None


def level(figures: DigestFigures) -> tuple[float, int]:
    """Return the level of every change's interval and k, the number of changes compared."""
    compared = sum(_comparable(figures, measure) for measure in COMPARED)
    return multiple.level_for(max(compared, 1)), compared


def comparison(figures: DigestFigures, measure: str, at: float) -> dict[str, Any]:
    """Return {current, previous, change, verdict, detectable} of one measure."""
    change = _change(figures, measure, at)
    return {
        "current": _estimated(figures.current, measure),
        "previous": _estimated(figures.previous, measure),
        "change": change and _written(change),
        "verdict": (verdict(change) if change else Verdict.TOO_FEW).value,
        "detectable": change and change.smallest_detectable,
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


def _change(figures: DigestFigures, measure: str, at: float) -> Change | None:
    before, after = counts_of(figures.previous, measure), counts_of(figures.current, measure)
    both = figures.overlap.get(measure, {})
    try:
        if measure != "nps":
            return _index_change(figures, measure, at)
        return difference.nps_change(
            nps.counts_to_segments(before), nps.counts_to_segments(after), both=both, level=at
        )
    except NotEnoughData:
        return None


def _index_change(figures: DigestFigures, measure: str, at: float) -> Change:
    """Compare two means over the scale of the fewer points: the wider interval."""
    before, after = counts_of(figures.previous, measure), counts_of(figures.current, measure)
    both = figures.overlap.get(measure, {})
    same = alike(before, after, *both)
    pairs: Counter[tuple[float, float]] = Counter()
    for (first, second), count in both.items():
        pairs[same[first], same[second]] += count
    points = min(_points(figures.previous, measure), _points(figures.current, measure))
    return difference.mean_change(
        _recounted(before, same),
        _recounted(after, same),
        indices.scale_of(points),
        both=dict(pairs),
        level=at,
    )


def _recounted(counts: Counts, same: Mapping[float, float]) -> Counts:
    found: Counter[float] = Counter()
    for value, count in counts.items():
        found[same[value]] += count
    return dict(found)


def _written(change: Change) -> dict[str, Any]:
    return {
        "value": change.difference,
        "low": change.low,
        "high": change.high,
        "shared": change.n_both,
    }


def _nps(counts: Counts) -> dict[str, Any]:
    score = nps.from_counts(counts, level=CONFIDENCE)
    return {"value": score.nps, "low": score.low, "high": score.high, "n": score.n}


def _index(counts: Counts, points: int) -> dict[str, Any]:
    mean = means.estimate(counts, indices.scale_of(points), level=CONFIDENCE)
    return {"value": mean.mean, "low": mean.low, "high": mean.high, "n": mean.n}


def _csat(counts: Counts) -> dict[str, Any]:
    return _share(shares.at_least(counts, SATISFIED, CSAT, level=CONFIDENCE))


def _share(found: shares.ShareEstimate) -> dict[str, Any]:
    return {"value": found.share, "low": found.low, "high": found.high, "n": found.n}
