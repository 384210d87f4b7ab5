"""When a digest is due and when a customer may be written to, in local time."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args

from surveys.campaign.recurrence import months_between, next_moment
from surveys.errors import ScheduleInvalid
from surveys.periods import (
    Period,
    Unit,
    Zone,
    first_day,
    first_day_after,
    last_complete,
    local_moment,
    zone_info,
)

Frequency = Literal["weekly", "monthly", "quarterly"]
Rhythm = Literal["daily", "weekly", "monthly", "quarterly"]
_UNITS: dict[Frequency, Unit] = {"weekly": "week", "monthly": "month", "quarterly": "quarter"}
_LONGEST: dict[int, Unit] = {0: "week", 1: "month", 2: "month", 3: "quarter"}
"""Whole months between two slots → the unit of the digest; more are a year."""
_HOURS = 24


def next_slot(frequency: Rhythm, hour: int, zone: Zone, after: datetime) -> datetime:
    """Return the next day, Monday, 1st, or 1st of a quarter at that hour, after `after`; in UTC.

    An hour that the clocks skip moves on by the gap; of an hour that comes twice the first counts.
    Raises ScheduleInvalid for an hour outside 0–23.
    """
    _check(hour)
    if frequency == "daily":
        day = after.astimezone(zone_info(zone)).date()
        while (slot := local_moment(day, hour, zone)) <= after:
            day += timedelta(days=1)
        return slot
    unit = _UNITS[frequency]
    day = first_day(after, unit, zone)
    while (slot := local_moment(day, hour, zone)) <= after:
        day = first_day_after(unit, day)
    return slot


def next_by(rule: str, first: date, hour: int, zone: Zone, after: datetime) -> datetime | None:
    """Return the next slot of a rhythm, or of an RFC 5545 rule that counts from `first`; in UTC.

    None where the rule has ended. Raises ScheduleInvalid, RecurrenceInvalid for what is neither.
    """
    for rhythm in get_args(Rhythm):
        if rule == rhythm:
            return next_slot(rhythm, hour, zone, after)
    _check(hour)
    return next_moment(rule, first, time(hour), zone, after)


def period_of_slot(rule: str, slot: datetime, zone: Zone) -> Period:
    """Return the week, month, quarter or year that was just over at the slot."""
    return last_complete(slot, unit_of(rule), zone)


def unit_of(rule: str) -> Unit:
    """Return how long a period a digest by this rule is about, by how often it comes."""
    for frequency, unit in _UNITS.items():
        if rule == frequency:
            return unit
    return _LONGEST.get(months_between(rule), "year")


def next_allowed(
    moment: datetime, zone: Zone, quiet_from: int = 21, quiet_until: int = 9
) -> datetime:
    """Return the moment itself, or the end of the quiet hours it falls into; in UTC.

    Quiet hours last from `quiet_from` until `quiet_until`, over midnight where the first is later;
    equal hours mean no quiet hours at all.
    """
    _check(quiet_from)
    _check(quiet_until)
    local = moment.astimezone(zone_info(zone))
    quiet_hours = (quiet_until - quiet_from) % _HOURS
    if (local.hour - quiet_from) % _HOURS >= quiet_hours:
        return moment.astimezone(UTC)
    today = local.date()
    day = today if local.hour < quiet_until else today + timedelta(days=1)
    return local_moment(day, quiet_until, zone)


def _check(hour: int) -> None:
    if not 0 <= hour < _HOURS:
        raise ScheduleInvalid(hour)
