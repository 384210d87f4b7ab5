"""What is left to do; while the program idles, it is nothing."""

from datetime import datetime

from storage.answering import deadlines
from storage.asking import triggers
from storage.engine.reading import Reader
from storage.people import imports
from storage.sending import errands, inbox, outbox, schedules


async def unfinished(reader: Reader, now: datetime, *, staff: bool = True) -> int:
    """Count what is to be handled, sent, reminded, closed, read or made by now.

    Without `staff` messages to staff do not count: one chat takes one a second.
    """
    return (
        await inbox.count(reader, now)
        + await outbox.count_unsettled(reader, now, staff=staff)
        + await deadlines.count_due(reader, now)
        + await schedules.count_due(reader, now)
        + await errands.count_due(reader, now)
        + await imports.count_due(reader)
        + await triggers.count_due(reader, now, staff=staff)
    )


async def next_due(reader: Reader) -> datetime | None:
    """Return the earliest moment at which something is to be sent, closed or made."""
    moments = (
        await inbox.next_due(reader),
        await outbox.next_due(reader),
        await deadlines.next_due(reader),
        await schedules.next_due(reader),
        await errands.next_due(reader),
        await imports.next_due(reader),
        await triggers.next_due(reader),
    )
    return min((moment for moment in moments if moment is not None), default=None)
