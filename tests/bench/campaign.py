"""A launch for many people: what one of them costs, and how long somebody else's tap waits."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bot.operations.campaigns.launching import launch
from bot.operations.campaigns.preparing import prepare_all
from bot.operations.surveys import save_catalog
from storage.database import Database, open_database
from storage.people import workspace
from storage.people.workspace import Workspace
from storage.tables.people import people
from surveys.campaign.plan import Plan
from tests.bench.timing import Ratio
from tests.crowds import add_crowd

NOW = datetime(2026, 9, 15, 9, tzinfo=UTC)
FEW, MANY = 2_000, 20_000
_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """How long the preparation took and somebody else waited for the writer, in seconds."""

    each: float
    longest: float
    seconds: float


def bench() -> Iterator[Ratio]:
    """Compare a person of a large wave with one of a small wave, and a wait with the whole."""
    few, many = (asyncio.run(_prepared(count)) for count in (FEW, MANY))
    yield Ratio(f"a person of {MANY:,}", many.each, f"a person of {FEW:,}", few.each)
    yield Ratio("the longest wait of a tap meanwhile", many.longest, "the whole", many.seconds)


async def _prepared(count: int) -> Prepared:
    with TemporaryDirectory() as folder:
        async with open_database(f"sqlite+aiosqlite:///{Path(folder) / 'otklik.db'}") as database:
            await _crowd(database, count)
            async with database.transaction() as tx:
                await launch(tx, Plan(survey="nps"), None, NOW)
            waits: list[float] = []
            tapping = asyncio.create_task(_taps(database, waits))
            begun = perf_counter()
            await prepare_all(database, NOW)
            seconds = perf_counter() - begun
            tapping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await tapping
    return Prepared(seconds / count, max(waits), seconds)


async def _crowd(database: Database, count: int) -> None:
    await save_catalog(database, NOW)
    async with database.transaction() as tx:
        await workspace.save(tx, Workspace(company="Ромашка", bot_username="bot"))
    for start in range(0, count, _ROWS):
        rows = [
            {
                "name": f"Клиент {number}",
                "is_customer": True,
                "consented_at": NOW,
                "created_at": NOW,
            }
            for number in range(start, start + _ROWS)
        ]
        async with database.transaction() as tx:
            await add_crowd(tx, rows, start + 1)


async def _taps(database: Database, waits: list[float]) -> None:
    """Write something small again and again, as a handled update does."""
    while True:
        begun = perf_counter()
        async with database.transaction() as tx:
            await tx.run(
                people.update().where(people.c.id == 1).values(last_purchase_on=NOW.date())
            )
        waits.append(perf_counter() - begun)
        await asyncio.sleep(0.01)
