"""A launch for many people: what it costs, and how long somebody else's tap waits beside it."""

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from bot.operations.campaigns.launching import launch
from bot.operations.campaigns.preparing import prepare_all
from bot.operations.surveys import save_catalog
from storage.database import Database, open_database
from storage.people import workspace
from storage.people.workspace import Workspace
from surveys.campaign.plan import Plan
from tests.bench.bare.launch import launched
from tests.bench.bots import telegram
from tests.bench.scale import Scale
from tests.bench.taps import TAPPING, asked, p95, running, sqlite, waits
from tests.bench.timing import Ratio, of_rounds
from tests.crowds import add_crowd

NOW = datetime(2026, 9, 15, 9, tzinfo=UTC)
_ROWS = 1_000


def bench(scale: Scale) -> Iterator[Ratio]:
    """Compare the CPU of a launch with that of bare SQL, and a tap's p95 with that of an idle bot.

    The tap beside a launch once: it is long.
    """
    ours, theirs = [], []
    with TemporaryDirectory() as folder:
        crowd = Path(folder) / "crowd.db"
        asyncio.run(_crowd(crowd, scale.launched))
        for _ in range(scale.rounds):
            path, bare = (
                Path(shutil.copyfile(crowd, Path(folder) / name))
                for name in ("otklik.db", "bare.db")
            )
            ours.append(asyncio.run(_launched(path)))
            begun = process_time()
            launched(bare)
            theirs.append(process_time() - begun)
    what = f"launch for {scale.launched:,}: CPU until ready"
    yield of_rounds(what, ours, "INSERT … SELECT of the same three tables", theirs, "≤ 8")
    beside, idle = _tapped_beside(scale)
    what = "p95 of a tap until its next screen, beside it"
    yield Ratio(what, p95(beside), "the same without a launch", p95(idle), "≤ 2")


def _tapped_beside(scale: Scale) -> tuple[list[float], list[float]]:
    """Return how long taps wait in a running bot, while it prepares a launch and without one."""
    found = []
    for launched_for in (scale.launched, 0):
        with TemporaryDirectory() as folder, telegram() as service:
            path = Path(folder) / "otklik.db"
            asked(sqlite(path), TAPPING)
            if launched_for:
                asyncio.run(_begun(path, launched_for))
            with running(service, sqlite(path)):
                service.wait_for_chats(TAPPING)
                found.append(waits(service, partial(_is_unready, path), scale))
    beside, idle = found
    return beside, idle


def _is_unready(path: Path) -> bool:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return (
            connection.execute("SELECT 1 FROM waves WHERE stage <> 'ready'").fetchone() is not None
        )


async def _begun(path: Path, count: int) -> None:
    """Launch for so many people more; a running bot goes on with it."""
    async with open_database(f"sqlite:///{path}") as database:
        await _add(database, count)
        async with database.transaction() as tx:
            await launch(tx, Plan(survey="nps"), None, datetime.now(UTC))


async def _launched(path: Path) -> float:
    async with open_database(f"sqlite:///{path}") as database:
        async with database.transaction() as tx:
            await launch(tx, Plan(survey="nps"), None, NOW)
        begun = process_time()
        await prepare_all(database, NOW)
        return process_time() - begun


async def _crowd(path: Path, count: int) -> None:
    async with open_database(f"sqlite:///{path}") as database:
        await save_catalog(database, NOW)
        async with database.transaction() as tx:
            await workspace.save(tx, Workspace(company="Ромашка", bot_username="bot"))
        await _add(database, count)


async def _add(database: Database, count: int) -> None:
    for start in range(0, count, _ROWS):
        rows = [
            {
                "name": f"Клиент {number}",
                "is_customer": True,
                "consented_at": NOW - timedelta(days=1),
                "created_at": NOW,
            }
            for number in range(start, min(start + _ROWS, count))
        ]
        async with database.transaction() as tx:
            await add_crowd(tx, rows, start + 1)
