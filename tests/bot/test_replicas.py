"""Two replicas on one PostgreSQL database: one leads, and the other goes on where it stops."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from storage.replicas import lease, seat
from storage.replicas.lease import ReplicasSeen
from tests.bot.world import ANNA, BORIS, PATIENCE, World, small_world
from tests.postgres import PostgresServer, postgres_server

__all__ = ["postgres_server"]


@asynccontextmanager
async def _replica(world: World, name: str) -> AsyncIterator[None]:
    """Run one replica until the block is left."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seat, "own_name", lambda: name)

        async def is_heard_of() -> bool:
            return name in (await _standing(world)).names

        async with world.serving(is_heard_of):
            yield


async def _standing(world: World) -> ReplicasSeen:
    async with world.database() as database, database.reading() as reader:
        found = await lease.standing(reader)
    assert found is not None
    return found


async def _led_by(world: World, name: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while (await _standing(world)).leader != name:
            await asyncio.sleep(0.01)


async def test_the_other_one_goes_on_where_the_first_stops(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "BEAT_SECONDS", 0.05)
    monkeypatch.chdir(tmp_path)
    async with (
        postgres_server.database() as url,
        small_world(tmp_path, (), url) as world,
        asyncio.timeout(6 * PATIENCE),
    ):
        first = _replica(world, "a")
        await first.__aenter__()
        await _led_by(world, "a")
        await world.arrive("C1", "C2")
        await world.launch("nps")
        async with _replica(world, "b"):
            assert (await _standing(world)).names == ["a", "b"]
            before = world.screen(ANNA).message_id
            await world.tap(ANNA, "9")
            await first.__aexit__(None, None, None)
            await _led_by(world, "b")
            await world.tap(BORIS, "3")
            assert (await _standing(world)).names == ["b"]
            assert world.screen(ANNA).message_id == before
