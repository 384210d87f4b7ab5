"""A company's monthly facts: money, customers, deals. What each is, and what is impossible."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from surveys.messages import Message, mark


class FactKind(StrEnum):
    """Money in the company's currency, a whole number of something, days, minutes, or how many."""

    MONEY = "money"
    COUNT = "count"
    DAYS = "days"
    MINUTES = "minutes"
    RATE = "rate"


FACTS: Final[Mapping[str, FactKind]] = {
    "revenue": FactKind.MONEY,
    "fixed_costs": FactKind.MONEY,
    "variable_costs": FactKind.MONEY,
    "marketing": FactKind.MONEY,
    "retention": FactKind.MONEY,
    "loyalty_programme": FactKind.MONEY,
    "crm_investment": FactKind.MONEY,
    "crm_running": FactKind.MONEY,
    "average_bill": FactKind.MONEY,
    "wage": FactKind.MONEY,
    "customers_start": FactKind.COUNT,
    "customers_new": FactKind.COUNT,
    "customers_lost": FactKind.COUNT,
    "customers_end": FactKind.COUNT,
    "managers": FactKind.COUNT,
    "deals": FactKind.COUNT,
    "deals_won": FactKind.COUNT,
    "cross_sales": FactKind.COUNT,
    "deal_days": FactKind.DAYS,
    "minutes_before": FactKind.MINUTES,
    "minutes_after": FactKind.MINUTES,
    "clients_a_day": FactKind.RATE,
}
"""Key → kind. Deals, those won and their mean days are of the deals that ended in the month;
`wage` is a manager's. Minutes are a manager's for one client over all operations, before the CRM
and now, by a time study; `clients_a_day` a manager's (1 where it is not told)."""
STANDING: Final = ("wage", "managers", "minutes_before", "minutes_after", "clients_a_day")
"""Facts that hold until another is told: they need not be told of every month."""
LABELS: Final[Mapping[str, str]] = {
    "revenue": mark("revenue"),
    "fixed_costs": mark("fixed costs"),
    "variable_costs": mark("variable costs"),
    "marketing": mark("marketing"),
    "retention": mark("keeping customers"),
    "loyalty_programme": mark("loyalty programme"),
    "crm_investment": mark("investment in the CRM"),
    "crm_running": mark("running cost of the CRM"),
    "average_bill": mark("average bill"),
    "wage": mark("a manager’s wage"),
    "customers_start": mark("customers at the start"),
    "customers_new": mark("new customers"),
    "customers_lost": mark("customers lost"),
    "customers_end": mark("customers at the end"),
    "managers": mark("managers"),
    "deals": mark("deals that ended"),
    "deals_won": mark("deals won"),
    "cross_sales": mark("cross-sales"),
    "deal_days": mark("days of a deal"),
    "minutes_before": mark("minutes a client before the CRM"),
    "minutes_after": mark("minutes a client now"),
    "clients_a_day": mark("clients of a manager a day"),
}
MOST: Final = Decimal(10) ** 15
DECIMALS: Final = 2


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """What is known of one month ("2026-09"); money in `currency`, "" where there is none.

    `recorded_at` is when the latest of the values was told. `studied`: the facts that are means of
    managers' answers in a time study, and of how many.
    """

    month: str
    values: Mapping[str, Decimal] = field(default_factory=dict)
    currency: str = ""
    recorded_at: datetime | None = None
    studied: Mapping[str, int] = field(default_factory=dict)


def label(key: str) -> Message:
    """Return what a fact is called."""
    return Message(LABELS.get(key, "{fact}"), {"fact": key})


def impossible(values: Mapping[str, Decimal]) -> Iterator[Message]:
    """Yield what cannot be so among a month's facts."""
    for key, value in values.items():
        if not value.is_finite() or value < 0:
            yield Message(mark("{fact} must not be negative: {given}"), _named(key, value))
        elif value > MOST:
            yield Message(mark("{fact} is too large: {given}"), _named(key, value))
        elif FACTS[key] is FactKind.COUNT and value != value.to_integral_value():
            yield Message(mark("{fact} must be a whole number: {given}"), _named(key, value))
        elif FACTS[key] is FactKind.MONEY and value != round(value, DECIMALS):
            yield Message(mark("{fact} has more than two decimals: {given}"), _named(key, value))
    yield from _customers(values)
    for part, whole in (("deals_won", "deals"), ("cross_sales", "deals_won")):
        if part in values and whole in values and values[part] > values[whole]:
            yield Message(
                mark("{part} ({few}) cannot be more than {whole} ({many})"),
                {
                    "part": label(part),
                    "few": values[part],
                    "whole": label(whole),
                    "many": values[whole],
                },
            )


def ended_with(values: Mapping[str, Decimal]) -> int | None:
    """Return the customers at a month's end, told or from start, new and lost; None if unknown."""
    if "customers_end" in values:
        return int(values["customers_end"])
    known = [values.get(key) for key in ("customers_start", "customers_new", "customers_lost")]
    start, new, lost = known
    return None if start is None or new is None or lost is None else int(start + new - lost)


def gaps(months: Sequence[MonthFacts], key: str) -> list[str]:
    """Return the months that lack a fact."""
    return [one.month for one in months if key not in one.values]


def _customers(values: Mapping[str, Decimal]) -> Iterator[Message]:
    start, new = values.get("customers_start"), values.get("customers_new", Decimal(0))
    lost, end = values.get("customers_lost"), values.get("customers_end")
    if start is None:
        return
    if lost is not None and lost > start + new:
        yield Message(
            mark("more customers lost ({lost}) than there were: {start} + {new} new"),
            {"lost": lost, "start": start, "new": new},
        )
    if end is not None and end > start + new:
        yield Message(
            mark("more customers at the end ({end}) than {start} + {new} new"),
            {"end": end, "start": start, "new": new},
        )
    if end is not None and lost is not None and end != start + new - lost:
        yield Message(
            mark("customers at the end ({end}) are not {start} + {new} new − {lost} lost"),
            {"end": end, "start": start, "new": new, "lost": lost},
        )


def _named(key: str, value: Decimal) -> Mapping[str, object]:
    return {"fact": label(key), "given": value}
