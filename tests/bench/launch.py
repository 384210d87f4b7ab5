"""A launch for many people: what it costs, and how long somebody else's tap waits beside it."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from bot.operations.campaigns.launching import launch
from bot.operations.campaigns.preparing import prepare_all
from bot.operations.surveys import save_catalog
from storage.database import Database, open_database
from storage.people import workspace
from storage.people.workspace import Workspace
from storage.tables.people import people
from surveys.campaign.plan import Plan
from tests.bench.bare.launch import launched
from tests.bench.scale import Scale
from tests.bench.timing import Ratio
from tests.crowds import add_crowd

NOW = datetime(2026, 9, 15, 9, tzinfo=UTC)
_ROWS = 1_000
_IDLE_SECONDS = 2.0
_SHARE = 0.95


def bench(scale: Scale) -> Iterator[Ratio]:
    """Compare the CPU of a launch with that of bare SQL, and a tap's p95 with that of an idle bot.

    Once each: it is long, and its rows are made in thousands of steps.
    """
    with TemporaryDirectory() as folder:
        path, bare = Path(folder) / "otklik.db", Path(folder) / "bare.db"
        asyncio.run(_crowd(path, scale.launched))
        shutil.copyfile(path, bare)
        seconds, beside, idle = asyncio.run(_launched(path, 0.2 if scale.smoke else _IDLE_SECONDS))
        begun = process_time()
        launched(bare)
        base = process_time() - begun
    what = f"launch for {scale.launched:,}: CPU until ready"
    yield Ratio(what, seconds, "INSERT … SELECT of the same three tables", base, "≤ 8")
    what = "p95 of a small transaction beside it"
    yield Ratio(what, _p95(beside), "the same without a launch", _p95(idle), "≤ 2")


async def _launched(path: Path, idle_seconds: float) -> tuple[float, list[float], list[float]]:
    async with open_database(f"sqlite:///{path}") as database:
        idle: list[float] = []
        async with _tapping(database, idle):
            await asyncio.sleep(idle_seconds)
        async with database.transaction() as tx:
            await launch(tx, Plan(survey="nps"), None, NOW)
        beside: list[float] = []
        async with _tapping(database, beside):
            begun = process_time()
            await prepare_all(database, NOW)
            seconds = process_time() - begun
    return seconds, beside, idle


def _p95(waits: Sequence[float]) -> float:
    return sorted(waits)[int(_SHARE * (len(waits) - 1))]


async def _crowd(path: Path, count: int) -> None:
    async with open_database(f"sqlite:///{path}") as database:
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
                for number in range(start, min(start + _ROWS, count))
            ]
            async with database.transaction() as tx:
                await add_crowd(tx, rows, start + 1)


@contextlib.asynccontextmanager
async def _tapping(database: Database, waits: list[float]) -> AsyncIterator[None]:
    """Write something small again and again, as a handled update does."""

    async def tap() -> None:
        while True:
            begun = perf_counter()
            async with database.transaction() as tx:
                await tx.run(
                    people.update().where(people.c.id == 1).values(last_purchase_on=NOW.date())
                )
            waits.append(perf_counter() - begun)
            await asyncio.sleep(0.01)

    task = asyncio.create_task(tap())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
