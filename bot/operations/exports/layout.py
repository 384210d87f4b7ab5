"""How sheets of workbooks look: widths, heights, what stays in sight, what is printed."""

import re
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MOST_LETTERS: Final = 32_767
"""How many letters (UTF-16 units) fit in a cell."""
NARROWEST: Final = 8
_WIDEST: Final = 60
_LINE, _HIGHEST = 15, 409
"""A line's height in points, and the greatest that a row can have."""
_A4: Final = 9
_READABLE: Final = 200
"""How many letters in a line of a page that lies down can still be read."""
_BEGINS: Final = re.compile(r"""["'\s]*[=+\-@＝＋－＠]""")
"""What a spreadsheet would take for a formula once somebody edits the cell."""
_MAY_BEGIN: Final = frozenset("\"' \t\r\n=+-@＝＋－＠")
"""Most texts of a large file begin otherwise, and need no closer look."""
_TEXT: Final[Mapping[str, Any]] = {"text_wrap": True, "valign": "top"}
_FORMULA_LIKE: Final[Mapping[str, Any]] = {"quote_prefix": True}
_APART: Final[Mapping[str, Any]] = {"align": "left", "indent": 1}
"""Words begin a little away from the number on their left, which ends at the edge of its cell."""


class TextFormats:
    """Formats of words, by what they stand beside and how they begin."""

    def __init__(self, book: xlsxwriter.Workbook, form: Mapping[str, Any] = _TEXT) -> None:
        self._made = {
            (is_apart, is_like): book.add_format(made) if made else None
            for is_apart in (True, False)
            for is_like in (True, False)
            for made in [
                {**form, **(_APART if is_apart else {}), **(_FORMULA_LIKE if is_like else {})}
            ]
        }

    def of(self, text: str, *, apart: bool = False) -> Format | None:
        """Return the format of a text, `apart` from what is on its left; None: it needs none."""
        is_like = text[:1] in _MAY_BEGIN and _BEGINS.match(text) is not None
        return self._made[apart, is_like]


def begin(book: xlsxwriter.Workbook, name: str, widths: Sequence[int]) -> Worksheet:
    """Begin a sheet whose headings stay in sight; printed pages have them, and the sheet's name.

    They lie down and are as wide as all columns. Where that would be too small to read, there are
    several side by side, each with the first column, which stays in sight then, too.
    """
    sheet = book.add_worksheet(name)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    sheet.repeat_rows(0)
    sheet.set_header("&L&A&R&P / &N")
    sheet.set_landscape()
    sheet.set_paper(_A4)
    across = ceil(sum(widths) / _READABLE)
    sheet.fit_to_pages(max(across, 1), 0)
    sheet.freeze_panes(1, 1 if across > 1 else 0)
    if across > 1:
        sheet.repeat_columns(0)
    return sheet


def width_of(shown: Sequence[str], widest: int = _WIDEST) -> int:
    """Return how wide a column is to be; a long text goes on in the next line of its cell."""
    return min(max(NARROWEST, *map(len, shown)) + 2, widest)


def fit_height(sheet: Worksheet, number: int, row: Sequence[object], widths: Sequence[int]) -> None:
    """Make a row as high as its words: LibreOffice writes over its neighbours otherwise."""
    texts = (
        (cell, width) for cell, width in zip(row, widths, strict=True) if isinstance(cell, str)
    )
    lines = (sum(ceil(len(part) / width) for part in text.split("\n")) for text, width in texts)
    if (needed := max(lines, default=1)) > 1:
        sheet.set_row(number, min(_LINE * needed, _HIGHEST))


def shortened(text: str) -> str:
    """Return a text as a cell can hold it; what does not fit becomes "…"."""
    if len(text) <= MOST_LETTERS // 2 or len(text.encode("utf-16-le")) // 2 <= MOST_LETTERS:
        return text
    return text.encode("utf-16-le")[: 2 * (MOST_LETTERS - 1)].decode("utf-16-le", "ignore") + "…"
