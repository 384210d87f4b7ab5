"""The days of a list's last purchases, read by the rule of dates over the whole column."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.operations.lists.problems import Fault, RowRefused, TwoWays

if TYPE_CHECKING:
    from surveys.periods import Zone


@dataclass(frozen=True, slots=True)
class Purchases:
    """What cells say: the day of each, or why its row is refused; `unknown` ones name no day.

    `unclear` are forms that can be meant in two ways.
    """

    days: Mapping[str, date]
    refused: Mapping[str, RowRefused]
    unknown: Collection[str]
    unclear: Sequence[TwoWays] = ()


def read_purchases(
    said: Iterable[str], formats: Sequence[str], zone: "Zone", now: datetime
) -> Purchases:
    """Return the days of a column as they were in the company's zone; a future one is refused."""
    from bot.operations.tables.date_cells import stated_formats  # noqa: PLC0415 (few lists have dates)
    from bot.operations.tables.dates import (  # noqa: PLC0415 (the same)
        DateCell,
        day_of,
        is_future,
        read_dates,
    )

    texts = list(dict.fromkeys(said))  # each text once: a long list names few different days
    dates = read_dates([DateCell(*one) for one in enumerate(texts)], stated_formats(formats))
    days: dict[str, date] = {}
    refused: dict[str, RowRefused] = {}
    unclear = []
    as_us = any(one.read_as.startswith("M/") for one in dates.readings)
    for problem in dates.problems:
        code = Fault.DATE_AS_US if as_us else Fault.DATE
        if problem.of_column and problem.advice is not None:
            code = Fault.DATE_UNCLEAR
            said_of = {**problem.advice.values, **problem.message.values}
            unclear.append(TwoWays(*(str(said_of.get(name, "")) for name in TwoWays._fields)))
        refused |= {texts[at]: RowRefused(code, texts[at]) for at in problem.lines}
    for at, text in dates.found.items():
        if is_future(text, zone, now):
            refused[texts[at]] = RowRefused(Fault.DATE_FUTURE, texts[at])
        else:
            days[texts[at]] = day_of(text, zone)
    unknown = {texts[at] for at in dates.unknown}
    # Nothing says whether day or month comes first in the dates that remain.
    left = set(texts) - days.keys() - refused.keys() - unknown
    refused |= {text: RowRefused(Fault.DATE_UNCLEAR, text) for text in left}
    return Purchases(days, refused, unknown, unclear)
