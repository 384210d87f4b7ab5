"""The digest's family of comparisons: every change that gets a word, stepped down together.

Each measure is compared with the period before and with its baseline wave. All words together err
in at most 5 % of unchanged digests, and every interval has the level that decided its word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from scoring.changes.difference import EstimatedChange
from scoring.changes.multiple import step_down
from scoring.changes.trend import Trend, trend
from scoring.changes.verdict import Direction, verdict
from scoring.errors import NotEnoughData
from scoring.estimates import nps
from scoring.estimates.counts import total
from scoring.estimates.intervals import Interval
from scoring.reports import measures as computed
from scoring.reports.measures import CONFIDENCE, POINTS, computation
from surveys.counts.figures import Counts, DigestFigures, MeasureCounts, PeriodFigures
from surveys.counts.measures import CRITERIA, NPS
from surveys.counts.measures import measure as known
from surveys.counts.minima import MIN_CHANGE
from surveys.reports.estimates import Verdict

Against = Literal["previous", "baseline"]


class ComparisonKey(NamedTuple):
    """A measure, and what its figure is held against."""

    measure: str
    against: Against


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One change at the level that decided its word.

    `within` is the margin, set beforehand, inside which the whole interval lies; None where it does
    not.
    """

    change: EstimatedChange
    verdict: Verdict
    within: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedTrend:
    """The line through the last twelve months; `change` over its span, at the deciding `level`."""

    trend: Trend
    change: Interval
    level: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Family:
    """All comparisons with enough answers on both sides, and the trend where there is one.

    `other_words` are the measures that the period before asked otherwise: nothing is said of them.
    """

    judged: Mapping[ComparisonKey, Judged]
    trend: JudgedTrend | None = None
    other_words: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        """How many words are said."""
        return len(self.judged) + (self.trend is not None)

    def of(self, measure: str, against: Against) -> Judged | None:
        """Return one comparison, None where there were too few answers for it."""
        return self.judged.get(ComparisonKey(measure, against))


def family(figures: DigestFigures) -> Family:
    """Return the comparisons of a digest, each judged among all."""
    able = {key: _change(figures, key) for key in _comparisons(figures)}
    first = {key: change for key, change in able.items() if change is not None}
    p_values: dict[ComparisonKey | None, float] = {
        key: change.p_of_sign for key, change in first.items()
    }
    line = _trend(figures)
    if line is not None:
        p_values[None] = line.p_value
    steps = step_down(p_values)
    return Family(
        {key: _judge(figures, key, change, steps[key].level) for key, change in first.items()},
        None if line is None else _judge_trend(line, steps[None].level),
        figures.other_words,
    )


def _trend(figures: DigestFigures) -> Trend | None:
    months = [
        nps.counts_to_segments(
            {} if month.period.key in figures.other_months else counts_of(month, NPS)
        )
        for month in figures.months
    ]
    try:
        return trend(months, figures.repeated, figures.firms_by_month)
    except NotEnoughData:
        return None


def _judge_trend(line: Trend, level: float) -> JudgedTrend:
    low, high = line.change(level)
    held = Verdict.BETTER if low > 0 else Verdict.WORSE
    word = Verdict.NO_EVIDENCE if low <= 0 <= high else held
    return JudgedTrend(trend=line, change=Interval(low, high), level=level, verdict=word)


def criteria(figures: DigestFigures) -> tuple[str, ...]:
    """Return the criteria of the scorecard, the company's own measures last."""
    return (*CRITERIA, *(one.key for one in figures.own))


def compared(figures: DigestFigures) -> tuple[str, ...]:
    """Return the measures whose changes are judged."""
    return (NPS, *criteria(figures))


def margin_of(figures: DigestFigures, measure: str) -> float:
    """Return the change of a measure that the company calls small, in points."""
    return figures.margins.nps if measure == NPS else figures.margins.index


def measured(period: PeriodFigures, measure: str) -> MeasureCounts | None:
    """Return the ungrouped counts of a measure, None where nobody answered it."""
    return period.ungrouped.get(measure)


def counts_of(period: PeriodFigures, measure: str) -> Counts:
    """Return the ungrouped counts of a measure, empty where nobody answered it."""
    row = measured(period, measure)
    return row.counts if row else {}


def points_of(period: PeriodFigures, measure: str) -> int:
    """Return how many values a measure can take."""
    row = measured(period, measure)
    return row.points if row else POINTS


def _comparisons(figures: DigestFigures) -> list[ComparisonKey]:
    found = []
    for measure in compared(figures):
        enough = total(counts_of(figures.current, measure)) >= MIN_CHANGE
        alike = measure not in figures.other_words
        if enough and alike and total(counts_of(figures.previous, measure)) >= MIN_CHANGE:
            found.append(ComparisonKey(measure, "previous"))
        since = figures.baselines.get(measure)
        if enough and since and since.same_wording and total(since.counts.counts) >= MIN_CHANGE:
            found.append(ComparisonKey(measure, "baseline"))
    return found


def _change(figures: DigestFigures, key: ComparisonKey) -> EstimatedChange | None:
    """Return the change; means are read on the scale with fewer points."""
    measure = key.measure
    now = counts_of(figures.current, measure)
    if key.against == "previous":
        before = counts_of(figures.previous, measure)
        least = points_of(figures.previous, measure)
        both, firms = figures.overlap.get(measure, {}), figures.firms.get(measure, {})
    else:
        since = figures.baselines[measure]
        before, least, both = since.counts.counts, since.counts.points, since.both
        firms = since.firms
    form = computation(measure, min(least, points_of(figures.current, measure)))
    return computed.change(form, before, now, both, CONFIDENCE, firms)


def _judge(
    figures: DigestFigures, key: ComparisonKey, found: EstimatedChange, level: float
) -> Judged:
    change = computed.at_level(computation(key.measure), found, level)
    down = known(key.measure, figures.own).better == "down"
    word = verdict(change, direction=Direction.DOWN if down else Direction.UP)
    margin = margin_of(figures, key.measure)
    inside = -margin < change.low and change.high < margin
    return Judged(change=change, verdict=word, within=margin if inside else None)
