"""What a tap costs, against bare aiogram that makes the same two calls."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.operations.campaigns.launching import launch
from bot.operations.campaigns.preparing import prepare_all
from bot.operations.surveys import save_catalog
from storage.database import Database, open_database
from storage.people import workspace
from storage.people.workspace import Workspace
from surveys.campaign.plan import Plan
from tests.bench import company, metered
from tests.bench.bots import TOKEN, Service, cpu_seconds, process, telegram
from tests.bench.scale import Scale
from tests.bench.timing import Ratio, of_rounds
from tests.crowds import add_crowd

WARM_UP = 128
TAPPING = 8
_ROUNDS = 10
SURVEY = "service_quality"
_NOW = datetime(2026, 9, 15, 9, tzinfo=UTC)
_FIRST_CHAT = 10_000_000
"""Chat ids begin above those of the large company."""


def bench(scale: Scale) -> Iterator[Ratio]:
    """Compare CPU a tap, 64 in flight, in turns."""
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        small, large = folder / "small.db", folder / "large" / "otklik.db"
        large.parent.mkdir()
        company.copied(large.parent, scale.large, counted=True)
        bots = [
            stack.enter_context(product(sqlite(small), scale)),
            stack.enter_context(product(sqlite(large), scale)),
            stack.enter_context(bare(scale)),
            stack.enter_context(saving(folder / "bare.db", scale)),
        ]
        rounds = [[each(scale.taps) for each in bots] for _ in range(scale.rounds)]
    ours, ours_large, theirs, theirs_saving = zip(*rounds, strict=True)
    what = "CPU of a tap, polling, 64 in flight"
    yield of_rounds(what, ours, "bare aiogram, same two calls", theirs, "≤ 2.0")
    yield of_rounds(what, ours, "bare + one SQLAlchemy commit an answer", theirs_saving, "≤ 1.3")
    beside = (
        f"{what}, with {scale.large.people:,} people and {scale.large.months} months of answers"
    )
    yield of_rounds(beside, ours_large, "the same with a small file", ours, "≤ 1.1")
    yield _in_sqlite(beside, scale)


def _in_sqlite(beside: str, scale: Scale) -> Ratio:
    """Compare what SQLite's driver takes of a tap, in turns; counting it would disturb the rest."""
    with TemporaryDirectory() as name, ExitStack() as stack:
        bots = []
        for folder in (Path(name, "small"), Path(name, "large")):
            folder.mkdir()
            if folder.name == "large":
                company.copied(folder, scale.large, counted=True)
            bots.append(stack.enter_context(_counting(folder, scale)))
        rounds = [[each(scale.taps) for each in bots] for _ in range(scale.rounds)]
    small, large = zip(*rounds, strict=True)
    return of_rounds(f"{beside}: in SQLite", large, "the same with a small file", small, "≤ 1.3")


@contextmanager
def _counting(folder: Path, scale: Scale) -> Iterator[Callable[[int], float]]:
    """Run `otklik run`; give what measures the seconds a tap that SQLite's driver takes."""
    url, meter = sqlite(folder / "otklik.db"), folder / "meter"
    asked(url, scale.chats)
    with telegram() as service:
        given = {**environment(service, url), metered.METER: str(meter)}
        with process("tests.bench.metered", "run", **given):
            service.wait_for_chats(scale.chats)

            def each(taps: int) -> float:
                begun = metered.seconds(meter)
                service.tap(taps)
                return (metered.seconds(meter) - begun) / taps

            each(scale.chats if scale.smoke else WARM_UP)
            yield each


def _measured(service: Service, pid: int, chats: int, scale: Scale) -> Callable[[int], float]:
    def each(taps: int) -> float:
        begun = cpu_seconds(pid)
        service.tap(taps, chats)
        return (cpu_seconds(pid) - begun) / taps

    each(scale.chats if scale.smoke else WARM_UP)
    return each


@contextmanager
def bare(scale: Scale) -> Iterator[Callable[[int], float]]:
    """Run the bare bot; give what measures the seconds a tap."""
    with telegram() as service, process("tests.bench.bare.bot", service.url) as pid:
        yield _measured(service, pid, scale.chats, scale)


@contextmanager
def saving(path: Path, scale: Scale) -> Iterator[Callable[[int], float]]:
    """Run the bare bot that commits each answer."""
    module = "tests.bench.bare.saving_bot"
    with telegram() as service, process(module, service.url, str(path)) as pid:
        yield _measured(service, pid, scale.chats, scale)


@contextmanager
def product(url: str, scale: Scale, **settings: str) -> Iterator[Callable[[int], float]]:
    """Run `otklik run` with an open survey in each chat; give what measures the seconds a tap."""
    asked(url, scale.chats)
    with telegram() as service, running(service, url, **settings) as pid:
        service.wait_for_chats(scale.chats)
        yield _measured(service, pid, 0, scale)


@contextmanager
def running(service: Service, url: str, **settings: str) -> Iterator[int]:
    """Run `otklik run` on a database."""
    with process("bot.cli.main", "run", **environment(service, url), **settings) as pid:
        yield pid


def environment(service: Service, url: str) -> dict[str, str]:
    """Return the product's settings."""
    return {
        "OTKLIK_BOT_TOKEN": TOKEN,
        "OTKLIK_API_URL": service.url,
        "OTKLIK_DATABASE_URL": url,
        "OTKLIK_BACKUPS_HOUR": "off",
    }


def p95(waits: Sequence[float]) -> float:
    """Return the wait that one in twenty exceeds."""
    return sorted(waits)[int(0.95 * (len(waits) - 1))]


def waits(service: Service, goes_on: Callable[[], bool], scale: Scale) -> list[float]:
    """Have eight chats tap for as long as something goes on, and at least some rounds."""
    found = service.tap(TAPPING, most=TAPPING)
    rounds = 1 if scale.smoke else _ROUNDS
    while rounds > 0 or goes_on():
        found += service.tap(4 * TAPPING, most=TAPPING)
        rounds -= 1
    return found


def sqlite(path: Path) -> str:
    """Return the URL of a file."""
    return f"sqlite:///{path}"


def asked(url: str, count: int) -> None:
    """Ask so many new customers of a database, new or not."""
    asyncio.run(_asked(url, count))


async def _asked(url: str, count: int) -> None:
    async with open_database(url) as database:
        await save_catalog(database, _NOW)
        await _company(database, count)
        now = datetime.now(UTC)
        async with database.transaction() as tx:
            plan = Plan.model_validate({"survey": SURVEY, "audience": {"segments": ["bench"]}})
            await launch(tx, plan, None, now)
        await prepare_all(database, now)


async def _company(database: Database, count: int) -> None:
    rows = [
        {
            "name": f"Клиент {chat}",
            "is_customer": True,
            "segment": "bench",
            "consented_at": _NOW,
            "created_at": _NOW,
        }
        for chat in range(count)
    ]
    async with database.transaction() as tx:
        # Nobody sleeps here: the bench is run at any hour.
        space = Workspace(company="Ромашка", bot_username="bot", quiet_from=0, quiet_until=0)
        await workspace.save(tx, space)
        await add_crowd(tx, rows, _FIRST_CHAT)
