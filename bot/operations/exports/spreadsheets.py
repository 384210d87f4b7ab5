"""XLSX and CSV, written row by row: no more than a batch of rows is held."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from math import ceil
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.operations.exports.cells import as_written, local, safe
from bot.operations.exports.tables import ExportTable, TableRow
from surveys.messages import Language
from templates.digest.workbook.tables import InPercent, OfMoney, OfMonth, PlainCell, PlainTable
from templates.texts import Texts

MOST_ROWS: Final = 1_048_575
"""How many rows fit below the headings of a sheet."""
MOST_LETTERS: Final = 32_767
"""How many letters (UTF-16 units) fit in a cell."""
_WIDTHS: Final = {"text": 20, "integer": 12, "number": 12, "moment": 18, "day": 12, "flag": 8}
_NARROWEST, _WIDEST = 8, 60
_LINE, _HIGHEST = 15, 409
"""A line's height in points, and the greatest that a row can have."""
_FIGURES: Final = "0.0##"
"""How unrounded figures are shown; the cell holds all of their digits."""
_SHAPES: Final[Mapping[type, str]] = {
    InPercent: "0.0##%",
    OfMoney: "#,##0.00",
    float: _FIGURES,
    int: "0",
}
"""How numbers are shown, by the kind of cell: the first that it is."""
_A4: Final = 9
_NOTE: Final = 90
"""How many letters a line of a note has at least."""
_READABLE: Final = 200
"""How many letters in a line of a page that lies down can still be read."""
_MOMENTS: Final = {"ru": "dd.mm.yyyy hh:mm:ss", "en": "yyyy-mm-dd hh:mm:ss"}
_MONTHS: Final = {"ru": "mm.yyyy", "en": "yyyy-mm"}
_DAYS: Final = {"ru": "dd.mm.yyyy", "en": "yyyy-mm-dd"}


async def write_csv(path: Path, table: ExportTable, zone: ZoneInfo, language: Language) -> int:
    """Write a table as CSV and return how many rows it has.

    A Russian Excel splits lines at semicolons, and takes UTF-8 for it only by its mark.
    """
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";" if language == "ru" else ",")
        writer.writerow([safe(column.name) for column in table.columns])
        async for batch in table.batches:
            writer.writerows([as_written(cell, zone, language) for cell in row] for row in batch)
            count += len(batch)
    return count


async def write_xlsx(
    path: Path, tables: Sequence[ExportTable], zone: ZoneInfo, texts: Texts
) -> int:
    """Write tables as sheets of a workbook and return how many rows the first has.

    The last sheet says what each column means. A text is written as a text, whatever it begins
    with.
    """
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheets = _Sheets(book, zone, texts.language)
        counts = [await sheets.add(table) for table in tables]
        sheets.explain(texts, tables)
    return counts[0]


def book(sheets: Sequence[PlainTable], language: Language) -> bytes:
    """Return tables of finished cells as a workbook; a printed one is as wide as its page."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as made:
        bold = made.add_format({"bold": True})
        long = made.add_format({"text_wrap": True, "valign": "top"})
        right = made.add_format({"bold": True, "align": "right"})
        shapes = {
            kind: made.add_format({"num_format": shape, "valign": "top"})
            for kind, shape in {**_SHAPES, **_dated(language)}.items()
        }
        for one in sheets:
            words = [
                [row[place] for row in one.rows if isinstance(row[place], str)]
                for place in range(len(one.headings))
            ]
            headed = [*zip(one.headings, words, strict=True)]
            widths = [_width([heading, *said]) for heading, said in headed]
            sheet = _sheet(made, one.name, widths)
            for place, (heading, said) in enumerate(headed):
                sheet.write_string(0, place, heading, bold if said or not one.rows else right)
            for number, row in enumerate(one.rows, start=1):
                if (lines := _lines(row, widths)) > 1:
                    sheet.set_row(number, min(_LINE * lines, _HIGHEST))
                for place, cell in enumerate(row):
                    match cell:
                        case None:
                            continue
                        case str():
                            sheet.write_string(number, place, shortened(cell), long)
                        case datetime():
                            clock = cell.replace(tzinfo=None)
                            sheet.write_datetime(number, place, clock, shapes[datetime])
                        case date():
                            sheet.write_datetime(number, place, cell, shapes[type(cell)])
                        case _:
                            kind = next(one for one in _SHAPES if isinstance(cell, one))
                            sheet.write_number(number, place, cell, shapes[kind])
            _note(sheet, one, widths, long)
    return content.getvalue()


def _dated(language: Language) -> dict[type, str]:
    """Return how days, months and moments are shown."""
    return {date: _DAYS[language], OfMonth: _MONTHS[language], datetime: _MOMENTS[language]}


def _note(sheet: Worksheet, one: PlainTable, widths: Sequence[int], form: Format) -> None:
    """Write a table's notes below it, across columns that are together wide enough to read."""
    first = len(one.rows) + (2 if one.rows else 1)
    last, wide = 0, widths[0]
    while wide < _NOTE or last == 0:
        last += 1
        wide += widths[last] if last < len(widths) else _NARROWEST
    for number, note in enumerate(one.notes, start=first):
        sheet.merge_range(number, 0, number, last, "", form)
        sheet.write_string(number, 0, shortened(note), form)
        if (lines := _lines([note], [wide])) > 1:
            sheet.set_row(number, min(_LINE * lines, _HIGHEST))


