"""Past answers from a table: every row is read, or named with the reason why not."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import compress, repeat
from typing import Any, NamedTuple, overload

from bot.errors import Refused
from bot.operations.history.plan import CALENDAR, COLUMNS, OWN, ReadingPlan
from bot.operations.history.refusals import RowsRefused
from bot.operations.history.row_keys import RowMarks, fingerprints
from bot.operations.history.scores import read_scores
from bot.operations.history.sheet import HistorySheet, read_sheet
from bot.operations.tables.date_cells import stated_formats
from bot.operations.tables.dates import (
    Dates,
    DatesReading,
    part_of,
    read_dates,
)
from bot.operations.tables.problems import ColumnProblem, gathered
from storage.engine.constant import Constant
from surveys.messages import Message, mark

_LONGEST: Mapping[str, int] = {"comment": 20_000}
_LONGEST_CELL = 500
_NUMBER = re.compile(r"(\d{1,9})(?:[.,]0+)?", re.ASCII)
_STATE_A_DAY = Message(mark("For answers without a date, state their day: --on DAY."))
_NONE: Mapping[str, str] = {}


class FileAnswer(NamedTuple):
    """One past answer; `date` is ISO text in the company's zone unless it names another.

    `content` stands for all that is said; `number` counts rows that say the same. `undated`: the
    file names no date, a person did.
    """

    line: int
    content: str
    date: str
    score: int
    number: int = 1
    id: str = ""
    customer: str = ""
    name: str = ""
    manager: str = ""
    segment: str = ""
    touchpoint: str = ""
    comment: str = ""
    attributes: Mapping[str, str] = _NONE
    undated: bool = False


Columns = dict[str, Sequence[Any]]
"""What answers say, by the names of `FileAnswer`; a column of which nothing is said may lack."""


@dataclass(frozen=True, slots=True)
class FileAnswers(Sequence[FileAnswer]):
    """Past answers, kept by column: an object for each would take several times as much memory."""

    columns: Columns

    def __len__(self) -> int:
        """Return how many answers there are."""
        return len(self.columns["line"])

    @overload
    def __getitem__(self, place: int) -> FileAnswer: ...
    @overload
    def __getitem__(self, place: slice) -> "FileAnswers": ...
    def __getitem__(self, place: "int | slice") -> "FileAnswer | FileAnswers":
        """Return one answer, or several."""
        found: dict[str, Any] = {name: column[place] for name, column in self.columns.items()}
        return FileAnswers(found) if isinstance(place, slice) else FileAnswer(**found)

    def marks(self) -> RowMarks:
        """Return what tells the answers apart."""
        return RowMarks(*map(self.said, ("date", "id", "content", "number")))

    def said(self, name: str) -> Sequence[Any]:
        """Return a column, whether or not anything is said in it."""
        if name in self.columns:
            return self.columns[name]
        return Constant(FileAnswer._field_defaults[name], len(self))


@dataclass(frozen=True, slots=True)
class History:
    """A whole file: its answers, and its other rows with the reason why they are none.

    `refused` cannot be read; it is empty unless they may be skipped. `sheet` says whose export it
    is and which columns were read; `on` is the day of `undated` answers.
    """

    rows: FileAnswers
    readings: tuple[DatesReading, ...]
    refused: tuple[ColumnProblem, ...]
    sheet: HistorySheet
    undated: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the answers as an operation takes them."""
        return {"columns": self.rows.columns}


def read_history(content: bytes, plan: ReadingPlan) -> History:
    """Return every past answer of a file; raises Refused naming every row that cannot be taken."""
    sheet = read_sheet(content, plan)
    if not sheet.lines and not sheet.left_out:
        raise Refused(mark("The file has headings but no rows."))
    scores = read_scores(sheet.lines, sheet.said("score"), plan.scale)
    dates = _dates(sheet, plan)
    problems = [
        *scores.problems,
        *dates.problems,
        *_too_long(sheet),
        *_misdated(sheet, dates, plan),
        *_repeated(sheet),
    ]
    refused = lines_of(problems)
    cells = {**sheet.cells, "line": sheet.lines}
    taken = _without(refused, cells)
    if problems:
        of_column = any(one.of_column for one in problems)
        if of_column or not plan.skip_refused or not taken["line"]:
            raise RowsRefused(problems, are_all=not taken["line"])
    # What was read takes the place of how it was written.
    taken["date"] = list(map(dates.found.__getitem__, taken["line"]))
    taken["score"] = list(map(scores.found.__getitem__, taken["line"]))
    unknown = set(dates.unknown)
    undated = [line in unknown for line in taken["line"]] if unknown else []
    sheet = replace(sheet, lines=(), cells={})
    readings = dates.readings
    del cells, dates, scores  # or a long file would be in memory twice
    return History(
        rows=_identified(taken, undated),
        readings=readings,
        refused=tuple(problems),
        sheet=sheet,
        undated=sum(undated),
    )


def _without(refused: set[int], cells: Columns) -> Columns:
    if not refused:
        return dict(cells)
    stays = [line not in refused for line in cells["line"]]
    return {name: list(compress(column, stays)) for name, column in cells.items()}


def lines_of(problems: Iterable[ColumnProblem]) -> set[int]:
    """Return the lines that any of the problems names."""
    return {line for problem in problems for line in problem.lines}


