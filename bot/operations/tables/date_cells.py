"""What dates look like in a file: their form, the numbers in them, and the time behind them.

Nothing is decided here about the order of day and month; that takes the whole column.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from bot.errors import Refused
from surveys.messages import mark

DateOrder = str
"""The letters D, M and Y as they stand: "DMY", "MDY", "YMD"."""

_WORD = "MMM"
_UNIX = "unix"
_NOON = 12
_MOST_KNOWN = 10_000
_DAY = r"(\d{4}|\d{1,2})([-./])(\d{1,2})\2(\d{4}|\d{1,2})"
_TIME = (
    r"(?:(?:T|[ ,] ?)(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)"
    r" ?(?P<half>[ap]\.?m\.?)?"
    r" ?(?P<zone>Z|UTC|GMT|MSK|МСК"
    r"|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?(?: \([^()]{1,40}\))?)?)?"
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? )?"
_DAY_ALONE = re.compile(_DAY, re.ASCII)
_IN_NUMBERS = re.compile(_DAY + _TIME, re.ASCII | re.IGNORECASE)
_IN_WORDS = re.compile(
    _WEEKDAY + r"(?:(?P<d1>[0-9]{1,2})[- /.]{0,2}(?P<m1>[^\W\d_]{3,9})\.?[- /.,]{0,2}"
    r"(?P<y1>[0-9]{4}|[0-9]{2})(?: ?г\.?)?"
    r"|(?P<m2>[^\W\d_]{3,9})\.? (?P<d2>[0-9]{1,2}),? (?P<y2>[0-9]{4}))" + _TIME,
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})" + _TIME, re.ASCII | re.IGNORECASE)
_SECONDS = re.compile(r"\d{9,10}", re.ASCII)
_SERIAL = re.compile(r"[2-7]\d{4}(?:[.,]\d+)?", re.ASCII)
_MONTHS = tuple(
    names.split()
    for names in (
        "january январь января", "february февраль февраля", "march март марта",
        "april апрель апреля", "may май мая", "june июнь июня", "july июль июля",
        "august август августа", "september сентябрь сентября", "october октябрь октября",
        "november ноябрь ноября", "december декабрь декабря",
    )
)  # fmt: skip
_NOTHING = re.compile(r"0{2,4}([-./])0{1,2}\1(?:0{2,4})(?:[T ]0{1,2}:00(?::00(?:\.0+)?)?)?")
_NO_DATE = {"1980-01-01", "01.01.1980"}
"""What LimeSurvey writes where it kept no dates."""

_STATED = re.compile(r"(D{1,2}|M{1,2}|Y{1,4})([-./])(D{1,2}|M{1,2})\2(D{1,2}|M{1,2}|Y{1,4})")
_STATED_WORDS = re.compile(r"D{1,2}[-./ ,]{0,2}M{3,4}[-./ ,]{0,2}Y{2,4}|M{3,4}[ .]D{1,2}[, ]+Y{4}")
_STATED_TIME = re.compile(
    r"(?:T|[ ,]\s*)h{1,2}:mm(?::ss(?:[.,][sf]+)?)?(?: ?(?:a|p|am|pm|tt|am/pm))?(?: ?z{1,5})?$",
    re.IGNORECASE,
)
_DIGITS = {"Y": (2, 4), "YY": (2,), "YYYY": (4,)}
_PERCENT = {
    "%-": "%", "%d": "DD", "%m": "MM", "%Y": "YYYY", "%y": "YY", "%b": "MMM", "%B": "MMMM",
    "%T": "HH:mm:ss", "%R": "HH:mm", "%H": "HH", "%I": "hh", "%M": "mm", "%S": "ss", "%f": "f",
    "%p": "a", "%z": "z", "%Z": "z",
}  # fmt: skip


class DateForm(NamedTuple):
    """What dates look like; `year_first` with its number of digits."""

    separator: str
    year_first: bool
    year_digits: int

    def written(self, order: DateOrder) -> str:
        """Return an order in this form as people state it: D/M/YY."""
        if self.separator == _UNIX:
            return _UNIX
        if self.separator == _WORD:
            return f"D MMM {'Y' * self.year_digits}"
        width = 1 if self.separator else 2
        letters = {"D": "D" * width, "M": "M" * width, "Y": "Y" * self.year_digits}
        return self.separator.join(letters[letter] for letter in order)

    @property
    def orders(self) -> tuple[DateOrder, ...]:
        """Return every way in which such dates may be meant."""
        if self.year_first:
            return ("YMD",)
        return ("DMY",) if self.separator in {".", _WORD} else ("DMY", "MDY")


COMPACT = DateForm("", year_first=True, year_digits=4)
UNIX = DateForm(_UNIX, year_first=True, year_digits=4)
"""Forms that are read only where they are stated."""


class Parts(NamedTuple):
    """A date's numbers as they stand, and "T14:05:00+03:00" or nothing."""

    numbers: tuple[int, int, int]
    time: str


