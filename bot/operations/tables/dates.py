"""Dates as a file writes them, read in one way only.

A form is what dates look like: their separator, where the year stands, its digits. Each form of a
file is read by itself. A year first, and dots between day and month, leave no doubt; with slashes
and dashes both orders of day and month are tried over the whole file, and only what can be meant
in a single way is taken. Nothing is concluded from one form to another: spreadsheets turn just
those dates around that they can read.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import partial
from operator import add
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.operations.tables import date_cells
from bot.operations.tables.date_cells import DateForm, DateOrder
from bot.operations.tables.problems import ColumnProblem, gathered
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


class DateCell(NamedTuple):
    """A date as it stands in a line, with what the same line says of its month and quarter."""

    line: int
    text: str
    month: int | None = None
    quarter: int | None = None


Numbers = tuple[int, int, int]
PlainCell = tuple[int, str, int | None, int | None]
"""What a `DateCell` is: a long column is as many, and goes without their name."""


@dataclass(frozen=True, slots=True)
class DatesReading:
    """How the dates of one form were read: as "D/M/YY", and what left no other way (marked)."""

    read_as: str
    rows: int
    because: str


@dataclass(frozen=True, slots=True)
class Dates:
    """Line → ISO text (a day, or a moment where a time stood there); what is wrong.

    `unknown` are the lines whose cell says that there is no date.
    """

    found: Mapping[int, str]
    readings: tuple[DatesReading, ...]
    problems: tuple[ColumnProblem, ...]
    unknown: tuple[int, ...] = ()


class _Day(NamedTuple):
    """The numbers of a date as they stand, and what is said beside it."""

    numbers: Numbers
    month: int | None
    quarter: int | None


@dataclass(slots=True)
class _Alike:
    """The cells of one form, by column; `days` are places in `known`: a long file has few."""

    lines: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    known: list[_Day] = field(default_factory=list)
    places: dict[_Day, int] = field(default_factory=dict)

    def lines_of(self, days: Iterable[_Day]) -> tuple[int, ...]:
        """Return the lines of all cells that say one of these days."""
        these = {self.places[day] for day in days}
        return tuple(line for line, day in zip(self.lines, self.days, strict=True) if day in these)

    def saying(self, places: AbstractSet[int]) -> Iterator[tuple[int, str]]:
        """Yield line and text of all cells that say the days at these places, mostly none."""
        cells = zip(self.lines, self.texts, self.days, strict=True) if places else ()
        return ((line, text) for line, text, day in cells if day in places)


def read_dates(
    cells: Iterable[PlainCell], stated: Mapping[DateForm, DateOrder], zone: Zone | None = None
) -> Dates:
    """Read every cell, or say which cannot be read, and which in more than one way.

    `zone` is that of times that name none; None leaves them without.
    """
    found: dict[int, str] = {}
    readings: list[DatesReading] = []
    by_form, problems, unknown = _by_form(cells, stated)
    for form, alike in sorted(by_form.items()):
        order, because = _order(form, alike.known, stated.get(form))
        if order is None:
            problems.append(_undecided(form, alike))
            continue
        read_as = form.written(order)
        readings.append(DatesReading(read_as, len(alike.lines), because))
        days = [_day(day.numbers, order, form) for day in alike.known]
        starts = ["" if day is None else day.isoformat() for day in days]
        said: Iterable[str] = map(add, map(starts.__getitem__, alike.days), alike.times)
        if zone is not None:
            said = [_zoned(text, zone) for text in said]
        # Where the file's own text is the same, that text is kept, not a copy.
        pairs = zip(alike.texts, said, strict=True)
        texts = (text if text == iso else iso for text, iso in pairs)
        found.update(zip(alike.lines, texts, strict=True))
        wrong = list(alike.saying({place for place, day in enumerate(days) if day is None}))
        for line, _ in wrong:
            del found[line]
        problems += gathered(wrong, partial(_not_a_date, read_as=read_as))
    return Dates(found, tuple(readings), tuple(problems), tuple(unknown))


def _zoned(text: str, zone: Zone) -> str:
    moment = datetime.fromisoformat(text)
    if "T" not in text or moment.tzinfo is not None:
        return text
    return moment.replace(tzinfo=zone_info(zone)).isoformat()


def moment_of(text: str, zone: Zone) -> datetime:
    """Return the moment of ISO text as `Dates.found` has it; a day's is its noon in the zone."""
    return moments_of([text], zone)[0]


def moments_of(texts: Sequence[str], zone: Zone) -> list[datetime]:
    """Do the same for many, of which most are in UTC already, or none is."""
    here = zone_info(zone)
    pairs = zip(map(datetime.fromisoformat, texts), texts, strict=True)
    return [one if one.tzinfo is UTC else _in_utc(one, text, here) for one, text in pairs]


