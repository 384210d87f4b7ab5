"""Slots against a calendar that is leafed through quarter of an hour by quarter of an hour."""

import calendar
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.campaign.schedule import next_by

QUARTER = timedelta(minutes=15)
FIRST = date(2020, 1, 1)
ZONES = (
    "Europe/Berlin",  # 02:00 → 03:00 and back on the last Sundays of March and October
    "America/Havana",  # at midnight
    "America/Santiago",  # at midnight, the other half of the year
    "Asia/Beirut",
    "Australia/Lord_Howe",  # by half an hour
    "America/New_York",
    "Asia/Kathmandu",  # 5:45 from UTC, never changed
)


def _last_of_month(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]


RULES: Mapping[str, Callable[[date], bool]] = {
    "daily": lambda _: True,
    "weekly": lambda day: day.weekday() == 0,
    "monthly": lambda day: day.day == 1,
    "quarterly": lambda day: (day.day, day.month % 3) == (1, 1),
    "FREQ=WEEKLY;BYDAY=SU": lambda day: day.weekday() == 6,
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU": lambda day: (day - date(2020, 1, 5)).days % 14 == 0,
    "FREQ=MONTHLY;BYMONTHDAY=31": lambda day: day.day == 31,
    "FREQ=MONTHLY;BYDAY=-1SU": lambda day: (
        day.weekday() == 6 and (day + timedelta(days=7)).month != day.month
    ),
    "month-end": _last_of_month,
    "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31": lambda day: (day.month, day.day) == (12, 31),
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29": lambda day: (day.month, day.day) == (2, 29),
}
"""A rule → whether a local day is one of its days."""


@cache
def by_the_calendar(day: date, hour: int, zone: str) -> datetime:
    """Return the first quarter of an hour at which a zone's clocks show that hour, or a later one.

    A later one is shown where the clocks skip that hour.
    """
    wanted, shown = datetime.combine(day, time(hour)), ZoneInfo(zone)
    start = datetime.combine(day, time(12), shown).astimezone(UTC) + timedelta(hours=hour - 15)
    quarters = [start + number * QUARTER for number in range(4 * 6)]
    clocks = [(one.astimezone(shown).replace(tzinfo=None), one) for one in quarters]
    exact = [one for shows, one in clocks if shows == wanted]
    return exact[0] if exact else next(one for shows, one in clocks if shows > wanted)


@given(
    st.sampled_from(sorted(RULES)),
    st.integers(0, 23),
    st.sampled_from(ZONES),
    st.datetimes(datetime(2020, 1, 2), datetime(2030, 12, 31)),  # noqa: DTZ001 - in UTC, below
)
def test_each_slot_is_the_next_day_of_the_rule_at_its_local_hour(
    rule: str, hour: int, zone: str, moment: datetime
) -> None:
    _follow(rule, hour, zone, moment.replace(tzinfo=UTC), 2)


@pytest.mark.parametrize("hour", [0, 2])
@pytest.mark.parametrize("zone", ZONES[:5])
def test_nights_of_clock_changes_have_one_slot_each(zone: str, hour: int) -> None:
    for month in (3, 4, 9, 10, 11):
        begun = datetime(2026, month, 1, tzinfo=UTC)
        _follow("FREQ=WEEKLY;BYDAY=SU", hour, zone, begun, 5)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_years_begin_with_no_slot_lost_or_doubled(rule: str) -> None:
    _follow(rule, 0, "Europe/Berlin", datetime(2027, 12, 29, 12, tzinfo=UTC), 3)


def _follow(rule: str, hour: int, zone: str, after: datetime, slots: int) -> None:
    """Follow a rule for so many slots, each of which is to be as the calendar says."""
    for _ in range(slots):
        slot = next_by(rule, FIRST, hour, zone, after)
        assert slot is not None
        assert slot > after
        assert slot == _expected(rule, hour, zone, after), (rule, hour, zone, after)
        after = slot


def _expected(rule: str, hour: int, zone: str, after: datetime) -> datetime:
    day = after.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    while not RULES[rule](day) or by_the_calendar(day, hour, zone) <= after:
        day += timedelta(days=1)
    return by_the_calendar(day, hour, zone)
