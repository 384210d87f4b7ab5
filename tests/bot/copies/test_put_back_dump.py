"""A dump that an operator puts back with pg_restore is held, and who was erased is erased again."""

import subprocess
from pathlib import Path

import pytest

from bot.jobs.upkeep import restoring
from bot.operations.copies.backups import shelf_of
from storage.copies import making, restores
from storage.dumps.errors import TargetFilled
from storage.people import people
from tests.bot.copies.test_restore import _came, _got, _released
from tests.bot.world import ADMIN, World, small_world
from tests.postgres import PostgresServer, postgres_server

__all__ = ["postgres_server"]


async def _put_back(server: PostgresServer, copy: Path) -> str:
    """Put a copy into a new database, as an operator does; return its URL."""
    name = await server.create(None)
    server.made.add(name)
    command = (
        str(server.programs / "pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error",
        "--single-transaction", f"--host={server.folder}", "--username=postgres",
        f"--dbname={name}", str(copy),
    )  # fmt: skip
    subprocess.run(command, check=True)  # noqa: ASYNC221 (nobody else waits)
    return server.url(name)


async def _held(world: World) -> bool:
    async with world.database() as database, database.reading() as reader:
        return await restores.held(reader) is not None


async def test_nothing_goes_out_twice_from_a_dump_that_was_put_back_by_hand(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with postgres_server.database() as url, small_world(tmp_path, (), url) as world:
        await _came(world)
        await world.operate("start_campaign", survey="nps")  # the bot stands: they are queued
        copy = (await making.make(shelf_of(world.settings), "hand", world.sandbox.clock.now())).path
        async with world.bot():
            await world.settle()
        await world.operate("forget", person="C3")
        before = _got(world)
        async with world.bot():
            await world.settle()
        assert not await _held(world), "where it stood it is no copy, however often it starts"
        back = await _put_back(postgres_server, copy)
        world.settings = world.settings.model_copy(update={"database_url": back})
        async with world.bot():
            await world.settle()
            assert "2 сообщения могли уйти" in world.screen(ADMIN).text
            await _released(world)
        assert _got(world) == before
        async with world.database() as database, database.reading() as reader:
            assert await people.by_external(reader, "C3", "customer") is None
        async with world.bot():
            await world.settle()
        assert not await _held(world), "once released it is an ordinary database"
        await _and_by_the_command(postgres_server, world, copy)


async def _and_by_the_command(server: PostgresServer, world: World, copy: Path) -> None:
    """`otklik restore FILE` into one more empty database: the same follows."""
    before, now = _got(world), world.sandbox.clock.now()
    name = await server.create(None)
    server.made.add(name)
    world.settings = world.settings.model_copy(update={"database_url": server.url(name)})
    done = await restoring.restore(world.settings, copy, now)
    assert (done.uncertain, done.erased, done.aside) == (2, 1, None)
    assert done.copied_at.strftime("%Y%m%dT%H%M%SZ") in copy.name
    assert await _held(world)
    with pytest.raises(TargetFilled):
        await restoring.restore(world.settings, copy, now)
    async with world.bot():
        await world.pass_time(hours=2)
        assert _got(world) == before
        assert (await world.operate("release_restored"))["uncertain"] == 2
        await world.settle()
    assert _got(world) == before, "what may have gone out waits for an admin"
