"""The rows of an HTML table: what some programs call «.xls» when they export «to Excel»."""

import codecs
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from bot.operations.tables.csv_tables import NumberedRow
from bot.operations.tables.refusals import FileRefusal, FileRefused
from surveys.survey.cleaning import clean_text

_CHUNK = 1 << 16
_LONGEST_CELL = 131_072
_MOST_SPANNED = 301
_CHARSET = re.compile(rb"""<meta[^>]*charset\s*=\s*["']?([\w-]{1,20})""", re.IGNORECASE)
_SPAN = re.compile(r"[0-9]{1,9}")
_UNSEEN = frozenset({"style", "script"})


def declared_encoding(content: bytes) -> str:
    """Return the encoding that a page says it is in, or ""."""
    said = _CHARSET.search(content[:2048])
    return said[1].decode() if said else ""


def html_rows(content: bytes, encoding: str) -> Iterator[NumberedRow]:
    """Yield the rows of all the tables of a page, numbered from 1; raises FileRefused.

    A cell over several columns or rows is followed by empty ones, as a spreadsheet shows it.
    """
    if b"<!ENTITY" in content[:_CHUNK].upper():
        raise FileRefused(FileRefusal.ENTITIES)
    parser, decoder = _Tables(), codecs.getincrementaldecoder(encoding)()
    number = 0
    for start in range(0, len(content), _CHUNK):
        parser.feed(decoder.decode(content[start : start + _CHUNK]))
        yield from enumerate(parser.done, start=number + 1)
        number += len(parser.done)
        parser.done.clear()
    parser.feed(decoder.decode(b"", final=True))
    parser.close()
    parser.end_row()
    yield from enumerate(parser.done, start=number + 1)
    if number + len(parser.done) == 0:
        raise FileRefused(FileRefusal.NOT_A_TABLE)


class _Tables(HTMLParser):
    """Collects rows in `done`; a table within a cell is text of that cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.done: list[list[str]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._across = self._depth = self._size = 0
        self._down: dict[int, int] = {}
        """Place → rows below that a cell from above still fills."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
        elif self._depth == 1 and tag == "tr":
            self.end_row()
            self._row = []
        elif self._depth == 1 and tag in {"td", "th"}:
            self._begin_cell(dict(attrs))
        elif self._cell is not None and tag in {"br", "p", "div"}:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._depth == 1 and tag in {"td", "th"}:
            self._end_cell()
        elif (self._depth == 1 and tag == "tr") or tag == "table":
            if self._depth == 1:
                self.end_row()
            self._depth = max(0, self._depth - (tag == "table"))

    def handle_data(self, data: str) -> None:
        if self._cell is None or self.cdata_elem in _UNSEEN:
            return
        self._size += len(data)
        if self._size > _LONGEST_CELL:
            raise FileRefused(FileRefusal.TOO_WIDE)
        self._cell.append(data)

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        self._end_cell()
        if self._row is None:
            self._row = []
        self._fill_from_above()
        self._across = _number(attributes.get("colspan"))
        rows = _number(attributes.get("rowspan"))
        for place in range(len(self._row), len(self._row) + self._across):
            if rows > 1:
                self._down[place] = rows - 1
        self._cell, self._size = [], 0

    def _fill_from_above(self) -> None:
        while self._row is not None and self._down.get(len(self._row), 0) > 0:
            self._down[len(self._row)] -= 1
            self._row.append("")

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        text = "".join(self._cell).replace("\N{NO-BREAK SPACE}", " ")
        self._row += [clean_text(text), *[""] * (self._across - 1)]
        self._cell = None
        if len(self._row) > _MOST_SPANNED:
            raise FileRefused(FileRefusal.TOO_WIDE)

    def end_row(self) -> None:
        """Close the row that is open, if any."""
        self._end_cell()
        if self._row is not None:
            self._fill_from_above()
            self.done.append(self._row)
        self._row = None


def _number(said: str | None) -> int:
    found = _SPAN.fullmatch(said or "")
    return min(max(int(found[0]), 1), _MOST_SPANNED) if found else 1
