"""Work that was asked for, through the real jobs: once, also after a crash, and never in a heap."""

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.jobs import errands as jobs
from bot.jobs.loop import Jobs
from bot.jobs.making import End, Work
from bot.operations.copies.backups import shelf_of
from bot.says.said import Show
from bot.says.screens import Screen
from storage.database import Database
from storage.people import people
from storage.people.addresses import Address, of_telegram
from storage.sending import errands, tally
from storage.sending.errands import Errand
from surveys.messages import Language
from tests.bot.delivery.faults import appoint
from tests.bot.world import ADMIN, PATIENCE, START, World
from tests.engines import on_both, on_postgres


async def _no_menus(_address: Address, _language: Language | None) -> None:
    """Telegram is not there."""


async def _no_download(_file_id: str, _path: Path) -> None:
    """Telegram is not there."""


class Still:
    """A clock that stands; `waited` returns when somebody waits for it again."""

    def __init__(self) -> None:
        self._waits = asyncio.Event()

    def now(self) -> datetime:
        return START

    async def wait(self, wake: asyncio.Event, until: datetime | None) -> None:
        self._waits.set()
        if until is None or until > START + timedelta(seconds=2):
            await wake.wait()
            wake.clear()

    async def waited(self) -> None:
        self._waits.clear()
        await self._waits.wait()


async def _ask(database: Database, kind: str, **parameters: str) -> Errand:
    """Ask for something as an admin, about themselves where it is about somebody."""
    async with database.transaction() as tx:
        admin = await people.by_address(tx, of_telegram(ADMIN))
        assert admin is not None
        wanted = {"person": admin.id, **parameters} if parameters else None
        await errands.ask(tx, kind, admin.id, START, wanted)
        return (await errands.of_kind(tx, kind))[0]


async def _waiting(database: Database, kind: str) -> Sequence[Errand]:
    async with database.reading() as reader:
        return await errands.of_kind(reader, kind)


def _files(world: World) -> Sequence[Path]:
    return list((world.settings.data_directory / "mydata").glob("*/*"))


@on_both
async def test_what_a_killed_program_had_begun_is_made_by_the_next(world: World) -> None:
    await appoint(world)
    async with world.writing() as database:
        errand = await _ask(database, "mydata", format="txt")
        async with database.transaction() as tx:
            assert await errands.take(tx, errand, START)
    async with world.bot():
        await world.settle()
    assert len(_files(world)) == 1
    assert sum(one.document is not None for one in world.sandbox.messages(ADMIN)) == 1


async def test_two_who_work_at_once_make_an_errand_once(world: World) -> None:
    await appoint(world)
    async with world.writing() as database:
        errand = await _ask(database, "mydata", format="txt")
        both = (jobs.make_due(world.settings, database, _no_menus, START) for _ in range(2))
        await asyncio.gather(*both)
        assert await _waiting(database, "mydata") == []
        async with database.reading() as reader:
            assert await tally.by_state(reader) == {"queued": 1}
    assert len(_files(world)) == 1
    assert errand.attempts == 0


async def test_an_errand_that_fails_stops_no_other_and_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    async def fail_twice(work: Work) -> End:
        tried.append(work.now)
        if len(tried) < 3:
            raise RuntimeError
        return End(said=Show(Screen("made")))

    monkeypatch.setattr(jobs, "JOBS", {**jobs.JOBS, "trial": fail_twice})
    await appoint(world)
    async with world.writing() as database:
        await _ask(database, "trial")
        await _ask(database, "backup")
        for seconds in (0, 9, 10, 29, 30, 300):
            await jobs.make_due(
                world.settings, database, _no_menus, START + timedelta(seconds=seconds)
            )
            assert not await _waiting(database, "backup")
        assert [(at - START).seconds for at in tried] == [0, 10, 30]
        assert not await _waiting(database, "trial")


async def test_nothing_waits_for_a_copy_that_takes_long(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end, changed = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def copy_slowly(_work: Work) -> End:
        begun.set()
        await may_end.wait()
        return End(said=Show(Screen("copied")))

    async def make(_work: Work) -> End:
        return End(said=Show(Screen("made")))

    made = {"backup": copy_slowly, "low_score": make, "digest": make}
    monkeypatch.setattr(jobs, "JOBS", made)
    await appoint(world)
    async with world.writing() as database, asyncio.timeout(PATIENCE):
        clock = Still()
        loop = Jobs(world.settings, database, clock, asyncio.Event(), _no_download, _no_menus)
        await _ask(database, "backup")
        working = asyncio.create_task(loop.run(changed))
        await begun.wait()
        for kind in ("low_score", "digest"):
            await _ask(database, kind)
            await _ask(database, "backup")
            changed.set()
            while await _waiting(database, kind):
                await clock.waited()
        assert [one.attempts for one in await _waiting(database, "backup")] == [1, 0, 0]
        may_end.set()
        while await _waiting(database, "backup"):
            await clock.waited()
        async with database.reading() as reader:
            assert await tally.by_state(reader) == {"queued": 5}
        may_end.clear()
        begun.clear()
        await _ask(database, "backup")
        changed.set()
        await begun.wait()
        working.cancel()
        await asyncio.wait({working})
        assert len(await _waiting(database, "backup")) == 1, "who stops waits for no copy"


async def test_who_is_no_admin_any_more_gets_nothing(world: World) -> None:
    await appoint(world)
    async with world.writing() as database:
        await _ask(database, "backup")
        async with database.transaction() as tx:
            admin = await people.by_address(tx, of_telegram(ADMIN))
            assert admin is not None
            await people.change(tx, admin.id, is_admin=False)
        await jobs.make_due(world.settings, database, _no_menus, START)
        assert not await _waiting(database, "backup")
        async with database.reading() as reader:
            assert await tally.by_state(reader) == {}
    assert on_postgres() or not shelf_of(world.settings).copies()


def test_every_kind_that_is_asked_for_has_its_job() -> None:
    root = Path(jobs.__file__).parents[2]
    files = (path for name in ("bot", "storage") for path in (root / name).rglob("*.py"))
    sources = [path.read_text() for path in files]
    asked = re.compile(r'(?:errands\.ask|schedules\.plan)\(\s*[\w.]+,\s*"(\w+)"')
    kinds = {kind for source in sources for kind in asked.findall(source)}
    assert len(kinds) > 3
    assert kinds == set(jobs.JOBS)
