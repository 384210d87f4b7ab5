"""The one reader of tables: CSV, XLSX, or an HTML table, as rows of text.

Whatever is none of these, holds too much, or cannot be read without losing a row is refused. What
reads workbooks and HTML is loaded for such a file.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.operations.tables.code_pages import Encoding, encoding_of
from bot.operations.tables.csv_tables import NumberedRow, Portion, RowPortions, csv_rows
from bot.operations.tables.refusals import LARGEST_FILE, FileRefusal, FileRefused

MOST_ROWS = 199_999
"""How many rows a table has at most; in a workbook a cell further down is taken for a bomb."""
MOST_COLUMNS = 300
_LOOKED_AT = 20
"""Rows from the top among which the headings are looked for."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BINARY = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_NO_TABLE = (b"<?xml", b"{", b"[")
_HTML = (b"<!doctype html", b"<html", b"<head", b"<meta", b"<style", b"<table", b"<!--")

AreHeadings = Callable[[Sequence[str]], bool]
"""Tells whether cells are headings that the caller understands."""


@dataclass(frozen=True, slots=True)
class Most:
    """How large a file may be: bytes, and rows of a CSV or an HTML table below the headings."""

    size: int
    rows: int


LIST = Most(LARGEST_FILE, MOST_ROWS)
HISTORY = Most(200_000_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How to read a file, as far as a person says so.

    `encoding` is a name that Python knows, "" where it is to be found out; `skip_lines` counts the
    lines above the headings. `most` is None for lists.
    """

    encoding: str = ""
    skip_lines: int = 0
    most: Most | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A file's headings, and its rows that are not empty, read as they are asked for.

    `line` is where the headings stand, as a spreadsheet counts; `above` is what stands over them
    and was left out. `encoding` is "" where the file is no text; `is_guess` says that nothing but
    the look of the words speaks for it: then show what was read before anything is taken.
    Asking for `portions` may raise FileRefused. Rows that are wider than the headings have no empty
    cell at their end.
    """

    line: int
    headings: list[str]
    portions: RowPortions
    above: tuple[NumberedRow, ...] = ()
    encoding: str = ""
    is_guess: bool = False

    @property
    def rows(self) -> Iterator[NumberedRow]:
        """Return what is left of the portions, row by row."""
        return chain.from_iterable(map(Portion.numbered, self.portions))


def read_table(
    content: bytes, how: FileOptions | None = None, heads: AreHeadings | None = None
) -> Table:
    """Return what a file holds; raises FileRefused.

    The headings are the first row below `how.skip_lines`; where `heads` does not know that one but
    knows a later one near the top, the later one. `heads` also settles how CSV is separated.
    """
    how = how or FileOptions()
    most = how.most or LIST
    if len(content) > most.size:
        raise FileRefused(FileRefusal.TOO_LARGE, str(most.size // 1_000_000))
    encoding = Encoding("")
    if content.startswith(_ZIP):
        from bot.operations.tables.workbooks import workbook_rows  # noqa: PLC0415 (see above)

        rows = _below(how.skip_lines, workbook_rows(content))
    elif content.startswith(_OLE):
        raise FileRefused(FileRefusal.OLD_EXCEL)
    elif _starts(content, _HTML):
        from bot.operations.tables.html_tables import (  # noqa: PLC0415 (see above)
            declared_encoding,
            html_rows,
        )

        encoding = encoding_of(content, how.encoding or declared_encoding(content))
        rows = _below(how.skip_lines, _row_by_row(html_rows(content, encoding.name)))
    elif content.startswith(_BINARY) or _starts(content, _NO_TABLE):
        raise FileRefused(FileRefusal.NOT_A_TABLE)
    else:
        encoding = encoding_of(content, how.encoding)
        rows = csv_rows(content, encoding.name, how.skip_lines, heads)
    return _headed(rows, most.rows, encoding, heads)


def _starts(content: bytes, marks: tuple[bytes, ...]) -> bool:
    return content[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(marks)


def _below(skip_lines: int, rows: RowPortions) -> RowPortions:
    if not skip_lines:
        return rows
    return (some.only([line > skip_lines for line in some.lines]) for some in rows)


def _row_by_row(rows: Iterator[NumberedRow]) -> RowPortions:
    return (Portion([line], [cells]) for line, cells in rows)


def _headed(
    portions: RowPortions, most: int, encoding: Encoding, heads: AreHeadings | None
) -> Table:
    top: list[NumberedRow] = []
    for some in _bounded(portions, most):
        top += some.numbered()
        if len(top) >= _LOOKED_AT:
            break
    if not top:
        raise FileRefused(FileRefusal.EMPTY)
    looked_at = enumerate(top[:_LOOKED_AT])
    known = (place for place, (_, cells) in looked_at if heads is not None and heads(cells))
    place = next(known, 0)
    line, headings = top[place]
    others = _bounded(portions, most, len(top), len(headings))
    below = chain([portion_of(top[place + 1 :])], others)
    return Table(line, headings, below, tuple(top[:place]), encoding.usual_name, encoding.is_guess)


def portion_of(rows: Sequence[NumberedRow]) -> Portion:
    """Return rows as a portion."""
    return Portion([line for line, _ in rows], [cells for _, cells in rows])


def _bounded(portions: RowPortions, most: int, taken: int = 0, width: int = 0) -> RowPortions:
    """Yield the rows that are not empty, those beyond a width without empty cells at their ends."""
    for some in portions:
        kept = _kept(some, width)
        taken += len(kept.rows)
        if taken > most + 1:
            raise FileRefused(FileRefusal.TOO_LONG, str(most))
        yield kept


def _kept(some: Portion, width: int) -> Portion:
    if max(map(len, some.rows), default=0) <= width:
        return some if all(map(any, some.rows)) else some.only(list(map(any, some.rows)))
    kept = some.only(list(map(_trim, some.rows)))
    if max(map(len, kept.rows), default=0) > MOST_COLUMNS:
        raise FileRefused(FileRefusal.TOO_WIDE)
    return kept


def _trim(cells: list[str]) -> bool:
    """Take the empty cells from a row's end; tell whether any others are left."""
    while cells and not cells[-1]:
        cells.pop()
    return bool(cells)
