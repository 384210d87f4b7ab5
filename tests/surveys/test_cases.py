"""When a case is due: working time of the company's zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from surveys.cases import due_after

MOSCOW = ZoneInfo("Europe/Moscow")


def _local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=MOSCOW)


def test_a_working_day_later_is_the_same_hour() -> None:
    assert due_after(_local(2026, 9, 15, 12), MOSCOW) == _local(2026, 9, 16, 12)
    assert due_after(_local(2026, 9, 15, 12), MOSCOW).tzinfo is UTC


def test_a_weekend_and_a_night_do_not_count() -> None:
    friday, monday = _local(2026, 9, 18, 17, 30), _local(2026, 9, 21, 17, 30)
    assert due_after(friday, MOSCOW) == monday
    saturday, sunday = _local(2026, 9, 19, 11), _local(2026, 9, 20, 23, 59)
    assert due_after(saturday, MOSCOW) == due_after(sunday, MOSCOW) == _local(2026, 9, 21, 18)
    assert due_after(_local(2026, 9, 15, 2), MOSCOW) == _local(2026, 9, 15, 18)


def test_the_clocks_change_over_a_weekend() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    friday = datetime(2026, 10, 23, 12, tzinfo=berlin)
    assert due_after(friday, berlin) == datetime(2026, 10, 26, 12, tzinfo=berlin)


@given(
    minutes=st.integers(0, 20 * 366 * 24 * 60),
    zone=st.sampled_from(["Europe/Moscow", "Asia/Vladivostok", "America/New_York"]),
    hours=st.integers(1, 60),
)
def test_it_is_due_at_work_later_and_never_earlier_for_who_came_later(
    minutes: int, zone: str, hours: int
) -> None:
    moment = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    wait = timedelta(hours=hours)
    due = due_after(moment, zone, wait)
    there = due.astimezone(ZoneInfo(zone))
    assert due > moment
    assert there.weekday() < 5
    assert 9 <= there.hour <= 18
    assert due_after(moment + timedelta(minutes=7), zone, wait) >= due
