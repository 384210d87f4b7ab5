from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.campaign.schedule import Frequency, next_allowed, next_slot, period_of_slot
from surveys.errors import ScheduleInvalid
from tests.surveys.zones import ZONES, moments

FREQUENCIES: tuple[Frequency, ...] = ("weekly", "monthly", "quarterly")
HOURS = st.integers(0, 23)
zones = st.sampled_from(ZONES)
frequencies = st.sampled_from(FREQUENCIES)


def at(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [
        ("weekly", "2026-09-07T09:00"),
        ("monthly", "2026-10-01T09:00"),
        ("quarterly", "2026-10-01T09:00"),
    ],
)
def test_the_next_slot_is_at_the_local_hour(frequency: Frequency, expected: str) -> None:
    after = at("2026-09-01T09:00", "Europe/Moscow")
    slot = next_slot(frequency, 9, "Europe/Moscow", after)
    assert slot == at(expected, "Europe/Moscow")
    assert slot.tzinfo is UTC


def test_a_slot_later_today_is_not_missed() -> None:
    after = at("2026-09-01T08:59", "Europe/Moscow")
    assert next_slot("monthly", 9, "Europe/Moscow", after) == after + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("zone", "hour", "expected"),
    [("Australia/Sydney", 2, "2023-10-01T03:00"), ("America/Asuncion", 0, "2023-10-01T01:00")],
)
def test_an_hour_that_is_skipped_moves_to_the_next_existing_moment(
    zone: str, hour: int, expected: str
) -> None:
    slot = next_slot("monthly", hour, zone, at("2023-09-15T12:00", zone))
    assert slot == at(expected, zone).astimezone(UTC)
    assert next_slot("monthly", hour, zone, slot) > slot + timedelta(days=27)


def test_an_hour_that_comes_twice_is_used_once() -> None:
    zone = "Australia/Sydney"
    slot = next_slot("monthly", 2, zone, at("2029-03-31T12:00", zone))
    assert slot == datetime(2029, 3, 31, 15, tzinfo=UTC)
    assert next_slot("monthly", 2, zone, slot) > slot + timedelta(days=29)


@pytest.mark.parametrize("hour", [-1, 24])
def test_an_hour_outside_the_day_is_refused(hour: int) -> None:
    with pytest.raises(ScheduleInvalid, match="0 to 23"):
        next_slot("weekly", hour, "UTC", datetime(2026, 9, 1, tzinfo=UTC))


@given(moments(), frequencies, HOURS, zones)
def test_slots_follow_each_other_strictly_and_once(
    after: datetime, frequency: Frequency, hour: int, zone: str
) -> None:
    first = next_slot(frequency, hour, zone, after)
    second = next_slot(frequency, hour, zone, first)
    assert after < first < second
    assert next_slot(frequency, hour, zone, second - timedelta(microseconds=1)) == second
    longest = {"weekly": 8, "monthly": 32, "quarterly": 93}[frequency]
    assert second - first <= timedelta(days=longest)


@given(moments(), frequencies, HOURS, zones)
def test_slots_report_periods_that_are_over_one_after_the_other(
    after: datetime, frequency: Frequency, hour: int, zone: str
) -> None:
    first = next_slot(frequency, hour, zone, after)
    second = next_slot(frequency, hour, zone, first)
    told, following = (period_of_slot(frequency, slot, zone) for slot in (first, second))
    assert told.end <= first
    assert following.start == told.end


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-09-01T20:59", "2026-09-01T20:59"),
        ("2026-09-01T21:00", "2026-09-02T09:00"),
        ("2026-09-01T23:30", "2026-09-02T09:00"),
        ("2026-09-02T08:59", "2026-09-02T09:00"),
        ("2026-09-02T09:00", "2026-09-02T09:00"),
    ],
)
def test_quiet_hours_wait_for_the_morning(moment: str, expected: str) -> None:
    for zone in ("Europe/Kaliningrad", "Asia/Kamchatka"):
        assert next_allowed(at(moment, zone), zone) == at(expected, zone)


def test_quiet_hours_may_lie_within_the_day_or_be_none() -> None:
    noon = at("2026-09-01T13:20", "UTC")
    assert next_allowed(noon, "UTC", 13, 15) == at("2026-09-01T15:00", "UTC")
    assert next_allowed(noon, "UTC", 13, 13) == noon
    assert next_allowed(at("2026-09-01T15:00", "UTC"), "UTC", 13, 15).hour == 15


@given(moments(), zones, HOURS, HOURS)
def test_what_is_allowed_is_not_quiet_and_not_earlier(
    moment: datetime, zone: str, quiet_from: int, quiet_until: int
) -> None:
    allowed = next_allowed(moment, zone, quiet_from, quiet_until)
    assert moment <= allowed <= moment + timedelta(hours=26)
    assert next_allowed(allowed, zone, quiet_from, quiet_until) == allowed
