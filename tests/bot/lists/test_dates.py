"""Dates are read in one way only, or not at all."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.tables import date_cells
from bot.operations.tables.date_cells import FormatInvalid, split, stated_formats
from bot.operations.tables.dates import (
    DateCell,
    Dates,
    day_of,
    is_future,
    moment_of,
    read_dates,
)

MOSCOW = "Europe/Moscow"
DAYS = st.dates(date(2001, 1, 1), date(2026, 12, 31))


def _read(
    texts: Iterable[str], *formats: str, months: Iterable[int | None] = (), zone: str | None = None
) -> Dates:
    said = dict(enumerate(months))
    cells = [DateCell(line, text, said.get(line)) for line, text in enumerate(texts)]
    return read_dates(cells, stated_formats(formats), zone)


def _days(texts: Iterable[str], *formats: str) -> list[str]:
    found = _read(texts, *formats)
    assert not found.problems
    return [text for _, text in sorted(found.found.items())]


def test_what_can_be_meant_in_one_way_is_read() -> None:
    assert _days(["2021-09-03", "03.09.2021", "3.9.21"]) == ["2021-09-03"] * 3


def test_one_date_that_fits_a_single_order_settles_all_of_its_form() -> None:
    assert _days(["3/9/2021", "25/12/2021"]) == ["2021-09-03", "2021-12-25"]
    assert _days(["3/9/2021", "12/25/2021"]) == ["2021-03-09", "2021-12-25"]


def test_one_form_says_nothing_about_another() -> None:
    found = _read(["25/12/2021", "3/9/21", "4/9/21"])
    (problem,) = found.problems
    assert problem.lines == (1, 2)
    assert "D/M/YY" in str(problem.message)
    assert "M/D/YY" in str(problem.message)
    assert "--date-format M/D/YY" in str(problem.advice)


def test_the_month_beside_it_settles_a_form_only_where_it_agrees_with_every_row() -> None:
    texts = ["3/9/21", "4/10/21", "5/5/21"]
    assert _read(texts, months=[9, 10, 5]).found[0] == "2021-09-03"
    assert _read(texts, months=[3, 4, 5]).found[0] == "2021-03-09"
    for months in ([9, 4, 5], [9, None, 5], [1, 2, 3]):
        assert _read(texts, months=months).problems


def test_a_form_that_is_the_same_either_way_is_read() -> None:
    assert _days(["5/5/21", "7-7-2021"]) == ["2021-05-05", "2021-07-07"]


def test_contradicting_orders_are_named_with_the_lines_that_show_it() -> None:
    (problem,) = _read(["25/12/2021", "12/25/2021", "1/2/2021"]).problems
    assert problem.lines == (0, 1)


def test_a_stated_format_holds_and_what_does_not_fit_it_is_named() -> None:
    found = _read(["3/9/21", "12/25/21"], "D/M/YY")
    assert found.found == {0: "2021-09-03"}
    assert found.problems[0].lines == (1,)
    assert _days(["03/09/21", "3/9/2021"], "%m/%d/%y", "D/M/YYYY") == ["2021-03-09", "2021-09-03"]
    assert _days(["3/9/21", "3/9/2021"], "M/D/Y") == ["2021-03-09"] * 2
    assert _days(["21-09-03"], "YY-MM-DD") == ["2021-09-03"]


@pytest.mark.parametrize(
    "text", ["soon", "31.02.2021", "1/13/13/21", "32.1.2021", "3.9/2021", "2021", "0021-01-01"]
)
def test_what_is_no_date_is_named(text: str) -> None:
    found = _read([text, "2021-01-01"])
    assert found.found == {1: "2021-01-01"}
    assert found.problems[0].lines == (0,)


@pytest.mark.parametrize("text", ["D/D/YY", "DD/MM", "d.m", "YYYYY-MM-DD", "M/Y/D", ""])
def test_what_is_no_format_is_refused(text: str) -> None:
    with pytest.raises(FormatInvalid):
        stated_formats([text])
    with pytest.raises(FormatInvalid):
        stated_formats(["D/M/YY", "M/D/YY"])


TIMES = {
    "2021-09-03T14:05:00Z": "2021-09-03T14:05:00+00:00",
    "03.09.2021 9:07": "2021-09-03T09:07:00",
    "03.09.2021 0:00": "2021-09-03T00:00:00",
    "2021-09-03 14:05:06+0300": "2021-09-03T14:05:06+03:00",
    "03/14/2025 11:02:33 PM": "2025-03-14T23:02:33",
    "03/15/2025 12:02 AM": "2025-03-15T00:02:00",
    "03/15/2025 12:02 p.m.": "2025-03-15T12:02:00",
    "2025/03/04 11:02:33 AM GMT+3": "2025-03-04T11:02:33+03:00",
    "2025/03/05 1:15:00\u202fPM GMT+5:30": "2025-03-05T13:15:00+05:30",
    "12/15/2025 10:18:29 GMT+7": "2025-12-15T10:18:29+07:00",
    "2025-03-04 20:30:00 UTC": "2025-03-04T20:30:00+00:00",
    "2025-03-04 20:30:00 МСК": "2025-03-04T20:30:00+03:00",
    "16-Apr-2020": "2020-04-16",
    "16 апреля 2020 г.": "2020-04-16",
    "4 марта 2025": "2025-03-04",
    "Sept 4, 2025, 9:05": "2025-09-04T09:05:00",
    "Tue Mar 04 2025": "2025-03-04",
    "Tue Mar 04 2025 11:02:33 GMT+0300 (Moscow Standard Time)": "2025-03-04T11:02:33+03:00",
    "'2025-03-04 11:02:33.123": "2025-03-04T11:02:33.123000",
}


@pytest.mark.parametrize("text", TIMES)
def test_times_and_months_are_read_as_tools_write_them(text: str) -> None:
    assert _days([text]) == [TIMES[text]]


@pytest.mark.parametrize(
    "text",
    ["03.09.2021 25:00", "03.09.2021 13:05 PM", "03.09.2021 9:5", "03.09.2021 9:05 (PST)",
     "03.09.2021 9:05 PST", "4 mars-ish 2025", "4 мартобря 2025", "04.03.2025 11:02:33 GMT+3:5"],
)  # fmt: skip
def test_a_time_that_is_none_or_of_an_unknown_zone_is_named(text: str) -> None:
    (problem,) = _read([text]).problems
    assert "--date-format 'DD.MM.YYYY HH:mm'" in str(problem.advice)


def test_times_of_a_named_zone_keep_its_summer_time() -> None:
    found = _read(["2025-01-04 20:30", "2025-07-04 20:30"], zone="America/New_York").found
    assert list(found.values()) == ["2025-01-04T20:30:00-05:00", "2025-07-04T20:30:00-04:00"]


def test_a_column_said_to_be_utc_is_utc_where_nothing_else_stands() -> None:
    texts = ["2025-03-04 20:30:00", "2025-03-04T20:30:00+03:00", "2025-03-04"]
    found = [text for _, text in sorted(_read(texts, zone="UTC").found.items())]
    assert found == ["2025-03-04T20:30:00+00:00", "2025-03-04T20:30:00+03:00", "2025-03-04"]


@pytest.mark.parametrize(
    "stated",
    ["D/M/YYYY H:mm", "dd/mm/yyyy hh:mm:ss", "DD/MM/YYYY HH:mm:ss", "%d/%m/%Y %H:%M:%S",
     "DD/MM/YYYY hh:mm A", "%d/%m/%Y %I:%M %p", "D/M/Y h:mm am/pm", "DD/MM/YYYYTHH:mm:ssZ"],
)  # fmt: skip
def test_a_stated_format_may_have_a_time(stated: str) -> None:
    assert _days(["3/9/2021 14:05"], stated) == ["2021-09-03T14:05:00"]


def test_forms_that_are_read_only_where_they_are_stated() -> None:
    assert _read(["20210903", "1630677900"]).problems
    assert _days(["20210903"], "YYYYMMDD") == ["2021-09-03"]
    assert _days(["1630677900"], "unix") == ["2021-09-03T14:05:00+00:00"]
    assert _days(["3 Sep 2021"], "D MMM YYYY") == ["2021-09-03"]


def test_a_cell_that_stands_for_no_date_is_no_date_and_no_mistake() -> None:
    texts = ["", "0000-00-00", "00.00.0000 00:00:00", "1980-01-01 00:00:00", "01.01.1980 0:00"]
    found = _read([*texts, "1980-01-02", "1980-01-01 10:00"])
    assert found.unknown == (0, 1, 2, 3, 4)
    assert sorted(found.found) == [5, 6]
    assert not found.problems


def test_a_spreadsheets_number_of_a_day_is_named_as_that() -> None:
    assert "spreadsheet" in str(_read(["45720"]).problems[0].message)


def test_days_are_those_of_the_companys_zone() -> None:
    assert day_of("2025-12-31T21:30:00+00:00", MOSCOW) == date(2026, 1, 1)
    assert day_of("2026-09-01T00:00:00", MOSCOW) == date(2026, 9, 1)
    assert day_of("2026-09-01", MOSCOW) == date(2026, 9, 1)
    assert moment_of("2026-09-01", MOSCOW) == datetime(2026, 9, 1, 9, tzinfo=UTC)


def test_today_is_no_future_however_early_it_is() -> None:
    now = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)
    assert not is_future("2026-09-01", MOSCOW, now)
    assert is_future("2026-09-02", MOSCOW, now)
    assert is_future("2026-09-01T08:00:00", MOSCOW, now)
    assert not is_future("2026-09-02", MOSCOW, datetime(2026, 9, 1, 21, 30, tzinfo=UTC))


@given(st.lists(DAYS, min_size=1, max_size=20), st.sampled_from(["%d/%m/%Y", "%m-%d-%y"]))
def test_a_date_is_read_as_it_was_meant_or_not_at_all(days: list[date], form: str) -> None:
    found = _read([day.strftime(form) for day in days])
    for line, text in found.found.items():
        assert text == days[line].isoformat()
    assert bool(found.found) is not bool(found.problems)


@given(st.lists(DAYS, min_size=1, max_size=20))
def test_a_column_of_months_never_misleads(days: list[date]) -> None:
    texts = [day.strftime("%m/%d/%y") for day in days]
    found = _read(texts, months=[day.month for day in days])
    assert [found.found.get(line, days[line].isoformat()) for line in range(len(days))] == [
        day.isoformat() for day in days
    ]


@pytest.mark.parametrize("formats", [(), ("YY-MM-DD", "YYYYMMDD")])
def test_what_a_column_said_before_changes_no_cell(formats: tuple[str, ...]) -> None:
    days = [
        *("2021-03-09", "09.03.2021", "9/3/21", "1980-01-01", "0000-00-00", "00.00.0000"),
        *("2021-99-99", "9 мая 2021", "March 9 2021", "20210309", "2021-3-9-9", ""),
    ]
    times = [
        *(" 12:30", "T12:30:05Z", " 1:05 PM", " 12:30 UTC", " 25:00", " x", ""),
        *(" 00:00", " 00:00:00"),
    ]
    stated = stated_formats(formats)
    cells = [day + time for time in times for day in days]
    for column in (cells, cells[::-1], cells * 2):
        of_column = date_cells.splitting(stated)
        for cell in column:
            alone = None if date_cells.is_unknown(cell) else split(cell, stated)
            expected = None if alone is None else ((alone[0], alone[1].numbers), alone[1].time)
            assert of_column(cell) == expected
