"""Cells as programs read them, and words that no spreadsheet takes for a formula."""

import re
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from surveys.messages import Language

_BEGINS: Final = re.compile(r"""["'\s]*[=+\-@＝＋－＠]|[\t\r\n]""")
"""What a spreadsheet may take for the beginning of a formula, also after it has dropped spaces."""
_AFTER_A_SEPARATOR: Final = re.compile(r"""(?<=[;,\t\r\n|])(["'\s]*)(?=[=@＝＠]|[+\-＋－]\S)""")
"""Where a cell would begin a formula if the file were split at another separator."""
DAYS: Final = {"ru": "%d.%m.%Y", "en": "%Y-%m-%d"}


def safe(text: str) -> str:
    """Return words for a CSV file that no spreadsheet takes for a formula."""
    guarded = f"'{text}" if _BEGINS.match(text) else text
    return _AFTER_A_SEPARATOR.sub(r"\1'", guarded)


def local(value: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment as the clocks of a zone show it, without the zone."""
    return value.astimezone(zone).replace(tzinfo=None)


def as_written(value: object, zone: ZoneInfo, language: Language) -> str:
    """Return a cell for a CSV file, numbers and days as a spreadsheet of the language reads them.

    Moments have a second's precision.
    """
    match value:
        case None:
            return ""
        case bool():
            return str(int(value))
        case str():
            return safe(value)
        case datetime():
            return local(value, zone).strftime(f"{DAYS[language]} %H:%M:%S")
        case date():
            return value.strftime(DAYS[language])
        case _:
            return str(value).replace(".", "," if language == "ru" else ".")
