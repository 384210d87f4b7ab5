from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.campaign.recurrence import PRESETS, next_moment, parse_rule
from surveys.errors import RecurrenceInvalid
from tests.surveys.zones import ZONES, moments

zones = st.sampled_from(ZONES)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None))
rules = st.sampled_from(
    [
        *PRESETS,
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    ]
)
FIRST = date(2012, 1, 1)


def slots(rule: str, zone: str, after: str, count: int, at: time = time(10)) -> list[str]:
    moment, found = datetime.fromisoformat(after).replace(tzinfo=ZoneInfo(zone)), []
    for _ in range(count):
        following = next_moment(rule, FIRST, at, zone, moment)
        assert following is not None
        found.append(following.astimezone(ZoneInfo(zone)).isoformat())
        moment = following
    return found


@settings(deadline=None)
@given(moments(), rules, times, zones)
def test_slots_go_strictly_forward_and_none_is_skipped(
    after: datetime, rule: str, at: time, zone: str
) -> None:
    first = next_moment(rule, FIRST, at, zone, after)
    assert first is not None
    second = next_moment(rule, FIRST, at, zone, first)
    assert second is not None
    assert after < first < second
    assert next_moment(rule, FIRST, at, zone, first - timedelta(microseconds=1)) == first
    assert next_moment(rule, FIRST, at, zone, second - timedelta(microseconds=1)) == second
    assert first.tzinfo is UTC


@settings(deadline=None)
@given(moments(), rules, times, zones, st.integers(1, 72))
def test_a_clock_set_back_names_the_same_slot_again(
    after: datetime, rule: str, at: time, zone: str, hours: int
) -> None:
    """Set back to before a slot, a clock leads to a slot not later than that one: no new ones."""
    slot = next_moment(rule, FIRST, at, zone, after)
    earlier = next_moment(rule, FIRST, at, zone, after - timedelta(hours=hours))
    assert slot is not None
    assert earlier is not None
    assert earlier <= slot
    reached = earlier
    while reached < slot:
        following = next_moment(rule, FIRST, at, zone, reached)
        assert following is not None
        reached = following
    assert reached == slot


@settings(deadline=None)
@given(moments(), times, zones)
def test_every_day_has_exactly_one_slot(after: datetime, at: time, zone: str) -> None:
    """Whatever the clocks do, but for a day that a zone left out, as Samoa did."""
    moment, days = after, []
    first = max(FIRST, after.date() - timedelta(days=7))  # a rule is counted through from there
    for _ in range(5):
        following = next_moment("daily", first, at, zone, moment)
        assert following is not None
        days.append(following)
        moment = following
    steps = [later - earlier for earlier, later in pairwise(days)]
    assert all(timedelta(hours=22) <= step <= timedelta(hours=26) for step in steps)


def test_month_ends() -> None:
    days = slots("month-end", "Europe/Moscow", "2028-01-15T00:00", 4)
    assert [day[:10] for day in days] == ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]
    days = slots("FREQ=MONTHLY;BYMONTHDAY=31", "Europe/Moscow", "2026-01-31T12:00", 2)
    assert [day[:10] for day in days] == ["2026-03-31", "2026-05-31"]


def test_an_hour_that_the_clocks_skip_moves_on_by_the_gap() -> None:
    (slot,) = slots("daily", "Europe/Berlin", "2026-03-28T12:00", 1, time(2, 30))
    assert slot == "2026-03-29T03:30:00+02:00"


def test_an_hour_that_comes_twice_is_used_once() -> None:
    found = slots("daily", "Europe/Berlin", "2026-10-24T12:00", 2, time(2, 30))
    assert found == ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"]


def test_the_same_rule_is_another_moment_from_kaliningrad_to_kamchatka() -> None:
    after = datetime(2026, 9, 15, tzinfo=UTC)
    west = next_moment("weekly", FIRST, time(10), "Europe/Kaliningrad", after)
    east = next_moment("weekly", FIRST, time(10), "Asia/Kamchatka", after)
    assert west is not None
    assert east is not None
    assert west - east == timedelta(hours=10)


def test_a_rule_may_come_to_its_end() -> None:
    rule = "FREQ=DAILY;UNTIL=20260910"
    late = datetime(2026, 9, 11, tzinfo=UTC)
    assert next_moment(rule, date(2026, 9, 1), time(10), "UTC", late) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sometimes",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=3",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=DAILY\nRRULE:FREQ=WEEKLY",
        "DTSTART:20200101T000000\nRRULE:FREQ=DAILY",
        "FREQ=MONTHLY;BYMONTHDAY=" + ",".join(["1"] * 100),
    ],
)
def test_what_is_no_recurrence_is_refused(text: str) -> None:
    with pytest.raises(RecurrenceInvalid, match="not a recurrence"):
        parse_rule(text, FIRST)
