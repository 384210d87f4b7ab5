"""Money: profit effect, ROI, retention cost, customer lifetime value, cost of a loyal customer.

Amounts are Decimal, in the workspace's currency. Nothing here says that a score caused them.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from scoring.errors import BadInput, NotEnoughData
from scoring.estimates.counts import Counts, total, whole
from scoring.estimates.nps import Segments
from scoring.estimates.shares import PERCENT, wilson
from surveys.messages import mark


class MoneyPeriod(NamedTuple):
    """A period's revenue and costs."""

    revenue: Decimal
    fixed_costs: Decimal
    variable_costs: Decimal

    @property
    def profit(self) -> Decimal:
        """Revenue less fixed and variable costs."""
        return self.revenue - self.fixed_costs - self.variable_costs


class LoyalBy(StrEnum):
    """What a workspace calls a loyal customer."""

    PROMOTER = "promoter"
    REPEAT_PURCHASES = "repeat_purchases"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyalShare:
    """The share of loyal customers in percent; an exact count has low = share = high."""

    definition: LoyalBy
    n: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyalCost:
    """Cost per loyal customer; `high` is None when the share may be zero, `cost` when it is."""

    definition: LoyalBy
    loyal_customers: float
    cost: Decimal | None
    low: Decimal
    high: Decimal | None


def profit_effect(before: MoneyPeriod, after: MoneyPeriod) -> Decimal:
    """Return profit after − before [seed: practice of CRM]."""
    return after.profit - before.profit


def roi(gain: Decimal, cost: Decimal) -> Decimal:
    """Return (gain − cost)/cost, a fraction."""
    return (gain - cost) / _positive(cost, "cost")


def payback_months(investment: Decimal, gain: Decimal, running: Decimal) -> Decimal | None:
    """Return investment / (gain − running cost), both a month; None where it never pays back."""
    left = gain - running
    return investment / left if left > 0 else None


def retention_cost(spend: Decimal, retained_customers: int) -> Decimal:
    """Return the retention spend per retained customer."""
    if whole(retained_customers, "retained_customers") == 0:
        raise NotEnoughData(what=mark("retained customers"), needed=1, have=0)
    return spend / retained_customers


def lifetime_value(
    margin: Decimal,
    retention: Decimal,
    discount: Decimal,
    acquisition_cost: Decimal = Decimal(0),
) -> Decimal:
    """Return CLV = m·r/(1 + i − r) − AC, margin per period, r and i as fractions.

    Gupta & Lehmann (2003), Journal of Interactive Marketing 17(1), 9–24.
    """
    if not 0 <= retention <= 1:
        raise BadInput(
            field="retention",
            problem=mark("must lie between 0 and 1, not {given}"),
            given=retention,
        )
    left = 1 + discount - retention
    if discount < 0 or left <= 0:
        raise BadInput(
            field="discount",
            problem=mark("must not be negative, nor zero when every customer is retained"),
        )
    return margin * retention / left - acquisition_cost


def loyal_promoters(segments: Segments, *, level: float = 0.95) -> LoyalShare:
    """Return the share of promoters among those who answered, with Wilson's interval."""
    found = wilson(segments.promoters, segments.n, level=level)
    return LoyalShare(
        definition=LoyalBy.PROMOTER,
        n=found.n,
        share=found.share,
        low=found.low,
        high=found.high,
    )


def loyal_repeaters(purchases: Counts, at_least: int) -> LoyalShare:
    """Return the share with `at_least` repeat purchases, from {repeat purchases: customers}.

    Every active customer is counted, so there is no sampling error.
    """
    n = total(purchases)
    if n == 0:
        raise NotEnoughData(what=mark("active customers"), needed=1, have=0)
    share = PERCENT * sum(count for repeats, count in purchases.items() if repeats >= at_least) / n
    return LoyalShare(definition=LoyalBy.REPEAT_PURCHASES, n=n, share=share, low=share, high=share)


def cost_per_loyal(spend: Decimal, active_customers: int, loyal: LoyalShare) -> LoyalCost:
    """Return spend / (active customers × share of loyal ones), the interval inverted with it.

    Never divide by the number of promoters who answered: the cost would fall when more people
    answer.
    """
    if whole(active_customers, "active_customers") == 0:
        raise NotEnoughData(what=mark("active customers"), needed=1, have=0)
    if loyal.high <= 0:
        raise NotEnoughData(what=mark("loyal customers"), needed=1, have=0)
    if spend < 0:
        raise BadInput(
            field="spend", problem=mark("must not be negative, not {given}"), given=spend
        )

    def cost(share: float) -> Decimal | None:
        people = active_customers * Decimal(share) / PERCENT
        return spend / people if people > 0 else None

    return LoyalCost(
        definition=loyal.definition,
        loyal_customers=active_customers * loyal.share / PERCENT,
        cost=cost(loyal.share),
        low=cost(loyal.high) or Decimal(0),
        high=cost(loyal.low),
    )


def _positive(amount: Decimal, field: str) -> Decimal:
    if not amount > 0:
        raise BadInput(field=field, problem=mark("must be above zero, not {given}"), given=amount)
    return amount
