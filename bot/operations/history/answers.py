"""Past answers from a table: every row is read, or named with the reason why not."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from bot.errors import Refused
from bot.operations.history.plan import CALENDAR, COLUMNS, OWN, ReadingPlan
from bot.operations.history.refusals import RowsRefused
from bot.operations.history.scores import read_scores
from bot.operations.history.sheet import PastRows, RowCells, read_sheet
from bot.operations.tables.date_cells import stated_formats
from bot.operations.tables.dates import (
    DateCell,
    DateProblem,
    Dates,
    DatesReading,
    part_of,
    read_dates,
)
from surveys.messages import Message, mark

_LONGEST: Mapping[str, int] = {"comment": 20_000}
_LONGEST_CELL = 500
_NUMBER = re.compile(r"(\d{1,9})(?:[.,]0+)?", re.ASCII)
_STATE_A_DAY = Message(mark("For answers without a date, state their day: --on DAY."))


_NONE: Mapping[str, str] = {}


class FileAnswer(NamedTuple):
    """One past answer; `date` is ISO text in the company's zone unless it names another.

    `identity` is the same for the same answer whenever it is read; `content` for all that is said.
    `undated`: the file names no date, a person did.
    """

    line: int
    identity: str
    content: str
    date: str
    score: int
    customer: str = ""
    name: str = ""
    manager: str = ""
    segment: str = ""
    touchpoint: str = ""
    comment: str = ""
    attributes: Mapping[str, str] = _NONE
    undated: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """A whole file: its answers, and its other rows with the reason why they are none.

    `refused` cannot be read; it is empty unless they may be skipped. `sheet` says whose export it
    is and which columns were read; `on` is the day of `undated` answers.
    """

    rows: tuple[FileAnswer, ...]
    readings: tuple[DatesReading, ...]
    refused: tuple[DateProblem, ...]
    sheet: PastRows
    undated: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the rows as an operation takes them."""
        return {"rows": self.rows}


def read_history(content: bytes, plan: ReadingPlan) -> History:
    """Return every past answer of a file; raises Refused naming every row that cannot be taken."""
    sheet = read_sheet(content, plan)
    if not sheet.rows and not sheet.left_out:
        raise Refused(mark("The file has headings but no rows."))
    scores = read_scores([(row.line, row.said.get("score", "")) for row in sheet.rows], plan.scale)
    dates = _dates(sheet, plan)
    problems = [
        *scores.problems,
        *dates.problems,
        *(problem for row in sheet.rows for problem in _too_long(row)),
        *_misdated(sheet.rows, dates, plan),
        *_repeated(sheet.rows),
    ]
    refused = lines_of(problems)
    taken = [row for row in sheet.rows if row.line not in refused]
    if problems:
        of_column = any(one.of_column for one in problems)
        if of_column or not plan.skip_refused or not taken:
            raise RowsRefused(problems, are_all=not taken)
    undated = len({row.line for row in taken}.intersection(dates.unknown))
    sheet = replace(sheet, rows=())  # or a long file would be in memory twice
    return History(
        rows=tuple(_identified(taken, dates, scores.found)),
        readings=dates.readings,
        refused=tuple(problems),
        sheet=sheet,
        undated=undated,
    )


def lines_of(problems: Iterable[DateProblem]) -> set[int]:
    """Return the lines that any of the problems names."""
    return {line for problem in problems for line in problem.lines}


def _too_long(row: RowCells) -> Iterable[DateProblem]:
    for name, cell in row.said.items():
        limit = _LONGEST.get(name, _LONGEST_CELL)
        if len(cell) > limit:
            values = {"column": name.removeprefix(OWN), "limit": limit}
            message = Message("{column}: more than {limit} characters", values)
            yield DateProblem((row.line,), message)


