"""What is left to do; while the program idles, it is nothing."""

from datetime import datetime
from functools import cache, reduce
from operator import add

from sqlalchemy import Executable, select

from storage.answering import deadlines
from storage.asking import triggers
from storage.engine.earliest import earliest
from storage.engine.reading import Reader
from storage.people.lists import imports
from storage.sending import errands, inbox, outbox, schedules


async def unfinished(reader: Reader, now: datetime, *, staff: bool = True) -> int:
    """Count what is to be handled, sent, reminded, closed, read or made by now.

    Without `staff` messages to staff do not count: one chat takes one a second.
    """
    number: int = await reader.scalar(_unfinished(staff=staff), {"now": now})
    return number


@cache
def _unfinished(*, staff: bool) -> Executable:
    """Return one query for all: whoever waits for the end asks it again and again."""
    counts = (
        inbox.waiting(),
        outbox.unsettled(staff=staff),
        deadlines.CLOSINGS_DUE,
        deadlines.REMINDERS_DUE,
        schedules.DUE,
        errands.DUE,
        imports.DUE,
        *triggers.due(staff=staff),
    )
    return select(reduce(add, (count.scalar_subquery() for count in counts)))


async def next_due(reader: Reader) -> datetime | None:
    """Return the earliest moment at which something is to be sent, closed or made."""
    kinds = (deadlines.DUES, schedules.DUES, errands.dues(), imports.DUES, triggers.DUES)
    moments = (
        await inbox.next_due(reader),
        await outbox.next_due(reader),
        await earliest(reader, [due for kind in kinds for due in kind]),
    )
    return min((moment for moment in moments if moment is not None), default=None)
