"""Dates as a file writes them, read in one way only.

A form is what dates look like: their separator, where the year stands, its digits. Each form of a
file is read by itself. A year first, and dots between day and month, leave no doubt; with slashes
and dashes both orders of day and month are tried over the whole file, and only what can be meant
in a single way is taken. Nothing is concluded from one form to another: spreadsheets turn just
those dates around that they can read.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from bot.operations.tables import date_cells
from bot.operations.tables.date_cells import DateForm, DateOrder
from surveys.messages import Message, mark
from surveys.periods import Zone, zone_info

_CENTURY = 2000
_EARLIEST = 1970
_MONTHS_A_QUARTER = 3
_NOON = time(12)
HOW_TO_STATE = Message(
    mark("State how dates are written, time and all: --date-format 'DD.MM.YYYY HH:mm'.")
)
"""What helps where a date is not understood."""


@dataclass(frozen=True, slots=True)
class DateCell:
    """A date as it stands in a line, with what the same line says of its month and quarter."""

    line: int
    text: str
    month: int | None = None
    quarter: int | None = None


@dataclass(frozen=True, slots=True)
class DatesReading:
    """How the dates of one form were read: as "D/M/YY", and what left no other way (marked)."""

    read_as: str
    rows: int
    because: str


@dataclass(frozen=True, slots=True)
class DateProblem:
    """Why lines cannot be taken; `advice` is what the command line may do about it.

    `of_column`: the whole column is in doubt, so that it does not help to leave these lines out.
    """

    lines: tuple[int, ...]
    message: Message
    advice: Message | None = None
    of_column: bool = False


@dataclass(frozen=True, slots=True)
class Dates:
    """Line → ISO text (a day, or a moment where a time stood there); what is wrong.

    `unknown` are the lines whose cell says that there is no date.
    """

    found: Mapping[int, str]
    readings: tuple[DatesReading, ...]
    problems: tuple[DateProblem, ...]
    unknown: tuple[int, ...] = ()


class _Dated(NamedTuple):
    cell: DateCell
    numbers: tuple[int, int, int]
    time: str


def read_dates(
    cells: Sequence[DateCell], stated: Mapping[DateForm, DateOrder], zone: Zone | None = None
) -> Dates:
    """Read every cell, or say which cannot be read, and which in more than one way.

    `zone` is that of times that name none; None leaves them without.
    """
    found: dict[int, str] = {}
    readings: list[DatesReading] = []
    known, unknown = [], []
    for cell in cells:
        if date_cells.is_unknown(cell.text):
            unknown.append(cell.line)
        else:
            known.append(cell)
    by_form, problems = _by_form(known, stated)
    for form, rows in sorted(by_form.items()):
        order, because = _order(form, rows, stated.get(form))
        if order is None:
            problems.append(_undecided(form, rows))
            continue
        readings.append(DatesReading(form.written(order), len(rows), because))
        for row in rows:
            day = _day(row.numbers, order, form)
            if day is None:
                problems.append(_not_a_date(row.cell, form.written(order)))
            else:
                found[row.cell.line] = _zoned(day.isoformat() + row.time, zone)
    return Dates(found, tuple(readings), tuple(problems), tuple(unknown))


def _zoned(text: str, zone: Zone | None) -> str:
    moment = datetime.fromisoformat(text)
    if zone is None or "T" not in text or moment.tzinfo is not None:
        return text
    return moment.replace(tzinfo=zone_info(zone)).isoformat()


def moment_of(text: str, zone: Zone) -> datetime:
    """Return the moment of ISO text as `Dates.found` has it; a day's is its noon in the zone."""
    moment = datetime.fromisoformat(text)
    if "T" not in text:
        moment = datetime.combine(moment, _NOON)
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone_info(zone))
    return local.astimezone(UTC)


def day_of(text: str, zone: Zone) -> date:
    """Return the day of ISO text in the zone."""
    if "T" not in text:
        return date.fromisoformat(text)
    return moment_of(text, zone).astimezone(zone_info(zone)).date()


def is_future(text: str, zone: Zone, now: datetime) -> bool:
    """Tell whether a day of ISO text, or its moment, is still to come; today is not."""
    if "T" in text:
        return moment_of(text, zone) > now
    return date.fromisoformat(text) > now.astimezone(zone_info(zone)).date()


def _by_form(
    cells: Sequence[DateCell], stated: Mapping[DateForm, DateOrder]
) -> tuple[dict[DateForm, list[_Dated]], list[DateProblem]]:
    by_form: dict[DateForm, list[_Dated]] = defaultdict(list)
    problems = []
    for cell in cells:
        split = date_cells.split(cell.text, stated)
        if split is None:
            problems.append(_not_a_date(cell))
        else:
            form, parts = split
            by_form[form].append(_Dated(cell, *parts))
    return by_form, problems