def _dates(sheet: PastRows, plan: ReadingPlan) -> Dates:
    """Read the dates; a row without one gets the day that a person stated, or is a problem."""
    if sheet.columns.keys() & CALENDAR.keys():
        cells = [
            DateCell(
                row.line, row.said.get("date", ""), _number(row, "month"), _number(row, "quarter")
            )
            for row in sheet.rows
        ]
    else:
        cells = [DateCell(row.line, row.said.get("date", "")) for row in sheet.rows]
    stated = stated_formats((*plan.date_formats, *sheet.formats))
    dates = read_dates(cells, stated, zone=sheet.zone or None)
    if plan.on is not None:
        return replace(dates, found={**dict.fromkeys(dates.unknown, plan.on), **dates.found})
    unknown = set(dates.unknown)
    undated = [_undated(cell) for cell in cells if cell.line in unknown]
    return replace(dates, problems=(*dates.problems, *undated))


def _undated(cell: DateCell) -> DateProblem:
    if not cell.text:
        return DateProblem((cell.line,), Message("there is no date"), _STATE_A_DAY)
    message = Message("«{text}» stands for an unknown date", {"text": cell.text[:40]})
    return DateProblem((cell.line,), message, _STATE_A_DAY)


def _number(row: RowCells, name: str) -> int | None:
    match = _NUMBER.fullmatch(row.said.get(name, "").lstrip("QqКк"))
    return int(match[1]) if match else None


def _misdated(rows: Sequence[RowCells], dates: Dates, plan: ReadingPlan) -> Iterable[DateProblem]:
    """Name the rows whose date contradicts their month or quarter column."""
    for name in sorted(CALENDAR.keys() & plan.asked().keys()):
        for row in rows:
            text = dates.found.get(row.line)
            if text and part_of(date.fromisoformat(text[:10]), name) != _number(row, name):
                values = {"date": text[:10], "column": name, "said": row.said.get(name, "")}
                message = Message("the date is {date}, but {column} is «{said}»", values)
                yield DateProblem((row.line,), message)


def _repeated(rows: Sequence[RowCells]) -> Iterable[DateProblem]:
    lines: dict[str, list[int]] = {}
    for row in rows:
        if row.said.get("id"):
            lines.setdefault(row.said["id"], []).append(row.line)
    for key, numbers in lines.items():
        if len(numbers) > 1:
            message = Message("the id «{id}» stands there more than once", {"id": key[:40]})
            yield DateProblem(tuple(numbers), message)


def _identified(
    rows: list[RowCells], dates: Dates, scores: Mapping[int, int]
) -> Iterable[FileAnswer]:
    """Give each row its identity: its id, else its contents and which repetition of them it is.

    The list is emptied on the way.
    """
    seen: Counter[str] = Counter()
    names = {name for row in rows for name in row.said}
    own = sorted(name for name in names if name.startswith(OWN))
    said_names = [name for name in COLUMNS if name in names and name not in CALENDAR]
    ordered = sorted({*said_names, *own, "date", "score"})
    kept = [
        name for name in said_names if name in FileAnswer._fields and name not in {"date", "score"}
    ]
    undated = set(dates.unknown)
    rows.reverse()
    while rows:
        row = rows.pop()
        date, score = dates.found[row.line], scores[row.line]
        said = {**row.said, "date": date, "score": str(score)}
        content = fingerprint(*[f"{name}={said[name]}" for name in ordered if said.get(name)])
        seen[content] += 1
        key = said.get("id", "")
        identity = ("id", key) if key else ("row", content, str(seen[content]))
        attributes = {name.removeprefix(OWN): said[name] for name in own if said.get(name)}
        yield FileAnswer(
            line=row.line,
            identity=fingerprint(*identity),
            content=content,
            date=date,
            score=score,
            attributes=attributes or _NONE,
            undated=row.line in undated,
            **{name: said[name] for name in kept if name in said},
        )


def fingerprint(*parts: str) -> str:
    """Return 32 hexadecimal digits that only these parts give."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
