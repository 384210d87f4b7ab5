"""The loop of the jobs with a clock that goes on between two looks, as every machine's does."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from bot.jobs.loop import Jobs
from tests.bot.world import PATIENCE, START, World


class Ticking:
    """A clock that is later at each look; `waits` counts who waited for it."""

    def __init__(self) -> None:
        self._looks = 0
        self.waits: list[datetime | None] = []

    def now(self) -> datetime:
        self._looks += 1
        return START + timedelta(microseconds=self._looks)

    async def wait(self, wake: asyncio.Event, until: datetime | None) -> None:
        self.waits.append(until)
        if until is None or until > START + timedelta(seconds=1):
            await wake.wait()
            wake.clear()


async def _nothing(*_: object) -> None:
    """Telegram is not there."""


async def _no_download(_file_id: str, _path: Path) -> None:
    """Telegram is not there."""


async def test_a_spent_key_is_renewed_at_once_and_not_looked_at_without_end(world: World) -> None:
    changed, clock = asyncio.Event(), Ticking()
    async with world.writing() as database, asyncio.timeout(PATIENCE):
        database.keys.seal(b"{}")
        loop = Jobs(world.settings, database, clock, asyncio.Event(), _no_download, _nothing)
        for _ in range(2):  # at the start, and after something was released
            database.keys.spent = True
            working = asyncio.create_task(loop.run(changed))
            while database.keys.spent:
                assert len(clock.waits) < 10
                changed.set()
                await asyncio.sleep(0)
            working.cancel()
            await asyncio.wait({working})