_BESIDE = {
    "month": mark("the month in the same row"),
    "quarter": mark("the quarter in the same row"),
}


def _order(
    form: DateForm, rows: Sequence[_Dated], stated: DateOrder | None
) -> tuple[DateOrder | None, str]:
    """Return the one order in which all the rows can be meant, and what says so."""
    if stated is not None:
        return stated, mark("stated")
    possible = _possible(form, rows)
    if len(possible) == 1:
        return possible[0], mark("the only way to read them all")
    if possible and not _differing(form, rows):
        return possible[0], mark("the same either way")
    for name, because in _BESIDE.items():
        agreeing = [order for order in possible if _agrees(form, rows, order, name)]
        if len(agreeing) == 1:
            return agreeing[0], because
    return None, ""


def _possible(form: DateForm, rows: Sequence[_Dated]) -> list[DateOrder]:
    """Return the orders that make a date of every row that is one in any order."""
    orders = form.orders
    if len(orders) == 1:
        return list(orders)
    days = [[_day(row.numbers, order, form) for order in orders] for row in rows]
    dated = [row for row in days if any(row)]
    return [order for place, order in enumerate(orders) if all(row[place] for row in dated)]


def _day(numbers: tuple[int, int, int], order: DateOrder, form: DateForm) -> date | None:
    parts = dict(zip(order, numbers, strict=True))
    year = parts["Y"] + (_CENTURY if form.year_digits == len("YY") else 0)
    try:
        day = date(year, parts["M"], parts["D"])
    except ValueError:
        return None
    return day if year >= _EARLIEST else None


def _differing(form: DateForm, rows: Sequence[_Dated]) -> list[_Dated]:
    """Return the rows that are two different dates."""
    days = [{_day(row.numbers, order, form) for order in form.orders} - {None} for row in rows]
    return [row for row, found in zip(rows, days, strict=True) if len(found) > 1]


def _agrees(form: DateForm, rows: Sequence[_Dated], order: DateOrder, name: str) -> bool:
    for row in rows:
        day = _day(row.numbers, order, form)
        said = row.cell.month if name == "month" else row.cell.quarter
        if day is not None and said != part_of(day, name):
            return False
    return True


def part_of(day: date, name: str) -> int:
    """Return a day's month or quarter."""
    return day.month if name == "month" else (day.month - 1) // _MONTHS_A_QUARTER + 1


def _not_a_date(cell: DateCell, read_as: str = "") -> DateProblem:
    values = {"text": cell.text[:40], "format": read_as}
    if read_as:
        return DateProblem((cell.line,), Message("«{text}» is no date as {format}", values))
    if date_cells.is_serial(cell.text):
        message = Message("«{text}» is a spreadsheet's number of a day, not a date", values)
        advice = Message("Format that column of the spreadsheet as dates, and save it again.")
        return DateProblem((cell.line,), message, advice)
    return DateProblem((cell.line,), Message("«{text}» is no date", values), HOW_TO_STATE)


def _undecided(form: DateForm, rows: Sequence[_Dated]) -> DateProblem:
    formats = [form.written(order) for order in form.orders]
    values: dict[str, object] = {"first": formats[0], "second": formats[1]}
    state = Message("State --date-format {first} or --date-format {second}.", values)
    if not _possible(form, rows):
        message = Message("day and month stand in both orders")
        return DateProblem(_contradicting(form, rows), message, state, of_column=True)
    unclear = _differing(form, rows)
    example = unclear[0]
    days = [_day(example.numbers, order, form) for order in form.orders]
    said = {"text": example.cell.text, "day": str(days[0]), "other": str(days[1])}
    message = Message(
        "dates that can be read in two ways: {n}. «{text}» is {day} as {first} and {other} as "
        "{second}",
        values | said | {"n": len(unclear)},
    )
    advice = Message(
        "State --date-format {first} or --date-format {second}, or name a column with the month: "
        "--month COLUMN.",
        values,
    )
    return DateProblem(tuple(row.cell.line for row in unclear), message, advice, of_column=True)


def _contradicting(form: DateForm, rows: Sequence[_Dated]) -> tuple[int, ...]:
    """Return the lines that are a date in one order only."""
    days = [[_day(row.numbers, order, form) for order in form.orders] for row in rows]
    one_way = (row for row, found in zip(rows, days, strict=True) if found.count(None) == 1)
    return tuple(row.cell.line for row in one_way)
