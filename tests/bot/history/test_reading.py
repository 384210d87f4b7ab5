"""How a file of past answers is read: titles, options, refusals; and that no row is lost."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refused
from bot.operations.history import sheet
from bot.operations.history.answers import History, lines_of, read_history
from bot.operations.history.plan import plan_from
from bot.operations.history.preview import samples, warnings
from bot.operations.lists.likely import likely
from bot.operations.tables import tables
from tests.bot.history.exports import book, table

MOSCOW = "Europe/Moscow"


def _read(content: bytes, text: str | None = None, **options: Any) -> History:
    return read_history(content, plan_from(options, text))


def _refused(content: bytes, **options: Any) -> str:
    with pytest.raises(Refused) as refused:
        _read(content, **options)
    return str(refused.value)


def _dates(history: History) -> list[str]:
    return [row.date for row in history.rows]


@pytest.mark.parametrize("made", [table, book])
def test_a_title_above_the_headings_is_left_out_and_said(
    made: Callable[[Sequence[Sequence[str]]], bytes],
) -> None:
    rows = [["Ответы за март", ""], [], ["Клиент", "Оценка", "Когда"], ["C1", "9", "2025-03-04"]]
    for options in ({}, {"score": "Оценка", "date": "когда", "customer": "клиент"}):
        found = _read(made(rows), **options)
        assert [(row.line, row.score) for row in found.rows] == [(4, 9)]
        assert list(found.sheet.above) == ["Ответы за март"]


def test_lines_above_headings_that_nobody_knows_are_skipped_as_stated() -> None:
    rows = [["a", "b"], ["c", "d"], ["a", "b"], ["9", "2025-03-04"]]
    found = _read(table(rows), score="a", date="b", skip_lines=2)
    assert [(row.line, row.score) for row in found.rows] == [(4, 9)]


def test_a_quotation_mark_that_does_not_close_is_named() -> None:
    content = 'id;date;score;comment\n1;2026-03-01;9;"Всё ок\n2;2026-03-02;3;плохо\n'.encode()
    assert "Line 2 opens a quotation mark" in _refused(content)


def test_an_encoding_is_stated_or_guessed_and_said() -> None:
    content = "Оценка;Дата;Отзыв\n9;04.03.2025;Отлично\n".encode("cp1251")
    found = _read(content, comment="отзыв")
    assert (found.sheet.encoding, found.sheet.is_guess) == ("cp1251", True)
    assert found.rows[0].comment == "Отлично"
    stated = _read(content, comment="отзыв", encoding="cp1251")
    assert not stated.sheet.is_guess


def test_answers_without_a_date_are_of_the_stated_day() -> None:
    content = table([["score", "date"], ["9", ""], ["8", "2025-03-04"], ["7", "0000-00-00"]])
    said = _refused(content)
    assert "line 2: there is no date" in said
    assert "line 4: «0000-00-00» stands for an unknown date" in said
    assert "--on DAY" in said
    found = _read(content, on="05.03.2025")
    assert _dates(found) == ["2025-03-05", "2025-03-04", "2025-03-05"]
    assert found.undated == 2
    assert _dates(_read(b"score\n9\n", on="2025-03-05")) == ["2025-03-05"]
    assert "--on DAY" in _refused(b"score\n9\n")
    for day in ("soon", "03/04/2025", "2025-03-05 10:00"):
        assert "is no day" in _refused(content, on=day) or "two ways" in _refused(content, on=day)


def test_utc_is_stated_or_said_by_the_heading() -> None:
    day = "2025-03-04 22:30:00"
    assert _dates(_read(table([["score", "date"], ["9", day]]))) == ["2025-03-04T22:30:00"]
    in_utc = ["2025-03-04T22:30:00+00:00"]
    assert _dates(_read(table([["score", "date"], ["9", day]]), utc=True)) == in_utc
    for heading in ("date (UTC)", "Дата, UTC"):
        content = table([["score", heading], ["9", day]])
        assert _dates(_read(content, date=heading)) == in_utc
    (sample,) = samples(_read(table([["score", "date"], ["9", day]]), utc=True), MOSCOW)
    assert sample["date"] == "2025-03-05T01:30:00+03:00"


def test_the_forms_of_time_are_read_as_they_come() -> None:
    rows = [["score", "when"], ["9", "03/14/2025 11:02:33 PM"], ["8", "03/15/2025 09:02 AM"]]
    assert _dates(_read(table(rows))) == ["2025-03-14T23:02:33", "2025-03-15T09:02:00"]
    said = _refused(table([["score", "when"], ["9", "11.02 on 4 March"]]))
    assert "--date-format 'DD.MM.YYYY HH:mm'" in said


def test_what_is_refused_is_left_out_only_where_that_is_asked_for() -> None:
    content = table(
        [["score", "date"], ["9", "2025-03-04"], ["N/A", "2025-03-04"], ["8", "soon"], ["", ""]]
    )
    assert "Or take the others with --skip-refused." in _refused(content)
    found = _read(content, skip_refused=True)
    assert [row.line for row in found.rows] == [2]
    assert lines_of(found.refused) == {3, 4}


def test_a_doubt_about_a_whole_column_cannot_be_skipped() -> None:
    content = table([["score", "date"], ["9", "3/4/2025"], ["9", "13/4/25"], ["8", "4/5/2025"]])
    said = _refused(content, skip_refused=True)
    assert "two ways" in said
    assert "--skip-refused" not in said
    assert "--scale" in _refused(
        table([["score", "date"], ["4/5", "2025-03-04"]]), skip_refused=True
    )


def test_a_map_knows_all_that_the_options_know() -> None:
    text = "on: 2025-03-05\nutc: true\nskip_refused: yes\nskip_lines: 1\nencoding: utf-8\n"
    found = _read(b"a title\nscore\n9\nN/A\n", text)
    assert _dates(found) == ["2025-03-05"]
    for wrong in ("utc: maybe\n", "skip_lines: some\n", "skip_lines: -1\n"):
        with pytest.raises(Refused):
            plan_from({}, wrong)


def test_what_may_be_meant_otherwise_is_warned_of() -> None:
    rows = [["score", "date", "from"], *(["9", "2025-03-04", "C1"] for _ in range(10))]
    (several,) = warnings(read_history(table(rows), plan_from({"customer": "from"}, None)))
    assert "--customer" in str(several)
    (whose,) = warnings(read_history(table(rows), plan_from({}, None)))
    assert "--customer" in str(whose)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=12)
ROWS = st.lists(
    st.tuples(
        st.one_of(st.integers(-1, 12).map(str), st.sampled_from(["", "N/A", "9/10", "4/5"]), TEXT),
        st.one_of(
            st.dates().map(str),
            st.dates().map(lambda day: day.strftime("%d.%m.%Y")),
            st.sampled_from(["", "1980-01-01 00:00:00", "3/4/2025", "13/4/2025"]),
            TEXT,
        ),
        TEXT,
    ),
    min_size=1,
    max_size=12,
)


@given(
    rows=ROWS,
    above=st.lists(TEXT, max_size=2),
    order=st.permutations(["score", "date", "comment"]),
    delimiter=st.sampled_from(",;\t"),
    dialect=st.sampled_from(["excel", "unix"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    skip=st.booleans(),
)
def test_every_row_is_taken_or_named(
    rows: Sequence[tuple[str, str, str]],
    above: Sequence[str],
    order: Sequence[str],
    delimiter: str,
    dialect: str,
    encoding: str,
    *,
    skip: bool,
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, dialect, delimiter=delimiter)
    writer.writerows([[line] for line in above])
    writer.writerow(order)
    named = [dict(zip(("score", "date", "comment"), row, strict=True)) for row in rows]
    writer.writerows([[row[name] for name in order] for row in named])
    filled = [row for row in rows if any(" ".join(cell.split()) for cell in row)]
    try:
        found = _read(text.getvalue().encode(encoding), comment="comment", skip_refused=skip)
    except Refused:
        return
    left = lines_of(found.refused)
    assert len(found.rows) + len(left) == len(filled)
    assert not left & {row.line for row in found.rows}
    assert skip or not left


MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2026, 1, 1))  # noqa: DTZ001 - as written


@given(
    st.lists(
        st.tuples(st.integers(0, 10), MOMENTS),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(
        ["%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S UTC", "%Y/%m/%d %I:%M:%S %p", "%d-%b-%Y %H:%M:%S"]
    ),
)
def test_scores_and_moments_are_what_was_written(
    answers: list[tuple[int, Any]], written: str
) -> None:
    rows = [["score", "date"], *([str(score), at.strftime(written)] for score, at in answers)]
    found = _read(table(rows))
    assert [(row.score, row.date[:19]) for row in found.rows] == [
        (score, at.replace(microsecond=0).isoformat()) for score, at in answers
    ]


PLAIN = (
    "customer_id,customer_name,Survey Date,rating,comment,manager_name,segment\n"
    "K1,Анна,2025-03-04,9,быстро,Мария,опт\n"
    "K2,Анна,2025-03-05,4,,Олег,опт\n"
)


def test_plain_headings_are_read_and_a_dash_leaves_a_column_out() -> None:
    found = read_history(PLAIN.encode(), plan_from({}, None))
    assert set(found.sheet.columns) == {
        "score", "date", "customer", "name", "comment", "manager", "segment",
    }  # fmt: skip
    row = found.rows[0]
    assert (row.customer, row.name, row.comment, row.manager) == ("K1", "Анна", "быстро", "Мария")
    without = read_history(PLAIN.encode(), plan_from({"customer": "-", "comment": "-"}, None))
    assert set(without.sheet.columns) == {"score", "date", "manager", "segment"}
    assert {"customer_id", "customer_name", "comment"} <= set(without.sheet.unused)


def test_an_id_goes_before_a_name_and_two_of_a_kind_are_not_chosen_between() -> None:
    content = "Customer,Client ID,Date,Score,Comment,Feedback\nАнна,K1,2025-03-04,9,a,b\n"
    columns = read_history(content.encode(), plan_from({}, None)).sheet.columns
    assert columns["customer"] == "Client ID"
    assert "comment" not in columns


def test_where_nothing_says_whose_answers_these_are_likely_columns_are_named() -> None:
    plan = plan_from({}, None)
    found = read_history(b"Date,Score,Name,E-mail\n2025-03-04,9,Ann,a@b.c\n", plan)
    said = [str(one) for one in warnings(found)]
    assert any("--customer 'Name'" in one for one in said)
    assert any("--customer 'E-mail'" in one for one in said)


def test_columns_that_are_nearly_known_are_named_with_their_options() -> None:
    headings = {
        "Company_ID": "customer", "account_id": "customer", "verbatim_comment": "comment",
        "response_id": "id", "ResponseId": "id", "user id": "customer", "Reason for score":
        "comment", "Код контрагента": "customer", "Номер анкеты": "id", "Почему": "comment",
        "sales_rep": "manager", "Канал": "touchpoint", "region": "segment",
    }  # fmt: skip
    assert {heading: likely(heading) for heading in headings} == headings
    for heading in ("How likely are you to recommend our company to a friend?", "Color", ""):
        assert likely(heading) is None
    content = b"Company_ID,verbatim_comment,response_id,date,score\nA,fine,7,2025-03-04,9\n"
    said = "\n".join(map(str, warnings(read_history(content, plan_from({}, None)))))
    for option in ("--customer 'Company_ID'", "--comment 'verbatim_comment'", "--id 'response_id'"):
        assert option in said
    named = {"customer": "Company_ID", "comment": "verbatim_comment", "id": "response_id"}
    assert warnings(read_history(content, plan_from(named, None))) == []


def test_a_file_may_be_longer_than_a_list_of_people_and_not_longer_than_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [["customer", "date", "score"], *([f"C{n}", "2024-03-31", "9"] for n in range(3))]
    monkeypatch.setattr(tables, "LIST", tables.Most(10_000, 2))
    assert len(_read(table(rows)).rows) == 3
    monkeypatch.setattr(sheet, "HISTORY", tables.Most(10_000, 2))
    assert "2" in _refused(table(rows))
    assert tables.HISTORY.rows == 1_000_000
