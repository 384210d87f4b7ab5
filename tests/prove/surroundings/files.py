"""The database's file: lost under the bot, opened twice, put back by hand; copies in one folder."""

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from bot.app import serve
from bot.operations.copies.backups import shelf_of
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from bot.settings import SQLITE, Settings
from storage.copies import backups, restores, shelf
from storage.copies.shelf import Shelf
from storage.database import open_database, open_reading
from storage.engine.sqlite import place
from storage.engine.sqlite.place import Place
from storage.errors import DatabaseBusy, DatabaseUnwritable, StorageError
from storage.sending import tally
from tests.prove.company import START, invite
from tests.prove.crowd import Crowd
from tests.prove.lines import Lines, none, some

PATIENCE = 60.0
_PEOPLE = 6
_COMPANIES = 3
_COPIES = 5


async def proved(folder: Path, _kills: int, _seed: int) -> Lines:
    """Prove each promise about the file, and that it fails without its guard."""
    for part in (_lost, _twice, _put_back, _shared, _from_the_future):
        within = folder / part.__name__.strip("_")
        within.mkdir()
        async for line in part(within):
            yield line


async def _lost(folder: Path) -> Lines:
    found = [await _confirmed(folder / way, lose) for way, lose in LOSSES.items()]
    ways = ", ".join(LOSSES)
    yield none("confirmed after the database was lost", sum(found), f"{_PEOPLE} taps each: {ways}")
    with patch.object(Place, "check", lambda _: None):
        found = [await _confirmed(folder / "without", _remove)]
    yield some("without a look at the file: confirmed and lost", sum(found), f"{_PEOPLE} taps")


def _remove(path: Path) -> None:
    path.unlink()


def _move(path: Path) -> None:
    path.rename(path.with_name("moved.db"))


def _replace(path: Path) -> None:
    shutil.copyfile(path, path.with_name("new.db"))
    path.with_name("new.db").replace(path)


def _write_over(path: Path) -> None:
    copy = path.with_name("copy.db")
    backups.write(path, copy)
    shutil.copyfile(copy, path)


LOSSES: Mapping[str, Callable[[Path], None]] = {
    "removed": _remove,
    "moved": _move,
    "replaced": _replace,
    "copied over": _write_over,
}


async def _confirmed(folder: Path, lose: Callable[[Path], None]) -> int:
    """Lose the database, let everybody tap; return how many taps Telegram was told we have."""
    async with _company(folder) as (sandbox, settings), _serving(sandbox, settings) as running:
        await _until(lambda: sandbox.rates.total >= _PEOPLE)
        lose(shelf_of(settings).database)
        crowd = Crowd(sandbox)
        tapping = asyncio.create_task(crowd.run())
        await _until(lambda: len(crowd.taps) >= _PEOPLE)
        taps = list(crowd.taps)[:_PEOPLE]
        await _until(lambda: running.done() or all(map(sandbox.confirmed, taps)))
        tapping.cancel()
        return sum(map(sandbox.confirmed, taps))


async def _twice(folder: Path) -> Lines:
    begun, tried = await _second_programs(folder / "with")
    yield none("second programs that began", begun, f"{tried} tried: links, no lock file")
    with (
        patch.object(place, "real", lambda path: path),
        patch.object(place, "_HAS_OWN_LOCKS", new=False),
    ):
        begun, tried = await _second_programs(folder / "without")
    yield some("a lock file beside the link alone: began", begun, f"{tried} tried")


async def _second_programs(folder: Path) -> tuple[int, int]:
    path = folder / "otklik.db"
    begun, links = 0, [folder / "soft.db", folder / "hard.db"]
    async with open_database(f"{SQLITE}{path}"):
        links[0].symlink_to(path)
        links[1].hardlink_to(path)
        for way in (*links, path):
            if way == path:
                path.with_name("otklik.db.lock").unlink()
            with suppress(DatabaseBusy, DatabaseUnwritable):
                async with open_database(f"{SQLITE}{way}"):
                    begun += 1
    return begun, len(links) + 1


