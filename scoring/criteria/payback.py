"""CRM payback from a time study, as scenarios [Ivanova & Ityaikina 2018].

Minutes saved per client become hours saved per manager and year, then wages saved; what is left of
them after the running cost pays the investment back. Amounts and hours are Decimal. Saved time is
money only as far as it is put to use, which is what the scenarios vary.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from scoring.errors import BadInput, NotEnoughData
from surveys.messages import mark

MINUTES_AN_HOUR = 60
MONTHS_A_YEAR = 12
YEARS_SHOWN = 5
SCENARIOS: Mapping[str, Decimal] = MappingProxyType(
    {"low": Decimal("0.7"), "expected": Decimal(1), "high": Decimal("1.3")}
)


class Minutes(NamedTuple):
    """Minutes per client of one operation, before and after the CRM."""

    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmCase:
    """What is known about a CRM's adoption.

    `wage` and `running_cost` are monthly. `hours_saved` replaces the yearly hours per manager of
    the time study where a different figure was stated.
    """

    operations: Mapping[str, Minutes]
    managers: int
    wage: Decimal
    investment: Decimal
    running_cost: Decimal
    clients_a_day: Decimal = Decimal(1)
    workdays_a_year: int = 247
    workdays_a_month: int = 21
    hours_a_day: Decimal = Decimal(8)
    hours_saved: Decimal | None = None
    scenarios: Mapping[str, Decimal] = field(default_factory=lambda: SCENARIOS)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaybackScenario:
    """One scenario. `payback_years` is None when the saving never covers the running cost.

    `cumulative` holds the balance at the end of each of the first five years.
    """

    hours_saved: Decimal
    saving_per_manager: Decimal
    saving_a_year: Decimal
    running_cost_a_year: Decimal
    payback_years: Decimal | None
    cumulative: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The time study's sums and the scenarios; `exact` when stated hours replaced the study's."""

    minutes_before: Decimal
    minutes_after: Decimal
    minutes_saved: Decimal
    hours_saved: Decimal
    hour_cost: Decimal
    scenarios: dict[str, PaybackScenario]
    exact: PaybackScenario


def study(case: CrmCase) -> Study:
    """Return the scenarios of a case, and the expected one with the time study's exact hours."""
    _check(case)
    before = sum((minutes.before for minutes in case.operations.values()), Decimal(0))
    after = sum((minutes.after for minutes in case.operations.values()), Decimal(0))
    hours = (before - after) * case.clients_a_day * case.workdays_a_year / MINUTES_AN_HOUR
    stated = hours if case.hours_saved is None else case.hours_saved
    parts = case.scenarios if stated >= 0 else _of_a_loss(case.scenarios)
    return Study(
        minutes_before=before,
        minutes_after=after,
        minutes_saved=before - after,
        hours_saved=hours,
        hour_cost=hour_cost(case),
        scenarios={name: payback(case, stated * part) for name, part in parts.items()},
        exact=payback(case, hours),
    )


def hour_cost(case: CrmCase) -> Decimal:
    """Return the wage of an hour."""
    return case.wage / case.workdays_a_month / case.hours_a_day


def payback(case: CrmCase, hours_saved: Decimal) -> PaybackScenario:
    """Return what saving so many hours a manager a year comes to."""
    saving = hour_cost(case) * hours_saved
    yearly = saving * case.managers
    running = case.running_cost * MONTHS_A_YEAR
    net = yearly - running
    return PaybackScenario(
        hours_saved=hours_saved,
        saving_per_manager=saving,
        saving_a_year=yearly,
        running_cost_a_year=running,
        payback_years=case.investment / net if net > 0 else None,
        cumulative=tuple(year * net - case.investment for year in range(1, YEARS_SHOWN + 1)),
    )


def _of_a_loss(parts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Swap the shares of the scenarios for a loss: the low scenario then takes the larger one."""
    return {name: 2 * parts["expected"] - part for name, part in parts.items()}


def _check(case: CrmCase) -> None:
    if not case.operations:
        raise NotEnoughData(what=mark("operations"), needed=1, have=0)
    for name, minutes in case.operations.items():
        if not all(spent.is_finite() and spent >= 0 for spent in minutes):
            raise BadInput(field=f"operations.{name}", problem=mark("minutes must not be negative"))
    for name in ("managers", "workdays_a_year", "workdays_a_month", "hours_a_day", "wage"):
        if not getattr(case, name) > 0:
            raise BadInput(
                field=name,
                problem=mark("must be above zero, not {given}"),
                given=getattr(case, name),
            )
    for name in ("investment", "running_cost", "clients_a_day"):
        if not getattr(case, name) >= 0:
            raise BadInput(
                field=name,
                problem=mark("must not be negative, not {given}"),
                given=getattr(case, name),
            )
    if "expected" not in case.scenarios or min(case.scenarios.values()) < 0:
        raise BadInput(
            field="scenarios",
            problem=mark("must hold 'expected', and no part of the saving below zero"),
        )
