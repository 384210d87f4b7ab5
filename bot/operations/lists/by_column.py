"""Rows of a list to people, a column at a time: nearly all cells are written as usual.

Whatever is written otherwise, or may be wrong, is left to `rows.person`, row by row. Both must tell
the same of each row, which a test holds them to.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import compress
from typing import Any

from bot.operations.lists.first_names import first_name, may_have_patronymics
from bot.operations.lists.headings import ListField
from bot.operations.lists.problems import Fault, RowProblem, RowRefused
from bot.operations.lists.purchases import Purchases
from bot.operations.lists.rows import (
    A_COMPANY,
    LONGEST_CELL,
    PLAIN_EMAIL,
    Layout,
    ListedPerson,
    email_of,
    fault_of_phone,
    language_of,
    phone_of,
    plain_role,
    stays,
)
from bot.operations.tables.csv_tables import NumberedRow
from storage.people.lists.listed import ListedRows, PersonRow

_DIALLED = re.compile(r"\+79\d{9}", re.ASCII)
"""A mobile number as it is kept, which is also how most lists write it."""

_NONE: Mapping[str, str] = {}

Closely = Callable[[int, list[str]], ListedPerson]
"""Returns the person of the row on a line; raises RowRefused."""


@dataclass(slots=True)
class Taken:
    """People by column, and by the place of their row in the file what is amiss.

    `warnings` name cells that are left out, `assumed` are places of phones that name no country.
    """

    columns: dict[str, Sequence[Any]]
    warnings: dict[int, list[RowProblem]] = field(default_factory=dict)
    assumed: set[int] = field(default_factory=set)
    refused: dict[int, RowRefused] = field(default_factory=dict)

    def people(self) -> ListedRows:
        """Return those who are not refused."""
        if not self.refused:
            return ListedRows({name: list(column) for name, column in self.columns.items()})
        kept = [at not in self.refused for at in range(len(self.columns["line"]))]
        return ListedRows({n: list(compress(column, kept)) for n, column in self.columns.items()})


def take(
    layout: Layout, purchases: Purchases, closely: Closely, rows: Sequence[NumberedRow]
) -> Taken:
    """Return the people of some rows; that an id stands there twice is not looked at."""
    cells = _Cells(layout, rows)
    taken = Taken({})
    dialled, written = cells.said("phone"), cells.said("email")
    phones = _read(dialled, _DIALLED, lambda at: _phone(layout, rows[at][1], at, taken))
    emails = _read(written, PLAIN_EMAIL, lambda at: email_of(layout, cells.row(at)))
    _warn(taken, rows, partial(fault_of_phone, layout), dialled, phones)
    _warn(taken, rows, lambda _: Fault.EMAIL, written, emails)
    ids, names = _ids(layout, cells, phones, emails), cells.names()
    taken.columns = cells.person(ids, names, phones, emails, purchases)
    odd = {*cells.odd(purchases), *_empty(ids), *_empty(names)}
    _look_closely(taken, closely, rows, sorted(odd))
    return taken


def _warn(
    taken: Taken,
    rows: Sequence[NumberedRow],
    fault: Callable[[str], Fault],
    column: Sequence[str],
    found: Sequence[str | None],
) -> None:
    """Name the cells that say something of which nothing was found."""
    if found.count(None) == column.count(""):
        return
    for at, (cell, value) in enumerate(zip(column, found, strict=True)):
        if cell and value is None:
            taken.warnings.setdefault(at, []).append(RowProblem(rows[at][0], fault(cell), cell))


def _ids(
    layout: Layout, cells: "_Cells", phones: Sequence[str | None], emails: Sequence[str | None]
) -> Sequence[str]:
    if "external_id" in layout.columns:
        return cells.said("external_id")
    if layout.identity == "phone":
        return [one or "" for one in phones]
    return [(one or "").casefold() for one in emails]


def _empty(column: Sequence[str]) -> Iterator[int]:
    if "" in column:
        yield from (at for at, cell in enumerate(column) if not cell)


def _look_closely(
    taken: Taken, closely: Closely, rows: Sequence[NumberedRow], places: Iterable[int]
) -> None:
    for at in places:
        taken.assumed.discard(at)
        line, cells = rows[at]
        try:
            found = closely(line, cells)
        except RowRefused as refusal:
            taken.refused[at] = refusal
            continue
        for name, value in found.row._asdict().items():
            column = taken.columns[name]
            if not isinstance(column, list):
                column = taken.columns[name] = list(column)
            column[at] = value
        taken.warnings[at] = found.left_out
        if found.is_assumed:
            taken.assumed.add(at)


def _phone(layout: Layout, row: Sequence[str], at: int, taken: Taken) -> str | None:
    blank = [""] * (len(layout.headings) - len(row))
    number = phone_of(layout, [*row, *blank])
    if number is None:
        return None
    if number.is_assumed:
        taken.assumed.add(at)
    return number.e164


def _read(
    column: Sequence[str], usual: re.Pattern[str], read: Callable[[int], str | None]
) -> Sequence[str | None]:
    """Return a column of which usual cells stay as they are; `read` is asked for others.

    Mostly none is: one look at all of them together takes a fifth of a look at each.
    """
    if _are_usual(usual, column):
        return _or_none(column)
    return [
        (cell if usual.fullmatch(cell) else read(at)) if cell else None
        for at, cell in enumerate(column)
    ]


def _are_usual(usual: re.Pattern[str], column: Sequence[str]) -> bool:
    """Tell whether every cell is empty or matches the pattern, which matches no line's end."""
    together = "\n".join((*column, ""))
    if together.count("\n") != len(column):
        return False  # a cell has several lines
    return re.fullmatch(rf"(?:(?:{usual.pattern})?\n)*+", together, usual.flags) is not None


