"""What falls due by itself: one-step functions in a loop.

Each step does all that is due now and says when it wants to be called again at the latest.
"""

import asyncio

from bot.clock import Clock
from bot.jobs import closings, digests, reminders
from bot.settings import Settings
from storage import inbox, work
from storage.database import Database


class Jobs:
    """Runs the due steps; `filled` is set whenever one has put something into the outbox."""

    def __init__(
        self, settings: Settings, database: Database, clock: Clock, filled: asyncio.Event
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._filled = filled

    async def run(self, changed: asyncio.Event) -> None:
        """Work until cancelled."""
        while True:
            await self.step()
            async with self._database.reading() as reader:
                due = await work.next_due(reader)
            await self._clock.wait(changed, due)

    async def step(self) -> None:
        """Do everything that is due now."""
        now = self._clock.now()
        await closings.close_due(self._database, now)
        await reminders.remind_due(self._database, now)
        await digests.make_due(self._settings, self._database, now)
        async with self._database.transaction() as tx:
            await inbox.prune_seen(tx, now)
        self._filled.set()
