from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.errors import PeriodAhead, PeriodInvalid, PeriodsUnlike, ZoneUnknown
from surveys.periods import (
    Unit,
    compared,
    containing,
    last_complete,
    months_until,
    parse_period,
    previous,
    whole_months,
)
from tests.surveys.zones import ZONES, moments

UNITS: tuple[Unit, ...] = ("week", "month", "quarter", "year")
MOSCOW = "Europe/Moscow"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", "2025-12-31T21", "2026-12-31T21"),
        ("2026-Q3", "2026-06-30T21", "2026-09-30T21"),
        (" 2026-q4 ", "2026-09-30T21", "2026-12-31T21"),
        ("2026-09", "2026-08-31T21", "2026-09-30T21"),
        ("2026-12", "2026-11-30T21", "2026-12-31T21"),
        ("2026-W36", "2026-08-30T21", "2026-09-06T21"),
        ("2026-W01", "2025-12-28T21", "2026-01-04T21"),
    ],
)
def test_a_period_is_read_in_the_companys_zone(text: str, start: str, end: str) -> None:
    period = parse_period(text, MOSCOW)
    assert period.key == text.strip().upper()
    assert period.start == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert period.end == datetime.fromisoformat(end).replace(tzinfo=UTC)
    assert period.start.tzinfo is period.end.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26",
        "2026-13",
        "2026-00",
        "2026-Q5",
        "2026-Q0",
        "2025-W53",
        "2026-W00",
        "2026-W54",
        "2026-9",
        "0001",
        "1899",
        "9999",
        "٢٠٢٦",
        "2026-09-01",
        "Q3",
        "last month",
        "2026\x00",
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(PeriodInvalid, match="2026-Q3"):
        parse_period(text, MOSCOW)


@pytest.mark.parametrize(
    "zone", ["Mars/Base", "", "../etc/passwd", "/etc/passwd", "a\x00b", "Europe"]
)
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(ZoneUnknown, match="Europe/Moscow"):
        parse_period("2026", zone)


def test_a_zone_may_be_given_ready() -> None:
    assert parse_period("2026", ZoneInfo(MOSCOW)) == parse_period("2026", MOSCOW)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2026", "2025"),
        ("2026-Q1", "2025-Q4"),
        ("2026-01", "2025-12"),
        ("2026-W01", "2025-W52"),
        ("2021-W01", "2020-W53"),
    ],
)
def test_the_previous_period_is_of_the_same_length(text: str, before: str) -> None:
    assert previous(parse_period(text, MOSCOW), MOSCOW) == parse_period(before, MOSCOW)


def test_the_last_complete_period_is_over() -> None:
    now = datetime(2026, 8, 31, 21, tzinfo=UTC)
    assert last_complete(now, "month", MOSCOW).key == "2026-08"
    assert last_complete(now - timedelta(seconds=1), "month", MOSCOW).key == "2026-07"


def test_the_trend_is_the_months_up_to_the_periods_end() -> None:
    months = months_until(parse_period("2026-Q3", MOSCOW), MOSCOW)
    assert [month.key for month in months][0::11] == ["2025-10", "2026-09"]
    assert len(months) == 12
    assert [month.key for month in months_until(parse_period("2026-02", MOSCOW), MOSCOW, 3)] == [
        "2025-12",
        "2026-01",
        "2026-02",
    ]


@given(moments(), st.sampled_from(UNITS), st.sampled_from(ZONES))
def test_periods_cover_time_without_gap_or_overlap(now: datetime, unit: Unit, zone: str) -> None:
    period = containing(now, unit, zone)
    assert period.start <= now < period.end
    assert parse_period(period.key, zone) == period
    assert previous(period, zone).end == period.start
    assert containing(period.end, unit, zone).start == period.end


@given(moments(), st.sampled_from(UNITS), st.sampled_from(ZONES))
def test_a_period_begins_on_its_first_local_day(now: datetime, unit: Unit, zone: str) -> None:
    first = containing(now, unit, zone).start.astimezone(ZoneInfo(zone)).date()
    assert (
        first
        == {
            "week": date.fromordinal(first.toordinal() - first.weekday()),
            "month": first.replace(day=1),
            "quarter": first.replace(day=1, month=(first.month - 1) // 3 * 3 + 1),
            "year": first.replace(day=1, month=1),
        }[unit]
    )


@pytest.mark.parametrize(
    ("typed", "both"),
    [
        ("", ("2026-09", "2026-08")),
        ("now", ("2026-10", "2026-09")),
        ("Сейчас", ("2026-10", "2026-09")),
        ("now 2025-10", ("2026-10", "2025-10")),
        ("2026-Q3", ("2026-Q3", "2026-Q2")),
        ("2026-к3 2025-q3", ("2026-Q3", "2025-Q3")),
        ("2026 2024", ("2026", "2024")),
        ("2026-W01 2025-W52", ("2026-W01", "2025-W52")),
    ],
)
def test_typed_periods_are_the_one_and_the_one_it_is_compared_with(
    typed: str, both: tuple[str, str]
) -> None:
    now = datetime(2026, 10, 20, tzinfo=UTC)
    assert tuple(one.key for one in compared(typed.split(), now, MOSCOW)) == both


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("soon", PeriodInvalid),
        ("2026-Q3 2026-Q2 2026-Q1", PeriodInvalid),
        ("2026-Q3 x", PeriodInvalid),
        ("2026-11", PeriodAhead),
        ("2027", PeriodAhead),
        ("2026-Q2 2026-Q3", PeriodsUnlike),
        ("2026-Q2 2026-Q2", PeriodsUnlike),
        ("2026-Q3 2025", PeriodsUnlike),
        ("2026-Q3 2026-05", PeriodsUnlike),
    ],
)
def test_periods_that_cannot_be_compared_are_refused(typed: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        compared(typed.split(), datetime(2026, 10, 20, tzinfo=UTC), MOSCOW)


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("2026-Q3", ["2026-07", "2026-08", "2026-09"]),
        ("2026-09", ["2026-09"]),
        ("2026-W36", []),
        ("2026-W40", []),
    ],
)
def test_only_months_that_lie_within_a_period_are_its_whole_months(
    period: str, months: list[str]
) -> None:
    assert whole_months(parse_period(period, MOSCOW), MOSCOW) == months
