"""The criteria page as text: each criterion, the index, what facts come to, what nobody can say."""

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from surveys.counts.facts import LABELS
from surveys.counts.measures import measure
from surveys.messages import Language, mark
from surveys.reports.criteria import (
    Criteria,
    CriterionRow,
    FactFigure,
    IndexFigure,
    Payback,
    ToDo,
    ToDoKind,
)
from templates.texts import Texts
from templates.wording import MEASURES, UNVALUED, VERDICTS, measure_name, named

SOURCES: Final = {
    "customers": mark("customers’ answers"),
    "managers": mark("managers’ answers"),
    "facts": mark("facts"),
}
FACTS: Final = {
    "profit": mark("Profit"),
    "profit_before": mark("Profit in the period before"),
    "profit_effect": mark("Change of profit"),
    "roi": mark("ROI of the CRM, if the whole change were its"),
    "retention_cost": mark("Spent to keep a customer"),
    "lifetime_value": mark("Lifetime value of a new customer"),
    "acquisition_cost": mark("Cost of a new customer"),
    "deal_days": mark("Days of a deal"),
    "win_rate": mark("Deals won"),
}
LACKING: Final = {
    **FACTS,
    "payback": mark("When the CRM pays back"),
    "lifetime": mark("Lifetime value of a new customer"),
}
TO_DO: Final[Mapping[ToDoKind, str]] = {
    "ask": mark("Ask with the survey «{survey}»: otklik campaign start {survey}"),
    "measure": mark("Ask with the survey that measures it: otklik survey list."),
    "tell": mark("Tell of every month: {facts}. otklik import facts FILE."),
    "tell_before": mark("Tell the facts of the time before too: the score is against them."),
    "look": mark("The facts told do not give it; look at them: otklik facts."),
    "ask_before": mark("Its score is against the period before, which has no NPS."),
}
LARGE: Final = 1000


def render_text(document: Criteria, zone: str, language: Language) -> str:
    """Return the page for a terminal."""
    texts = Texts(language)
    blocks = [
        [texts("Criteria of the work with customers, {period}", period=_period(texts, document))],
        [line for row in document.rows for line in _row(texts, row, document, zone)],
        list(_index(texts, document.index)),
        [_fact(texts, one, document.currency) for one in document.facts],
        [payback(texts, one) for one in document.payback],
        [texts(one.template) for one in document.unsaid],
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def _period(texts: Texts, document: Criteria) -> str:
    return texts.period(document.period.key)


def _row(texts: Texts, row: CriterionRow, document: Criteria, zone: str) -> Iterator[str]:
    name = measure_name(texts, row.key, document.own)
    if row.value is None:
        yield texts("{criterion}: no figure yet", criterion=name)
    else:
        parts = [amount(texts, row, document.currency), _behind(texts, row)]
        if row.verdict is not None:
            valued = measure(row.key, document.own).better is not None
            words = VERDICTS if valued else UNVALUED
            parts.append(texts(words[row.verdict]))
        if row.as_of is not None:
            day = texts.date(row.as_of.astimezone(ZoneInfo(zone)))
            parts.append(texts("as of {day}", day=day))
        yield f"{name}: {', '.join(parts)}"
    if row.to_do is not None:
        yield f"  {to_do(texts, row.to_do)}"


def amount(texts: Texts, row: CriterionRow, currency: str) -> str:
    """Write a criterion's figure in its unit, with its interval where it has one."""
    value = 0.0 if row.value is None else row.value
    if row.unit == "customers":
        return texts("{gone} of {all}", gone=texts.number(value), all=texts.number(row.n))
    ends = [None if end is None else _amount(texts, row, end) for end in (row.low, row.high)]
    written = _amount(texts, row, value)
    unit = f" {currency}" if row.unit == "money" else ""
    if ends[0] is not None and ends[1] is not None:
        return texts(
            "{value} (95 %: {low} to {high})", value=written + unit, low=ends[0], high=ends[1]
        )
    if ends[0] is not None:
        return texts("{value} (95 %: from {low})", value=written + unit, low=ends[0])
    return written + unit


def _amount(texts: Texts, row: CriterionRow, value: float) -> str:
    return texts.number(value, digits=0 if row.unit == "points" or value >= LARGE else 2)


def _behind(texts: Texts, row: CriterionRow) -> str:
    source = texts(SOURCES[row.source])
    if row.source == "facts" or not row.n:
        return source
    answers = texts.plural("{n} answer", "{n} answers", row.n)
    return f"{source}, {answers}"


def _index(texts: Texts, index: IndexFigure | None) -> Iterator[str]:
    if index is None:
        yield texts("CRM effectiveness index: no criterion has a score yet.")
        return
    value, low, high, equal = (
        texts.number(one, digits=1)
        for one in (index.index, index.low, index.high, index.equal_weights)
    )
    yield texts(
        "CRM effectiveness index: {value} of 100 (95 %: {low} to {high}); with equal weights "
        "{equal}",
        value=value,
        low=low,
        high=high,
        equal=equal,
    )
    for key, weight in index.weights.items():
        line = f"  {named(texts, MEASURES, key)}: {texts.percent(weight)}"
        if key in index.without:
            without = texts.number(index.without[key], digits=1)
            line = texts("{line}; without it {value}", line=line, value=without)
        yield line
    if index.consistency_ratio is not None:
        ratio = texts.number(index.consistency_ratio, digits=2)
        yield texts("Consistency ratio of the comparisons: {ratio}", ratio=ratio)


def _fact(texts: Texts, one: FactFigure, currency: str) -> str:
    return f"{texts(FACTS[one.key])}: {fact(texts, one, currency)}"


def payback(texts: Texts, one: Payback) -> str:
    """Say when the CRM pays back in one scenario."""
    share = texts.percent(one.share)
    if one.months is None:
        return texts(
            "If {share} of the change of profit is the CRM’s: it never pays back", share=share
        )
    return texts(
        "If {share} of the change of profit is the CRM’s: pays back in {months}",
        share=share,
        months=texts.plural("{n} month", "{n} months", max(math.ceil(one.months), 1)),
    )


def to_do(texts: Texts, one: ToDo) -> str:
    """Say how a missing figure or score is got."""
    survey = one.survey or ""
    facts = ", ".join(texts(LABELS.get(key, key)) for key in one.facts)
    return texts(TO_DO[one.what], survey=survey, facts=facts)


def fact(texts: Texts, one: FactFigure, currency: str) -> str:
    """Write what facts come to, in its unit."""
    match one.unit:
        case "money":
            small = abs(one.value) < LARGE and one.value != one.value.to_integral_value()
            return f"{texts.number(one.value, digits=2 if small else 0)} {currency}"
        case "share":
            return texts.percent(one.value / Decimal(100), digits=1)
        case "days":
            return texts.number(one.value, digits=1)
        case "times":
            return texts.number(one.value, digits=2)
