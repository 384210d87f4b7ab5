"""The criteria page's rows: each criterion's figure and score, and how to get what is missing.

How answers and facts become a figure and a score of 0–100 is our own (docs/method.md).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from scoring.criteria.facts import Finances
from scoring.criteria.scorecard import Criterion, amount_score, mean_score
from scoring.estimates.combination import ScaleAnswers
from scoring.estimates.counts import scale_of, total
from scoring.reports.digest_measures import estimated, since_baseline, since_previous
from scoring.reports.family import Family, counts_of, points_of
from surveys.counts.figures import DigestFigures, PeriodFigures
from surveys.counts.measures import NPS
from surveys.counts.measures import measure as known_measure
from surveys.reports.criteria import CriterionRow, CriterionUnit, FigureSource, ToDo
from surveys.reports.estimates import Verdict

SOURCES: Final[Mapping[Criterion, FigureSource]] = {
    Criterion.LOYALTY_INDEX: "customers",
    Criterion.SERVICE_QUALITY: "customers",
    Criterion.DEPARTED_CUSTOMERS: "facts",
    Criterion.COST_PER_LOYAL_CUSTOMER: "facts",
    Criterion.AUTOMATION: "managers",
    Criterion.CUSTOMER_ACCOUNTING: "managers",
    Criterion.SALES_PROCESS: "facts",
    Criterion.SELF_ASSESSMENT: "managers",
}
SURVEYS: Final[Mapping[str, str]] = {
    Criterion.LOYALTY_INDEX: "loyalty",
    Criterion.SERVICE_QUALITY: "service_quality",
    Criterion.AUTOMATION: "manager_self_assessment",
    Criterion.CUSTOMER_ACCOUNTING: "manager_self_assessment",
    Criterion.SELF_ASSESSMENT: "manager_self_assessment",
}
"""Criterion → the survey of the catalog that measures it."""
UNITS: Final[Mapping[Criterion, CriterionUnit]] = {
    Criterion.DEPARTED_CUSTOMERS: "customers",
    Criterion.COST_PER_LOYAL_CUSTOMER: "money",
}
MOMENT: Final = timedelta(microseconds=1)
FEWEST: Final = 2
"""The fewest answers that can enter the index."""
CriteriaScores = dict[str, ScaleAnswers | float]
"""Criterion → what it gives to the index."""
LOW: Final = 60.0
"""Own rule: a score of answers below this is worth a look."""
AS_BEFORE: Final = 50.0
"""The score of an amount that is what it was."""


def rows_of(
    figures: DigestFigures,
    found: Family,
    now: Finances,
    before: Finances,
    made_at: datetime | None = None,
) -> tuple[CriterionRow, ...]:
    """Return all criteria, and the company's own measures after them.

    `now` and `before` are what the facts of both periods come to.
    """
    told_at = max((one.recorded_at for one in figures.facts if one.recorded_at), default=None)
    rows = tuple(
        _of_facts(key, now, before, told_at, figures.loyal_repeats)
        if SOURCES[key] == "facts"
        else _of_answers(key.value, SOURCES[key], figures, found, made_at)
        for key in Criterion
    )
    beside = tuple(
        _of_answers(
            one.key, "customers" if one.of_customers else "managers", figures, found, made_at
        )
        for one in figures.own
    )
    return rows + beside


def scores_of(period: PeriodFigures, now: Finances, before: Finances) -> CriteriaScores:
    """Return what enters the index: answers with their spread, a fact as it is."""
    found: CriteriaScores = {}
    for key, source in SOURCES.items():
        score = _figure(key, now, before)[-1] if source == "facts" else _answers(period, key)
        if score is not None:
            found[key.value] = score
    return found


def _answers(period: PeriodFigures, key: str) -> ScaleAnswers | None:
    counts = counts_of(period, key)
    return (
        ScaleAnswers(counts, scale_of(points_of(period, key))) if total(counts) >= FEWEST else None
    )


def _of_answers(
    key: str, source: FigureSource, figures: DigestFigures, found: Family, made_at: datetime | None
) -> CriterionRow:
    value = estimated(figures.current, key)
    verdict = since_previous(key, found).verdict
    answers = total(counts_of(figures.current, key))
    to_do = None
    if value is None:
        to_do = _ask(SURVEYS[key]) if key in SURVEYS else ToDo(what="measure")
    return CriterionRow(
        key=key,
        source=source,
        unit="points",
        value=None if value is None else value.value,
        low=None if value is None else value.low,
        high=None if value is None else value.high,
        n=answers,
        score=None if value is None else value.value,
        verdict=verdict if answers else None,
        as_of=_as_of(key, figures, made_at) if answers else None,
        to_do=to_do,
        since=since_baseline(figures, key, found) if answers else None,
        is_weak=known_measure(key, figures.own).better is not None
        and _is_low(None if value is None else value.value, verdict),
    )


def _ask(survey: str) -> ToDo:
    return ToDo(what="ask", survey=survey)


def _of_facts(
    key: Criterion,
    now: Finances,
    before: Finances,
    told_at: datetime | None,
    repeats: int | None,
) -> CriterionRow:
    value, low, high, n, score = _figure(key, now, before)
    return CriterionRow(
        key=key.value,
        source="facts",
        unit=UNITS.get(key, "points"),
        value=value,
        low=low,
        high=high,
        n=n,
        score=score,
        verdict=None,
        as_of=told_at if value is not None else None,
        to_do=None
        if value is not None and score is not None
        else _to_do(key, now, before, repeats, has_value=value is not None),
        is_weak=_is_worse(key, score, now, before),
    )


CriterionFigure = tuple[float | None, float | None, float | None, int, float | None]


def _figure(key: Criterion, now: Finances, before: Finances) -> CriterionFigure:
    """Return value, low, high, n and score."""
    if key is Criterion.DEPARTED_CUSTOMERS:
        if now.departed is None:
            return (None, None, None, 0, None)
        return (now.departed.departed, None, None, now.departed.active_at_start, now.departed.score)
    if key is Criterion.COST_PER_LOYAL_CUSTOMER:
        found = now.loyal_cost
        if found is None or found.cost is None:
            return (None, None, None, 0, None)
        high = None if found.high is None else float(found.high)
        baseline = before.loyal_cost.cost if before.loyal_cost else None
        return (float(found.cost), float(found.low), high, 0, _amount(found.cost, baseline))
    minutes_before, minutes_after = now.minutes or (None, None)
    score = mean_score(
        (
            _amount(minutes_after, minutes_before),
            _amount(now.deal_days, before.deal_days),
            _won(now),
        )
    )
    return (score, None, None, 0, score)


def _amount(amount: Decimal | None, baseline: Decimal | None) -> float | None:
    if amount is None or not baseline:
        return None
    return amount_score(float(amount), float(baseline))


def _to_do(
    key: Criterion, now: Finances, before: Finances, repeats: int | None, *, has_value: bool
) -> ToDo:
    """Say how the figure is got, or where it `has_value`, its score."""
    if has_value:
        asks = repeats is None and before.lacking.get(key) == (NPS,)
        return ToDo(what="ask_before" if asks else "tell_before")
    needed = "win_rate" if key is Criterion.SALES_PROCESS else key.value
    return to_tell(now.lacking.get(needed, ()), repeats)


def to_tell(facts: tuple[str, ...], repeats: int | None = None) -> ToDo:
    """Return how a figure is got that lacks these facts; `repeats` say who is loyal, if any."""
    if facts == (NPS,):
        return _ask(NPS) if repeats is None else ToDo(what="tell_deals")
    return ToDo(what="tell", facts=facts) if facts else ToDo(what="look")


def _is_low(score: float | None, verdict: Verdict | None) -> bool:
    return verdict is Verdict.WORSE or (score is not None and score < LOW)


def _is_worse(key: Criterion, score: float | None, now: Finances, before: Finances) -> bool:
    """Tell whether facts are worse than those of the time before; there is no test of a count."""
    match key:
        case Criterion.DEPARTED_CUSTOMERS:
            earlier = None if before.departed is None else before.departed.score
        case Criterion.SALES_PROCESS:
            score = mean_score((_amount(now.deal_days, before.deal_days), _won(now)))
            earlier = mean_score((None if before.deal_days is None else AS_BEFORE, _won(before)))
        case _:
            earlier = AS_BEFORE
    return score is not None and earlier is not None and score < earlier


def _won(finances: Finances) -> float | None:
    return None if finances.win_rate is None else float(finances.win_rate)


def _as_of(key: str, figures: DigestFigures, made_at: datetime | None) -> datetime:
    """Return when the latest answer was given; of anonymous ones only the period is known."""
    known = figures.answered_at.get(key)
    end = figures.current.period.end - MOMENT
    return known or (end if made_at is None else min(end, made_at))
