"""Working time: hours of each day, the company's own days, what is typed about them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.cases import WORKING_HOURS
from surveys.working_days import (
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

MOSCOW = ZoneInfo("Europe/Moscow")
TODAY = date(2026, 12, 1)


def _local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=MOSCOW)


def _due(moment: datetime, zone: ZoneInfo = MOSCOW, own: OwnDays | None = None) -> datetime:
    return due_after(moment, zone, WORKING_HOURS, own or OwnDays())


def test_a_working_day_later_is_the_same_hour() -> None:
    assert _due(_local(2026, 9, 15, 12)) == _local(2026, 9, 16, 12)
    assert _due(_local(2026, 9, 15, 12)).tzinfo is UTC


def test_a_weekend_and_a_night_do_not_count() -> None:
    friday, monday = _local(2026, 9, 18, 17, 30), _local(2026, 9, 21, 17, 30)
    assert _due(friday) == monday
    saturday, sunday = _local(2026, 9, 19, 11), _local(2026, 9, 20, 23, 59)
    assert _due(saturday) == _due(sunday) == _local(2026, 9, 21, 18)
    assert _due(_local(2026, 9, 15, 2)) == _local(2026, 9, 15, 18)


def test_the_clocks_change_over_a_weekend() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    friday = datetime(2026, 10, 23, 12, tzinfo=berlin)
    assert _due(friday, berlin) == datetime(2026, 10, 26, 12, tzinfo=berlin)


def test_own_days_and_hours_go_before_the_calendar() -> None:
    tuesday, wednesday, saturday = date(2026, 9, 15), date(2026, 9, 16), date(2026, 9, 19)
    own = OwnDays(
        WorkingHours(10, 19), {tuesday: None, wednesday: WorkingHours(9, 13), saturday: True}
    )
    assert hours_on(tuesday, own, weekdays) is None
    assert hours_on(saturday, own, weekdays) == WorkingHours(10, 19)
    assert _due(_local(2026, 9, 15, 12), own=own) == _local(2026, 9, 17, 15)
    assert from_json(to_json(own)) == own


def test_a_shortened_day_ends_an_hour_earlier() -> None:
    def all_short(_: date) -> DayNature:
        return DayNature(works=True, shortened=True)

    due = due_after(_local(2026, 9, 15, 16), MOSCOW, timedelta(hours=2), OwnDays(), all_short)
    assert due == _local(2026, 9, 16, 10)
    tight = OwnDays(WorkingHours(9, 10))
    assert hours_on(TODAY, tight, all_short) == WorkingHours(9, 10), "an hour is left"


@pytest.mark.parametrize(
    ("line", "day", "what"),
    [
        ("31.12 выходной", date(2026, 12, 31), None),
        ("2027-02-20 work", date(2027, 2, 20), True),
        ("30 декабря 9-15", date(2026, 12, 30), WorkingHours(9, 15)),
        ("30.12 с 9 до 15", date(2026, 12, 30), WorkingHours(9, 15)),
        ("1.01-8.01 выходной", date(2027, 1, 5), None),
        ("1.01.2027–8.01.2027 off", date(2027, 1, 8), None),
    ],
)
def test_a_day_is_typed_as_people_write_it(line: str, day: date, what: object) -> None:
    own = told(OwnDays(), line, TODAY)
    assert own is not None
    assert own.days[day] == what
    again = told(own, f"{day.isoformat()} как обычно", TODAY)
    assert again is not None
    assert day not in again.days


@pytest.mark.parametrize(
    "line", ["", "31.12", "32.12 выходной", "выходной", "8.01.2027–1.01.2027 off", "hours 19-10"]
)
def test_what_is_no_day_is_refused(line: str) -> None:
    assert told(OwnDays(), line, TODAY) is None


def test_the_hours_of_all_days_are_typed() -> None:
    own = told(OwnDays(), "Часы 10-19", TODAY)
    assert own is not None
    assert own.hours == WorkingHours(10, 19)


@given(
    minutes=st.integers(0, 20 * 366 * 24 * 60),
    zone=st.sampled_from(["Europe/Moscow", "Asia/Vladivostok", "America/New_York"]),
    hours=st.integers(1, 60),
    off=st.sets(st.integers(0, 40), max_size=8),
)
def test_it_is_due_at_work_later_and_never_earlier_for_who_came_later(
    minutes: int, zone: str, hours: int, off: set[int]
) -> None:
    moment = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    own = OwnDays(days={moment.date() + timedelta(days=n): None for n in off})
    wait = timedelta(hours=hours)
    due = due_after(moment, zone, wait, own)
    there = due.astimezone(ZoneInfo(zone))
    assert due > moment
    assert hours_on(there.date(), own, weekdays) is not None
    assert 9 <= there.hour <= 18
    assert due_after(moment + timedelta(minutes=7), zone, wait, own) >= due
