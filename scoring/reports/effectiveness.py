"""The digest's CRM effectiveness index and money, from the criteria of two periods."""

from scoring.criteria.scorecard import Criterion, WaveKey, index_change
from scoring.errors import NotEnoughData
from scoring.estimates.combination import ScaleAnswers
from scoring.reports.criteria import FactsOfBoth, scores_of_both
from surveys.counts.figures import DigestFigures, Joint
from surveys.counts.measures import NPS
from surveys.reports.criteria import Criteria, CriterionRow
from surveys.reports.digest import Effectiveness, Money
from surveys.reports.estimates import Range


def effectiveness(figures: DigestFigures, found: Criteria, told: FactsOfBoth) -> Effectiveness:
    """Return the index with its change over the criteria that have a score in both periods."""
    if found.index is None:
        return Effectiveness(index=None, change=None, common=())
    apart = _of_other_words(figures)
    now, earlier = (
        {key: score for key, score in one.items() if key not in apart}
        for one in scores_of_both(figures, told)
    )
    answered = [
        {key for key, score in one.items() if isinstance(score, ScaleAnswers)}
        for one in (now, earlier)
    ]
    try:
        change = index_change(earlier, now, found.index.weights, joints=_joints(figures, *answered))
    except NotEnoughData:
        return Effectiveness(index=found.index, change=None, common=())
    return Effectiveness(
        index=found.index,
        change=Range(value=change.difference, low=change.low, high=change.high),
        common=change.criteria,
    )


def _of_other_words(figures: DigestFigures) -> frozenset[str]:
    """Return the criteria that rest on what was asked in other words before.

    Where promoters are the loyal ones, what one of them costs rests on the NPS.
    """
    found = figures.other_words
    if NPS in found and figures.loyal_repeats is None:
        return found | {Criterion.COST_PER_LOYAL_CUSTOMER}
    return found


def money(found: Criteria) -> Money:
    """Return what the facts come to, and what they do not give."""
    return Money(
        currency=found.currency,
        figures=found.facts,
        payback=found.payback,
        lacking=found.lacking,
        unsaid=found.unsaid,
        loyal=found.loyal,
        study=found.study,
    )


def others(found: Criteria) -> tuple[CriterionRow, ...]:
    """Return the criteria of facts, and those that nothing gives yet."""
    return tuple(row for row in found.rows if row.source == "facts" or row.value is None)


def _joints(
    figures: DigestFigures, now: set[str], earlier: set[str]
) -> dict[tuple[WaveKey, WaveKey], Joint]:
    """Return who gave which pairs: two measures in one period, or one measure in both.

    People who gave one measure before and another now are left out, which widens the interval.
    """
    found: dict[tuple[WaveKey, WaveKey], Joint] = {}
    waves = (("before", earlier, figures.joints_before), ("after", now, figures.joints))
    for wave, answered, joints in waves:
        for (one, other), joint in joints.items():
            if {one, other} <= answered:
                found[(wave, one), (wave, other)] = joint
    for key, joint in figures.overlap.items():
        if key in now & earlier and joint:
            found[("before", key), ("after", key)] = joint
    return found
