"""The digest's NPS: over all answers, by month, by segment, touchpoint and channel.

A group of fewer than `MIN_SCORE` answers has no score, but the number of answers it still needs.
"""

from scoring.changes import nonresponse
from scoring.errors import NotEnoughData
from scoring.estimates import nps
from scoring.estimates.composition import Stratum, weighted
from scoring.estimates.counts import total
from scoring.estimates.firms import firms
from scoring.estimates.nps import NpsEstimate, Segments
from scoring.reports.digest_measures import estimated, since_baseline, since_previous
from scoring.reports.family import Family, JudgedTrend, counts_of, measured
from scoring.reports.measures import CONFIDENCE
from surveys.counts.figures import Counts, DigestFigures, GroupKind, MeasureCounts
from surveys.counts.measures import NPS
from surveys.counts.minima import MIN_SCORE
from surveys.counts.recommending import SCORES
from surveys.reports.estimates import Estimate, Range, TwoGroups
from surveys.reports.scores import (
    ControlLimits,
    FirmsScore,
    Group,
    ManagersChoice,
    Month,
    Nps,
    SegmentCounts,
    SegmentShares,
    Slope,
    WeightedScore,
)


def nps_section(figures: DigestFigures, found: Family) -> Nps | None:
    """Return everything about the NPS of the period, None where nobody answered."""
    counts = counts_of(figures.current, NPS)
    everybody = estimated(figures.current, NPS)
    if everybody is None:
        return None
    n = total(counts)
    detractors, passives, promoters = nps.counts_to_segments(counts)
    held = since_previous(NPS, found)
    return Nps(
        counts=SegmentCounts(detractors=detractors, passives=passives, promoters=promoters),
        n=n,
        shares=SegmentShares(
            detractors=100 * detractors / n,
            passives=100 * passives / n,
            promoters=100 * promoters / n,
        ),
        distribution=tuple(counts.get(point, 0) for point in SCORES),
        score=everybody,
        previous=estimated(figures.previous, NPS),
        change=held.change,
        verdict=held.verdict,
        level=held.level,
        within=held.within,
        baseline=since_baseline(figures, NPS, found),
        by_manager=managers_choice(measured(figures.current, NPS)),
        trend=_trend(figures, found),
        slope=_slope(found.trend),
        weighted=_weighted(figures),
        firms=_firms(figures),
        segments=_groups(figures, "segment"),
        touchpoints=_groups(figures, "touchpoint"),
        channels=_groups(figures, "channel"),
    )


def score(answers: Segments) -> Estimate | None:
    """Return the NPS of a group, None where more answers are needed for one."""
    return _of_nps(nps.of_segments(answers, level=CONFIDENCE)) if answers.n >= MIN_SCORE else None


def missing(n: int) -> int:
    """Return how many more answers a group of `n` needs for a score."""
    return max(MIN_SCORE - n, 0)


def rows_of(figures: DigestFigures, kind: GroupKind) -> list[MeasureCounts]:
    """Return the NPS answers of the period by groups of one kind."""
    found = (row for row in figures.current.measures if row.measure == NPS)
    return [row for row in found if row.group_kind == kind and any(row.counts.values())]


def managers_choice(row: MeasureCounts | None) -> ManagersChoice | None:
    """Return the part of answers to managers' own invitations, None for none."""
    if row is None or row.by_manager == 0:
        return None
    return ManagersChoice(n=row.by_manager, share=100 * row.by_manager / total(row.counts))


def two_groups(first: Counts, second: Counts) -> TwoGroups | None:
    """Return two groups and their difference, None below ten answers in either."""
    try:
        found = nonresponse.apart(first, second)
    except NotEnoughData:
        return None
    change = found.change
    return TwoGroups(
        first=_of_nps(found.first),
        second=_of_nps(found.second),
        change=Range(value=change.difference, low=change.low, high=change.high),
    )


def _of_nps(found: NpsEstimate) -> Estimate:
    return Estimate(value=found.nps, low=found.low, high=found.high, n=found.n)


def _trend(figures: DigestFigures, found: Family) -> tuple[Month, ...]:
    """Return the months, oldest first; one with too few answers has no score.

    `limits` are the control limits about the mean of all months, where there is a trend.
    """
    limits = found.trend.trend.limits if found.trend else (None,) * len(figures.months)
    months = []
    for month, ends in zip(figures.months, limits, strict=True):
        answers = nps.counts_to_segments(counts_of(month, NPS))
        months.append(
            Month(
                key=month.period.key,
                start=month.period.start,
                n=answers.n,
                score=score(answers),
                missing=missing(answers.n),
                limits=None if ends is None else ControlLimits(low=ends.low, high=ends.high),
                other_words=month.period.key in figures.other_months,
            )
        )
    return tuple(months)


def _slope(found: JudgedTrend | None) -> Slope | None:
    """Return the change over the months by the line through them, with its word."""
    if found is None:
        return None
    line = found.trend
    return Slope(
        months=line.months,
        center=line.center,
        change=Range(value=line.slope * line.span, low=found.change.low, high=found.change.high),
        level=found.level,
        verdict=found.verdict,
    )


def _groups(figures: DigestFigures, kind: GroupKind) -> tuple[Group, ...]:
    """Return the groups of one kind with their share of its answers in per cent, largest first."""
    rows = [(row, nps.counts_to_segments(row.counts)) for row in rows_of(figures, kind)]
    everybody = sum(answers.n for _, answers in rows)
    found = [
        Group(
            group=row.group,
            label=row.label,
            share=100 * answers.n / everybody,
            n=answers.n,
            score=score(answers),
            missing=missing(answers.n),
        )
        for row, answers in rows
    ]
    return tuple(sorted(found, key=lambda group: (-group.n, group.label)))


def _weighted(figures: DigestFigures) -> WeightedScore | None:
    """Return the score weighted to the delivered invitations by segment, None where it cannot be.

    Anonymous answers and those by open links have no invitation to weight by.
    """
    strata = {
        name: Stratum(nps.counts_to_segments(counts), delivered)
        for name, (counts, delivered) in figures.asked.segments.items()
    }
    try:
        return weighted(strata)
    except NotEnoughData:
        return None


def _firms(figures: DigestFigures) -> FirmsScore | None:
    """Return the score with colleagues taken into account and with one vote per firm.

    None below ten firms, or where no two colleagues answered.
    """
    try:
        found = firms(figures.asked.firms)
    except NotEnoughData:
        return None
    return None if found.largest == 1 else found
