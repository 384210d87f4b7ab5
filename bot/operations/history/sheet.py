"""A file of past answers as a sheet: its finished answers, by what each column is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.operations.history import exports
from bot.operations.history.columns import places_of
from bot.operations.history.heads import Heads, heads_of, is_of_headings, text_at
from bot.operations.history.plan import COLUMNS, ReadingPlan
from bot.operations.lists.headings import heading_key
from bot.operations.lists.words import FileNotRead
from bot.operations.tables.csv_tables import NumberedRow
from bot.operations.tables.dates import DateProblem
from bot.operations.tables.refusals import FileRefused
from bot.operations.tables.tables import HISTORY, FileOptions, read_table
from surveys.messages import Message

_FORMULA = frozenset("=+-@＝＋－＠")
_UNLIKE = frozenset({"id", "date", "comment"})
_UTC = re.compile(r"\bUTC\b", re.IGNORECASE)


@dataclass(slots=True)
class RowCells:
    """What a row says under each name of `COLUMNS`, or under `OWN` and a heading."""

    line: int
    said: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PastRows:
    """A file's rows; `columns`: what is read → its heading, `unused` the headings left out.

    `tool` is whose export it is, "" where none is known; `left_out` are rows that hold no finished
    answer, `above` what stands over the headings. `zone` is that of times that name none, "" the
    company's. `is_guess`: only the look of the words speaks for `encoding`.
    """

    rows: Sequence[RowCells]
    columns: Mapping[str, str]
    unused: Sequence[str]
    left_out: Sequence[DateProblem] = ()
    tool: str = ""
    zone: str = ""
    formats: Sequence[str] = ()
    encoding: str = ""
    is_guess: bool = False
    above: Sequence[str] = ()


def read_sheet(content: bytes, plan: ReadingPlan) -> PastRows:
    """Return a file's rows by what they say; raises Refused where a column cannot be found."""
    try:
        how = FileOptions(plan.encoding, plan.skip_lines, HISTORY)
        table = read_table(content, how, lambda cells: is_of_headings(cells, plan))
        heads = heads_of(table)
    except FileRefused as error:
        raise FileNotRead(error) from error
    places = places_of(heads, plan)
    whole, left_out = _finished(heads)
    heads = replace(heads, rows=())
    if plan.columns.get("id") is None and not _are_numbers(whole, places.get("id")):
        places.pop("id", None)
    return PastRows(
        rows=_all_cells(whole, places),
        columns={name: " / ".join(heads.names[places[name]]) for name in _in_order(places)},
        unused=[
            names[0]
            for at, names in enumerate(heads.names)
            if names[0] and at not in places.values()
        ],
        left_out=left_out,
        tool=heads.export.name if heads.export else "",
        zone=_zone(heads, places.get("date"), plan),
        formats=heads.export.formats if heads.export else (),
        encoding=table.encoding,
        is_guess=table.is_guess,
        above=[" ".join(filter(None, cells)) for _, cells in table.above],
    )


def _in_order(places: Mapping[str, int]) -> list[str]:
    """Return what is read: our own names first, then the company's columns."""
    return [*(name for name in COLUMNS if name in places), *(sorted(places.keys() - COLUMNS))]


def _all_cells(whole: list[NumberedRow], places: Mapping[str, int]) -> list[RowCells]:
    """Return what the rows say and empty the list: a long file is in memory once, not twice.

    Cells that say the same are one text, but for those that are hardly ever the same.
    """
    known: dict[str, str] = {}
    whole.reverse()
    rows = []
    while whole:
        line, cells = whole.pop()
        said = {}
        for name, at in places.items():
            if at < len(cells):
                cell = _unguarded(cells[at])
                said[name] = cell if name in _UNLIKE else known.setdefault(cell, cell)
        rows.append(RowCells(line, said))
    return rows


def _unguarded(cell: str) -> str:
    """Return a cell without the apostrophe with which tools keep «+7…» from being a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA else cell


def _finished(heads: Heads) -> tuple[list[NumberedRow], list[DateProblem]]:
    """Return the rows of finished answers, and the others with the reason."""
    if heads.export is None:
        return list(heads.rows), []
    keys = [heading_key(names[0]) for names in heads.names]
    wanted = [(keys.index(key), said) for key, said in heads.export.finished.items() if key in keys]
    trials = [(keys.index(key), said) for key, said in heads.export.tests.items() if key in keys]
    whole, unfinished, tests = [], [], []
    for row in heads.rows:
        said = [(text_at(row[1], at).casefold(), known) for at, known in wanted]
        if any(text_at(row[1], at).casefold() in known for at, known in trials):
            tests.append(row[0])
        elif all(cell in known if known else cell for cell, known in said):
            whole.append(row)
        else:
            unfinished.append(row[0])
    found = [
        (unfinished, Message("not answered to the end")),
        (tests, Message("a trial run of the survey, or spam")),
    ]
    return whole, [DateProblem(tuple(lines), message) for lines, message in found if lines]


def _are_numbers(rows: Sequence[NumberedRow], place: int | None) -> bool:
    """Tell whether an unnamed column of ids identifies each answer."""
    if place is None:
        return False
    ids = [_unguarded(text_at(cells, place)) for _, cells in rows]
    return all(ids) and len(set(ids)) == len(ids)


def _zone(heads: Heads, date: int | None, plan: ReadingPlan) -> str:
    if date is None:
        return ""
    if plan.utc or _UTC.search(" ".join(heads.names[date])):
        return "UTC"
    of_column = exports.zone_of(heads.more, date)
    return of_column or (heads.export.zone if heads.export else "")
