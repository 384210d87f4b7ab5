"""What a company's monthly facts come to: departed customers, cost of a loyal one, profit, CLV.

Facts are counted, not sampled, so they have no interval; where a survey's share of loyal customers
enters, its interval does. What nobody can conclude from the figures stands beside them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from scoring.criteria import money, payback
from scoring.criteria.churn import Churn, churn
from scoring.criteria.money import LoyalCost, LoyalShare, MoneyPeriod
from scoring.criteria.payback import CrmCase, Minutes, Study
from scoring.errors import FactsMissing, NotEnoughData, ScoringError
from surveys.counts.facts import MonthFacts, ended_with, gaps
from surveys.messages import Message, mark

ValueT = TypeVar("ValueT")
MONTHLY_DISCOUNT: Final = Decimal("0.01")
"""How much less money is worth a month later, unless the company says otherwise."""
CRM_PARTS: Final = (Decimal(1), Decimal("0.5"), Decimal("0.25"))
"""Scenarios: which part of the change of profit is put down to the CRM."""
LOYALTY_SPEND: Final = ("marketing", "retention", "crm_running")
"""Facts that the cost of a loyal customer needs; a loyalty programme's cost is added, if any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """CLV of a new customer, from the months' mean margin a customer and retention."""

    margin: Decimal
    retention: Decimal
    acquisition_cost: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Finances:
    """A period's figures; None where `lacking` names, by figure, the facts that are missing.

    `payback`: months in which the CRM pays back, by the part (0–1) of the change of profit that is
    put down to it; None where it never does.

    `currency` is "" where no money was told. `profit_before` is of as many months before;
    `study` rests on the time that managers save; `minutes` are those a client, before the CRM and
    now. `unsaid` tells what cannot be concluded.
    """

    currency: str
    months: tuple[str, ...]
    departed: Churn | None
    loyal_cost: LoyalCost | None
    profit: Decimal | None
    profit_before: Decimal | None
    profit_effect: Decimal | None
    roi: Decimal | None
    payback: tuple[tuple[Decimal, Decimal | None], ...] | None
    study: Study | None
    minutes: tuple[Decimal, Decimal] | None
    retention_cost: Decimal | None
    lifetime: Lifetime | None
    deal_days: Decimal | None
    win_rate: Decimal | None
    lacking: Mapping[str, tuple[str, ...]]
    unsaid: tuple[Message, ...]


def finances(
    months: Sequence[MonthFacts],
    before: Sequence[MonthFacts] = (),
    loyal: LoyalShare | None = None,
    discount: Decimal = MONTHLY_DISCOUNT,
    invested: Decimal | None = None,
    known: Sequence[MonthFacts] | None = None,
) -> Finances:
    """Return what the months come to; `before` are as many months before, oldest first.

    `loyal` is the share of loyal customers; `discount` a fraction a month; `invested` is all that
    the CRM has cost to introduce, also in earlier months; `known` are all months until the last of
    these (None: just these); what was told last holds.
    """
    lacking: dict[str, tuple[str, ...]] = {}

    def found(name: str, compute: Callable[[], ValueT]) -> ValueT | None:
        try:
            return compute()
        except FactsMissing as error:
            lacking[name] = error.facts
        except ScoringError:
            lacking[name] = ()
        return None

    profit = found("profit", lambda: _profit(months).profit)
    earlier = found("profit_before", lambda: _profit(before).profit)
    effect = None if profit is None or earlier is None else profit - earlier
    return Finances(
        currency=_currency((*months, *before, *reversed(known or ()))),
        months=tuple(one.month for one in months),
        departed=found("departed_customers", lambda: departed(months)),
        loyal_cost=found("cost_per_loyal_customer", lambda: _loyal_cost(months, loyal)),
        profit=profit,
        profit_before=earlier,
        profit_effect=effect,
        roi=found("roi", lambda: _roi(effect, months)),
        payback=found("payback", lambda: _payback(effect, months, invested)),
        study=found("study", lambda: paid_back(months if known is None else known)),
        minutes=_minutes(months if known is None else known),
        retention_cost=found("retention_cost", lambda: _retention_cost(months)),
        lifetime=found("lifetime", lambda: _lifetime(months, discount)),
        deal_days=found("deal_days", lambda: _deal_days(months)),
        win_rate=found("win_rate", lambda: _win_rate(months)),
        lacking=lacking,
        unsaid=_unsaid(months, lacking, effect),
    )


def _currency(months: Iterable[MonthFacts]) -> str:
    """Return the first that is told: what is saved, or was earned before, has one without facts."""
    return next((one.currency for one in months if one.currency), "")


def departed(months: Sequence[MonthFacts]) -> Churn:
    """Return the departed of those active at the first month's start, from head counts.

    Raises NotEnoughData where more left than there were at the start: then only purchases, person
    by person, tell who of them had been there.
    """
    start = int(_first(months, "customers_start"))
    lost = sum(_lost(one) for one in months)
    if lost > start:
        raise NotEnoughData(what=mark("customers at the start"), needed=lost, have=start)
    return churn(start, lost)


def paid_back(months: Sequence[MonthFacts], minutes: Mapping[str, Minutes] | None = None) -> Study:
    """Return the payback scenarios of a CRM: the latest wage, managers, running cost and minutes.

    `months` are all that are known; `minutes` are a time study's, per client and operation (None:
    those that were told as facts). Raises FactsMissing where a fact was never told.
    """
    latest = {key: value for one in months for key, value in one.values.items()}
    told = ("minutes_before", "minutes_after") if minutes is None else ()
    for key in ("crm_investment", "crm_running", "wage", "managers", *told):
        if key not in latest:
            raise FactsMissing(facts=(key,))
    return payback.study(
        CrmCase(
            operations=minutes or {"all": Minutes(*(latest[key] for key in told))},
            managers=int(latest["managers"]),
            wage=latest["wage"],
            investment=sum(
                (one.values.get("crm_investment", Decimal(0)) for one in months), Decimal(0)
            ),
            running_cost=latest["crm_running"],
            clients_a_day=latest.get("clients_a_day", Decimal(1)),
        )
    )


def _minutes(months: Sequence[MonthFacts]) -> tuple[Decimal, Decimal] | None:
    latest = {key: value for one in months for key, value in one.values.items()}
    before, after = latest.get("minutes_before"), latest.get("minutes_after")
    return None if before is None or after is None else (before, after)


def _sum(months: Sequence[MonthFacts], *keys: str) -> Decimal:
    """Return the sum of facts over all months, each of which must have them."""
    missing = [key for key in keys if not months or gaps(months, key)]
    if missing:
        raise FactsMissing(facts=tuple(missing))
    return sum((one.values[key] for one in months for key in keys), Decimal(0))


def _first(months: Sequence[MonthFacts], key: str) -> Decimal:
    if not months or key not in months[0].values:
        raise FactsMissing(facts=(key,))
    return months[0].values[key]


def _lost(month: MonthFacts) -> int:
    if "customers_lost" in month.values:
        return int(month.values["customers_lost"])
    end, values = ended_with(month.values), month.values
    if end is None or "customers_start" not in values or "customers_new" not in values:
        raise FactsMissing(facts=("customers_lost",))
    return int(values["customers_start"] + values["customers_new"]) - end


def _profit(months: Sequence[MonthFacts]) -> MoneyPeriod:
    _sum(months, "revenue", "fixed_costs", "variable_costs")
    sums = [_sum(months, key) for key in ("revenue", "fixed_costs", "variable_costs")]
    return MoneyPeriod(*sums)


def _active(months: Sequence[MonthFacts]) -> Decimal:
    """Return the mean number of customers at the months' starts."""
    return _sum(months, "customers_start") / len(months)


