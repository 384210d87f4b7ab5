"""The clock went back: what was put off while it was ahead must not wait so long."""

from datetime import datetime, timedelta

import structlog

from bot.operations import slots
from storage.asking import events
from storage.database import Database
from storage.sending import errands, put_off

log = structlog.get_logger()

NOTICED = timedelta(minutes=1)
"""Clocks are corrected by seconds all the time."""


async def mend(database: Database, now: datetime, *, seen: bool) -> None:
    """Let pauses and tries wait from now, and plan slots anew that were planned too late.

    A start does it too, since nobody saw the clock before. What a clock that is wrong only now
    would let a customer be asked too early, an event's invitation, is brought forward only where
    the clock was `seen` to go back.
    """
    async with database.transaction() as tx:
        late = await slots.bring_back(tx, now)
        waits = await put_off.begin_again(tx, now) + await errands.begin_again(tx, now)
        if seen:
            waits += await events.begin_again(tx, now)
    if late or waits:
        log.warning("clock_went_back", slots=late, waits=waits)