class FormatInvalid(Refused):
    """What was stated as a date format is no date format."""


def plain(text: str) -> str:
    """Return a cell without what spreadsheets put into it: odd spaces, a leading apostrophe."""
    return " ".join(text.split()).lstrip("'")


def is_unknown(text: str) -> bool:
    """Tell whether a cell stands for no date: blank, all zeros, or LimeSurvey's 1 January 1980."""
    said = plain(text)
    day, _, time = said.replace("T", " ").partition(" ")
    return (
        not said
        or _NOTHING.fullmatch(said) is not None
        or (day in _NO_DATE and not time.strip("0:."))
    )


def is_serial(text: str) -> bool:
    """Tell whether a cell looks like the number under which a spreadsheet keeps a day."""
    return _SERIAL.fullmatch(plain(text)) is not None


def split(text: str, stated: Mapping[DateForm, DateOrder]) -> tuple[DateForm, Parts] | None:
    """Return the form of a date and its parts, None where it is none."""
    said = plain(text)
    if UNIX in stated and _SECONDS.fullmatch(said):
        moment = datetime.fromtimestamp(int(said), UTC)
        time = moment.timetz().isoformat()
        return UNIX, Parts((moment.year, moment.month, moment.day), f"T{time}")
    match = _IN_NUMBERS.fullmatch(said)
    if match is not None:
        return _in_numbers(match, stated)
    match = _COMPACT.fullmatch(said) if COMPACT in stated else None
    if match is not None:
        return _with_time(COMPACT, (int(match[1]), int(match[2]), int(match[3])), match)
    match = _IN_WORDS.fullmatch(said)
    return None if match is None else _in_words(match)


FormedDay = tuple[DateForm, tuple[int, int, int]]
"""A day's form and its numbers as they stand."""


def splitting(
    stated: Mapping[DateForm, DateOrder],
) -> Callable[[str], tuple[FormedDay, str] | None]:
    """Return what splits the dates of a column, None where a cell is none or stands for none.

    A long column has few days and few times, so each is looked at once: a day that is written alike
    is one object. Day and time of a date in numbers are read apart from each other; only what
    stands for no date is told by both.
    """
    days: dict[str, FormedDay] = {}
    times: dict[str, str] = {}

    width = 0  # that of the last day read: most days of a column are as wide

    def split_cell(text: str) -> tuple[FormedDay, str] | None:
        nonlocal width
        day, time = days.get(text[:width]), times.get(text[width:])
        if day is not None and time is not None:
            return day, time  # the usual way, kept short: it runs once for each row
        width = len(text.partition("T" if "T" in text else " ")[0])
        day, time = days.get(text[:width]), times.get(text[width:])
        if day is not None and time is not None:
            return day, time
        return look_closely(text)

    def look_closely(text: str) -> tuple[FormedDay, str] | None:
        found = None if is_unknown(text) else split(text, stated)
        if found is None:
            return None
        form, (numbers, time) = found
        said, day = (form, numbers), text[:width]
        if text == plain(text) and _DAY_ALONE.fullmatch(day):
            if len(days) < _MOST_KNOWN and not is_unknown(day):
                days[day] = said
            if len(times) < _MOST_KNOWN:
                times[text[width:]] = time
        return said, time

    return split_cell