def _loyal_cost(months: Sequence[MonthFacts], loyal: LoyalShare | None) -> LoyalCost:
    spend = _sum(months, *LOYALTY_SPEND) + sum(
        (one.values.get("loyalty_programme", Decimal(0)) for one in months), Decimal(0)
    )
    active = _active(months)
    if loyal is None:
        raise FactsMissing(facts=("nps",))
    return money.cost_per_loyal(spend, round(active), loyal)


def _roi(effect: Decimal | None, months: Sequence[MonthFacts]) -> Decimal:
    if effect is None:
        raise FactsMissing(facts=("revenue", "fixed_costs", "variable_costs"))
    told = [key for one in months for key in ("crm_investment", "crm_running") if key in one.values]
    if not told:
        raise FactsMissing(facts=("crm_investment", "crm_running"))
    cost = sum((one.values.get(key, Decimal(0)) for one in months for key in set(told)), Decimal(0))
    return money.roi(effect, cost)


def _payback(
    effect: Decimal | None, months: Sequence[MonthFacts], invested: Decimal | None
) -> tuple[tuple[Decimal, Decimal | None], ...]:
    if effect is None:
        raise FactsMissing(facts=("revenue", "fixed_costs", "variable_costs"))
    if invested is None:
        raise FactsMissing(facts=("crm_investment",))
    running = _sum(months, "crm_running") / len(months)
    gain = effect / len(months)
    return tuple(
        (share, money.payback_months(invested, share * gain, running)) for share in CRM_PARTS
    )


