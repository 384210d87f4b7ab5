"""The database's file goes from under the running bot: nothing is confirmed, it stops and says."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.app import serve
from bot.operations.copies.backups import shelf_of
from storage.copies import backups
from storage.errors import DatabaseBusy, DatabaseLost, DatabaseVanished
from tests.bot.chat.test_conversation import _answers
from tests.bot.test_operator import otklik
from tests.bot.world import ANNA, PATIENCE, World
from tests.engines import of_sqlite

pytestmark = of_sqlite("a server's files are its own")


def _path(world: World) -> Path:
    return shelf_of(world.settings).database


def _move(path: Path) -> None:
    path.rename(path.with_name("moved.db"))


def _replace(path: Path) -> None:
    path.rename(path.with_name("moved.db"))
    shutil.copyfile(path.with_name("moved.db"), path)


async def _serving(world: World, *, new: bool = False) -> asyncio.Task[None]:
    """Start the bot and wait until it polls."""
    updates = world.sandbox.world.updates
    earlier = updates._poller
    running = asyncio.create_task(serve(world.settings, world.announce, new=new))
    while updates._poller is earlier and not running.done():
        await asyncio.sleep(0.01)
    return running


@pytest.mark.parametrize("lose", [_move, _replace])
async def test_a_tap_is_not_confirmed_once_the_database_is_lost(
    world: World, lose: Callable[[Path], None]
) -> None:
    async with world.bot():
        await world.arrive("C1", "C2")
        await world.launch("nps")
    async with asyncio.timeout(PATIENCE):
        running = await _serving(world)
        lose(_path(world))
        tap = world.sandbox.tap(ANNA, label="9")
        with pytest.raises(DatabaseLost, match="nothing was confirmed"):
            await running
    assert not world.sandbox.confirmed(tap.update_id)
    path = _path(world)
    path.with_name("moved.db").replace(path)
    async with world.bot():
        await world.sandbox.settled(PATIENCE)
        await world.settle()
    assert await _answers(world, ANNA) == {"recommend": "9"}


async def test_an_empty_database_is_begun_only_when_asked_for(world: World) -> None:
    path = _path(world)
    path.rename(path.with_name("moved.db"))
    with pytest.raises(DatabaseVanished, match="run --new"):
        await serve(world.settings, world.announce)
    with pytest.raises(DatabaseVanished):
        await world.operate("list_campaigns")
    assert not path.exists()
    async with asyncio.timeout(PATIENCE):
        running = await _serving(world, new=True)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert path.exists()


async def test_the_command_line_says_what_happened_and_how_to_go_on(world: World) -> None:
    path = _path(world)
    copy = backups.make(shelf_of(world.settings), "hand", world.sandbox.clock.now()).path
    path.unlink()
    done = await asyncio.to_thread(
        otklik,
        path.parent,
        *("campaign", "list"),
        database_url=world.settings.database_url,
        language="ru",
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert f"otklik restore {copy}" in done.stderr
    assert "otklik run --new" in done.stderr


async def test_a_second_program_is_refused_by_a_link_and_without_the_lock_file(
    world: World,
) -> None:
    path = _path(world)
    link = path.with_name("link.db")
    link.symlink_to(path)
    linked = world.settings.model_copy(
        update={"database_url": f"{world.settings.database_url.removesuffix('otklik.db')}link.db"}
    )
    async with world.bot():
        for settings in (linked, world.settings):
            with pytest.raises(DatabaseBusy):
                await serve(settings, world.announce)
            path.with_name("otklik.db.lock").unlink()
        await world.arrive("C1")
        assert path.with_name("otklik.db.lock").exists()
