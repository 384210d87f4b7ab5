"""Calendar periods of a company's time zone: years, quarters, months and ISO weeks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from surveys.errors import PeriodAhead, PeriodInvalid, PeriodsUnlike, ZoneUnknown

Unit = Literal["week", "month", "quarter", "year"]
Zone = str | ZoneInfo

_FORMS: dict[Unit, re.Pattern[str]] = {
    "year": re.compile(r"(19\d{2}|2\d{3})", re.ASCII),
    "quarter": re.compile(r"(19\d{2}|2\d{3})-[Q\u041a]([1-4])", re.ASCII),
    "month": re.compile(r"(19\d{2}|2\d{3})-(0[1-9]|1[0-2])", re.ASCII),
    "week": re.compile(r"(19\d{2}|2\d{3})-W(\d{2})", re.ASCII),
}
_MONTHS: dict[Unit, int] = {"month": 1, "quarter": 3, "year": 12}
_NOW = ("now", "сейчас")
_BOTH = 2


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` up to but not including `end`, aware UTC; `key` as in "2026-Q3"."""

    key: str
    start: datetime
    end: datetime


def zone_info(zone: Zone) -> ZoneInfo:
    """Return the time zone of that name; raises ZoneUnknown."""
    if isinstance(zone, ZoneInfo):
        return zone
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ZoneUnknown(zone) from error


def parse_period(text: str, zone: Zone) -> Period:
    """Read a period like "2026", "2026-Q3", "2026-09" or "2026-W36"; raises PeriodInvalid.

    The quarter's letter may be the Cyrillic one.
    """
    unit, first = _parsed(text)
    return _period(unit, first, zone)


def containing(now: datetime, unit: Unit, zone: Zone) -> Period:
    """Return the period of that unit in which `now` lies."""
    return _period(unit, _first_day(unit, now.astimezone(zone_info(zone)).date()), zone)


def previous(period: Period, zone: Zone) -> Period:
    """Return the period of the same length just before."""
    unit, first = _parsed(period.key)
    return _period(unit, _first_day(unit, first - timedelta(days=1)), zone)


def last_complete(now: datetime, unit: Unit, zone: Zone) -> Period:
    """Return the latest period of that unit that is over at `now`."""
    return previous(containing(now, unit, zone), zone)


def asked_for(text: str | None, now: datetime, zone: Zone) -> Period:
    """Return the period that somebody named, else the last full month; raises as `parse_period`."""
    return last_complete(now, "month", zone) if text is None else parse_period(text, zone)


def compared(texts: Sequence[str], now: datetime, zone: Zone) -> tuple[Period, Period]:
    """Return the period that was named, and the one it is compared with.

    Nothing named: the last full month. ``now``: the month under way. A second one takes the place
    of the period before. Raises PeriodInvalid for what is no period or one too many, PeriodAhead
    for one that has not begun, PeriodsUnlike for a second that is not of the same length and
    earlier.
    """
    if len(texts) > _BOTH:
        raise PeriodInvalid(texts[_BOTH])
    first, second, *_ = (*texts, None, None)
    period = _named(first, now, zone)
    if period.start > now:
        raise PeriodAhead(period.key)
    if second is None:
        return period, previous(period, zone)
    against = _named(second, now, zone)
    if _parsed(against.key)[0] != _parsed(period.key)[0] or against.end > period.start:
        raise PeriodsUnlike(period.key, against.key)
    return period, against


def _named(text: str | None, now: datetime, zone: Zone) -> Period:
    if text is not None and text.strip().casefold() in _NOW:
        return containing(now, "month", zone)
    return asked_for(text, now, zone)


def months_until(period: Period, zone: Zone, count: int = 12) -> tuple[Period, ...]:
    """Return the last `count` calendar months up to the period's end, oldest first."""
    months = [containing(period.end - timedelta(microseconds=1), "month", zone)]
    while len(months) < count:
        months.append(previous(months[-1], zone))
    return tuple(reversed(months))


def whole_months(period: Period, zone: Zone) -> list[str]:
    """Return the keys of the calendar months that lie wholly within a period."""
    month = containing(period.start, "month", zone)
    keys = []
    while month.end <= period.end:
        if month.start >= period.start:
            keys.append(month.key)
        month = containing(month.end + timedelta(hours=1), "month", zone)
    return keys


def local_moment(day: date, hour: int, zone: Zone) -> datetime:
    """Return that local hour in UTC: of two the first; a skipped one moves on by the gap."""
    return datetime.combine(day, time(hour), zone_info(zone)).astimezone(UTC)


def first_day_after(unit: Unit, first: date) -> date:
    """Return the first day of the unit after the one that begins on `first`."""
    if unit == "week":
        return first + timedelta(weeks=1)
    months = first.year * 12 + first.month - 1 + _MONTHS[unit]
    return date(months // 12, months % 12 + 1, 1)


def first_day(moment: datetime, unit: Unit, zone: Zone) -> date:
    """Return the local first day of the unit in which the moment lies."""
    return _first_day(unit, moment.astimezone(zone_info(zone)).date())


def _parsed(text: str) -> tuple[Unit, date]:
    for unit, form in _FORMS.items():
        if match := form.fullmatch(text.strip().upper()):
            year, number = int(match[1]), int(match[2] if form.groups > 1 else 1)
            return unit, _numbered(unit, year, number, text)
    raise PeriodInvalid(text)


def _numbered(unit: Unit, year: int, number: int, text: str) -> date:
    if unit != "week":
        return date(year, (number - 1) * _MONTHS[unit] + 1, 1)
    try:
        return date.fromisocalendar(year, number, 1)
    except ValueError as error:
        raise PeriodInvalid(text) from error


def _first_day(unit: Unit, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _period(unit: Unit, first: date, zone: Zone) -> Period:
    following = first_day_after(unit, first)
    return Period(_key(unit, first), local_moment(first, 0, zone), local_moment(following, 0, zone))


def _key(unit: Unit, first: date) -> str:
    if unit == "week":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    if unit == "quarter":
        return f"{first.year}-Q{first.month // 3 + 1}"
    return f"{first.year}" if unit == "year" else f"{first.year}-{first.month:02}"
