"""The rows of the first sheet of a workbook that is shown."""

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import cast

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from bot.operations.tables.archive import check_workbook
from bot.operations.tables.csv_tables import Portion, RowPortions
from bot.operations.tables.refusals import FileRefusal, FileRefused
from surveys.survey.cleaning import clean_cells, clean_text

_TEXTS = {str}
_AT_ONCE = 1_000

Cell = int | float | str | bool | time | date | datetime | timedelta


def workbook_rows(content: bytes) -> RowPortions:
    """Yield its rows, numbered from 1, after a look at what it unpacks to; raises FileRefused."""
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
                # iter_rows begins with the sheet's first row, however far down `start` is.
                rows, above = sheet.iter_rows(), 0
                while some := list(map(_row_text, islice(rows, _AT_ONCE))):
                    yield Portion(range(above + 1, above + len(some) + 1), some)
                    above += len(some)
                return
    except CalamineError as error:
        raise FileRefused(FileRefusal.DAMAGED) from error


def _row_text(cells: Sequence[Cell]) -> list[str]:
    """Write a row's cells; nearly all rows hold nothing but texts, which need one look together."""
    if set(map(type, cells)) == _TEXTS:
        return clean_cells(cast("Sequence[str]", cells))
    return [_cell_text(cell) for cell in cells]


def _cell_text(cell: Cell) -> str:
    """Write a cell as a person would: whole numbers without a fraction, dates as ISO."""
    match cell:
        case str():  # the first case: nearly all cells are text
            return clean_text(cell)
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
