"""XLSX and CSV, written row by row: no more than a batch of rows is held."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Final, NamedTuple, Self
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.operations.exports.cells import as_written, local, safe
from bot.operations.exports.layout import (
    NARROWEST,
    TextFormats,
    begin,
    fit_height,
    shortened,
    width_of,
)
from bot.operations.exports.tables import ExportTable, TableRow
from surveys.messages import Language
from templates.digest.workbook.tables import (
    InPercent,
    OfMoney,
    OfMonth,
    PlainCell,
    PlainRow,
    PlainTable,
)
from templates.texts import Texts

MOST_ROWS: Final = 1_048_575
"""How many rows fit below the headings of a sheet."""
_WIDTHS: Final = {"text": 20, "integer": 12, "number": 12, "moment": 20, "day": 12, "flag": 8}
_WIDEST_HEADING: Final = 40
_SHAPES: Final[Mapping[type, str]] = {
    InPercent: "0.0##%",
    OfMoney: "#,##0.00",
    float: "0.0##",
    int: "0",
}
"""How numbers are shown, by the kind of cell: the first that it is. The cell holds all digits."""
_NOTE: Final = 90
"""How many letters a line of a note has at least."""
_MOMENTS: Final = {"ru": "dd.mm.yyyy hh:mm:ss", "en": "yyyy-mm-dd hh:mm:ss"}
_MONTHS: Final = {"ru": "mm.yyyy", "en": "yyyy-mm"}
_DAYS: Final = {"ru": "dd.mm.yyyy", "en": "yyyy-mm-dd"}
_HEADING: Final = {"bold": True}


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
        looks = _Looks.of(made, language)
        for one in sheets:
            _write_sheet(made, one, looks)
    return content.getvalue()


class _Looks(NamedTuple):
    """The formats of a workbook: headings of words and of numbers, words, and numbers.

    In a column that also has words, numbers stand on their side: `among_words`.
    """

    headings: TextFormats
    right: Format
    words: TextFormats
    numbers: Mapping[type, Format]
    among_words: Mapping[type, Format]

    @classmethod
    def of(cls, made: xlsxwriter.Workbook, language: Language) -> Self:
        """Add the formats to a workbook."""
        shapes = {**_SHAPES, **_dated(language)}

        def numbers(**aligned: object) -> dict[type, Format]:
            return {
                kind: made.add_format({"num_format": shape, "valign": "top", **aligned})
                for kind, shape in shapes.items()
            }

        return cls(
            TextFormats(made, _HEADING),
            made.add_format({**_HEADING, "align": "right"}),
            TextFormats(made),
            numbers(),
            numbers(align="left", indent=1),
        )


def _write_sheet(made: xlsxwriter.Workbook, one: PlainTable, looks: _Looks) -> None:
    columns = [[row[place] for row in one.rows] for place in range(len(one.headings))]
    mixed = [any(isinstance(cell, str) for cell in column) for column in columns]
    widths = [
        width_of([heading, *map(_shown, column)])
        for heading, column in zip(one.headings, columns, strict=True)
    ]
    sheet = begin(made, one.name, widths)
    for place, heading in enumerate(one.headings):
        is_left = mixed[place] or not one.rows
        form = looks.headings.of(heading, apart=place > 0) if is_left else looks.right
        sheet.write_string(0, place, heading, form)
    formats = [looks.among_words if has_words else looks.numbers for has_words in mixed]
    for number, row in enumerate(one.rows, start=1):
        fit_height(sheet, number, row, widths)
        _write_row(sheet, number, row, looks.words, formats)
    _note(sheet, one, widths, looks.words)


def _write_row(
    sheet: Worksheet,
    number: int,
    row: PlainRow,
    words: TextFormats,
    formats: Sequence[Mapping[type, Format]],
) -> None:
    for place, cell in enumerate(row):
        match cell:
            case None:
                continue
            case str():
                sheet.write_string(number, place, shortened(cell), words.of(cell, apart=place > 0))
            case datetime():
                clock = cell.replace(tzinfo=None)
                sheet.write_datetime(number, place, clock, formats[place][datetime])
            case date():
                sheet.write_datetime(number, place, cell, formats[place][type(cell)])
            case _:
                sheet.write_number(number, place, cell, formats[place][_kind(cell)])


def _kind(cell: float) -> type:
    return next(one for one in _SHAPES if isinstance(cell, one))


def _shown(cell: PlainCell) -> str:
    """Return a cell as long as it is shown: a number that does not fit becomes ###."""
    match cell:
        case None | str():
            return cell or ""
        case OfMoney():
            return f"{cell:,.2f}"
        case InPercent():
            return f"{100 * cell:.3f}%"
        case float():
            return f"{cell:.3f}"
        case datetime():
            return f"{cell:%d.%m.%Y %H:%M:%S}"
    return str(cell)


