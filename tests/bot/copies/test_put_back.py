"""A copy that was put back by hand is held as after a restore, whichever way it came."""

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.operations.copies.backups import shelf_of
from storage.copies import backups, restores
from tests.bot.copies.test_restore import _came, _copy, _got, _released
from tests.bot.test_operator import otklik
from tests.bot.world import ADMIN, World
from tests.engines import of_sqlite

pytestmark = of_sqlite("copies of its file")

WAYS = ["cp", "mv", "backup --out"]


def _put_back(world: World, copy: Path, way: str) -> None:
    path = shelf_of(world.settings).database
    if way == "mv":
        copy.replace(path)
        return
    if way == "backup --out":
        again = copy.with_name("again.db")
        backups.write(copy, again)
        copy = again
    shutil.copyfile(copy, path)


async def _held(world: World) -> restores.Hold | None:
    async with world.database() as database, database.reading() as reader:
        return await restores.held(reader)


@pytest.mark.parametrize("way", WAYS)
async def test_nothing_goes_out_twice_from_a_copy_that_was_put_back_by_hand(
    world: World, way: str
) -> None:
    await _came(world)
    await world.operate("start_campaign", survey="nps")  # the bot stands: they are queued
    copy = _copy(world)
    async with world.bot():
        await world.settle()
    before = _got(world)
    _put_back(world, copy, way)
    async with world.bot():
        await world.settle()
        assert "2 сообщения могли уйти" in world.screen(ADMIN).text
        await _released(world)
    assert _got(world) == before
    async with world.bot():
        await world.settle()
        assert await _held(world) is None, "once released it is an ordinary database"


async def test_a_command_that_comes_first_holds_it_as_well(world: World) -> None:
    await _came(world)
    _put_back(world, _copy(world), "cp")
    await world.operate("start_campaign", survey="nps")
    assert await _held(world)
    before = _got(world)
    async with world.bot():
        await world.pass_time(hours=1)
    assert _got(world) == before


async def test_what_falls_due_is_worked_off_on_paper_again_where_that_was_interrupted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _came(world)
    await world.operate("start_campaign", text="survey: nps\nwhen: {repeat: daily, at: '15:00'}\n")
    copy = _copy(world)
    async with world.bot():
        await world.pass_time(hours=4)
    before = _got(world)
    _put_back(world, copy, "cp")
    with monkeypatch.context() as patch:
        patch.setattr("bot.jobs.upkeep.restoring._fire_all", _killed)
        with pytest.raises(KeyboardInterrupt):
            await world.operate("list_campaigns")
    async with world.bot():
        await _released(world)
        await world.pass_time(days=2)
    assert _got(world) == before


async def _killed(*_: object) -> None:
    raise KeyboardInterrupt


async def test_a_restore_leaves_no_mark(world: World, tmp_path: Path) -> None:
    await _came(world)
    copy = _copy(world)
    url = world.settings.database_url
    done = await asyncio.to_thread(
        otklik, tmp_path, "restore", str(copy), database_url=url,
        clock_url=world.sandbox.clock_url,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    async with world.database() as database, database.reading() as reader:
        assert await restores.marked_at(reader) is None
    await world.operate("release_restored")
    await world.operate("list_campaigns")
    assert await _held(world) is None
