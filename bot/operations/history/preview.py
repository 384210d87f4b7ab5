"""The first answers of a file as they were read, for a person to look at."""

from typing import Any

from bot.operations.history.answers import History
from bot.operations.history.plan import ReadingPlan
from bot.operations.lists.dates import day_of, moment_of
from bot.operations.lists.headings import field_of
from surveys.messages import Message
from surveys.periods import Zone, zone_info

SHOWN = 3
_ENOUGH = 10
_MOST = 5
_WHO = frozenset({"external_id", "name", "email", "phone"})
_SHOWN_TEXTS = ("customer", "name", "manager", "segment", "touchpoint", "comment")


def warnings(history: History, plan: ReadingPlan) -> list[Message]:
    """Return what may be meant otherwise than it was read."""
    said = []
    if "customer" not in history.sheet.columns:
        said.append(
            Message(
                "No column says whose answers these are: each counts as another customer's. Name "
                "one with --customer."
            )
        )
        likely = [one for one in history.sheet.unused if field_of(one) in _WHO]
        if likely:
            said.append(Message("These may say it: {headings}.", {"headings": likely[:_MOST]}))
    elif len({row.customer for row in history.rows}) < len(history.rows):
        said.append(
            Message(
                "Some customers answered several times; in a period each counts once, with the "
                "latest answer. If a name is shared by several people, name the column of their id "
                "with --customer, and that of the name with --name."
            )
        )
    highest = max((row.score for row in history.rows), default=plan.scale[1])
    if len(history.rows) >= _ENOUGH and 2 * highest <= plan.scale[1]:
        values = {"highest": highest, "low": plan.scale[0], "high": plan.scale[1]}
        said.append(
            Message(
                "No score is above {highest}, and they are read as {low}-{high}. If their scale "
                "ends lower, say --scale.",
                values,
            )
        )
    return said


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
