"""What sets campaigns off by itself: slots, events, and boards to be looked at again."""

from datetime import datetime

from storage import boards, campaigns, events
from storage.reading import Reader


async def next_due(reader: Reader) -> datetime | None:
    """Return when a campaign fires next, an event is to be followed or a board to be edited."""
    moments = (
        await campaigns.next_due(reader),
        await events.next_due(reader),
        await boards.next_due(reader),
    )
    return min((moment for moment in moments if moment is not None), default=None)


async def count_due(reader: Reader, now: datetime, *, staff: bool = True) -> int:
    """Tell how many of the three kinds have something due; boards are the staff's."""
    moments = [await campaigns.next_due(reader), await events.next_due(reader)]
    moments += [await boards.next_due(reader)] if staff else []
    return sum(1 for moment in moments if moment is not None and moment <= now)
