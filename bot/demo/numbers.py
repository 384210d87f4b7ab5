"""What the demo's people count, and the company's money: before its CRM came and since."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from bot.demo.temper import Temper
from surveys.survey.answers import Answer
from surveys.survey.definition import NumberQuestion, YesNoQuestion

CRM_CAME: Final = 0.8
"""The age, from 1 (the first wave) to 0 (now), at which the CRM came."""
BEFORE_AND_NOW: Final = {
    "search": (5, 1),
    "call": (2, 1),
    "conversation": (8, 5),
    "data_collection": (5, 2),
    "reporting": (7, 2),
    "contract": (30, 12),
    "routine_minutes": (70, 35),
    "customers": (34, 36),
    "deals": (9, 11),
    "team": (6, 6),
    "forgotten": (3, 0.5),
    "product": (1, 0.45),
    "deadlines": (2, 0.5),
    "documents": (1, 0),
    "price": (2, 1),
    "competitor": (1, 0.5),
    "no_need": (1, 0.45),
    "other": (0, 0),
}
"""What is usually answered to a question for a number, by its key.

Managers together count about as many lost customers as the facts of the same months.
"""
CURRENCY: Final = {"ru": "RUB", "en": "EUR"}
_MONTHS: Final = 7


def number(question: NumberQuestion, temper: Temper, age: float) -> Answer:
    """Return a number as somebody would say it: the usual one, a little more or less."""
    before, now = BEFORE_AND_NOW.get(question.key, (question.min, question.max))
    usual = float(before if age > CRM_CAME else now)
    said = round(usual * (0.75 + temper.index(6) / 10))
    return Decimal(min(max(said, int(question.min)), int(question.max)))


def yes(question: YesNoQuestion, temper: Temper, age: float) -> bool:
    """Return yes or no; whether there is a CRM everybody knows."""
    return age <= CRM_CAME if question.key == "has_crm" else temper.agrees(0.6)


def monthly_facts(today: date) -> Iterator[tuple[str, dict[str, Decimal]]]:
    """Yield the facts of the half-year before this month, the oldest first, then this month's."""
    first = today.year * 12 + today.month - _MONTHS
    customers = 148
    for step in range(_MONTHS):
        year, month = divmod(first + step, 12)
        new, lost = 9 + step % 3, 10 - step // 2
        told = {
            "revenue": 4_150_000 + 40_000 * step,
            "fixed_costs": 1_480_000,
            "variable_costs": 1_660_000 + 15_000 * step,
            "marketing": 120_000,
            "retention": 46_000 + 1_000 * step,
            "crm_running": 30_000,
            "wage": 62_000,
            "average_bill": 31_000 + 300 * step,
            "customers_start": customers,
            "customers_new": new,
            "customers_lost": lost,
            "managers": 6,
            "deals": 61 + step,
            "deals_won": 21 + step,
            "cross_sales": 6 + step // 2,
            "deal_days": 24 - step,
            "minutes_before": 57,
            "minutes_after": 23,
            "clients_a_day": 4,
        }
        if step == 0:
            told["crm_investment"] = 205_500
        yield f"{year}-{month + 1:02}", {key: Decimal(value) for key, value in told.items()}
        customers += new - lost
