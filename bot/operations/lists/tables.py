"""A file's rows as text, from CSV or XLSX; whatever is neither, or too much, is refused."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from bot.operations.lists.archive import check_workbook
from bot.operations.lists.problems import FileRefused, Refusal
from surveys.survey.answers import clean_text

LARGEST_FILE = 50_000_000
MOST_ROWS = 199_999
MOST_COLUMNS = 300
_LONGEST_LINE = 131_072
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BINARY = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"{", b"[")

Row = tuple[int, list[str]]
"""A line's number, as a spreadsheet counts them, and its cells."""
Cell = int | float | str | bool | time | date | datetime | timedelta


def read_table(content: bytes) -> Iterator[Row]:
    """Yield the rows that are not empty, the headings first; raises FileRefused."""
    if len(content) > LARGEST_FILE:
        raise FileRefused(Refusal.TOO_LARGE, str(LARGEST_FILE // 1_000_000))
    if content.startswith(_ZIP):
        rows = _workbook_rows(content)
    elif content.startswith(_OLE):
        raise FileRefused(Refusal.OLD_EXCEL)
    else:
        rows = _csv_rows(_decoded(content))
    yield from _bounded(rows)


def _bounded(rows: Iterator[Row]) -> Iterator[Row]:
    taken = 0
    for line, cells in rows:
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise FileRefused(Refusal.TOO_WIDE)
        taken += 1
        if taken > MOST_ROWS + 1:
            raise FileRefused(Refusal.TOO_LONG, str(MOST_ROWS))
        yield line, cells
    if not taken:
        raise FileRefused(Refusal.EMPTY)


def _decoded(content: bytes) -> str:
    start = content[:64].lstrip().lower()
    if content.startswith(_BINARY) or start.startswith(_MARKUP):
        raise FileRefused(Refusal.NOT_A_TABLE)
    if content.startswith(_UTF16):
        encodings: Sequence[str] = ("utf-16",)
    elif b"\0" in content:
        raise FileRefused(Refusal.NOT_A_TABLE)
    else:
        encodings = ("utf-8-sig", "cp1251")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(Refusal.ENCODING)


def _csv_rows(text: str) -> Iterator[Row]:
    first, _, rest = text.partition("\n")
    offset = 0
    if first.strip().lower().startswith("sep=") and len(first.strip()) <= len("sep=;"):
        text, first, offset = rest, rest.partition("\n")[0], 1
    delimiter = max(";,\t", key=lambda mark: _outside_quotes(first, mark))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line, cells = 1, list[str]()
    try:
        for cells in reader:
            yield line + offset, [clean_text(cell) for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused(Refusal.QUOTES, str(line + offset)) from error
    if text.count('"') % 2 and any("\n" in cell for cell in cells):
        raise FileRefused(Refusal.QUOTES, str(reader.line_num + offset))


def _outside_quotes(line: str, mark: str) -> int:
    return sum(part.count(mark) for part in line.split('"')[::2])


def _workbook_rows(content: bytes) -> Iterator[Row]:
    check_workbook(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            shown = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.visible == SheetVisibleEnum.Visible
            ]
            for name in shown:
                sheet = book.get_sheet_by_name(name)
                if sheet.start is None:
                    continue
                for number, cells in enumerate(sheet.iter_rows(), start=sheet.start[0] + 1):
                    yield number, [_cell_text(cell) for cell in cells]
                return
    except CalamineError as error:
        raise FileRefused(Refusal.DAMAGED) from error


def _cell_text(cell: Cell) -> str:
    """Write a cell as a person would: whole numbers without a fraction, dates as ISO."""
    match cell:
        case bool():
            return "1" if cell else "0"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case _:
            return clean_text(str(cell))
