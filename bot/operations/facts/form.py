"""The monthly questionnaire of facts: what is asked, what was told so far; pure, kept as JSON.

Nothing of it is a fact until it is saved, all of it at once.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from surveys.counts.facts import FACTS, STANDING, MonthFacts, ended_with
from surveys.messages import mark

QUESTIONS: Final = (
    "revenue",
    "fixed_costs",
    "variable_costs",
    "marketing",
    "retention",
    "loyalty_programme",
    "crm_investment",
    "crm_running",
    "customers_start",
    "customers_new",
    "customers_lost",
    "deals",
    "deals_won",
    "deal_days",
    "average_bill",
    "cross_sales",
    "managers",
    "wage",
    "minutes_before",
    "minutes_after",
    "clients_a_day",
)
"""In the order in which they are asked; how many customers there are at the end follows."""
HINTS: Final[Mapping[str, str]] = {
    "revenue": mark("What was earned in the month."),
    "fixed_costs": mark("Wages, rent: what does not depend on sales."),
    "variable_costs": mark("Goods, telephony, fees: what grows with sales."),
    "retention": mark("Spent to keep customers who are there."),
    "crm_investment": mark("Licences, set-up, training: paid once. 0 where nothing was."),
    "crm_running": mark("Subscription and support of the month."),
    "customers_start": mark("Active customers on the first day of the month."),
    "customers_lost": mark("Of those at the start and the new ones together."),
    "deals": mark("Deals that ended in the month, won or lost."),
    "deal_days": mark("From the first contact to the end, the mean of these deals."),
    "cross_sales": mark("Deals won in which something else was sold besides."),
    "wage": mark("A manager’s, in the month."),
    "minutes_before": mark(
        "A manager’s minutes for one client, all operations together, before the CRM. By a time "
        "study; it need not be told again."
    ),
    "minutes_after": mark("The same operations now, with the CRM."),
    "clients_a_day": mark("How many clients a manager serves on a working day."),
}


@dataclass(frozen=True, slots=True)
class FactsForm:
    """A questionnaire under way: the question at `place`, and what was told so far.

    None among the `values` takes a fact back. `only`: one fact is corrected, then it is summed up.
    """

    month: str
    place: int = 0
    currency: str = ""
    values: Mapping[str, Decimal | None] = field(default_factory=dict)
    only: bool = False

    @property
    def question(self) -> str | None:
        """The fact that is asked, None when all were."""
        return QUESTIONS[self.place] if self.place < len(QUESTIONS) else None

    def told(self, value: Decimal | None) -> "FactsForm":
        """Return the form with an answer to the present question, at the next one."""
        key = QUESTIONS[self.place]
        return replace(self, values={**self.values, key: value}).moved(1)

    def skipped(self) -> "FactsForm":
        """Return the form without an answer to the present question, at the next one."""
        key = QUESTIONS[self.place]
        left = {name: value for name, value in self.values.items() if name != key}
        return replace(self, values=left).moved(1)

    def moved(self, by: int) -> "FactsForm":
        """Return the form at another question; past the last one it is summed up."""
        last = len(QUESTIONS)
        return replace(self, place=last if self.only and by > 0 else max(self.place + by, 0))

    def as_json(self) -> str:
        """Return it as a draft keeps it."""
        values = {key: None if one is None else str(one) for key, one in self.values.items()}
        kept = {"month": self.month, "place": self.place, "currency": self.currency}
        return json.dumps({**kept, "values": values, "only": self.only})

    @classmethod
    def from_json(cls, text: str) -> "FactsForm":
        """Return what `as_json` wrote; facts that this version does not know are left out."""
        kept = json.loads(text)
        values = {
            key: None if one is None else Decimal(one)
            for key, one in kept["values"].items()
            if key in FACTS
        }
        return cls(kept["month"], kept["place"], kept["currency"], values, kept["only"])


def together(form: FactsForm, standing: MonthFacts) -> dict[str, Decimal]:
    """Return the month as it would be once the form is saved."""
    merged = {**standing.values, **form.values}
    return {key: value for key, value in merged.items() if value is not None}


def as_before(key: str, before: MonthFacts, latest: Mapping[str, Decimal]) -> Decimal | None:
    """Return what may be taken over: last month's value, and its end as this month's start."""
    if key == "customers_start":
        end = ended_with(before.values)
        return None if end is None else Decimal(end)
    return latest.get(key) if key in STANDING else before.values.get(key)


def profit(values: Mapping[str, Decimal]) -> Decimal | None:
    """Return revenue less fixed and variable costs, where all three are known."""
    parts = [values.get(key) for key in ("revenue", "fixed_costs", "variable_costs")]
    revenue, fixed, variable = parts
    if revenue is None or fixed is None or variable is None:
        return None
    return revenue - fixed - variable
