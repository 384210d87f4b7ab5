"""How criteria, facts and what is missing of them are written, wherever they stand."""

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from surveys.counts.facts import LABELS
from surveys.counts.weights import WEIGHED, Adopted
from surveys.messages import mark
from surveys.reports.criteria import (
    CriterionRow,
    FactFigure,
    IndexFigure,
    Loyal,
    Payback,
    TimeStudy,
    ToDo,
    ToDoKind,
)
from templates import precision
from templates.texts import Texts

FACTS: Final = {
    "profit": mark("Profit"),
    "profit_before": mark("Profit in the period of comparison"),
    "profit_effect": mark("Change in profit"),
    "roi": mark("ROI of the CRM, if it had caused the whole change"),
    "retention_cost": mark("Cost of keeping a customer"),
    "lifetime_value": mark("Lifetime value of a new customer"),
    "acquisition_cost": mark("Cost of a new customer"),
    "deal_days": mark("Days to close a deal"),
    "win_rate": mark("Deals won"),
}
LACKING: Final = {
    **FACTS,
    "payback": mark("When the CRM pays back"),
    "study": mark("When the CRM pays back by the time saved"),
    "lifetime": mark("Lifetime value of a new customer"),
}
TO_DO: Final[Mapping[ToDoKind, str]] = {
    "ask": mark(
        "Ask with the survey “{title}”: New campaign in the bot, or otklik campaign start {survey}"
    ),
    "measure": mark("Ask with the survey that measures it: New campaign in the bot."),
    "tell": mark("Needed for every month: {facts}. Facts in the bot, or otklik import facts FILE."),
    "tell_before": mark("Tell the facts of the time before too: the score is against them."),
    "look": mark("The facts told do not give it; look at them: Facts in the bot, or otklik facts."),
    "ask_before": mark("Its score is against the period of comparison, which has no NPS."),
    "tell_deals": mark(
        "Loyal means having bought again: tell of deals, by otklik event deal-closed or by the CRM."
    ),
}
SURVEYS: Final[Mapping[str, str]] = {
    "nps": mark("Likelihood to recommend"),
    "loyalty": mark("Loyalty"),
    "service_quality": mark("Service quality"),
    "manager_self_assessment": mark("Manager's self-assessment"),
}
"""The titles of the catalog's surveys that measure a criterion."""
SCENARIOS: Final = {
    "low": mark("Cautiously (70% of the time saved is put to use)"),
    "expected": mark("If all of the time saved is put to use"),
    "high": mark("At best (130%)"),
}
LARGE: Final = 1000


def amount(texts: Texts, row: CriterionRow, currency: str) -> str:
    """Write a criterion's figure in its unit, with its interval where it has one."""
    value = 0.0 if row.value is None else row.value
    if row.unit == "customers":
        return texts("{gone} of {all}", gone=texts.number(value), all=texts.number(row.n))
    ends = [None if end is None else _amount(texts, row, end) for end in (row.low, row.high)]
    written = _amount(texts, row, value)
    if row.unit == "money":
        written = texts.money(value, currency, _digits(row, value))
    if ends[0] is not None and ends[1] is not None:
        return texts("{value} (95%: {low} to {high})", value=written, low=ends[0], high=ends[1])
    if ends[0] is not None:
        return texts("{value} (95%: from {low})", value=written, low=ends[0])
    return written


def _amount(texts: Texts, row: CriterionRow, value: float) -> str:
    return texts.number(value, _digits(row, value))


def _digits(row: CriterionRow, value: float) -> int:
    return 0 if row.unit == "points" or value >= LARGE else 2


def payback(texts: Texts, one: Payback) -> str:
    """Say when the CRM pays back in one scenario."""
    share = texts.percent(one.share)
    if one.months is None:
        return texts(
            "If {share} of the change in profit is the CRM’s doing, it never pays back", share=share
        )
    return texts(
        "If {share} of the change in profit is the CRM’s doing, it pays back in {months}",
        share=share,
        months=texts.plural("{n} month", "{n} months", max(math.ceil(one.months), 1)),
    )


def _told_by(texts: Texts, answers: int | None) -> str:
    if answers is None:
        return texts("the company’s facts")
    return texts.plural(
        "the time study, {n} manager’s answer", "the time study, {n} managers’ answers", answers
    )