class _Cells:
    """The cells of some rows, by column."""

    def __init__(self, layout: Layout, rows: Sequence[NumberedRow]) -> None:
        self._layout = layout
        self._rows = rows
        self._count = len(rows)
        width = len(layout.headings)
        whole = [cells for _, cells in rows]
        widths = set(map(len, whole))
        self._is_wider = max(widths, default=0) > width
        if widths != {width}:
            blank = [""] * width
            whole = [[*cells, *blank[len(cells) :]][:width] for cells in whole]
        self._table = list(zip(*whole, strict=True)) or [()] * width

    def row(self, at: int) -> list[str]:
        """Return the cells of a row."""
        return [column[at] for column in self._table]

    def said(self, name: ListField) -> Sequence[str]:
        """Return what the rows say of a field: the first of its cells that is not empty."""
        found: Sequence[str] | None = None
        for place in self._layout.columns.get(name, ()):
            column = self._table[place]
            if found is None:
                found = column
            else:
                found = [one or other for one, other in zip(found, column, strict=True)]
        return ("",) * self._count if found is None else found

    def names(self) -> Sequence[str]:
        """Return the name of each row, composed where no column holds the whole of it."""
        names = self.said("name")
        if "" not in names:
            return names
        parts: tuple[ListField, ...] = ("first_name", "middle_name", "last_name")
        composed = zip(*map(self.said, parts), strict=True)
        return [
            name or " ".join(filter(None, some)) for name, some in zip(names, composed, strict=True)
        ]

    def odd(self, purchases: Purchases) -> Iterator[int]:
        """Yield the places of rows of which something else may be said than is usual."""
        width = len(self._layout.headings)
        if self._is_wider:
            yield from (at for at, (_, row) in enumerate(self._rows) if len(row) > width)
        used = {place for places in self._layout.columns.values() for place in places}
        for column in (self._table[place] for place in used):
            if max(map(len, column), default=0) > LONGEST_CELL:
                yield from (at for at, cell in enumerate(column) if len(cell) > LONGEST_CELL)
        role = self._layout.role
        said = self.said
        yield from _where(said("record_type"), lambda cell: cell.casefold() in A_COMPANY)
        yield from _where(said("role"), lambda cell: plain_role(cell, role) is None)
        yield from _where(said("leads"), bool)
        yield from _where(said("left"), lambda cell: not stays(cell))
        yield from _where(said("language"), lambda cell: bool(cell) and not language_of(cell))
        yield from _where(
            said("last_purchase"),
            lambda cell: cell in purchases.refused or cell in purchases.unknown,
        )

    def person(
        self,
        ids: Sequence[str],
        names: Sequence[str],
        phones: Sequence[str | None],
        emails: Sequence[str | None],
        purchases: Purchases,
    ) -> dict[str, Sequence[Any]]:
        """Return the columns of people, as far as nothing unusual is said."""
        role = self._layout.role
        given = self.said("first_name")
        first: Sequence[str | None] = [None] * self._count
        if any(given) or may_have_patronymics(names):
            first = list(map(first_name, given, names))
        columns: dict[str, Sequence[Any]] = {
            "role": _alike(self.said("role"), lambda cell: plain_role(cell, role)),
            "external_id": ids,
            "name": names,
            "first_name": first,
            "line": [line for line, _ in self._rows],
            "phone": phones,
            "email": emails,
            "last_purchase_on": _alike(self.said("last_purchase"), purchases.days.get),
            "language": _alike(self.said("language"), language_of),
            "company": _or_none(self.said("company")),
            "position": _or_none(self.said("position")),
            "manager_external_id": _or_none(self.said("manager")),
            "segment": _or_none(self.said("segment")),
            "team": _or_none(self.said("team")),
            "attributes": self._attributes(),
            "leads": [None] * self._count,
            "is_lead_only": [False] * self._count,
            "has_left": [False] * self._count,
        }
        return {name: columns[name] for name in PersonRow._fields}

    def _attributes(self) -> list[Mapping[str, str]]:
        places = self._layout.columns.get("attribute", ())
        if not places:
            return [_NONE] * self._count
        headings = [self._layout.headings[place] for place in places]
        rows = list(zip(*(self._table[place] for place in places), strict=True))
        known = {
            row: {name: cell for name, cell in zip(headings, row, strict=True) if cell}
            for row in set(rows)
        }
        return list(map(known.__getitem__, rows))


def _where(column: Sequence[str], is_odd: Callable[[str], bool]) -> Iterator[int]:
    odd = {cell for cell in set(column) if is_odd(cell)}
    if odd:
        yield from (at for at, cell in enumerate(column) if cell in odd)


def _alike(column: Sequence[str], read: Callable[[str], Any]) -> list[Any]:
    """Read each text of a column once."""
    known = {cell: read(cell) for cell in set(column)}
    return list(map(known.__getitem__, column))


def _or_none(column: Sequence[str]) -> Sequence[str | None]:
    if not any(column):
        return [None] * len(column)
    return [cell or None for cell in column] if "" in column else column