async def _put_back(folder: Path) -> Lines:
    behind = f"{_PEOPLE} customers"
    doubled = await _doubled(folder / "with")
    yield none("written to twice after a copy came back by cp", doubled, behind)

    async def blind(_: object) -> None:
        return None

    with patch.object(restores, "marked_at", blind):
        doubled = await _doubled(folder / "without")
    yield some("blind for the copy's mark: written to twice", doubled, behind)


async def _doubled(folder: Path) -> int:
    async with _company(folder) as (sandbox, settings):
        path = shelf_of(settings).database
        copy = backups.make(shelf_of(settings), "hand", START).path
        for _ in ("before", "after"):
            async with _serving(sandbox, settings):
                while await _is_unsent(settings):
                    await asyncio.sleep(0.02)
            shutil.copyfile(copy, path)
        calls = [one for one in sandbox.journal.entries() if one.get("method") == "sendMessage"]
    arrived = Counter(one["chat_id"] for one in calls if one["delivered"])
    return sum(count - 1 for count in arrived.values())


async def _shared(folder: Path) -> Lines:
    behind = f"{_COMPANIES} databases of one name"
    yield none("copies of others deleted or offered", await _mixed_up(folder / "with"), behind)
    with patch.object(Shelf, "copies", Shelf.everybodys):
        mixed = await _mixed_up(folder / "without")
    yield some("known by their names alone: deleted or offered", mixed, behind)


async def _mixed_up(folder: Path) -> int:
    """Let each company keep five copies; count those that others took for theirs."""
    shelves = [Shelf(folder / f"{n}" / "otklik.db", folder / "shared") for n in range(_COMPANIES)]
    made: dict[Path, Shelf] = {}
    for number, one in enumerate(shelves):
        async with open_database(f"{SQLITE}{one.database}"):
            for hour in range(_COPIES):
                moment = START + timedelta(days=number, hours=hour)
                made[backups.make(one, "hand", moment).path] = one
            shelf.prune(one, START + timedelta(days=number + 1))
    gone = sum(not path.exists() for path in made)
    best = [(one, backups.newest_good(one, START + timedelta(days=9))) for one in shelves]
    return gone + sum(copy is None or made[copy.path] is not one for one, copy in best)


async def _from_the_future(folder: Path) -> Lines:
    behind = "1 copy a year ahead, 1 of today"
    yield none("copies from the future taken for the newest", await _fooled(folder / "a"), behind)
    with patch.object(shelf, "is_suspect", lambda *_: False):
        fooled = await _fooled(folder / "b")
    yield some("whatever a name says: from the future, first", fooled, behind)


async def _fooled(folder: Path) -> int:
    one = Shelf(folder / "otklik.db", folder / "backups")
    async with open_database(f"{SQLITE}{one.database}"):
        good, _ = (backups.make(one, "daily", START + timedelta(days=n)) for n in (0, 365))
    best = backups.newest_good(one, START)
    return int(best is None or best.path != good.path)


@asynccontextmanager
async def _company(folder: Path) -> AsyncIterator[tuple[Sandbox, Settings]]:
    """Yield a local Telegram, and the settings of a bot with invitations to send."""
    async with run_sandbox(now=START, journal=folder / "journal.jsonl") as sandbox:
        settings = Settings(
            _env_file=None,
            bot_token=sandbox.token,
            api_url=sandbox.base_url,
            clock_url=sandbox.clock_url,
            database_url=await invite(sandbox, folder, _PEOPLE),
            backups_hour=None,
        )
        yield sandbox, settings


@asynccontextmanager
async def _serving(sandbox: Sandbox, settings: Settings) -> AsyncIterator[asyncio.Task[None]]:
    """Run the bot until the block is left, or it ends by itself."""
    earlier = sandbox.world.updates._poller
    running = asyncio.create_task(serve(settings, lambda _: None))
    try:
        await _until(lambda: running.done() or sandbox.world.updates._poller is not earlier)
        async with asyncio.timeout(PATIENCE):
            yield running
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError, StorageError):
            await running


async def _until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not reached():
            await asyncio.sleep(0.01)


async def _is_unsent(settings: Settings) -> bool:
    async with open_reading(settings.database_url) as database, database.reading() as reader:
        counts = await tally.by_state(reader)
    return bool(counts.get("queued") or counts.get("sending"))
