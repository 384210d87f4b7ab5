"""Dates as a file writes them, read in one way only.

A form is what dates look like: their separator, where the year stands, its digits. Each form of a
file is read by itself. A year first, and dots between day and month, leave no doubt; with slashes
and dashes both orders of day and month are tried over the whole file, and only what can be meant
in a single way is taken. Nothing is concluded from one form to another: spreadsheets turn just
those dates around that they can read.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from bot.errors import Refused
from surveys.messages import Message, mark

Order = str
"""The letters D, M and Y as they stand: "DMY", "MDY", "YMD"."""

_CENTURY = 2000
_EARLIEST = 1970
_MONTHS_A_QUARTER = 3
_CELL = re.compile(
    r"(\d{1,2}|\d{4})([-./])(\d{1,2})\2(\d{1,2}|\d{4})"
    r"(?:[T ,]\s*(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_STATED = re.compile(r"(D{1,2}|M{1,2}|Y{1,4})([-./])(D{1,2}|M{1,2})\2(D{1,2}|M{1,2}|Y{1,4})")
_DIGITS = {"Y": (2, 4), "YY": (2,), "YYYY": (4,)}
_PERCENT = {"%d": "DD", "%m": "MM", "%Y": "YYYY", "%y": "YY"}


class Form(NamedTuple):
    """What dates look like; `year_first` with its number of digits."""

    separator: str
    year_first: bool
    year_digits: int

    def written(self, order: Order) -> str:
        """Return an order in this form as people state it: D/M/YY."""
        letters = {"D": "D", "M": "M", "Y": "Y" * self.year_digits}
        return self.separator.join(letters[letter] for letter in order)

    @property
    def orders(self) -> tuple[Order, ...]:
        """Return every way in which such dates may be meant."""
        if self.year_first:
            return ("YMD",)
        return ("DMY",) if self.separator == "." else ("DMY", "MDY")


@dataclass(frozen=True, slots=True)
class DateCell:
    """A date as it stands in a line, with what the same line says of its month and quarter."""

    line: int
    text: str
    month: int | None = None
    quarter: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How the dates of one form were read: as "D/M/YY", and what left no other way (marked)."""

    read_as: str
    rows: int
    because: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why lines cannot be taken."""

    lines: tuple[int, ...]
    message: Message


@dataclass(frozen=True, slots=True)
class Dates:
    """Line → ISO text (a day, or a moment where a time stood there); what is wrong."""

    found: Mapping[int, str]
    readings: tuple[Reading, ...]
    problems: tuple[Problem, ...]


class _Parts(NamedTuple):
    cell: DateCell
    numbers: tuple[int, int, int]
    time: str


class FormatInvalid(Refused):
    """A stated date format is none."""


def stated_formats(texts: Iterable[str]) -> dict[Form, Order]:
    """Return form → order of formats such as D/M/YY, DD.MM.YYYY, YYYY-MM-DD or %d/%m/%Y.

    A single Y stands for both numbers of digits. Raises FormatInvalid.
    """
    found: dict[Form, Order] = {}
    for text in texts:
        for form, order in _stated(text):
            if found.setdefault(form, order) != order:
                raise FormatInvalid(
                    mark("the date format {text} contradicts another one"), text=text
                )
    return found


def _stated(text: str) -> list[tuple[Form, Order]]:
    plain = text.strip()
    for sign, letters in _PERCENT.items():
        plain = plain.replace(sign, letters)
    match = _STATED.fullmatch(plain.upper())
    parts = [match[1], match[3], match[4]] if match else []
    order = "".join(part[0] for part in parts)
    digits = _DIGITS.get(max((part for part in parts if part[0] == "Y"), default=""))
    if match is None or order not in {"DMY", "MDY", "YMD", "YDM"} or digits is None:
        raise FormatInvalid(
            mark("«{text}» is no date format; write D/M/YY, MM/DD/YYYY, YYYY-MM-DD …"),
            text=text[:30],
        )
    return [(Form(match[2], order.startswith("Y"), number), order) for number in digits]


def read_dates(cells: Sequence[DateCell], stated: Mapping[Form, Order]) -> Dates:
    """Read every cell, or say which cannot be read, and which in more than one way."""
    found: dict[int, str] = {}
    readings: list[Reading] = []
    by_form, problems = _by_form(cells, stated)
    for form, rows in sorted(by_form.items()):
        order, because = _order(form, rows, stated.get(form))
        if order is None:
            problems.append(_undecided(form, rows))
            continue
        readings.append(Reading(form.written(order), len(rows), because))
        for row in rows:
            day = _day(row.numbers, order, form)
            if day is None:
                problems.append(_not_a_date(row.cell, form.written(order)))
            else:
                found[row.cell.line] = day.isoformat() + row.time
    return Dates(found, tuple(readings), tuple(problems))


def _by_form(
    cells: Sequence[DateCell], stated: Mapping[Form, Order]
) -> tuple[dict[Form, list[_Parts]], list[Problem]]:
    by_form: dict[Form, list[_Parts]] = defaultdict(list)
    problems = []
    for cell in cells:
        split = _split(cell, stated)
        if split is None:
            problems.append(_not_a_date(cell))
        else:
            by_form[split[0]].append(split[1])
    return by_form, problems


def _split(cell: DateCell, stated: Mapping[Form, Order]) -> tuple[Form, _Parts] | None:
    match = _CELL.fullmatch(cell.text)
    if match is None:
        return None
    first, separator, second, third = match.group(1, 2, 3, 4)
    short_year_first = Form(separator, year_first=True, year_digits=2)
    year_first = len(first) > len("31") or (short_year_first in stated and len(third) <= len("31"))
    form = Form(separator, year_first, len(first if year_first else third))
    if form.year_digits not in {2, 4} or (year_first and len(third) > len("31")):
        return None
    time = _time(match[5], match[6])
    if time is None:
        return None
    return form, _Parts(cell, (int(first), int(second), int(third)), time)


def _time(clock: str | None, offset: str | None) -> str | None:
    """Return "T14:05:00+03:00", empty where no time stands, None where it is none."""
    if clock is None:
        return ""
    text = f"2000-01-01T{clock.rjust(len('00:00'), '0') if clock[1] == ':' else clock}"
    try:
        moment = datetime.fromisoformat(text + (offset or ""))
    except ValueError:
        return None
    return moment.isoformat().removeprefix("2000-01-01")


_BESIDE = {
    "month": mark("the month in the same row"),
    "quarter": mark("the quarter in the same row"),
}


def _order(form: Form, rows: Sequence[_Parts], stated: Order | None) -> tuple[Order | None, str]:
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


def _possible(form: Form, rows: Sequence[_Parts]) -> list[Order]:
    """Return the orders that make a date of every row that is one in any order."""
    orders = form.orders
    if len(orders) == 1:
        return list(orders)
    days = [[_day(row.numbers, order, form) for order in orders] for row in rows]
    dated = [row for row in days if any(row)]
    return [order for place, order in enumerate(orders) if all(row[place] for row in dated)]


def _day(numbers: tuple[int, int, int], order: Order, form: Form) -> date | None:
    parts = dict(zip(order, numbers, strict=True))
    year = parts["Y"] + (_CENTURY if form.year_digits == len("YY") else 0)
    try:
        day = date(year, parts["M"], parts["D"])
    except ValueError:
        return None
    return day if year >= _EARLIEST else None


def _differing(form: Form, rows: Sequence[_Parts]) -> list[_Parts]:
    """Return the rows that are two different dates."""
    days = [{_day(row.numbers, order, form) for order in form.orders} - {None} for row in rows]
    return [row for row, found in zip(rows, days, strict=True) if len(found) > 1]


def _agrees(form: Form, rows: Sequence[_Parts], order: Order, name: str) -> bool:
    for row in rows:
        day = _day(row.numbers, order, form)
        said = row.cell.month if name == "month" else row.cell.quarter
        if day is not None and said != part_of(day, name):
            return False
    return True


def part_of(day: date, name: str) -> int:
    """Return a day's month or quarter."""
    return day.month if name == "month" else (day.month - 1) // _MONTHS_A_QUARTER + 1