def _in_utc(moment: datetime, text: str, here: ZoneInfo) -> datetime:
    if "T" not in text:
        moment = datetime.combine(moment, _NOON)
    local = moment if moment.tzinfo else moment.replace(tzinfo=here)
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
    cells: Iterable[PlainCell], stated: Mapping[DateForm, DateOrder]
) -> tuple[dict[DateForm, _Alike], list[ColumnProblem], list[int]]:
    """Return the cells by form, what is wrong with others, and the lines of those without one."""
    by_form: dict[DateForm, _Alike] = defaultdict(_Alike)
    wrong: list[tuple[int, str]] = []
    unknown: list[int] = []
    split = date_cells.splitting(stated)
    alike, place = _Alike(), 0
    last: date_cells.FormedDay | None = None
    before = _Day((0, 0, 0), None, None)
    for line, text, month, quarter in cells:
        parted = split(text)
        if parted is None:
            if date_cells.is_unknown(text):
                unknown.append(line)
            else:
                wrong.append((line, text))
            continue
        said, time = parted
        if said is not last or month != before.month or quarter != before.quarter:
            alike = by_form[said[0]]
            last, before = said, _Day(said[1], month, quarter)
            place = alike.places.setdefault(before, len(alike.known))
            if place == len(alike.known):
                alike.known.append(before)
        alike.lines.append(line)
        alike.texts.append(text)
        alike.days.append(place)
        alike.times.append(time)
    return by_form, list(gathered(wrong, _not_a_date)), unknown


_BESIDE = {
    "month": mark("the month in the same row"),
    "quarter": mark("the quarter in the same row"),
}


def _order(
    form: DateForm, days: Sequence[_Day], stated: DateOrder | None
) -> tuple[DateOrder | None, str]:
    """Return the one order in which all the rows can be meant, and what says so."""
    if stated is not None:
        return stated, mark("stated")
    possible = _possible(form, days)
    if len(possible) == 1:
        return possible[0], mark("the only way to read them all")
    if possible and not _differing(form, days):
        return possible[0], mark("the same either way")
    for name, because in _BESIDE.items():
        agreeing = [order for order in possible if _agrees(form, days, order, name)]
        if len(agreeing) == 1:
            return agreeing[0], because
    return None, ""


def _possible(form: DateForm, days: Sequence[_Day]) -> list[DateOrder]:
    """Return the orders that make a date of every row that is one in any order."""
    orders = form.orders
    if len(orders) == 1:
        return list(orders)
    read = [[_day(day.numbers, order, form) for order in orders] for day in days]
    dated = [ways for ways in read if any(ways)]
    return [order for place, order in enumerate(orders) if all(ways[place] for ways in dated)]


def _day(numbers: Numbers, order: DateOrder, form: DateForm) -> date | None:
    parts = dict(zip(order, numbers, strict=True))
    year = parts["Y"] + (_CENTURY if form.year_digits == len("YY") else 0)
    try:
        day = date(year, parts["M"], parts["D"])
    except ValueError:
        return None
    return day if year >= _EARLIEST else None


def _differing(form: DateForm, days: Sequence[_Day]) -> list[_Day]:
    """Return those that are two different dates."""
    read = [{_day(day.numbers, order, form) for order in form.orders} - {None} for day in days]
    return [day for day, ways in zip(days, read, strict=True) if len(ways) > 1]


def _agrees(form: DateForm, days: Sequence[_Day], order: DateOrder, name: str) -> bool:
    for one in days:
        day = _day(one.numbers, order, form)
        said = one.month if name == "month" else one.quarter
        if day is not None and said != part_of(day, name):
            return False
    return True


def part_of(day: date, name: str) -> int:
    """Return a day's month or quarter."""
    return day.month if name == "month" else (day.month - 1) // _MONTHS_A_QUARTER + 1


def _not_a_date(lines: tuple[int, ...], text: str, read_as: str = "") -> ColumnProblem:
    values = {"text": text[:40], "format": read_as}
    if read_as:
        return ColumnProblem(lines, Message("«{text}» is no date as {format}", values))
    if date_cells.is_serial(text):
        message = Message("«{text}» is a spreadsheet's number of a day, not a date", values)
        advice = Message("Format that column of the spreadsheet as dates, and save it again.")
        return ColumnProblem(lines, message, advice)
    return ColumnProblem(lines, Message("«{text}» is no date", values), HOW_TO_STATE)


def _undecided(form: DateForm, alike: _Alike) -> ColumnProblem:
    formats = [form.written(order) for order in form.orders]
    values: dict[str, object] = {"first": formats[0], "second": formats[1]}
    state = Message("State --date-format {first} or --date-format {second}.", values)
    known = alike.known
    if not _possible(form, known):
        message = Message("day and month stand in both orders")
        lines = alike.lines_of(_contradicting(form, known))
        return ColumnProblem(lines, message, state, of_column=True)
    lines = alike.lines_of(_differing(form, known))
    place = alike.lines.index(lines[0])
    numbers = known[alike.days[place]].numbers
    days = [_day(numbers, order, form) for order in form.orders]
    said = {"text": alike.texts[place], "day": str(days[0]), "other": str(days[1])}
    message = Message(
        "dates that can be read in two ways: {n}. «{text}» is {day} as {first} and {other} as "
        "{second}",
        values | said | {"n": len(lines)},
    )
    advice = Message(
        "State --date-format {first} or --date-format {second}, or name a column with the month: "
        "--month COLUMN.",
        values,
    )
    return ColumnProblem(lines, message, advice, of_column=True)


def _contradicting(form: DateForm, days: Sequence[_Day]) -> list[_Day]:
    """Return those that are a date in one order only."""
    read = [[_day(day.numbers, order, form) for order in form.orders] for day in days]
    return [day for day, ways in zip(days, read, strict=True) if ways.count(None) == 1]
