"""What a tap costs, against bare aiogram that makes the same two calls and keeps nothing."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from subprocess import Popen
from tempfile import TemporaryDirectory

from bot.operations.campaigns.launching import launch
from bot.operations.campaigns.preparing import prepare_all
from bot.operations.surveys import save_catalog
from storage.database import Database, open_database
from storage.people import workspace
from storage.people.workspace import Workspace
from surveys.campaign.plan import Plan
from tests.bench.bots import TOKEN, Service, cpu_seconds, process, telegram
from tests.bench.timing import Ratio
from tests.crowds import add_crowd

CHATS = 64
WARM_UP, TAPS = 128, 640
ROUNDS = 3
SURVEY = "service_quality"
_NOW = datetime(2026, 9, 15, 9, tzinfo=UTC)


def bench() -> Iterator[Ratio]:
    """Compare CPU a tap, 64 in flight, interleaved."""
    with TemporaryDirectory() as folder, product(Path(folder)) as ours, bare() as theirs:
        rounds = [(ours(TAPS), theirs(TAPS)) for _ in range(ROUNDS)]
    mine, base = (median(side) for side in zip(*rounds, strict=True))
    yield Ratio("CPU of a tap, polling, 64 in flight", mine, "bare aiogram, same two calls", base)


def _measured(service: Service, bot: Popen[bytes], chats: int) -> Callable[[int], float]:
    def each(taps: int) -> float:
        begun = cpu_seconds(bot.pid)
        service.tap(taps, chats)
        return (cpu_seconds(bot.pid) - begun) / taps

    each(WARM_UP)
    return each


@contextmanager
def bare() -> Iterator[Callable[[int], float]]:
    """Run the bare bot; give what measures the seconds a tap."""
    with telegram() as service, process("-m", "tests.bench.bare_bot", service.url) as bot:
        yield _measured(service, bot, CHATS)


@contextmanager
def product(folder: Path) -> Iterator[Callable[[int], float]]:
    """Run `otklik run` with an open survey in each chat; give what measures the seconds a tap."""
    url = f"sqlite+aiosqlite:///{folder / 'otklik.db'}"
    asyncio.run(_asked(url))
    with telegram() as service, process(
        "-m", "bot.cli.main", "run",
        OTKLIK_BOT_TOKEN=TOKEN, OTKLIK_API_URL=service.url, OTKLIK_DATABASE_URL=url,
        OTKLIK_BACKUPS_HOUR="off",
    ) as bot:  # fmt: skip
        service.wait_for_chats(CHATS)
        yield _measured(service, bot, 0)


async def _asked(url: str) -> None:
    async with open_database(url) as database:
        await save_catalog(database, _NOW)
        await _company(database)
        now = datetime.now(UTC)
        async with database.transaction() as tx:
            await launch(tx, Plan(survey=SURVEY), None, now)
        await prepare_all(database, now)


async def _company(database: Database) -> None:
    rows = [
        {
            "name": f"Клиент {chat}",
            "is_customer": True,
            "consented_at": _NOW,
            "created_at": _NOW,
        }
        for chat in range(1, CHATS + 1)
    ]
    async with database.transaction() as tx:
        # Nobody sleeps here: the bench is run at any hour.
        space = Workspace(company="Ромашка", bot_username="bot", quiet_from=0, quiet_until=0)
        await workspace.save(tx, space)
        await add_crowd(tx, rows, 1)
