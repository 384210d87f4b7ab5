"""Counting the past ahead of the digests that will ask for it."""

from datetime import datetime, timedelta

from storage.counting import kept, spans
from storage.database import Database
from storage.people import workspace

EVERY = timedelta(hours=1)
"""How often to look: changed answers move to another month, so past figures are counted again."""


async def keep_next(database: Database, now: datetime, least: int = kept.WORTH_KEEPING) -> bool:
    """Count one figure of the complete periods that is not kept; True where others are left.

    Nothing is kept of fewer than `least` answers: counting them takes a moment.
    """
    async with database.reading() as reader:
        if not await kept.worth_keeping(reader, least):
            return False
        zone = (await workspace.get(reader)).zone
        wanted = await kept.missing(reader, spans.of_complete_periods(now, zone))
    if not wanted:
        return False
    figure = wanted[0]
    async with database.transaction() as tx:
        await kept.announce(tx, figure)
    async with database.reading() as reader:
        counted = await spans.count(reader, figure)
    async with database.transaction() as tx:
        await kept.keep(tx, figure, counted)
        await kept.forget_before(tx, now - spans.REMEMBERED)
    return len(wanted) > 1
