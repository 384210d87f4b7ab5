"""What is left to do: nothing of it is there while the program idles."""

from datetime import datetime

from storage.asking import invitations, triggers
from storage.copies import backup_runs
from storage.engine.reading import Reader
from storage.people import imports
from storage.sending import comparisons, digests, inbox, link_batches, outbox


async def unfinished(reader: Reader, now: datetime, *, staff: bool = True) -> int:
    """Count what is to be handled, sent, reminded, closed, read or made by now.

    Without `staff` messages to staff do not count: one chat takes one a second.
    """
    return (
        await inbox.count(reader, now)
        + await outbox.count_unsettled(reader, now, staff=staff)
        + await invitations.count_due(reader, now)
        + await digests.count_due(reader, now)
        + await comparisons.count_due(reader)
        + await imports.count_due(reader)
        + await link_batches.count_due(reader)
        + await triggers.count_due(reader, now, staff=staff)
        + await backup_runs.count_due(reader, now)
    )


async def next_due(reader: Reader) -> datetime | None:
    """Return the earliest moment at which something is to be sent, closed or made."""
    moments = (
        await inbox.next_due(reader),
        await outbox.next_due(reader),
        await invitations.next_due(reader),
        await digests.next_due(reader),
        await comparisons.next_due(reader),
        await imports.next_due(reader),
        await link_batches.next_due(reader),
        await triggers.next_due(reader),
        await backup_runs.next_due(reader),
    )
    return min((moment for moment in moments if moment is not None), default=None)
