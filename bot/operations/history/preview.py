"""The first answers of a file as they were read, for a person to look at."""

from typing import Any

from bot.operations.history.answers import History
from bot.operations.lists.dates import day_of, moment_of
from surveys.periods import Zone, zone_info

SHOWN = 3
_SHOWN_TEXTS = ("customer", "name", "manager", "segment", "touchpoint", "comment")


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
