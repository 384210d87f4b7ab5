"""The production calendar of the company's country, and the company's own working days.

The library knows public holidays, transferred days off and worked Saturdays. It does not know
shortened days, nor which years no decree has settled yet: both stand here.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from bot.errors import Refused
from bot.operations.company import country_of
from storage.database import Database, Transaction
from storage.people import workspace
from storage.people.workspace import Workspace
from surveys.cases import WORKING_HOURS
from surveys.messages import mark
from surveys.working_days import (
    Calendar,
    DayNature,
    OwnDays,
    WorkingHours,
    due_after,
    from_json,
    hours_on,
    to_json,
    told,
    weekdays,
)

if TYPE_CHECKING:
    from holidays import HolidayBase

_DAY = timedelta(days=1)
_RUSSIA: Final = "RU"
_NEVER_WORKED: Final = frozenset({
    *((1, day) for day in range(1, 9)),
    (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4),
})  # fmt: skip
"""Russia's public holidays (Labour Code, article 112); the working day before one is shortened."""
_SHORTENED: Final = frozenset({date(2025, 11, 1), date(2027, 2, 20)})
"""Worked Saturdays that stand for the day before a holiday."""
_SOON: Final = 21


def due_in(space: Workspace, now: datetime) -> datetime:
    """Return when a case is due that waits from now on."""
    return due_after(now, space.tzinfo, WORKING_HOURS, own_days(space), calendar_of(space))


def own_days(space: Workspace) -> OwnDays:
    """Return the company's own days and hours."""
    return from_json(space.working_days)


def calendar_of(space: Workspace) -> Calendar:
    """Return the calendar of the company's country: weekends alone where the library lacks it."""
    return _calendar(country_of(space))


@cache
def _calendar(country: str) -> Calendar:
    from holidays.utils import (  # noqa: PLC0415 (most programs never need it)
        country_holidays,
        list_supported_countries,
    )

    if country not in list_supported_countries():
        return weekdays
    known = country_holidays(country)

    def nature(day: date) -> DayNature:
        works: bool = known.is_working_day(day)
        return DayNature(works, works and country == _RUSSIA and _is_shortened(day))

    return nature


def _is_shortened(day: date) -> bool:
    tomorrow = day + _DAY
    return day in _SHORTENED or (tomorrow.month, tomorrow.day) in _NEVER_WORKED


def is_provisional(space: Workspace, year: int) -> bool:
    """Tell whether the days off of a year are not settled yet: Russia's are by a yearly decree."""
    if country_of(space) != _RUSSIA:
        return False
    settled: Iterable[int] = _russia().special_public_holidays
    return year > max(settled)


@cache
def _russia() -> "HolidayBase":
    from holidays.utils import country_holidays  # noqa: PLC0415 (most programs never need it)

    return country_holidays(_RUSSIA)


def unusual(
    space: Workspace, today: date, days: int = _SOON
) -> list[tuple[date, WorkingHours | None]]:
    """Return the days ahead that are not worked as a week has it, with their hours."""
    own, calendar = own_days(space), calendar_of(space)
    found = []
    for day in (today + n * _DAY for n in range(days)):
        hours = hours_on(day, own, calendar)
        if hours != hours_on(day, OwnDays(own.hours), weekdays):
            found.append((day, hours))
    return found


async def tell(tx: Transaction, lines: str, today: date) -> OwnDays:
    """Take what is said of days, a line each; raises Refused, and nothing is changed then."""
    space = await workspace.get(tx)
    own = own_days(space)
    for line in filter(None, (one.strip() for one in lines.splitlines())):
        changed = told(own, line, today)
        if changed is None:
            raise Refused(_HINT, line=line)
        own = changed
    await workspace.save(tx, _with(space, own))
    return own


_HINT = mark(
    "I did not understand «{line}». Write a day and what it is, for example «31.12.2026 off», "
    "«2027-02-20 work», «30.12 9-15», «1.01-8.01 off», «31.12 as usual», or «hours 10-19»."
)


def _with(space: Workspace, own: OwnDays) -> Workspace:
    return replace(space, working_days=None if own == OwnDays() else to_json(own))


async def calendar(
    database: Database, now: datetime, /, *, lines: str | None = None
) -> dict[str, Any]:
    """Operation: take the company's own days, a line each; return the hours and the days ahead."""
    async with database.transaction() as tx:
        today = now.astimezone((await workspace.get(tx)).tzinfo).date()
        if lines is not None:
            await tell(tx, lines, today)
        space = await workspace.get(tx)
    own = own_days(space)
    return {
        "country": country_of(space),
        "hours": list(own.hours),
        "own": [[day.isoformat(), _plain(one)] for day, one in own.days.items() if day >= today],
        "ahead": [[day.isoformat(), _plain(one)] for day, one in unusual(space, today, 120)],
        "provisional": [
            year for year in (today.year, today.year + 1) if is_provisional(space, year)
        ],
    }


def _plain(one: WorkingHours | bool | None) -> list[int] | bool | None:
    return list(one) if isinstance(one, WorkingHours) else one
