"""All eight criteria of the work with clients, and the index over them.

Filippov (2020) names the criteria; how each becomes a figure and a score of 0–100 is our own
(docs/method.md). A criterion without a figure says what to do to get it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from scoring.criteria import money
from scoring.criteria.facts import Finances, finances
from scoring.criteria.money import LoyalShare
from scoring.criteria.payback import Study
from scoring.criteria.scorecard import (
    Index,
    Joints,
    effectiveness_index,
    indices_without,
)
from scoring.errors import NotEnoughData
from scoring.estimates import nps
from scoring.estimates.combination import ScaleAnswers
from scoring.estimates.counts import total
from scoring.reports.criteria_rows import CriteriaScores, rows_of, scores_of, to_tell
from scoring.reports.family import Family, counts_of, family
from surveys.counts.facts import MonthFacts
from surveys.counts.figures import Counts, DigestFigures, PeriodFigures
from surveys.counts.measures import NPS
from surveys.counts.weights import Adopted
from surveys.reports.criteria import (
    Criteria,
    FactFigure,
    FactUnit,
    IndexFigure,
    Lacking,
    Loyal,
    Payback,
    Scenario,
    TimeStudy,
)
from surveys.reports.estimates import Estimate

FIGURES: Final = (
    "profit", "profit_effect", "roi", "payback", "study", "retention_cost", "lifetime",
)  # fmt: skip
"""The figures that are named as lacking where facts are missing."""
FactsOfBoth = tuple[Finances, Finances]
"""What the facts of a period come to, and those of the period before."""


def criteria(
    figures: DigestFigures,
    *,
    found: Family | None = None,
    told: FactsOfBoth | None = None,
    now: datetime | None = None,
) -> Criteria:
    """Return all criteria of a digest's period; the digest's own come from here too.

    `found` are its verdicts and `told` what its facts come to, where these are known already; `now`
    is when it is made.
    """
    found = found or family(figures)
    present, before = told or facts_of_both(figures)
    rows = rows_of(figures, found, present, before, now)
    return Criteria(
        period=figures.current.period,
        rows=rows,
        own=figures.own,
        index=_written(
            scores_of(figures.current, present, before), figures.weights, figures.joints
        ),
        currency=present.currency,
        facts=_amounts(present),
        payback=tuple(
            Payback(share=share, months=months) for share, months in present.payback or ()
        ),
        lacking=tuple(
            Lacking(key=key, to_do=to_tell(present.lacking[key]))
            for key in FIGURES
            if key in present.lacking
        ),
        unsaid=present.unsaid,
        loyal=_called_loyal(figures),
        study=_time_study(present.study, figures.known_facts or figures.facts),
        made_at=now,
    )


def scores_of_both(
    figures: DigestFigures, told: FactsOfBoth
) -> tuple[CriteriaScores, CriteriaScores]:
    """Return what enters the index of the period, and of the one before.

    The earlier one is its own baseline: an amount of it scores 50.
    """
    now, before = told
    return scores_of(figures.current, now, before), scores_of(figures.previous, before, before)


def facts_of_both(figures: DigestFigures) -> FactsOfBoth:
    """Return what the facts of the period, and of as long a time before, come to."""
    loyal = _loyal(figures, figures.current, figures.purchases)
    loyal_before = _loyal(figures, figures.previous, figures.purchases_before)
    return (
        finances(
            figures.facts,
            figures.facts_before,
            loyal,
            invested=figures.invested,
            known=figures.known_facts,
        ),
        finances(figures.facts_before, (), loyal_before),
    )


def _loyal(figures: DigestFigures, period: PeriodFigures, purchases: Counts) -> LoyalShare | None:
    """Return the share of those whom this company calls loyal."""
    if figures.loyal_repeats is not None:
        return money.loyal_repeaters(purchases, figures.loyal_repeats) if purchases else None
    counts = counts_of(period, NPS)
    return money.loyal_promoters(nps.counts_to_segments(counts)) if total(counts) else None


def _called_loyal(figures: DigestFigures) -> Loyal:
    found = _loyal(figures, figures.current, figures.purchases)
    share = None
    if found is not None:
        share = Estimate(value=found.share, low=found.low, high=found.high, n=found.n)
    return Loyal(repeats=figures.loyal_repeats, share=share)


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


def _time_study(found: Study | None, months: Sequence[MonthFacts]) -> TimeStudy | None:
    """Return the payback by the minutes saved, and where those that hold come from."""
    if found is None:
        return None
    answers: dict[str, int | None] = {}
    for one in months:
        answers |= {key: one.studied.get(key) for key in one.values}
    return TimeStudy(
        minutes_before=found.minutes_before,
        minutes_after=found.minutes_after,
        hours_saved=found.hours_saved,
        running_cost_a_year=found.exact.running_cost_a_year,
        scenarios=tuple(
            Scenario(name=name, saving_a_year=one.saving_a_year, years=one.payback_years)
            for name, one in found.scenarios.items()
        ),
        answers_before=answers.get("minutes_before"),
        answers_after=answers.get("minutes_after"),
    )


def _written(
    scores: Mapping[str, ScaleAnswers | float], adopted: Adopted | None, joints: Joints | None
) -> IndexFigure | None:
    weights = (adopted.weights or None) if adopted else None
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
        consistency_ratio=adopted.consistency_ratio if adopted else None,
        adopted=adopted,
    )


def _among(joints: Joints | None, scores: Mapping[str, ScaleAnswers | float]) -> Joints:
    """Return the joint answers to pairs of criteria that both have a score."""
    answered = {key for key, score in scores.items() if isinstance(score, ScaleAnswers)}
    return {pair: both for pair, both in (joints or {}).items() if set(pair) <= answered}


def _index(
    scores: Mapping[str, ScaleAnswers | float],
    weights: Mapping[str, float] | None,
    joints: Joints | None,
) -> Index | None:
    try:
        return effectiveness_index(scores, weights, joints=joints)
    except NotEnoughData:
        return None
