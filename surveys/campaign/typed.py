"""Days and hours as people type them: «завтра 10:00», «в пятницу в 9», "16.09 10:00", «с 10 до 18».

A small grammar that refuses what it does not know: libraries that guess drop the ten of «завтра в
10» and take the wrong zone.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_WEEKDAYS = (
    ("понедельник", "monday"),
    ("вторник", "tuesday"),
    ("сред", "wednesday"),
    ("четверг", "thursday"),
    ("пятниц", "friday"),
    ("суббот", "saturday"),
    ("воскресень", "sunday"),
)
_MONTHS = (
    ("янв", "jan"), ("фев", "feb"), ("мар", "mar"), ("апр", "apr"), ("ма", "may"), ("июн", "jun"),
    ("июл", "jul"), ("авг", "aug"), ("сен", "sep"), ("окт", "oct"), ("ноя", "nov"), ("дек", "dec"),
)  # fmt: skip
_NEAR = {
    "сегодня": 0, "today": 0, "завтра": 1, "tomorrow": 1, "послезавтра": 2,
}  # fmt: skip
_NUMERIC = re.compile(r"(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([a-zа-я]{3,})\.?(?: (\d{4}))?")
_AMERICAN = re.compile(r"([a-z]{3,})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?")
_TIME = re.compile(r"(?:в|at|с|from)? ?(\d{1,2})(?:[:.](\d{2}))? ?(час(?:а|ов)?|ч|h|утра|am|pm)?")
_HOURS = re.compile(
    r"(?:с|от|from)? ?(\d{1,2})(?::00)? ?(?:-|–|—|до|to|until|till) ?(\d{1,2})(?::00)?"
    r"(?: ?(?:час(?:ов)?|ч))?"
)
_NOON, _DAY, _HOUR = 12, 24, 60


@dataclass(frozen=True, slots=True)
class TypedMoment:
    """A local day and a time of day."""

    day: date
    at: time


def read_moment(text: str, now: datetime, usual: time) -> TypedMoment | None:
    """Read a day, an hour or both; None where it is neither.

    `now` is the local present. A day alone means its `usual` time, an hour alone the next such
    hour; a day without a year is the next such day, and a weekday never today.
    """
    words = " ".join(text.casefold().replace("ё", "е").replace(",", " ").split())
    day, rest = _day(words, now.date())
    at = _time(rest) if rest else None
    if rest and at is None:
        return None
    if day is not None:
        return TypedMoment(day, at or usual)
    if at is None:
        return None
    today = at > now.time()
    return TypedMoment(now.date() + timedelta(days=not today), at)


def read_time(text: str) -> time | None:
    """Read an hour alone; None where it is anything else."""
    return _time(" ".join(text.casefold().split()))


def read_day(text: str, today: date) -> tuple[date | None, str]:
    """Read the day that a text begins with, and return what stands after it."""
    return _day(" ".join(text.casefold().replace("ё", "е").replace(",", " ").split()), today)


def read_hours(text: str) -> tuple[int, int] | None:
    """Read whole hours, first to last: «с 10 до 18», "10-18"; None where it is not that."""
    found = _HOURS.fullmatch(" ".join(text.casefold().split()))
    if found is None:
        return None
    first, last = int(found[1]), int(found[2])
    return (first, last) if first < last <= _DAY else None


def _day(words: str, today: date) -> tuple[date | None, str]:
    """Return the day that the words begin with, and what stands after it."""
    first, _, rest = words.partition(" ")
    if first in _NEAR:
        return today + timedelta(days=_NEAR[first]), rest
    bare = re.sub(r"^(?:в|во|on) ", "", words)
    first, _, rest = bare.partition(" ")
    for number, names in enumerate(_WEEKDAYS):
        if first.startswith(names):
            ahead = (number - today.weekday() - 1) % 7 + 1
            return today + timedelta(days=ahead), rest
    for pattern, order in ((_ISO, "ymd"), (_NAMED, "dmy"), (_AMERICAN, "mdy"), (_NUMERIC, "dmy")):
        found = pattern.match(bare)
        if found and bare[found.end() :][:1] in {"", " "}:
            parts = dict(zip(order, found.groups(), strict=True))
            day = _dated(parts["d"], parts["m"], parts["y"], today)
            if day is not None:
                return day, bare[found.end() :].strip()
    return None, words


def _dated(day: str, month: str, year: str | None, today: date) -> date | None:
    number = int(month) if month.isdecimal() else _month(month)
    if number is None:
        return None
    try:
        if year is not None:
            return date(int(f"20{year}"[-4:]), number, int(day))
        this = date(today.year, number, int(day))
        return this if this >= today else date(today.year + 1, number, int(day))
    except ValueError:
        return None


def _month(name: str) -> int | None:
    for number, names in enumerate(_MONTHS, start=1):
        if name.startswith(names):
            return number
    return None


def _time(words: str) -> time | None:
    found = _TIME.fullmatch(words)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] in {"am", "pm"}:
        hour = hour % _NOON + (_NOON if found[3] == "pm" else 0)
    return time(hour, minute) if hour < _DAY and minute < _HOUR else None