def _retention_cost(months: Sequence[MonthFacts]) -> Decimal:
    spend = _sum(months, "retention")
    kept = departed(months)
    return money.retention_cost(spend, kept.active_at_start - kept.departed)


def _lifetime(months: Sequence[MonthFacts], discount: Decimal) -> Lifetime:
    earned = _sum(months, "revenue") - _sum(months, "variable_costs")
    active = _active(months)
    started = _sum(months, "customers_start")
    new = _sum(months, "customers_new")
    lost = sum(_lost(one) for one in months)
    if not started or not new:
        raise FactsMissing(facts=("customers_start" if not started else "customers_new",))
    margin = earned / len(months) / active
    retention = max(1 - lost / started, Decimal(0))
    acquisition = _sum(months, "marketing") / new
    return Lifetime(
        margin=margin,
        retention=retention,
        acquisition_cost=acquisition,
        value=money.lifetime_value(margin, retention, discount, acquisition),
    )


def _deal_days(months: Sequence[MonthFacts]) -> Decimal:
    """Return the mean cycle of all deals, each month weighted by its deals."""
    deals = _sum(months, "deals")
    _sum(months, "deal_days")
    if not deals:
        raise FactsMissing(facts=("deals",))
    whole = sum((one.values["deal_days"] * one.values["deals"] for one in months), Decimal(0))
    return whole / deals


def _win_rate(months: Sequence[MonthFacts]) -> Decimal:
    """Return the deals won, in per cent of those that ended."""
    deals = _sum(months, "deals")
    if not deals:
        raise FactsMissing(facts=("deals",))
    return 100 * _sum(months, "deals_won") / deals


def _unsaid(
    months: Sequence[MonthFacts], lacking: Mapping[str, object], effect: Decimal | None
) -> tuple[Message, ...]:
    if not any(one.values for one in months):
        return ()
    said = [mark("Money and scores moved in the same months; neither is shown to cause the other.")]
    if effect is not None:
        said.append(
            mark("Profit before and after says nothing of what it would have been otherwise.")
        )
    if "roi" not in lacking:
        said.append(
            mark("ROI takes the whole change of profit to be the CRM’s doing: it is at most this.")
        )
    if "payback" not in lacking:
        said.append(
            mark("Nobody can tell from it which part of the change of profit is the CRM’s.")
        )
    if "study" not in lacking:
        said.append(mark("Minutes saved are money only as far as they are put to use."))
    if "departed_customers" not in lacking:
        said.append(mark("Counts of customers do not tell why they left, nor who had come before."))
    if "cost_per_loyal_customer" not in lacking:
        said.append(mark("The share of loyal customers is that of those who answered."))
    if "lifetime" not in lacking:
        said.append(mark("CLV supposes that margin and retention stay as they are."))
    return tuple(Message(one) for one in said)
