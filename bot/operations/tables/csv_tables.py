"""CSV as rows of text, read strictly: an open quotation mark would swallow the rows below it."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, compress, islice
from typing import NamedTuple

from bot.operations.tables.refusals import FileRefusal, FileRefused
from surveys.survey.cleaning import clean_rows, clean_text

NumberedRow = tuple[int, list[str]]
"""A line's number, as a spreadsheet counts them, and its cells."""


class Portion(NamedTuple):
    """Some rows of a file: the lines on which they begin, and their cells."""

    lines: Sequence[int]
    rows: Sequence[list[str]]

    def numbered(self) -> Iterator[NumberedRow]:
        """Return the rows, each with its line."""
        return zip(self.lines, self.rows, strict=True)

    def only(self, stays: Sequence[bool]) -> "Portion":
        """Return the rows that stay."""
        return Portion(list(compress(self.lines, stays)), list(compress(self.rows, stays)))


RowPortions = Iterator[Portion]
"""The rows of a file, some at a time: to hand on each by itself takes as long as to read it."""
_AT_ONCE = 1_000
"""How many rows are read before they are looked at, mostly all of them in one look."""
_DELIMITERS = ";,\t"
_LOOKED_AT = 20
_LONGEST_LOOK = 10_000
"""How many characters of a line are looked at to find its separator."""
_FEWEST_COLUMNS = 3
_SEP = re.compile(r'\s*"?sep=([^"\r\n]?)"?[;,\s]*', re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
_NUMERALS = re.compile(r"\d+")


def csv_rows(
    content: bytes,
    encoding: str,
    skip_lines: int,
    heads: Callable[[Sequence[str]], bool] | None,
) -> RowPortions:
    """Yield the rows below `skip_lines` lines; raises FileRefused naming a line.

    The separator is named by a line «sep=;», or else found in the headings: a line near the top
    that `heads` knows. Without either, it is the one that the first line with any has most often.
    """
    top = _top(content, encoding, skip_lines)
    said = _SEP.fullmatch(top[0]) if top else None
    if said is not None:
        top, skip_lines = top[1:], skip_lines + 1
    delimiter = _delimiter(top, said[1] if said else "", heads)
    with io.TextIOWrapper(io.BytesIO(content), encoding, newline="") as lines:
        for _ in islice(lines, skip_lines):
            pass
        yield from _rows(lines, delimiter, skip_lines)


def _top(content: bytes, encoding: str, skip_lines: int) -> list[str]:
    with io.TextIOWrapper(io.BytesIO(content), encoding, newline="") as lines:
        return [
            line[:_LONGEST_LOOK] for line in islice(lines, skip_lines, skip_lines + _LOOKED_AT + 1)
        ]


def _delimiter(top: Sequence[str], said: str, heads: Callable[[Sequence[str]], bool] | None) -> str:
    if said and any(said in line for line in top):
        return said
    for line in top if heads is not None else ():
        for mark in _DELIMITERS:
            cells = next(csv.reader([line], delimiter=mark, skipinitialspace=True), [])
            if heads is not None and heads([clean_text(cell) for cell in cells]):
                return mark
    counts = ([_outside_quotes(line, mark) for mark in _DELIMITERS] for line in top)
    first = next((found for found in counts if any(found)), [1])
    return _DELIMITERS[first.index(max(first))]


def _outside_quotes(line: str, mark: str) -> int:
    return sum(part.count(mark) for part in line.split('"')[::2])


def _rows(lines: Iterator[str], delimiter: str, offset: int) -> RowPortions:
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    line, width = 1, 0
    while True:
        rows: list[list[str]] = []
        problem = None
        try:
            for cells in islice(reader, _AT_ONCE):
                rows.append(cells)  # noqa: PERF402 (what stands above an error is kept)
        except csv.Error as error:
            problem = error
        one_line_each = problem is None and reader.line_num - line + 1 == len(rows)
        begins = range(line, line + len(rows) + 1) if one_line_each else _begins(rows, line)
        bad = None if one_line_each else _swallowing(rows, begins, width, delimiter)
        clean = clean_rows(rows[:bad])
        yield Portion([begun + offset for begun in begins[: len(clean)]], clean)
        if bad is not None:
            raise FileRefused(FileRefusal.QUOTES, str(begins[bad] + offset))
        line = begins[-1]
        if problem is not None:
            why = _why(problem, lines=reader.line_num - line)
            raise FileRefused(why, str(line + offset)) from problem
        if not rows:
            return
        width = max(width, *map(len, rows))


def _begins(rows: Iterable[Sequence[str]], line: int) -> list[int]:
    """Return on which line each row begins, and what stands below them: cells keep their breaks."""
    breaks = (sum(map(_breaks, cells)) for cells in rows)
    return list(accumulate((lines + 1 for lines in breaks), initial=line))


def _breaks(cell: str) -> int:
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")


def _why(error: csv.Error, *, lines: int) -> FileRefusal:
    """Return what is wrong with a row that goes on for `lines` lines more."""
    if lines > 0 or "unexpected end" in str(error):
        return FileRefusal.QUOTES
    return FileRefusal.LONG_CELL if "field limit" in str(error) else FileRefusal.QUOTE_INSIDE


def _swallowing(
    rows: Sequence[Sequence[str]], begins: Sequence[int], width: int, delimiter: str
) -> int | None:
    """Return the place of the first row that swallows those below it; each begins on a line."""
    for at, cells in enumerate(rows):
        width = max(width, len(cells))
        if begins[at + 1] - begins[at] > 1 and _swallows_a_row(cells, width, delimiter):
            return at
    return None


def _swallows_a_row(cells: Sequence[str], width: int, delimiter: str) -> bool:
    """Tell whether a cell of several lines holds what looks like the rows below.

    That happens where a quotation mark was left open and a later one closes it. A line of a comment
    may well have as many commas, but its first words do not look like the first cells of a row,
    such as a number or a day.
    """
    for place, cell in enumerate(cells):
        before = [_shape(said) for said in cells[:place]]
        # Two columns of words are too little evidence: «Thanks, Bob» looks like a row of names.
        if width < _FEWEST_COLUMNS and not any("9" in shape for shape in before):
            continue
        for part in cell.splitlines()[1:]:
            pieces = part.split(delimiter)
            enough = len(pieces) > place if place else len(pieces) == width
            if enough and [_shape(said) for said in pieces[:place]] == before:
                return True
    return False


def _shape(text: str) -> str:
    """Return what numbers, dates or codes of one kind have in common: «C12» and «C7» are «a9»."""
    return _NUMERALS.sub("9", _LETTERS.sub("a", text.strip()))
