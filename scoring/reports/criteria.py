"""All eight criteria of the work with clients, and the index over them.

Filippov (2020) names the criteria; how each becomes a figure and a score of 0–100 is our own
(docs/method.md). A criterion without a figure says what to do to get it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from scoring.criteria import money
from scoring.criteria.facts import Finances, finances
from scoring.criteria.money import LoyalShare
from scoring.criteria.scorecard import (
    Criterion,
    Index,
    Joints,
    amount_score,
    effectiveness_index,
    indices_without,
    mean_score,
)
from scoring.errors import NotEnoughData
from scoring.estimates import nps
from scoring.estimates.combination import ScaleAnswers
from scoring.estimates.counts import scale_of, total
from scoring.reports.digest_measures import estimated
from scoring.reports.family import Family, counts_of, family, points_of
from surveys.counts.figures import DigestFigures, PeriodFigures
from surveys.counts.measures import NPS
from surveys.reports.criteria import (
    Criteria,
    CriterionRow,
    CriterionUnit,
    FactFigure,
    FactUnit,
    FigureSource,
    IndexFigure,
    Lacking,
    Payback,
    ToDo,
)
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
FIGURES: Final = ("profit", "profit_effect", "roi", "payback", "retention_cost", "lifetime")
"""The figures that are named as lacking where facts are missing."""
MOMENT: Final = timedelta(microseconds=1)
FEWEST: Final = 2
"""The fewest answers that can enter the index."""
FactsOfBoth = tuple[Finances, Finances]
"""What the facts of a period come to, and those of the period before."""
CriteriaScores = dict[str, ScaleAnswers | float]
"""Criterion → what it gives to the index."""


def criteria(
    figures: DigestFigures,
    *,
    found: Family | None = None,
    told: FactsOfBoth | None = None,
    weights: Mapping[str, float] | None = None,
    consistency_ratio: float | None = None,
) -> Criteria:
    """Return all criteria of a digest's period.

    `found` are its verdicts and `told` what its facts come to, where these are known already;
    `weights` as in `effectiveness_index`, `consistency_ratio` that of the comparisons the weights
    came from.
    """
    found = found or family(figures)
    now, before = told or facts_of_both(figures)
    rows = _rows(figures, found, now, before)
    return Criteria(
        period=figures.current.period,
        rows=rows,
        own=figures.own,
        index=_written(
            _scores(figures.current, now, before), weights, figures.joints, consistency_ratio
        ),
        currency=now.currency,
        facts=_amounts(now),
        payback=tuple(Payback(share=share, months=months) for share, months in now.payback or ()),
        lacking=tuple(
            Lacking(key=key, to_do=_to_tell(now.lacking[key]))
            for key in FIGURES
            if key in now.lacking
        ),
        unsaid=now.unsaid,
    )


def scores_of_both(
    figures: DigestFigures, told: FactsOfBoth
) -> tuple[CriteriaScores, CriteriaScores]:
    """Return what enters the index of the period, and of the one before.

    The earlier one is its own baseline: an amount of it scores 50.
    """
    now, before = told
    return (
        _scores(figures.current, now, before),
        _scores(figures.previous, before, before),
    )


def _scores(period: PeriodFigures, now: Finances, before: Finances) -> CriteriaScores:
    """Return what enters the index: answers with their spread, a fact as it is."""
    found: CriteriaScores = {}
    for key, source in SOURCES.items():
        answered = _answers(period, key) if source != "facts" else None
        score = _figure(key, now, before)[-1] if source == "facts" else answered
        if score is not None:
            found[key.value] = score
    return found


def _answers(period: PeriodFigures, key: str) -> ScaleAnswers | None:
    counts = counts_of(period, key)
    return (
        ScaleAnswers(counts, scale_of(points_of(period, key))) if total(counts) >= FEWEST else None
    )


def _rows(
    figures: DigestFigures, found: Family, now: Finances, before: Finances
) -> tuple[CriterionRow, ...]:
    told_at = max((one.recorded_at for one in figures.facts if one.recorded_at), default=None)
    rows = tuple(
        _of_facts(key, now, before, told_at)
        if SOURCES[key] == "facts"
        else _of_answers(key.value, SOURCES[key], figures, found)
        for key in Criterion
    )
    beside = tuple(
        _of_answers(one.key, "customers" if one.of_customers else "managers", figures, found)
        for one in figures.own
    )
    return rows + beside


def facts_of_both(figures: DigestFigures) -> FactsOfBoth:
    """Return what the facts of the period, and of as long a time before, come to."""
    loyal = [_loyal(one) for one in (figures.current, figures.previous)]
    return (
        finances(figures.facts, figures.facts_before, loyal[0], invested=figures.invested),
        finances(figures.facts_before, (), loyal[1]),
    )


def _loyal(period: PeriodFigures) -> LoyalShare | None:
    """Return the share of promoters: whom this company calls loyal."""
    counts = counts_of(period, NPS)
    return money.loyal_promoters(nps.counts_to_segments(counts)) if total(counts) else None


def _amounts(now: Finances) -> tuple[FactFigure, ...]:
    lifetime = now.lifetime
    figures: tuple[tuple[str, FactUnit, Decimal | None], ...] = (
        ("profit", "money", now.profit),
        ("profit_before", "money", now.profit_before),
        ("profit_effect", "money", now.profit_effect),
        ("roi", "times", now.roi),
        ("retention_cost", "money", now.retention_cost),
        ("lifetime_value", "money", None if lifetime is None else lifetime.value),
        ("acquisition_cost", "money", None if lifetime is None else lifetime.acquisition_cost),
        ("deal_days", "days", now.deal_days),
        ("win_rate", "share", now.win_rate),
    )
    return tuple(
        FactFigure(key=key, unit=unit, value=value)
        for key, unit, value in figures
        if value is not None
    )


def _written(
    scores: Mapping[str, ScaleAnswers | float],
    weights: Mapping[str, float] | None,
    joints: Joints | None,
    consistency_ratio: float | None,
) -> IndexFigure | None:
    found = _index(scores, weights, _among(joints, scores))
    if found is None:
        return None
    return IndexFigure(
        index=found.index,
        low=found.low,
        high=found.high,
        level=found.level,
        equal_weights=found.equal_weights,
        weights=found.weights,
        without=indices_without(scores, found.weights),
        consistency_ratio=consistency_ratio,
    )


def _among(joints: Joints | None, scores: Mapping[str, ScaleAnswers | float]) -> Joints:
    """Return the joint answers to pairs of criteria that both have a score."""
    answered = {key for key, score in scores.items() if isinstance(score, ScaleAnswers)}
    return {pair: both for pair, both in (joints or {}).items() if set(pair) <= answered}


def _of_answers(
    key: str, source: FigureSource, figures: DigestFigures, found: Family
) -> CriterionRow:
    value = estimated(figures.current, key)
    judged = found.of(key, "previous")
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
        verdict=judged.verdict if judged else Verdict.TOO_FEW if answers else None,
        as_of=figures.current.period.end - MOMENT if answers else None,
        to_do=to_do,
    )


def _ask(survey: str) -> ToDo:
    return ToDo(what="ask", survey=survey)


def _of_facts(
    key: Criterion, now: Finances, before: Finances, told_at: datetime | None
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
        to_do=_to_do(key, now, before, value, score),
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
    score = mean_score(
        (
            _amount(now.deal_days, before.deal_days),
            None if now.win_rate is None else float(now.win_rate),
        )
    )
    return (score, None, None, 0, score)


def _amount(amount: Decimal | None, baseline: Decimal | None) -> float | None:
    if amount is None or not baseline:
        return None
    return amount_score(float(amount), float(baseline))


def _to_do(
    key: Criterion, now: Finances, before: Finances, value: float | None, score: float | None
) -> ToDo | None:
    if value is not None and score is not None:
        return None
    if value is not None and before.lacking.get(key) == (NPS,):
        return ToDo(what="ask_before")
    if value is not None:
        return ToDo(what="tell_before")
    needed = "win_rate" if key is Criterion.SALES_PROCESS else key.value
    return _to_tell(now.lacking.get(needed, ()))


def _to_tell(facts: tuple[str, ...]) -> ToDo:
    if facts == (NPS,):
        return _ask(NPS)
    return ToDo(what="tell", facts=facts) if facts else ToDo(what="look")


def _index(
    scores: Mapping[str, ScaleAnswers | float],
    weights: Mapping[str, float] | None,
    joints: Joints | None,
) -> Index | None:
    try:
        return effectiveness_index(scores, weights, joints=joints)
    except NotEnoughData:
        return None