def _in_numbers(
    match: re.Match[str], stated: Mapping[DateForm, DateOrder]
) -> tuple[DateForm, Parts] | None:
    first, separator, second, third = match.group(1, 2, 3, 4)
    short_year_first = DateForm(separator, year_first=True, year_digits=2)
    year_first = len(first) > len("31") or (short_year_first in stated and len(third) <= len("31"))
    form = DateForm(separator, year_first, len(first if year_first else third))
    if form.year_digits not in {2, 4} or (year_first and len(third) > len("31")):
        return None
    return _with_time(form, (int(first), int(second), int(third)), match)


def _in_words(match: re.Match[str]) -> tuple[DateForm, Parts] | None:
    places = ("d1", "m1", "y1") if match["d1"] else ("d2", "m2", "y2")
    day, word, year = match.group(*places)
    month = _month(word)
    if month is None:
        return None
    form = DateForm(_WORD, year_first=False, year_digits=len(year))
    return _with_time(form, (int(day), month, int(year)), match)


def _month(word: str) -> int | None:
    """Return the month of a name or of its first letters."""
    start = word.casefold()
    for number, names in enumerate(_MONTHS, start=1):
        if any(name.startswith(start) for name in names):
            return number
    return None


def _with_time(
    form: DateForm, numbers: tuple[int, int, int], match: re.Match[str]
) -> tuple[DateForm, Parts] | None:
    time = _time(match["clock"], match["half"], match["zone"])
    return None if time is None else (form, Parts(numbers, time))


@lru_cache(maxsize=4096)
def _time(clock: str | None, half: str | None, zone: str | None) -> str | None:
    """Return "T14:05:00+03:00", empty where no time stands, None where it is none."""
    if clock is None:
        return ""
    hour, _, rest = clock.partition(":")
    if half is not None:
        if not 1 <= int(hour) <= _NOON:
            return None
        hour = str(int(hour) % _NOON + (_NOON if half[0] in "pP" else 0))
    text = f"2000-01-01T{hour.rjust(2, '0')}:{rest.replace(',', '.')}{_offset(zone or '')}"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.isoformat().removeprefix("2000-01-01")


@lru_cache
def _offset(zone: str) -> str:
    """Return an ISO offset; a zone given by its name alone has its usual one."""
    name = zone.upper().partition(" (")[0]
    if name in {"MSK", "МСК"}:
        return "+03:00"
    number = name.removeprefix("UTC").removeprefix("GMT")
    if name and number in {"", "Z"}:
        return "+00:00"
    if not number:
        return ""
    sign, digits = number[0], number[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > len("12") else (digits, "00")
    return f"{sign}{hours.rjust(2, '0')}:{minutes}"


def stated_formats(texts: Iterable[str]) -> dict[DateForm, DateOrder]:
    """Return form → order of formats such as D/M/YY, DD.MM.YYYY HH:mm, YYYYMMDD or %d/%m/%Y.

    A single Y stands for both numbers of digits. A time may stand behind the day: any time is
    read. Raises FormatInvalid.
    """
    found: dict[DateForm, DateOrder] = {}
    for text in texts:
        for form, order in _stated(text):
            if found.setdefault(form, order) != order:
                raise FormatInvalid(
                    mark("the date format {text} contradicts another one"), text=text
                )
    return found


def _stated(text: str) -> list[tuple[DateForm, DateOrder]]:
    said = text.strip()
    for sign, letters in _PERCENT.items():
        said = said.replace(sign, letters)
    said = _STATED_TIME.sub("", said).upper()
    if said == _UNIX.upper():
        return [(UNIX, "YMD")]
    if said == COMPACT.written("YMD"):
        return [(COMPACT, "YMD")]
    if _STATED_WORDS.fullmatch(said):
        return []  # a month in letters shows its place: no order is needed
    match = _STATED.fullmatch(said)
    parts = [match[1], match[3], match[4]] if match else []
    order = "".join(part[0] for part in parts)
    digits = _DIGITS.get(max((part for part in parts if part[0] == "Y"), default=""))
    if match is None or order not in {"DMY", "MDY", "YMD", "YDM"} or digits is None:
        raise FormatInvalid(
            mark(
                "«{text}» is no date format; write D/M/YY, MM/DD/YYYY, YYYY-MM-DD, "
                "DD.MM.YYYY HH:mm:ss …"
            ),
            text=text[:30],
        )
    return [(DateForm(match[2], order.startswith("Y"), number), order) for number in digits]