def _too_long(sheet: HistorySheet) -> Iterable[ColumnProblem]:
    for name, column in sheet.cells.items():
        limit = _LONGEST.get(name, _LONGEST_CELL)
        if max(map(len, column), default=0) <= limit:
            continue
        values = {"column": name.removeprefix(OWN), "limit": limit}
        message = Message("{column}: more than {limit} characters", values)
        lines = (line for line, cell in zip(sheet.lines, column, strict=True) if len(cell) > limit)
        yield ColumnProblem(tuple(lines), message)


def _dates(sheet: HistorySheet, plan: ReadingPlan) -> Dates:
    """Read the dates; a row without one gets the day that a person stated, or is a problem."""
    texts = sheet.said("date")
    beside = [
        map(_number, sheet.cells[name]) if name in sheet.cells else repeat(None)
        for name in CALENDAR
    ]
    cells = zip(sheet.lines, texts, *beside, strict=False)  # what says nothing goes on for ever
    stated = stated_formats((*plan.date_formats, *sheet.formats))
    dates = read_dates(cells, stated, zone=sheet.zone or None)
    if not dates.unknown:
        return dates
    if plan.on is not None:
        return replace(dates, found={**dict.fromkeys(dates.unknown, plan.on), **dates.found})
    unknown = set(dates.unknown)
    undated = (
        (line, text) for line, text in zip(sheet.lines, texts, strict=True) if line in unknown
    )
    return replace(dates, problems=(*dates.problems, *gathered(undated, _undated)))


def _undated(lines: tuple[int, ...], text: str) -> ColumnProblem:
    if not text:
        return ColumnProblem(lines, Message("there is no date"), _STATE_A_DAY)
    message = Message("«{text}» stands for an unknown date", {"text": text[:40]})
    return ColumnProblem(lines, message, _STATE_A_DAY)


def _number(cell: str) -> int | None:
    match = _NUMBER.fullmatch(cell.lstrip("QqКк"))
    return int(match[1]) if match else None


def _misdated(sheet: HistorySheet, dates: Dates, plan: ReadingPlan) -> Iterable[ColumnProblem]:
    """Name the rows whose date contradicts their month or quarter column."""
    for name in sorted(CALENDAR.keys() & plan.asked().keys()):
        wrong: list[tuple[int, tuple[str, str]]] = []
        for line, said in zip(sheet.lines, sheet.said(name), strict=True):
            day = dates.found.get(line, "")[:10]
            if day and part_of(date.fromisoformat(day), name) != _number(said):
                wrong.append((line, (day, said)))
        yield from gathered(wrong, partial(_contradicted, name))


def _contradicted(name: str, lines: tuple[int, ...], cells: tuple[str, str]) -> ColumnProblem:
    day, said = cells
    values = {"date": day, "column": name, "said": said}
    return ColumnProblem(lines, Message("the date is {date}, but {column} is «{said}»", values))


def _repeated(sheet: HistorySheet) -> Iterable[ColumnProblem]:
    keys = sheet.cells.get("id", ())
    seen = Counter(filter(None, keys))
    again = ((line, key) for line, key in zip(sheet.lines, keys, strict=False) if seen[key] > 1)
    yield from gathered(again, _not_the_only_one)


def _not_the_only_one(lines: tuple[int, ...], key: str) -> ColumnProblem:
    return ColumnProblem(
        lines, Message("the id «{id}» stands there more than once", {"id": key[:40]})
    )


def _identified(said: Columns, undated: Sequence[bool]) -> FileAnswers:
    """Give each row what tells it from others: its contents, and which repetition of them it is."""
    own = sorted(name for name in said if name.startswith(OWN))
    ordered = sorted({*(name for name in COLUMNS if name in said and name not in CALENDAR), *own})
    contents = _contents({name: said[name] for name in ordered})
    found = {name: said[name] for name in FileAnswer._fields if name in said}
    found["content"] = contents
    if len(set(contents)) < len(contents):
        found["number"] = _numbered(contents)
    if own:
        names = [name.removeprefix(OWN) for name in own]
        rows = zip(*(said[name] for name in own), strict=True)
        found["attributes"] = [
            {name: cell for name, cell in zip(names, cells, strict=True) if cell} or _NONE
            for cells in rows
        ]
    if undated:
        found["undated"] = undated
    return FileAnswers(found)


def _contents(said: Mapping[str, Sequence[Any]]) -> list[str]:
    """Return what stands for all that each row says, with the names under which it says it.

    NUL stands between the parts. Those before the first that no row lacks bring it along behind
    them, all others before them.
    """
    template, columns, begun = "", [], False
    for name, column in said.items():
        before = "\0" if begun else ""
        if name == "score" or all(column):
            begun = True
            template += before + name.replace("%", "%%") + "=%s"
            columns.append(column)
        else:
            behind = "" if begun else "\0"
            template += "%s"
            columns.append([f"{before}{name}={one}{behind}" if one else "" for one in column])
    return fingerprints(map(template.__mod__, zip(*columns, strict=True)))


def _numbered(contents: Iterable[str]) -> list[int]:
    seen: dict[str, int] = {}
    numbers = []
    for content in contents:
        number = seen[content] = seen.get(content, 0) + 1
        numbers.append(number)
    return numbers
