"""What campaigns do by themselves: slots, events, waves to prepare, boards to edit."""

from datetime import datetime

from storage.asking import boards, campaigns, events, preparation
from storage.engine.reading import Reader


async def next_due(reader: Reader) -> datetime | None:
    """Return when the next slot, event, wave or board is due."""
    moments = (
        await campaigns.next_due(reader),
        await events.next_due(reader),
        await preparation.next_due(reader),
        await boards.next_due(reader),
    )
    return min((moment for moment in moments if moment is not None), default=None)


async def count_due(reader: Reader, now: datetime, *, staff: bool = True) -> int:
    """Return how many of the four kinds have something due; boards are for staff."""
    moments = [await campaigns.next_due(reader), await events.next_due(reader)]
    moments += [await preparation.next_due(reader)]
    moments += [await boards.next_due(reader)] if staff else []
    return sum(1 for moment in moments if moment is not None and moment <= now)