def time_study(texts: Texts, found: TimeStudy, currency: str) -> Iterator[str]:
    """Say when the CRM pays back by the minutes it saves, and by how much more or less of them."""
    yield texts(
        "By the time saved: {before} minutes a client before, {after} now, {hours} hours a year "
        "saved by each manager; running the CRM costs {cost} a year",
        before=texts.number(found.minutes_before, None),
        after=texts.number(found.minutes_after, None),
        hours=texts.number(found.hours_saved, 1),
        cost=texts.money(found.running_cost_a_year, currency),
    )
    yield texts(
        "Where the minutes come from: before – {before}; now – {after}",
        before=_told_by(texts, found.answers_before),
        after=_told_by(texts, found.answers_after),
    )
    for one in found.scenarios:
        saved = texts.money(one.saving_a_year, currency)
        name = texts(SCENARIOS.get(one.name, one.name))
        if one.years is None:
            yield texts(
                "{scenario}: saves {money} a year, never pays back", scenario=name, money=saved
            )
        else:
            yield texts(
                "{scenario}: saves {money} a year, pays back in {years} years",
                scenario=name,
                money=saved,
                years=texts.number(one.years, precision.digits([float(one.years)], fewest=1)),
            )


def to_do(texts: Texts, one: ToDo) -> str:
    """Say how a missing figure or score is got."""
    survey = one.survey or ""
    facts = ", ".join(texts.quoted(texts(LABELS.get(key, key))) for key in one.facts)
    title = texts(SURVEYS.get(survey, survey))
    return texts(TO_DO[one.what], survey=survey, title=title, facts=facts)


def fact(texts: Texts, one: FactFigure, currency: str) -> str:
    """Write what facts come to, in its unit."""
    match one.unit:
        case "money":
            small = abs(one.value) < LARGE and one.value != one.value.to_integral_value()
            return texts.money(one.value, currency, 2 if small else 0)
        case "share":
            return texts.percent(one.value / Decimal(100), digits=1)
        case "days":
            return texts.number(one.value, digits=1)
        case "times":
            return texts.number(one.value, digits=2)


def index_interval(texts: Texts, index: IndexFigure, digits: int) -> str:
    """Write the index's interval with its level; facts alone have none."""
    if index.low == index.high:
        return texts("of facts alone, which have no interval")
    return texts(
        "{low} to {high}; {level}",
        low=texts.number(index.low, digits=digits),
        high=texts.number(index.high, digits=digits),
        level=texts.percent(index.level),
    )


def coverage(texts: Texts, index: IndexFigure) -> str:
    """Say how many criteria the index is made of, empty where it is all of them."""
    if len(index.weights) >= len(WEIGHED):
        return ""
    return texts.plural(
        "Made of {n} criterion of {all}; the others are not in it yet.",
        "Made of {n} criteria of {all}; the others are not in it yet.",
        len(index.weights),
        all=len(WEIGHED),
    )


def weights_said(texts: Texts, adopted: Adopted | None, zone: str) -> str:
    """Say where the weights come from: which version, whose, how consistent."""
    if adopted is None:
        return texts("The weights are equal: nobody has compared the criteria yet.")
    day = texts.date(adopted.adopted_at.astimezone(ZoneInfo(zone)).date())
    if not adopted.weights:
        return texts(
            "The weights are equal, as decided on {day} (version {version}).",
            day=day,
            version=adopted.version,
        )
    experts = texts.plural(
        "comparisons of {n} expert", "comparisons of {n} experts", adopted.experts
    )
    if adopted.consistency_ratio is None:
        return texts(
            "Weights of version {version}, adopted on {day}: {experts}, too few of them for a "
            "consistency ratio.",
            version=adopted.version,
            day=day,
            experts=experts,
        )
    return texts(
        "Weights of version {version}, adopted on {day}: {experts}, consistency ratio {ratio}.",
        version=adopted.version,
        day=day,
        experts=experts,
        ratio=texts.number(adopted.consistency_ratio, digits=2),
    )


def loyal(texts: Texts, found: Loyal) -> str:
    """Say whom the company calls loyal, and how many that are."""
    if found.repeats is None:
        said = texts("Loyal here means a promoter: 9 or 10 to the question about recommending.")
    else:
        said = texts.plural(
            "Loyal here means having bought again {n} time or more.",
            "Loyal here means having bought again {n} times or more.",
            found.repeats,
        )
    if found.share is None:
        return said
    whom = (
        texts.plural("of {n} answer", "of {n} answers", found.share.n)
        if found.repeats is None
        else texts.plural("of {n} customer", "of {n} customers", found.share.n)
    )
    share = texts.percent(found.share.value / 100)
    return texts("{definition} {share} {whom}.", definition=said, share=share, whom=whom)