def _not_a_date(cell: DateCell, read_as: str = "") -> Problem:
    values = {"text": cell.text[:40], "format": read_as}
    if read_as:
        return Problem((cell.line,), Message("«{text}» is no date as {format}", values))
    return Problem((cell.line,), Message("«{text}» is no date", values))


def _undecided(form: Form, rows: Sequence[_Parts]) -> Problem:
    formats = [form.written(order) for order in form.orders]
    values: dict[str, object] = {"first": formats[0], "second": formats[1]}
    if not _possible(form, rows):
        message = Message(
            "day and month stand in both orders. State --date-format {first} or "
            "--date-format {second}",
            values,
        )
        return Problem(_contradicting(form, rows), message)
    unclear = _differing(form, rows)
    example = unclear[0]
    days = [_day(example.numbers, order, form) for order in form.orders]
    values |= {"n": len(unclear), "text": example.cell.text, "day": days[0], "other": days[1]}
    message = Message(
        "dates that can be read in two ways: {n}. «{text}» is {day} as {first} and {other} as "
        "{second}. State --date-format {first} or --date-format {second}, or name a column with "
        "the month: --month COLUMN",
        {name: value if name == "n" else str(value) for name, value in values.items()},
    )
    return Problem(tuple(row.cell.line for row in unclear), message)


def _contradicting(form: Form, rows: Sequence[_Parts]) -> tuple[int, ...]:
    """Return the lines that are a date in one order only."""
    days = [[_day(row.numbers, order, form) for order in form.orders] for row in rows]
    one_way = (row for row, found in zip(rows, days, strict=True) if found.count(None) == 1)
    return tuple(row.cell.line for row in one_way)
