"""The digest's measures: each with its interval and its changes.

The changes are those on the period before and on the baseline wave, judged in
`scoring.reports.family`. An index is a mean of 0–100; its pseudo-answer is spread over the values
that it can take.
"""

from typing import Final
from zoneinfo import ZoneInfo

from scoring.changes.difference import EstimatedChange
from scoring.estimates.shares import wilson
from scoring.reports import measures as computed
from scoring.reports.family import Family, Judged, counts_of, criteria, measured, points_of
from scoring.reports.measures import CONFIDENCE, POINTS, computation
from surveys.counts.figures import Counts, DigestFigures, PeriodFigures
from surveys.counts.measures import NPS
from surveys.counts.measures import measure as known
from surveys.reports.digest import Beside, Scorecard, ScorecardRow
from surveys.reports.estimates import Difference, Estimate, Judgement, SinceBaseline, Verdict

UNDECIDED: Final = Judgement(change=None, verdict=Verdict.TOO_FEW, level=None, within=None)
ANOTHER_SERIES: Final = Judgement(change=None, verdict=Verdict.OTHER_WORDS, level=None, within=None)


def estimate(measure: str, counts: Counts, points: int = POINTS) -> Estimate | None:
    """Return the estimate of a measure, None where there is too little to compute.

    `points`: how many values an index can take.
    """
    return computed.estimate(computation(measure, points), counts)


def share(count: int, n: int) -> Estimate | None:
    """Return a share in per cent, None of nobody."""
    if not n:
        return None
    found = wilson(count, n, level=CONFIDENCE)
    return Estimate(value=found.share, low=found.low, high=found.high, n=found.n)


def estimated(period: PeriodFigures, measure: str) -> Estimate | None:
    """Return a measure's estimate in a period, None where there is too little to compute."""
    return estimate(measure, counts_of(period, measure), points_of(period, measure))


def judgement(found: Judged | None) -> Judgement:
    """Return a change as the document holds it."""
    if found is None:
        return UNDECIDED
    return Judgement(
        change=_difference(found.change),
        verdict=found.verdict,
        level=found.change.level,
        within=found.within,
    )


def since_previous(measure: str, found: Family) -> Judgement:
    """Return the change on the period before; a measure asked in other words is another series."""
    if measure in found.other_words:
        return ANOTHER_SERIES
    return judgement(found.of(measure, "previous"))


def since_baseline(figures: DigestFigures, measure: str, found: Family) -> SinceBaseline | None:
    """Compare with the baseline wave; a measure asked in other words is another series."""
    since = figures.baselines.get(measure)
    if since is None:
        return None
    held = judgement(found.of(measure, "baseline"))
    return SinceBaseline(
        wave=since.wave,
        name=since.name,
        label=since.label,
        start=since.start.astimezone(ZoneInfo(figures.zone)),
        same_wording=since.same_wording,
        value=estimate(measure, since.counts.counts, since.counts.points),
        change=held.change,
        verdict=held.verdict,
        level=held.level,
        within=held.within,
    )


def scorecard(figures: DigestFigures, found: Family) -> Scorecard:
    """Return the criteria that were measured in either period, in the method's order."""
    periods = (figures.current, figures.previous)
    rows = tuple(
        _criterion(figures, key, found)
        for key in criteria(figures)
        if any(
            measured(period, name) for period in periods for name in (key, known(key).beside or key)
        )
    )
    return Scorecard(compared=found.size, criteria=rows)


def _criterion(figures: DigestFigures, key: str, found: Family) -> ScorecardRow:
    row = measured(figures.current, key)
    held = since_previous(key, found)
    return ScorecardRow(
        key=key,
        current=estimated(figures.current, key),
        previous=estimated(figures.previous, key),
        change=held.change,
        verdict=held.verdict,
        level=held.level,
        within=held.within,
        baseline=since_baseline(figures, key, found),
        partial=row.partial if row else 0,
        beside=_beside(figures, key),
    )


def _beside(figures: DigestFigures, key: str) -> Beside | None:
    measure = known(key).beside
    if measure is None or not measured(figures.current, measure):
        return None
    return Beside(
        key=measure,
        unit="points" if measure == NPS else "share",
        current=estimated(figures.current, measure),
        previous=estimated(figures.previous, measure),
    )


def _difference(change: EstimatedChange) -> Difference:
    return Difference(
        value=change.difference, low=change.low, high=change.high, shared=change.n_both
    )
