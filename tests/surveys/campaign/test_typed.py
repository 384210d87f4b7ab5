"""Days and hours as people type them, and what is no day and no hour."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.campaign.typed import TypedMoment, read_hours, read_moment

NOW = datetime(2026, 9, 15, 12, 30, tzinfo=UTC)  # a Tuesday, as the company's clock shows it
USUAL = time(10)


@pytest.mark.parametrize(
    ("text", "day", "at"),
    [
        ("завтра 10:00", (9, 16), time(10)),
        ("завтра в 10", (9, 16), time(10)),
        ("Завтра, в 9:30", (9, 16), time(9, 30)),
        ("послезавтра", (9, 17), USUAL),
        ("сегодня 18:00", (9, 15), time(18)),
        ("в пятницу в 9", (9, 18), time(9)),
        ("во вторник", (9, 22), USUAL),
        ("в среду 11 часов", (9, 16), time(11)),
        ("16.09 9:30", (9, 16), time(9, 30)),
        ("16.09.2026 в 9", (9, 16), time(9)),
        ("20 сентября 10:00", (9, 20), time(10)),
        ("1 октября", (10, 1), USUAL),
        ("2026-09-20 10:00", (9, 20), time(10)),
        ("18:00", (9, 15), time(18)),
        ("9:00", (9, 16), time(9)),
        ("в 11", (9, 16), time(11)),
        ("tomorrow at 10", (9, 16), time(10)),
        ("Friday 9am", (9, 18), time(9)),
        ("Sep 20 3 pm", (9, 20), time(15)),
        ("20 September", (9, 20), USUAL),
    ],
)
def test_a_moment_is_read(text: str, day: tuple[int, int], at: time) -> None:
    assert read_moment(text, NOW, USUAL) == TypedMoment(date(2026, *day), at)


def test_a_day_that_is_over_this_year_is_next_years() -> None:
    assert read_moment("1 марта 10:00", NOW, USUAL) == TypedMoment(date(2027, 3, 1), time(10))


@pytest.mark.parametrize(
    "text",
    ["", "когда-нибудь", "завтра вечером", "31.02", "25:00", "завтра 25", "10:00 завтра или", "в"],
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert read_moment(text, NOW, USUAL) is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("с 10 до 18", (10, 18)),
        ("10-18", (10, 18)),
        ("10:00–18:00", (10, 18)),
        ("from 9 to 12", (9, 12)),
        ("18-10", None),
        ("10", None),
        ("с утра", None),
        ("10-25", None),
    ],
)
def test_hours_are_read(text: str, hours: tuple[int, int] | None) -> None:
    assert read_hours(text) == hours


@given(st.text(max_size=40))
def test_anything_may_be_typed(text: str) -> None:
    read_moment(text, NOW, USUAL)
    read_hours(text)
