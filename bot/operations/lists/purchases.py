"""The days of a list's last purchases, read by the rule of dates over the whole column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from bot.operations.lists.date_cells import stated_formats
from bot.operations.lists.dates import DateCell, day_of, is_future, read_dates
from bot.operations.lists.problems import Fault, RowRefused
from surveys.periods import Zone


@dataclass(frozen=True, slots=True)
class Purchases:
    """Line → day; line → why the row is refused; the lines whose cell says there is none.

    `unclear` are forms that can be meant in two ways.
    """

    days: Mapping[int, date]
    refused: Mapping[int, RowRefused]
    unknown: Mapping[int, str]
    unclear: Sequence["TwoWays"] = ()


class TwoWays(NamedTuple):
    """Formats of which one must be stated; where known, a date and its ISO day by each."""

    first: str
    second: str
    text: str = ""
    day: str = ""
    other: str = ""


def read_purchases(
    cells: Sequence[DateCell], formats: Sequence[str], zone: Zone, now: datetime
) -> Purchases:
    """Return the days of a column as they were in the company's zone; a future one is refused."""
    dates = read_dates(cells, stated_formats(formats))
    said = {cell.line: cell.text for cell in cells}
    days: dict[int, date] = {}
    refused: dict[int, RowRefused] = {}
    unclear = []
    for problem in dates.problems:
        code = Fault.DATE
        if problem.of_column and problem.advice is not None:
            code = Fault.DATE_UNCLEAR
            said_of = {**problem.advice.values, **problem.message.values}
            unclear.append(TwoWays(*(str(said_of.get(name, "")) for name in TwoWays._fields)))
        refused |= {line: RowRefused(code, said[line]) for line in problem.lines}
    for line, text in dates.found.items():
        if is_future(text, zone, now):
            refused[line] = RowRefused(Fault.DATE_FUTURE, said[line])
        else:
            days[line] = day_of(text, zone)
    unknown = {line: said[line] for line in dates.unknown if said[line]}
    # A form whose dates stand in both orders refuses those of one order by name: and the others.
    left = said.keys() - days.keys() - refused.keys() - unknown.keys()
    refused |= {line: RowRefused(Fault.DATE_UNCLEAR, said[line]) for line in left if said[line]}
    return Purchases(days, refused, unknown, unclear)