def _dated(language: Language) -> dict[type, str]:
    """Return how days, months and moments are shown."""
    return {date: _DAYS[language], OfMonth: _MONTHS[language], datetime: _MOMENTS[language]}


def _note(sheet: Worksheet, one: PlainTable, widths: Sequence[int], words: TextFormats) -> None:
    """Write a table's notes below it, across columns that are together wide enough to read."""
    first = len(one.rows) + (2 if one.rows else 1)
    last, wide = 0, widths[0]
    while wide < _NOTE or last == 0:
        last += 1
        wide += widths[last] if last < len(widths) else NARROWEST
    for number, note in enumerate(one.notes, start=first):
        form = words.of(note)
        sheet.merge_range(number, 0, number, last, "", form)
        sheet.write_string(number, 0, shortened(note), form)
        fit_height(sheet, number, [note], [wide])


class _Sheets:
    """The sheets of a workbook, one after the other."""

    def __init__(self, book: xlsxwriter.Workbook, zone: ZoneInfo, language: Language) -> None:
        self._book = book
        self._zone = zone
        self._heads = TextFormats(book, _HEADING)
        self._right: Format = book.add_format({**_HEADING, "align": "right"})
        self._words = TextFormats(book, {})
        self._meanings = TextFormats(book)
        self._apart: Sequence[bool] = ()
        self._moment: Format = book.add_format({"num_format": _MOMENTS[language]})
        self._day: Format = book.add_format({"num_format": _DAYS[language]})

    async def add(self, table: ExportTable) -> int:
        """Write a table; what one sheet cannot hold goes on in the next."""
        before = ["text", *(column.kind for column in table.columns)]
        self._apart = [kind != "text" for kind in before]
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
        widths = [
            max(_WIDTHS[column.kind], width_of([column.name], _WIDEST_HEADING))
            for column in table.columns
        ]
        sheet = begin(self._book, name, widths)
        for place, column in enumerate(table.columns):
            is_left = column.kind == "text"
            form = self._heads.of(column.name, apart=self._apart[place]) if is_left else self._right
            sheet.write_string(0, place, shortened(column.name), form)
        return sheet

    def _write(self, sheet: Worksheet, number: int, row: TableRow) -> None:
        for place, cell in enumerate(row):
            match cell:
                case None | "":
                    continue
                case str():
                    sheet.write_string(
                        number,
                        place,
                        shortened(cell),
                        self._words.of(cell, apart=self._apart[place]),
                    )
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
        widths = (12, 40, 60, 60)
        sheet = begin(self._book, texts("columns"), widths)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, self._heads.of(heading))
        lines = ((table.name, column) for table in tables for column in table.columns)
        for number, (name, column) in enumerate(lines, start=1):
            codes = "\n".join(f"{code} = {label}" for code, label in column.labels.items())
            row = (name, column.name, column.says, codes)
            fit_height(sheet, number, row, widths)
            for place, cell in enumerate(row):
                sheet.write_string(number, place, shortened(cell), self._meanings.of(cell))
