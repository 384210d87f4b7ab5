"""What only the whole company has: cases and money."""

from collections.abc import Iterator

from surveys.messages import mark
from surveys.reports.casework import Casework
from surveys.reports.criteria import FactFigure, FactUnit, TimeStudy
from surveys.reports.digest import Digest, Money
from templates.criteria import FACTS, LACKING, SCENARIOS, payback, time_study, to_do
from templates.digest.sections.cases import cases as shown_cases
from templates.digest.sections.money import money as shown_money
from templates.digest.workbook.tables import (
    ENDS,
    OfMoney,
    PlainCell,
    PlainRow,
    PlainTable,
    ends,
    part,
    percent,
    table,
)
from templates.texts import Texts

HOURS = mark("hours")
FACT_UNITS: dict[FactUnit, str] = {"days": mark("days"), "times": "", "share": ""}


def cases(texts: Texts, document: Digest) -> PlainTable:
    """Return how many cases there were, how soon somebody responded, what became of them."""
    shown, found = shown_cases(texts, document), document.casework
    names = (mark("figure"), mark("value"), *ENDS, mark("unit"))
    return table(
        texts,
        mark("Cases"),
        (*names, mark("of how many"), mark("level")),
        () if shown.missing or found is None else _cases(texts, document, found),
        [shown.missing, shown.standing, *shown.notes],
    )


def _cases(texts: Texts, document: Digest, found: Casework) -> Iterator[PlainRow]:
    for name, count in (
        (mark("opened in the period"), found.opened),
        (mark("resolved, of those opened"), found.resolved),
        (mark("open at its end or now"), found.open),
        (mark("of them overdue"), found.overdue),
        (mark("asked whether it was put right"), found.asked),
        (mark("put right"), found.recovered),
    ):
        yield [texts(name), count, *[None] * 5]
    one = found.response
    if one is not None:
        name, unit = texts("Time to the first response, median"), texts(HOURS)
        value = texts("half of them or more wait still") if one.value is None else one.value
        yield [name, value, one.low, one.high, unit, one.n, part(one.level)]
    level = part(document.method.confidence)
    for name, share in (
        (texts("Resolved cases"), found.resolved_share),
        (texts("Recovered: «it was put right»"), found.recovered_share),
    ):
        if share is not None:
            yield [name, *ends(share, share=True), None, share.n, level]


def money(texts: Texts, document: Digest) -> PlainTable:
    """Return what the facts come to, and what is missing or cannot be concluded."""
    shown, found = shown_money(texts, document), document.money
    return table(
        texts,
        mark("Money"),
        (mark("figure"), mark("value"), mark("unit"), mark("what is missing")),
        () if shown.missing or found is None else _money(texts, found),
        [shown.missing, shown.loyal, *shown.unsaid],
    )


def _money(texts: Texts, found: Money) -> Iterator[PlainRow]:
    for one in found.figures:
        unit = found.currency if one.unit == "money" else FACT_UNITS[one.unit]
        yield [texts(FACTS[one.key]), _fact(one), texts(unit) if unit else None, None]
    if found.loyal is not None and found.loyal.share is not None:
        yield [texts(mark("Loyal customers")), percent(found.loyal.share.value), None, None]
    if found.study is not None:
        yield from _study(texts, found.study, found.currency)
    for lacking in found.lacking:
        yield [texts(LACKING[lacking.key]), None, None, to_do(texts, lacking.to_do)]


def _fact(one: FactFigure) -> PlainCell:
    value = float(one.value)
    match one.unit:
        case "money":
            return OfMoney(value)
        case "share":
            return percent(value)
        case _:
            return value


def _study(texts: Texts, found: TimeStudy, currency: str) -> Iterator[PlainRow]:
    minutes = texts(mark("minutes"))
    before, after = float(found.minutes_before), float(found.minutes_after)
    yield [texts(mark("Time a client took before")), before, minutes, None]
    yield [texts(mark("Time a client takes now")), after, minutes, None]
    saved = float(found.hours_saved)
    yield [texts(mark("Time saved by each manager a year")), saved, texts(HOURS), None]
    cost = OfMoney(found.running_cost_a_year)
    yield [texts(mark("Running the CRM a year")), cost, currency, None]


def scenarios(texts: Texts, document: Digest) -> PlainTable:
    """Return when the CRM pays back, in scenarios."""
    found = document.money
    saved = (mark("saved a year"), mark("unit"), mark("pays back in years"))
    return table(
        texts,
        mark("When the CRM pays back"),
        (mark("scenario"), mark("part of the change in profit"), mark("in months"), *saved),
        () if found is None else _scenarios(texts, found),
        ()
        if found is None or found.study is None
        else time_study(texts, found.study, found.currency),
    )


def _scenarios(texts: Texts, found: Money) -> Iterator[PlainRow]:
    for one in found.payback:
        months = None if one.months is None else float(one.months)
        yield [payback(texts, one), part(float(one.share)), months, None, None, None]
    for case in () if found.study is None else found.study.scenarios:
        name, years = texts(SCENARIOS.get(case.name, case.name)), case.years
        saved = OfMoney(case.saving_a_year)
        back = None if years is None else float(years)
        yield [name, None, None, saved, found.currency, back]
