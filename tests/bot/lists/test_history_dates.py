"""Dates are read in one way only, or not at all."""

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.lists.history_dates import (
    DateCell,
    Dates,
    FormatInvalid,
    read_dates,
    stated_formats,
)

DAYS = st.dates(date(2001, 1, 1), date(2026, 12, 31))


def _read(texts: Iterable[str], *formats: str, months: Iterable[int | None] = ()) -> Dates:
    said = dict(enumerate(months))
    cells = [DateCell(line, text, said.get(line)) for line, text in enumerate(texts)]
    return read_dates(cells, stated_formats(formats))


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
    assert "--date-format" in str(problem.message)


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
    "text", ["", "soon", "31.02.2021", "1/13/13/21", "32.1.2021", "3.9/2021", "2021", "0021-01-01"]
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


def test_a_time_is_kept_with_its_offset() -> None:
    found = _days(["2021-09-03T14:05:00Z", "03.09.2021 9:07", "2021-09-03 14:05:06+0300"])
    assert found == [
        "2021-09-03T14:05:00+00:00",
        "2021-09-03T09:07:00",
        "2021-09-03T14:05:06+03:00",
    ]


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
