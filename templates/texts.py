"""The program's texts in the reader's language; numbers and dates as that reader writes them.

    texts = Texts("ru")
    texts("{name} has answered", name=customer)
    texts.plural("{n} answer", "{n} answers", count)

Message ids are English. The catalogs are ``locales/<language>/LC_MESSAGES/otklik.po``, read
when a language is first asked for. `templates.catalog` says how to add a text.
"""

import datetime as dt
import inspect
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from surveys.messages import Language, fill
from templates import months, po

LOCALES: Final = Path(__file__).parent / "locales"
MINUS: Final = "\N{MINUS SIGN}"
Number = int | float | Decimal

_GROUPED = 1000
"""From here on digits stand in groups."""
_MOST_DIGITS = 6
_RUSSIAN = re.compile("[а-яё]", re.IGNORECASE)
_MARKS: Final = {
    "en": str.maketrans({"-": MINUS}),
    "ru": str.maketrans({"-": MINUS, ",": "\N{NO-BREAK SPACE}", ".": ","}),
}
"""What stands between groups of digits, and before a part of one: babel knows, but reads all of a
language for it, which takes longer than to write all numbers of a digest.
"""
_TO: Final = {"en": "\N{NO-BREAK SPACE}\N{EN DASH} ", "ru": "\N{NO-BREAK SPACE}\N{EM DASH} "}
"""From one day to another, where either is more than a number."""
_ENGLISH_MARKS = str.maketrans({"«": "“", "»": "”"})


def unwrapped(docstring: str) -> str:
    """Return a docstring as a text: each paragraph on one line."""
    paragraphs = inspect.cleandoc(docstring).split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


@cache
def _translations(language: Language) -> po.Catalog:
    return po.read(LOCALES / language / "LC_MESSAGES" / "otklik.po")


class Texts:
    """Everything that depends on the reader's language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def __call__(self, message: str, /, **values: object) -> str:
        """Return the translated message with its placeholders filled."""
        return fill(self._as_set(_translations(self.language).gettext(message)), values)

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Return the plural form for the whole number `n`, which fills ``{n}``."""
        message = _translations(self.language).ngettext(one, many, n)
        return fill(self._as_set(message), {"n": self.number(n), **values})

    def quoted(self, words: str) -> str:
        """Return words within the language's quotation marks."""
        return self._as_set("«{words}»").replace("{words}", words)

    def _as_set(self, message: str) -> str:
        """Set a text as its language does: ids are written with «», English reads “”.

        Quoted Russian words keep their own marks.
        """
        if self.language == "en" and not _RUSSIAN.search(message):
            return message.translate(_ENGLISH_MARKS)
        return message

    def number(self, value: Number, digits: int | None = 0, sign: bool = False) -> str:
        """Write a number the reader's way, rounded half up to `digits` (None: those it has).

        `sign` writes a plus before what is above zero. Nothing ever reads as minus zero.
        """
        if type(value) is int and 0 <= value < _GROUPED and not digits:  # most numbers
            return f"+{value}" if sign and value else str(value)
        rounded = _rounded(value, digits)
        written = f"{rounded:,f}"
        if digits is None:
            written = written.rstrip("0").rstrip(".")
        return ("+" if sign and rounded > 0 else "") + written.translate(_MARKS[self.language])

    def percent(self, share: Number, digits: int = 0) -> str:
        """Write a share between 0 and 1 in per cent."""
        space = "\N{NO-BREAK SPACE}" if self.language == "ru" else ""
        return f"{self.number(Decimal(str(share)) * 100, digits)}{space}%"

    def money(self, value: Number, currency: str, digits: int = 0) -> str:
        """Write an amount; no line ends before its currency."""
        return f"{self.number(value, digits)}\N{NO-BREAK SPACE}{currency}".rstrip()

    def date(self, day: dt.date) -> str:
        """Write «22 ноября 2026», "22 November 2026"."""
        return f"{self._day(day)} {day.year}"

    def days(self, first: dt.date, last: dt.date) -> str:
        """Write «1–31 октября 2026», "1 July – 30 September 2026"; one day stands alone."""
        if first == last:
            return self.date(last)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}\N{EN DASH}{self.date(last)}"
        begun = self._day(first) if first.year == last.year else self.date(first)
        return f"{begun}{_TO[self.language]}{self.date(last)}"

    def month(self, day: dt.date, short: bool = False) -> str:
        """Write «ноябрь 2026», or «нояб.» where room is short."""
        if short:
            return months.SHORT[self.language][day.month - 1]
        return f"{months.ALONE[self.language][day.month - 1]} {day.year}"

    def moment(self, at: dt.datetime, zone: dt.tzinfo | str) -> str:
        """Write an aware moment as the clock of `zone` shows it: «22 ноября 2026, 14:05»."""
        local = at.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
        return f"{self.date(local)}, {local:%H:%M}"

    def _day(self, day: dt.date) -> str:
        return f"{day.day} {months.BESIDE_DAY[self.language][day.month - 1]}"

    def period(self, key: str) -> str:
        """Name a period by its key: ``2026``, ``2026-Q3``, ``2026-09``, ``2026-W36``."""
        year, _, part = key.partition("-")
        if not part:
            return self("{year}", year=year)
        if part.startswith("Q"):
            return _unbroken(self("Q{quarter} {year}", quarter=part[1:], year=year))
        if part.startswith("W"):
            return _unbroken(self("week {week} of {year}", week=part[1:].lstrip("0"), year=year))
        return self.month(dt.date(int(year), int(part), 1))


def _unbroken(name: str) -> str:
    """Let no line end within «2-й»."""
    return name.replace("-", "\N{NON-BREAKING HYPHEN}")


def _rounded(value: Number, digits: int | None) -> Decimal:
    exact = Decimal(str(value))
    step = Decimal(1).scaleb(-(_MOST_DIGITS if digits is None else digits))
    return exact.quantize(step, ROUND_HALF_UP) + 0
