"""A file of past answers as a sheet: its finished answers, by what each column is."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from bot.errors import Refused
from bot.operations.history import exports
from bot.operations.history.columns import places_of
from bot.operations.history.exports import Export
from bot.operations.history.heads import Heads, heads_of, is_of_headings, text_at
from bot.operations.history.plan import COLUMNS, ReadingPlan
from bot.operations.lists.headings import heading_key
from bot.operations.lists.words import FileNotRead
from bot.operations.tables.csv_tables import RowPortions
from bot.operations.tables.problems import ColumnProblem
from bot.operations.tables.refusals import FileRefused
from bot.operations.tables.tables import HISTORY, FileOptions, read_table
from surveys.messages import Message, mark

_OURS = frozenset(
    map(heading_key, ("response", "survey", "version", "person_id", "invited_at", "answered_at"))
)
"""Headings that `otklik export answers` writes and no other tool does."""
_KEPT_ALREADY = mark(
    "This file is an export of this program itself: its answers are kept and counted already, and "
    "would count twice. A company moves to another machine by otklik backup and otklik restore."
)
_FORMULA = frozenset("=+-@＝＋－＠")
_UNLIKE = frozenset({"id", "date", "comment"})
_UNFINISHED = Message("not answered to the end")
_TRIAL = Message("a trial run of the survey, or spam")
_UTC = re.compile(r"\bUTC\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HistorySheet:
    """A file by column; `columns`: what is read → its heading, `unused` the headings left out.

    `cells` are what the rows on `lines` say under each name of `COLUMNS`, or under `OWN` and a
    heading, "" where a row ends before it. `tool` is whose export it is, "" where none is known;
    `left_out` are rows that hold no finished answer, `above` what stands over the headings. `zone`
    is that of times that name none, "" the company's. `is_guess`: only the look of the words speaks
    for `encoding`.
    """

    lines: Sequence[int]
    cells: Mapping[str, Sequence[str]]
    columns: Mapping[str, str]
    unused: Sequence[str]
    left_out: Sequence[ColumnProblem] = ()
    tool: str = ""
    zone: str = ""
    formats: Sequence[str] = ()
    encoding: str = ""
    is_guess: bool = False
    above: Sequence[str] = ()

    def said(self, name: str) -> Sequence[str]:
        """Return what the rows say under a name, "" each where there is no such column."""
        return self.cells.get(name) or [""] * len(self.lines)


def read_sheet(content: bytes, plan: ReadingPlan) -> HistorySheet:
    """Return what a file's rows say; raises Refused where a column cannot be found."""
    try:
        how = FileOptions(plan.encoding, plan.skip_lines, HISTORY)
        asked = plan.asked().values()
        table = read_table(content, how, lambda cells: is_of_headings(cells, asked))
        heads = heads_of(table)
        if {heading_key(names[0]) for names in heads.names} >= _OURS:
            raise Refused(_KEPT_ALREADY)
        places = places_of(heads, plan)
        left_out: dict[Message, list[int]] = {}
        is_plain = bool(table.encoding) and b"'" not in content
        lines, cells = _by_column(_finished(heads, left_out), places, is_plain=is_plain)
    except FileRefused as error:
        raise FileNotRead(error) from error
    if "id" in places and plan.columns.get("id") is None and not _are_numbers(cells["id"]):
        del places["id"], cells["id"]
    return HistorySheet(
        lines=lines,
        cells=cells,
        columns={name: " / ".join(heads.names[places[name]]) for name in _in_order(places)},
        unused=[
            names[0]
            for at, names in enumerate(heads.names)
            if names[0] and at not in places.values()
        ],
        left_out=[ColumnProblem(tuple(lines), message) for message, lines in left_out.items()],
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


def _by_column(
    portions: RowPortions, places: Mapping[str, int], *, is_plain: bool
) -> tuple[list[int], dict[str, list[str]]]:
    """Return the rows' lines, and what they say by column: a long file is in memory once.

    Cells that say the same are one text, but for those that are hardly ever the same. `is_plain`:
    no cell has an apostrophe.
    """
    known: dict[str, str] = {}
    lines: list[int] = []
    found: dict[str, list[str]] = {name: [] for name in places}
    for some in portions:
        lines += some.lines
        columns = list(zip_longest(*some.rows, fillvalue=""))
        blank = ("",) * len(some.rows)
        for name, place in places.items():
            column: Iterable[str] = columns[place] if place < len(columns) else blank
            if not is_plain:
                column = list(map(_unguarded, column))
            found[name] += column if name in _UNLIKE else map(known.setdefault, column, column)
    return lines, found


def _unguarded(cell: str) -> str:
    """Return a cell without the apostrophe with which tools keep «+7…» from being a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA else cell


def _finished(heads: Heads, left_out: dict[Message, list[int]]) -> RowPortions:
    """Return the rows of finished answers; the lines of others are added to those `left_out`."""
    if heads.export is None:
        return heads.portions
    return _finished_of(heads, heads.export, left_out)


def _finished_of(heads: Heads, export: Export, left_out: dict[Message, list[int]]) -> RowPortions:
    keys = [heading_key(names[0]) for names in heads.names]
    wanted = [(keys.index(key), said) for key, said in export.finished.items() if key in keys]
    trials = [(keys.index(key), said) for key, said in export.tests.items() if key in keys]
    for some in heads.portions:
        stays = []
        for line, row in some.numbered():
            said = [(text_at(row, at).casefold(), known) for at, known in wanted]
            is_trial = any(text_at(row, at).casefold() in known for at, known in trials)
            is_finished = all(cell in known if known else cell for cell, known in said)
            stays.append(is_finished and not is_trial)
            if not stays[-1]:
                left_out.setdefault(_TRIAL if is_trial else _UNFINISHED, []).append(line)
        yield some.only(stays)


def _are_numbers(ids: Sequence[str]) -> bool:
    """Tell whether an unnamed column of ids identifies each answer."""
    return all(ids) and len(set(ids)) == len(ids)


def _zone(heads: Heads, date: int | None, plan: ReadingPlan) -> str:
    if date is None:
        return ""
    if plan.utc or _UTC.search(" ".join(heads.names[date])):
        return "UTC"
    of_column = exports.zone_of(heads.more, date)
    return of_column or (heads.export.zone if heads.export else "")