def _sheet(book: xlsxwriter.Workbook, name: str, widths: Sequence[int]) -> Worksheet:
    """Begin a sheet whose headings stay in sight, on paper too.

    Printed pages lie down and are as wide as all columns. Where that would be too small to read,
    there are several side by side, each with the first column.
    """
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    across = ceil(sum(widths) / _READABLE)
    sheet.fit_to_pages(max(across, 1), 0)
    if across > 1:
        sheet.repeat_columns(0)
    return sheet


def _width(words: Iterable[PlainCell]) -> int:
    """Return how wide a column is to be; a long text goes on in the next line of its cell."""
    return min(max(_NARROWEST, *(len(str(one)) for one in words)) + 2, _WIDEST)


def _lines(row: Sequence[PlainCell], widths: Sequence[int]) -> int:
    """Return how many lines a row needs: LibreOffice writes over its neighbours otherwise."""
    texts = (
        (cell, width) for cell, width in zip(row, widths, strict=True) if isinstance(cell, str)
    )
    needed = (sum(ceil(len(part) / width) for part in text.split("\n")) for text, width in texts)
    return max(needed, default=1)


class _Sheets:
    """The sheets of a workbook, one after the other."""

    def __init__(self, book: xlsxwriter.Workbook, zone: ZoneInfo, language: Language) -> None:
        self._book = book
        self._zone = zone
        self._bold: Format = book.add_format({"bold": True})
        self._moment: Format = book.add_format({"num_format": _MOMENTS[language]})
        self._day: Format = book.add_format({"num_format": _DAYS[language]})

    async def add(self, table: ExportTable) -> int:
        """Write a table; what one sheet cannot hold goes on in the next."""
        count, sheets = 0, 0
        sheet: Worksheet | None = None
        async for batch in table.batches:
            for row in batch:
                if sheet is None or count % MOST_ROWS == 0:
                    sheets += 1
                    sheet = self._begin(table, sheets)
                self._write(sheet, count % MOST_ROWS + 1, row)
                count += 1
        if sheet is None:
            self._begin(table, 1)
        return count

    def _begin(self, table: ExportTable, number: int) -> Worksheet:
        name = table.name if number == 1 else f"{table.name} {number}"
        sheet = _sheet(self._book, name, [_WIDTHS[column.kind] for column in table.columns])
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, shortened(column.name), self._bold)
        return sheet

    def _write(self, sheet: Worksheet, number: int, row: TableRow) -> None:
        for place, cell in enumerate(row):
            match cell:
                case None | "":
                    continue
                case str():
                    sheet.write_string(number, place, shortened(cell))
                case datetime():
                    sheet.write_datetime(number, place, local(cell, self._zone), self._moment)
                case date():
                    sheet.write_datetime(number, place, cell, self._day)
                case _:
                    sheet.write_number(
                        number, place, int(cell) if cell is True or cell is False else cell
                    )

    def explain(self, texts: Texts, tables: Iterable[ExportTable]) -> None:
        """Write what each column means, and the labels of its codes."""
        headings = (texts("table"), texts("column"), texts("meaning"), texts("codes"))
        sheet = _sheet(self._book, texts("columns"), (12, 30, 60, 60))
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, self._bold)
        lines = ((table.name, column) for table in tables for column in table.columns)
        for number, (name, column) in enumerate(lines, start=1):
            codes = "\n".join(f"{code} = {label}" for code, label in column.labels.items())
            self._write(sheet, number, (name, column.name, column.says, codes))


def shortened(text: str) -> str:
    """Return a text as a cell can hold it; what does not fit becomes "…"."""
    if len(text) <= MOST_LETTERS // 2 or len(text.encode("utf-16-le")) // 2 <= MOST_LETTERS:
        return text
    return text.encode("utf-16-le")[: 2 * (MOST_LETTERS - 1)].decode("utf-16-le", "ignore") + "…"
