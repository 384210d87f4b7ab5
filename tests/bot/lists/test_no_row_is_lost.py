"""Whatever a list looks like: each of its rows is taken, refused or left out by its line."""

import csv
import io
from dataclasses import dataclass

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import Refused
from bot.operations.history.answers import History, lines_of, read_history
from bot.operations.history.plan import plan_from
from bot.operations.history.refusals import RowsRefused
from bot.operations.lists.file_parts import Batch, Head, ListOptions
from bot.operations.lists.people_file import read_list
from bot.operations.lists.words import FileNotRead
from bot.operations.tables.csv_tables import csv_rows
from bot.operations.tables.refusals import FileRefusal, FileRefused

NAMES = st.sampled_from(
    ["Анна Попова", "Пётр Ёлкин", "О'Нил", "ИРА ЖУК", "Bob", "Лев «Первый»", 'Иван "Ваня" Г.']
)
WORDS = st.sampled_from(
    ["", "Берег", "Луч; и Ко", "a, b", "две\nстроки", 'ООО "Лес"', '"', '""', "'", "1;2;3", " x "]
)
BREAKS = ["\r\n", "\n"]
HEADINGS = ("id", "имя", "компания", "сегмент", "Цвет")
ABOVE: st.SearchStrategy[list[list[str]]] = st.sampled_from(
    [[], [["Список контактов"]], [["Отчёт, октябрь"], []], [["", "Итог: 5"]]]
)
BELOW: st.SearchStrategy[list[list[str]]] = st.sampled_from(
    [[], [[]], [["", "", "Итого"]], [["Всего: 3"]]]
)


@dataclass(frozen=True)
class List:
    headings: list[str]
    rows: list[list[str]]
    above: list[list[str]]
    below: list[list[str]]

    @property
    def table(self) -> list[list[str]]:
        return [*self.above, self.headings, *self.rows, *self.below]


@st.composite
def lists(draw: st.DrawFn) -> List:
    order = draw(st.permutations(range(len(HEADINGS))))
    count = draw(st.integers(0, 8))
    people = [
        [f"C{number}", draw(NAMES), draw(WORDS), draw(WORDS), draw(WORDS)]
        for number in range(count)
    ]
    return List(
        [HEADINGS[place] for place in order],
        [[row[place] for place in order] for row in people],
        draw(ABOVE),
        draw(BELOW),
    )


def of(content: bytes, encoding: str = "") -> tuple[Head, set[int], list[str]]:
    """Return what a list is, the lines that are accounted for, and the ids that are taken."""
    head, lines, ids = None, [], []
    for part in read_list(content, ListOptions(encoding=encoding)):
        if isinstance(part, Head):
            head = part
            continue
        assert isinstance(part, Batch)
        lines += [row.line for row in part.rows]
        lines += [one.line for one in [*part.problems, *part.left_out]]
        ids += [row.external_id for row in part.rows]
    assert head is not None
    assert len(lines) == len(set(lines))
    return head, set(lines), ids


def told(found: List, head: Head, lines: set[int], ids: list[str]) -> None:
    said_above = sum(1 for row in found.above if any(row))
    assert head.headings == found.headings
    assert len(head.above) == said_above
    assert ids == [f"C{number}" for number in range(len(found.rows))]
    assert len(lines) == len(found.rows) + sum(1 for row in found.below if any(row))


def _read(content: bytes, encoding: str) -> tuple[Head, set[int], list[str]]:
    """Read a file; one with too few words to tell its code page by is refused until it is said."""
    try:
        return of(content)
    except FileRefused as refused:
        if refused.code is not FileRefusal.ENCODING or encoding != "cp1251":
            raise
    return of(content, encoding)


@given(
    lists(),
    st.sampled_from(";,\t"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1251"]),
    st.sampled_from(BREAKS),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_every_row_of_a_csv_is_accounted_for(
    found: List, delimiter: str, encoding: str, end: str, quoting: int
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type] # one of the constants above
    writer.writerows(found.table)
    content = text.getvalue().encode(encoding)
    told(found, *_read(content, encoding))


CELLS = st.text(alphabet='ab "\r\n;', max_size=6)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=30), st.sampled_from(BREAKS))
def test_each_row_of_a_csv_has_the_line_on_which_it_begins(
    table: list[list[str]], end: str
) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator=end, quoting=csv.QUOTE_ALL).writerows(table)
    reader = csv.reader(io.StringIO(text.getvalue(), newline=""), delimiter=";")
    begins, line = list[int](), 1
    for _ in reader:
        begins.append(line)
        line = reader.line_num + 1
    try:
        portions = list(csv_rows(text.getvalue().encode(), "utf-8", 0, None))
    except FileRefused:
        return  # it looks as if a mark swallowed rows
    assert [line for some in portions for line in some.lines] == begins


@given(lists())
def test_every_row_of_a_workbook_is_accounted_for_under_its_number(found: List) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(found.table):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    head, lines, ids = of(content.getvalue())
    told(found, head, lines, ids)
    top = len(found.above) + 1
    assert set(range(top + 1, top + 1 + len(found.rows))) <= lines


@given(lists(), st.data())
def test_a_quotation_mark_put_anywhere_loses_no_row_in_silence(
    found: List, data: st.DataObject
) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(found.table)
    whole = text.getvalue()
    place = data.draw(st.integers(0, len(whole)))
    try:
        head, lines, ids = of(f'{whole[:place]}"{whole[place:]}'.encode())
    except FileRefused:
        return
    if head.lacks:
        return  # a mark within a heading: it is asked for
    everybody = {f"C{number}" for number in range(len(found.rows))}
    missing = everybody - set(ids)
    assert len(missing) <= 1  # a mark within an id makes another one of it
    assert len(lines) >= len(found.rows)


SCORES = st.sampled_from(["0", "10", "9/10", "8 из 10", "", "N/A", "11", "девять", "7.0"])
DAYS = st.sampled_from(
    ["2026-03-01", "01.03.2026 9:05", "", "0000-00-00", "когда-то", "31.02.2026"]
)


@given(
    st.lists(st.tuples(SCORES, DAYS, WORDS), min_size=1, max_size=8),
    st.permutations(range(3)),
    ABOVE,
    BELOW,
    st.sampled_from(";,\t"),
    st.sampled_from(["utf-8", "utf-16", "cp1251"]),
)
@example([("", "", "")], [0, 1, 2], [], [], ";", "utf-8")
def test_every_past_answer_is_taken_or_named_by_its_line(
    said: list[tuple[str, ...]],
    order: list[int],
    above: list[list[str]],
    below: list[list[str]],
    delimiter: str,
    encoding: str,
) -> None:
    rows = [("Оценка", "Дата", "Комментарий"), *said]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerows([*above, *([row[place] for place in order] for row in rows), *below])
    expected = sum(1 for row in [*said, *below] if any(cell.strip() for cell in row))
    content = text.getvalue().encode(encoding)
    if not expected:
        with pytest.raises(Refused):
            _read_past(content)
        return
    taken, refused = _past(content, expected)
    assert not refused & taken
    assert len(taken | refused) == expected


def _read_past(content: bytes) -> History:
    return read_history(content, plan_from({"skip_refused": True}, None))


def _past(content: bytes, expected: int) -> tuple[set[int], set[int]]:
    """Return the lines that are taken and those that are refused."""
    try:
        found = _read_past(content)
    except RowsRefused as refused:
        return set(), lines_of(refused.problems)
    except FileNotRead:
        return set(), set(range(expected))
    taken = {row.line for row in found.rows}
    assert len(taken) == len(found.rows)
    return taken, lines_of(found.refused)
