"""What systemd, a container engine and Prometheus are told."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.health import endpoint as health
from storage.database import Database, open_database
from storage.errors import DatabaseUnavailable
from storage.people import people
from tests.bot.world import World


@asynccontextmanager
async def asked(
    world: World, database: Database, *, ready: bool = True
) -> AsyncIterator[aiohttp.ClientSession]:
    """Listen on a free port, without the bot."""
    settings = world.settings.model_copy(update={"health_port": 0})
    now = world.sandbox.clock.now
    async with (
        health.listening(settings, database, now, lambda: ready) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        yield session


async def _answer(session: aiohttp.ClientSession, path: str) -> tuple[int, str]:
    async with session.get(path) as answer:
        return answer.status, await answer.text()


def _figures(text: str) -> dict[str, float]:
    lines = re.findall(r"^(otklik_\S+) (\S+)$", text, re.MULTILINE)
    return {name: float(value) for name, value in lines}


async def test_a_bot_that_serves_says_so_and_one_that_starts_does_not(world: World) -> None:
    async with open_database(world.settings.database_url) as database:
        async with asked(world, database) as session:
            assert await _answer(session, "/healthz") == (200, "ok\n")
            assert await _answer(session, "/readyz") == (200, "ok\n")
        async with asked(world, database, ready=False) as session:
            assert await _answer(session, "/healthz") == (200, "ok\n")
            status, said = await _answer(session, "/readyz")
            assert status == 503
            assert "waits for Telegram" in said
            assert _figures((await _answer(session, "/metrics"))[1])["otklik_ready"] == 0


async def test_a_database_that_does_not_answer_is_no_health(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: object) -> None:
        raise DatabaseUnavailable

    async def silent(*_: object) -> None:
        await asyncio.Event().wait()

    async with (
        open_database(world.settings.database_url) as database,
        asked(world, database) as session,
    ):
        for broken in (gone, silent):
            monkeypatch.setattr(health, "vitals", broken)
            monkeypatch.setattr(health, "PATIENCE", 0.01)
            assert (await _answer(session, "/healthz"))[0] == 503
            assert (await _answer(session, "/readyz"))[0] == 503
            status, text = await _answer(session, "/metrics")
            assert status == 200
            assert _figures(text)["otklik_database_answers"] == 0
            assert "otklik_messages" not in text


async def test_the_figures_are_those_of_the_queues_and_name_nobody(world: World) -> None:
    async with world.bot():
        await world.arrive("C1")
        await world.operate("start_campaign", text="survey: nps\n")
        await world.settle()
    async with (
        open_database(world.settings.database_url) as database,
        asked(world, database) as session,
    ):
        async with database.reading() as reader:
            anna = await people.by_external(reader, "C1")
        assert anna is not None
        _, text = await _answer(session, "/metrics")
        found = _figures(text)
        assert found['otklik_messages{state="sent"}'] >= 1
        assert found["otklik_updates_waiting"] == 0
        assert found["otklik_updates_parked"] == 0
        assert found["otklik_disk_free_bytes"] > 0
        assert "process_resident_memory_bytes" in text
        for private in (anna.name, world.tokens["C1"], world.sandbox.token):
            assert private not in text


async def test_nothing_listens_unless_it_was_asked_for(world: World) -> None:
    async with (
        open_database(world.settings.database_url) as database,
        health.listening(world.settings, database, world.sandbox.clock.now, lambda: True) as port,
    ):
        assert port is None
