"""The days of a list's last purchases, read by the rule of dates over the whole column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.operations.lists.date_cells import stated_formats
from bot.operations.lists.dates import DateCell, day_of, is_future, read_dates
from bot.operations.lists.problems import Fault, RowRefused
from surveys.periods import Zone


@dataclass(frozen=True, slots=True)
class Purchases:
    """Line → day; line → why the row is refused; the lines whose cell says there is none."""

    days: Mapping[int, date]
    refused: Mapping[int, RowRefused]
    unknown: Mapping[int, str]


def read_purchases(
    cells: Sequence[DateCell], formats: Sequence[str], zone: Zone, now: datetime
) -> Purchases:
    """Return the days of a column as they were in the company's zone; a future one is refused."""
    dates = read_dates(cells, stated_formats(formats))
    said = {cell.line: cell.text for cell in cells}
    days: dict[int, date] = {}
    refused: dict[int, RowRefused] = {}
    for problem in dates.problems:
        code = Fault.DATE_UNCLEAR if "first" in problem.message.values else Fault.DATE
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
    return Purchases(days, refused, unknown)
