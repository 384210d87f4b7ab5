"""Working time: the hours of each day in which a company works. Pure.

What a country's calendar says of a day comes from outside, as a `Calendar`; a company's own days
and hours go before it.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from surveys.campaign.typed import read_day, read_hours
from surveys.periods import Zone, zone_info

LONGEST_RANGE: Final = 31
MOST_DAYS: Final = 400
_SATURDAY = 5
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_SEARCH = 800
"""How many days ahead the first working hour is looked for; own days never rule out more."""


class WorkingHours(NamedTuple):
    """Working hours of a day: whole hours, the last one not included."""

    first: int
    last: int


USUAL: Final = WorkingHours(9, 18)


@dataclass(frozen=True, slots=True)
class DayNature:
    """What a country's calendar says of a day; a shortened one ends an hour earlier."""

    works: bool
    shortened: bool = False


Calendar = Callable[[date], DayNature]


def weekdays(day: date) -> DayNature:
    """Return a calendar's answer where no public holiday is known: Monday to Friday."""
    return DayNature(day.weekday() < _SATURDAY)


@dataclass(frozen=True, slots=True)
class OwnDays:
    """A company's own hours and days. A day is off (None), worked as usual (True), or has hours."""

    hours: WorkingHours = USUAL
    days: Mapping[date, WorkingHours | bool | None] = field(default_factory=dict)


def hours_on(day: date, own: OwnDays, calendar: Calendar) -> WorkingHours | None:
    """Return the working hours of a day; None: nobody works."""
    told = own.days.get(day, False)
    if told is None or isinstance(told, WorkingHours):
        return told
    if told:
        return own.hours
    nature = calendar(day)
    if not nature.works:
        return None
    first, last = own.hours
    return WorkingHours(first, max(last - nature.shortened, first + 1))


def due_after(
    moment: datetime,
    zone: Zone,
    wait: timedelta,
    own: OwnDays = OwnDays(),
    calendar: Calendar = weekdays,
) -> datetime:
    """Return when so much working time has passed, in UTC."""
    there = zone_info(zone)
    at = moment.astimezone(there).replace(tzinfo=None)
    day = at.date()
    for _ in range(_SEARCH):
        hours = hours_on(day, own, calendar)
        if hours is not None:
            midnight = datetime.combine(day, time())
            ends = midnight + hours.last * _HOUR
            at = max(at, midnight + hours.first * _HOUR)
            if at < ends:
                if wait <= ends - at:
                    return (at + wait).replace(tzinfo=there).astimezone(UTC)
                wait -= ends - at
        day += _DAY
    return (moment + wait).astimezone(UTC)


_OFF = ("off", "выходной", "не работаем", "нерабочий", "праздник", "day off", "holiday")
_ON = ("work", "рабочий", "работаем", "working", "working day")
_USUAL_AGAIN = ("usual", "as usual", "как обычно", "обычный", "убрать")
_HOURS_OF_ALL = re.compile(r"(?:часы|hours)[ :]+(.+)")
_RANGE = re.compile(r"(\S+?) ?(?:-|–|—|\.\.|до|to) ?(\S+) (.+)")


def told(own: OwnDays, line: str, today: date) -> OwnDays | None:
    """Return the days with what a line says of them, None where it cannot be read.

    A line is «31.12.2026 выходной», "2027-02-20 work", «30.12 9-15», «1.01–8.01 выходной», «31.12
    как обычно», or for all days «часы 10-19». A day without a year is the next such day.
    """
    words = " ".join(line.casefold().split())
    for_all = _HOURS_OF_ALL.fullmatch(words)
    if for_all:
        hours = read_hours(for_all[1])
        return None if hours is None else replace(own, hours=WorkingHours(*hours))
    first, rest = read_day(words, today)
    last = first
    several = _RANGE.fullmatch(words)
    if several is not None:
        (begin, _), (end, _) = read_day(several[1], today), read_day(several[2], today)
        if begin is not None and end is not None:
            first, last, rest = begin, end, several[3]
    if first is None or last is None or not first <= last < first + LONGEST_RANGE * _DAY:
        return None
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    return _with(own, days, rest)


def _with(own: OwnDays, days: list[date], rest: str) -> OwnDays | None:
    hours = read_hours(rest)
    if rest in _USUAL_AGAIN:
        kept = {day: one for day, one in own.days.items() if day not in days}
        return replace(own, days=kept)
    value: WorkingHours | bool | None
    if hours is not None:
        value = WorkingHours(*hours)
    elif rest in _OFF:
        value = None
    elif rest in _ON:
        value = True
    else:
        return None
    every = {**own.days, **dict.fromkeys(days, value)}
    return replace(own, days=dict(sorted(every.items()))) if len(every) <= MOST_DAYS else None


def to_json(own: OwnDays) -> str:
    """Return the days as they are kept."""
    days = {day.isoformat(): one for day, one in own.days.items()}
    return json.dumps({"hours": own.hours, "days": days})


def from_json(text: str | None) -> OwnDays:
    """Return the days that were kept; none where nothing was."""
    if text is None:
        return OwnDays()
    data = json.loads(text)
    days = {
        date.fromisoformat(day): WorkingHours(*one) if isinstance(one, list) else one
        for day, one in data["days"].items()
    }
    return OwnDays(WorkingHours(*data["hours"]), days)
