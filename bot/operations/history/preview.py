"""The first answers of a file as they were read, for a person to look at."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.operations.history.answers import History
from bot.operations.lists.headings import field_of
from bot.operations.lists.likely import likely
from bot.operations.tables.dates import day_of, moment_of
from surveys.messages import Message, mark
from surveys.periods import Zone, zone_info

SHOWN = 3
_MOST = 8
_WHO = frozenset({"external_id", "name", "email", "phone"})
NAMES: Mapping[str, str] = {
    "score": mark("score"),
    "date": mark("date"),
    "id": mark("answer's number"),
    "customer": mark("customer"),
    "name": mark("customer's name"),
    "manager": mark("manager"),
    "segment": mark("segment"),
    "touchpoint": mark("touchpoint"),
    "comment": mark("comment"),
    "month": mark("month"),
    "quarter": mark("quarter"),
}
_SHOWN_TEXTS = ("customer", "name", "manager", "segment", "touchpoint", "comment")


def warnings(history: History) -> list[Message]:
    """Return warnings about what may mean something else than it was read as."""
    said = []
    if "customer" not in history.sheet.columns:
        said.append(
            Message(
                "No column says whose answers these are: each counts as another customer's. Name "
                "one with --customer."
            )
        )
    elif len(set(history.rows.said("customer"))) < len(history.rows):
        said.append(
            Message(
                "Some customers answered several times; in a period each counts once, with the "
                "latest answer. If a name is shared by several people, name the column of their id "
                "with --customer, and that of the name with --name."
            )
        )
    said += suggestions(history)
    return said


def suggestions(history: History) -> Iterator[Message]:
    """Yield which columns that are left out may well be wanted, with the option that reads each."""
    read = history.sheet.columns
    named: set[str] = set()
    for heading in history.sheet.unused:
        for name in _may_be(heading):
            if name not in read and len(named) < _MOST:
                named.add(heading)
                values = {"heading": heading, "what": Message(NAMES[name]), "option": name}
                yield Message(
                    "«{heading}» is left out. If it holds the {what}: --{option} '{heading}'",
                    values,
                )


def _may_be(heading: str) -> tuple[str, ...]:
    found = likely(heading)
    if found is None and field_of(heading) == "external_id":
        return ("customer", "id")
    if found is None and field_of(heading) in _WHO:
        return ("customer",)
    return () if found is None else (found,)


def samples(history: History, zone: Zone) -> list[dict[str, Any]]:
    """Return the first rows: line, date (ISO, in the company's zone), score, and what is said."""
    found = []
    for row in history.rows[:SHOWN]:
        at = moment_of(row.date, zone).astimezone(zone_info(zone))
        said = {name: getattr(row, name) for name in _SHOWN_TEXTS if getattr(row, name)}
        found.append(
            {
                "line": row.line,
                "date": at.isoformat() if "T" in row.date else day_of(row.date, zone).isoformat(),
                "score": row.score,
                **said,
                **row.attributes,
            }
        )
    return found
