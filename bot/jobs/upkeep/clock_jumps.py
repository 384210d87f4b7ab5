"""The clock went back: what was put off while it was ahead must not wait so long."""

from datetime import datetime, timedelta

import structlog

from bot.operations.upkeep import slots
from storage.asking import events
from storage.database import Database
from storage.sending import errands, put_off

log = structlog.get_logger()

NOTICED = timedelta(minutes=1)
"""A step back of less than this is ignored, since clocks are corrected by seconds all the time."""


async def mend(database: Database, now: datetime, *, seen: bool) -> None:
    """Let pauses and tries wait from now on, and plan again the slots that were planned too late.

    This happens at each start too, since nobody watched the clock before. The invitation after an
    event is brought forward only where the clock was `seen` to go back: at a start it may be the
    present clock that is wrong, and the customer would be asked too early.
    """
    async with database.transaction() as tx:
        late = await slots.bring_back(tx, now)
        waits = await put_off.begin_again(tx, now) + await errands.begin_again(tx, now)
        if seen:
            waits += await events.begin_again(tx, now)
    if late or waits:
        log.warning("clock_went_back", slots=late, waits=waits)
