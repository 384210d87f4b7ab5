"""What the workbook's tables are made of: cells, rows, notes below them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from surveys.messages import mark
from surveys.reports.estimates import Estimate, Range, RangeAtLevel
from surveys.reports.scores import Scored
from templates.texts import Texts

ENDS: Final = (mark("from"), mark("to"))
ANSWERS: Final = mark("answers")


class InPercent(float):
    """A part of 1, which is shown in per cent."""


class OfMoney(float):
    """An amount, which is shown with its hundredths."""


class OfMonth(date):
    """A month, by its first day."""


PlainCell = str | float | int | date | None
PlainRow = Sequence[PlainCell]


class PlainTable(NamedTuple):
    """A named table; the `notes` stand below it, and alone where it has no rows."""

    name: str
    headings: Sequence[str]
    rows: Sequence[PlainRow]
    notes: Sequence[str] = ()


def table(
    texts: Texts,
    name: str,
    headings: Sequence[str],
    rows: Iterable[PlainRow],
    notes: Iterable[str] = (),
) -> PlainTable:
    """Return a table with its words in the reader's language; empty notes are left out."""
    said = tuple(note for note in notes if note)
    return PlainTable(texts(name), [texts(one) for one in headings], list(rows), said)


def percent(value: float | None) -> InPercent | None:
    """Return a cell for a share that the document has in per cent."""
    return None if value is None else InPercent(value / 100)


def part(value: float | None) -> InPercent | None:
    """Return a cell for a share that the document has as a part of 1, as levels are."""
    return None if value is None else InPercent(value)


def ends(found: Range | None, *, share: bool = False) -> PlainRow:
    """Return a figure and the ends of its interval."""
    values = (None, None, None) if found is None else (found.value, found.low, found.high)
    return [percent(one) for one in values] if share else values


def estimate(found: Estimate | None, *, share: bool = False) -> PlainRow:
    """Return a figure, the ends of its interval, and how many answers it rests on."""
    return [*ends(found, share=share), None if found is None else found.n]


def at_level(found: RangeAtLevel | None) -> PlainRow:
    """Return a figure, the ends of its interval, and that interval's level."""
    return [*ends(found), None if found is None else part(found.level)]


def scored(one: Scored) -> PlainRow:
    """Return a score, which may be lacking, and of how many answers."""
    return [*ends(one.score), one.n]
