"""Past answers from a table: which column is what, every row checked, all rows or none."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import yaml

from bot.errors import Refused
from bot.operations.lists.date_cells import stated_formats
from bot.operations.lists.dates import DateCell, Dates, Problem, Reading, part_of, read_dates
from bot.operations.lists.problems import FileRefused
from bot.operations.lists.tables import read_table
from bot.operations.lists.words import FileNotRead
from surveys.messages import Message, mark

COLUMNS = (
    "score",
    "date",
    "id",
    "customer",
    "name",
    "manager",
    "segment",
    "touchpoint",
    "comment",
    "month",
    "quarter",
)
"""What a column may be; score and date must be given."""
CALENDAR: Mapping[str, tuple[str, ...]] = {
    "month": ("month", "месяц"),
    "quarter": ("quarter", "квартал"),
}
"""Headings under which a month or quarter is looked for, to tell how a date is meant."""
_SETTINGS = ("date_format", "attribute", "scale", "survey", "question")
_LISTS = ("date_format", "attribute")
_OWN = "attribute "
"""Stands before the heading of a column of the company's own."""
_LONGEST: Mapping[str, int] = {"comment": 20_000}
_LONGEST_CELL = 500
_SHOWN_PROBLEMS = 50
_SHOWN_SPANS = 100
_WHOLE = re.compile(r"(\d{1,9})(?:[.,]0+)?", re.ASCII)
_SCALE = re.compile(r"(\d{1,3})\s*[-–—]\s*(\d{1,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which heading holds what (`columns`: a name of `COLUMNS` → a heading), and how to read it.

    `scale` are the ends of the score; `question` None: the survey's own score. `attributes` are
    the headings of the company's own columns.
    """

    columns: Mapping[str, str]
    attributes: tuple[str, ...] = ()
    date_formats: tuple[str, ...] = ()
    scale: tuple[int, int] = (0, 10)
    survey: str = "nps"
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One past answer; `date` is ISO text in the company's zone unless it names another.

    `identity` is the same for the same answer whenever it is read; `content` for all that is said.
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
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """A whole file, and how its dates were read."""

    rows: tuple[Row, ...]
    readings: tuple[Reading, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the rows as an operation takes them."""
        return {"rows": [list(asdict(row).values()) for row in self.rows]}


@dataclass(slots=True)
class _Cells:
    line: int
    said: dict[str, str] = field(default_factory=dict)


def plan_from(options: Mapping[str, Any], text: str | None) -> Plan:
    """Return the plan of the command line's options over those of a YAML document."""
    known = {*COLUMNS, *_SETTINGS}
    said = {} if text is None else _document(text, known)
    said |= {name: value for name, value in options.items() if value}
    missing = [name for name in ("score", "date") if name not in said]
    if missing:
        raise Refused(
            mark("Say which column holds the {columns}: --score, --date."), columns=missing
        )
    listed = {name: _several(said.get(name, ())) for name in _LISTS}
    return Plan(
        columns={name: str(said[name]) for name in COLUMNS if name in said},
        attributes=listed["attribute"],
        date_formats=listed["date_format"],
        scale=_scale(str(said.get("scale", "0-10"))),
        survey=str(said.get("survey", "nps")),
        question=str(said["question"]) if "question" in said else None,
    )


def _several(said: object) -> tuple[str, ...]:
    return tuple(map(str, said)) if isinstance(said, list | tuple) else (str(said),)


def _document(text: str, known: Iterable[str]) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Refused(mark("The map is not YAML. Write lines such as: score: rating")) from error
    if not isinstance(found, dict):
        raise Refused(mark("The map must hold lines such as: score: rating"))
    unknown = sorted(str(name) for name in found if name not in known)
    listed = [name for name, value in found.items() if isinstance(value, dict | list)]
    if unknown or [name for name in listed if name not in _LISTS or isinstance(found[name], dict)]:
        raise Refused(mark("The map may hold, each with one value: {known}."), known=sorted(known))
    return {str(name): value for name, value in found.items() if value is not None}


def _scale(text: str) -> tuple[int, int]:
    match = _SCALE.fullmatch(text.strip())
    if match is None or int(match[1]) >= int(match[2]):
        raise Refused(mark("{text} is no scale; write 0-10 or 1-5."), text=text[:20])
    return int(match[1]), int(match[2])


def read_history(content: bytes, plan: Plan) -> History:
    """Return every past answer of a file; raises Refused naming every row that cannot be taken."""
    rows = _cells(content, plan)
    problems = [problem for row in rows for problem in _row_problems(row, plan.scale)]
    dates = _dates(rows, plan)
    problems += [*dates.problems, *_undated(rows, dates)]
    problems += [*_misdated(rows, dates, plan), *_repeated(rows)]
    if problems:
        raise RowsRefused(problems)
    if not rows:
        raise Refused(mark("The file has headings but no rows."))
    return History(tuple(_identified(rows, dates, plan)), dates.readings)


class RowsRefused(Refused):
    """Rows of a file cannot be taken, so none is; `problems` names them all."""

    template = mark("Nothing was imported. Mend this first:")

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = sorted(problems, key=lambda one: (-len(one.lines), one.lines))

    def messages(self) -> tuple[Message, ...]:
        """Return the problems with their lines; the first ones in full."""
        shown, rest = self.problems[:_SHOWN_PROBLEMS], self.problems[_SHOWN_PROBLEMS:]
        said = [
            Message("{lines}: {what}", {"lines": _lines(one.lines), "what": one.message})
            for one in shown
        ]
        if rest:
            lines = _lines(sorted({number for problem in rest for number in problem.lines}))
            said.append(Message("{lines}: likewise", {"lines": lines}))
        advice = dict.fromkeys(one.advice for one in shown if one.advice is not None)
        return (Message(self.template), *said, *advice)


def _lines(numbers: Sequence[int]) -> Message:
    """Return "line 2" or "lines 2–4, 9"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    written = [str(a) if a == b else f"{a}\N{EN DASH}{b}" for a, b in spans]
    if len(numbers) == 1:
        return Message("line {line}", {"line": written[0]})
    if len(spans) <= _SHOWN_SPANS:
        return Message("lines {lines}", {"lines": written})
    values = {"lines": written[:_SHOWN_SPANS], "n": len(spans) - _SHOWN_SPANS}
    return Message("lines {lines}; places besides: {n}", values)


def _cells(content: bytes, plan: Plan) -> list[_Cells]:
    try:
        table = read_table(content)
        places = _places(table.headings, plan)
        return [
            _Cells(line, {name: cells[at] for name, at in places.items() if at < len(cells)})
            for line, cells in table.rows
        ]
    except FileRefused as error:
        raise FileNotRead(error) from error


def _places(headings: Sequence[str], plan: Plan) -> dict[str, int]:
    asked = {**plan.columns, **{_OWN + heading: heading for heading in plan.attributes}}
    wanted = {name: _place(headings, heading) for name, heading in asked.items()}
    missing = [asked[name] for name, at in wanted.items() if at is None]
    if missing:
        raise Refused(
            mark(
                "There is no column {missing}, or it stands there twice. "
                "The first line names: {headings}."
            ),
            missing=missing,
            headings=headings,
        )
    for name, known in CALENDAR.items():
        found = [_place(headings, heading) for heading in known]
        wanted.setdefault(name, next((at for at in found if at is not None), None))
    return {
        _OWN + headings[at].strip() if name.startswith(_OWN) else name: at
        for name, at in wanted.items()
        if at is not None
    }


def _place(headings: Sequence[str], wanted: str) -> int | None:
    key = wanted.strip().casefold()
    same = [at for at, heading in enumerate(headings) if heading.strip().casefold() == key]
    return same[0] if len(same) == 1 else None


def _row_problems(row: _Cells, scale: tuple[int, int]) -> Iterable[Problem]:
    text = row.said.get("score", "")
    match = _WHOLE.fullmatch(text)
    if match is None or not scale[0] <= int(match[1]) <= scale[1]:
        values = {"text": text[:40], "low": scale[0], "high": scale[1]}
        message = Message("«{text}» is no whole number from {low} to {high}", values)
        empty = Message("there is no score")
        yield Problem((row.line,), message if text else empty)
    for name, cell in row.said.items():
        if len(cell) > _LONGEST.get(name, _LONGEST_CELL):
            limit = _LONGEST.get(name, _LONGEST_CELL)
            values = {"column": name.removeprefix(_OWN), "limit": limit}
            message = Message("{column}: more than {limit} characters", values)
            yield Problem((row.line,), message)


def _dates(rows: Sequence[_Cells], plan: Plan) -> Dates:
    stated = stated_formats(plan.date_formats)
    cells = [
        DateCell(row.line, row.said.get("date", ""), _number(row, "month"), _number(row, "quarter"))
        for row in rows
    ]
    return read_dates(cells, stated)


def _undated(rows: Sequence[_Cells], dates: Dates) -> Iterable[Problem]:
    """Name the rows whose date is blank, or stands for an unknown one."""
    unknown = set(dates.unknown)
    for row in rows:
        if row.line in unknown:
            text = row.said.get("date", "")
            message = Message("«{text}» stands for an unknown date", {"text": text[:40]})
            yield Problem((row.line,), message if text else Message("there is no date"))


def _number(row: _Cells, name: str) -> int | None:
    match = _WHOLE.fullmatch(row.said.get(name, "").lstrip("QqКк"))
    return int(match[1]) if match else None


def _misdated(rows: Sequence[_Cells], dates: Dates, plan: Plan) -> Iterable[Problem]:
    """Name the rows whose month or quarter, in a column that was named for it, is another."""
    for name in CALENDAR.keys() & plan.columns.keys():
        for row in rows:
            text = dates.found.get(row.line)
            if text and part_of(date.fromisoformat(text[:10]), name) != _number(row, name):
                values = {"date": text[:10], "column": name, "said": row.said.get(name, "")}
                message = Message("the date is {date}, but {column} is «{said}»", values)
                yield Problem((row.line,), message)


def _repeated(rows: Sequence[_Cells]) -> Iterable[Problem]:
    lines: dict[str, list[int]] = {}
    for row in rows:
        if row.said.get("id"):
            lines.setdefault(row.said["id"], []).append(row.line)
    for key, numbers in lines.items():
        if len(numbers) > 1:
            message = Message("the id «{id}» stands there more than once", {"id": key[:40]})
            yield Problem(tuple(numbers), message)


def _identified(rows: Sequence[_Cells], dates: Dates, plan: Plan) -> Iterable[Row]:
    """Give each row its identity: its id, else what it says and how often that was said before."""
    seen: Counter[str] = Counter()
    said_names = [name for name in COLUMNS if name in plan.columns and name not in CALENDAR]
    for row in rows:
        own = sorted(name for name in row.said if name.startswith(_OWN))
        said = {name: row.said.get(name, "") for name in (*said_names, *own)} | {
            "date": dates.found[row.line],
            "score": str(int(re.split("[.,]", row.said["score"])[0])),
        }
        content = fingerprint(*(f"{name}={said[name]}" for name in sorted(said) if said[name]))
        seen[content] += 1
        key = said.get("id", "")
        identity = ("id", key) if key else ("row", content, str(seen[content]))
        kept = {name: said[name] for name in said if name in Row.__dataclass_fields__}
        yield Row(
            line=row.line,
            identity=fingerprint(*identity),
            content=content,
            attributes={name.removeprefix(_OWN): said[name] for name in own if said[name]},
            **kept | {"score": int(said["score"])},  # type: ignore[arg-type]
        )


def fingerprint(*parts: str) -> str:
    """Return 32 hexadecimal digits that only these parts give."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
