"""Of one moment the place in the file tells which answer is the latest."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.operations.history.rows import in_order
from tests.storage.answering.past import past_rows

START = datetime(2025, 3, 1, 9, tzinfo=UTC)
DAYS = st.lists(st.integers(0, 5), max_size=30)


def _lines(days: Sequence[int]) -> list[int]:
    return list(in_order(past_rows({"at": START + timedelta(days=day)} for day in days)).line)


@given(DAYS)
def test_rows_stand_by_time_and_none_is_lost(days: list[int]) -> None:
    lines = _lines(days)
    assert sorted(lines) == list(range(len(days)))
    assert [days[line] for line in lines] == sorted(days)


@given(DAYS)
def test_where_dates_do_not_go_down_the_lower_line_is_later(days: list[int]) -> None:
    assert _lines(sorted(days)) == list(range(len(days)))


@given(DAYS.filter(lambda days: len(set(days)) > 1))
def test_where_dates_go_down_the_higher_line_is_later(days: list[int]) -> None:
    assert _lines(sorted(days, reverse=True)) == list(range(len(days) - 1, -1, -1))


def test_dates_in_no_order_leave_the_file_as_it_is() -> None:
    assert _lines([3, 1, 1, 2, 0, 3]) == [4, 1, 2, 3, 0, 5]
    assert _lines([*range(20, 9, -1), 9, 9, 8, 12]) == [13, 12, 11, 10, 9, 14, 8, *range(7, -1, -1)]
