"""The webhook keeps polling's promises, and lets nobody in who does not know the secret."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from pydantic import ValidationError

from bot.app import serve
from bot.settings import Settings
from bot.telegram.webhook import SECRET_HEADER
from tests.bot.chat.test_conversation import _answers
from tests.bot.delivery.faults import full_disk
from tests.bot.world import ANNA, BORIS, PATIENCE, World

SECRET = "s" * 32


@asynccontextmanager
async def _serving(world: World, port: int = 0) -> AsyncIterator[str]:
    """Run the bot with a webhook; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = port or free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/telegram"
    changed = {"webhook_url": url, "webhook_secret": SECRET, "webhook_port": port}
    world.settings = Settings(_env_file=None, **{**world.settings.model_dump(), **changed})
    running = asyncio.create_task(serve(world.settings, world.announce))
    try:
        async with asyncio.timeout(PATIENCE):
            while not world.sandbox.world.updates.webhook and not running.done():
                await asyncio.sleep(0.01)
        yield url
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_survey_is_answered_by_webhook(world: World) -> None:
    async with _serving(world):
        await world.arrive("C1")
        await world.launch("nps")
        await world.settle()
        await world.tap(ANNA, "9")
    assert await _answers(world, ANNA) == {"recommend": "9"}


async def test_whoever_does_not_know_the_secret_changes_nothing(world: World) -> None:
    body = {"update_id": 1, "message": {"from": {"id": ANNA}}}
    async with _serving(world) as url, aiohttp.ClientSession() as session:
        for headers in ({}, {SECRET_HEADER: "guess"}, {SECRET_HEADER: SECRET[:-1]}):
            async with session.post(url, json=body, headers=headers) as response:
                assert response.status == 401
        for broken in (b"", b"{", b"[]", b'{"update_id": "x"}'):
            headers = {SECRET_HEADER: SECRET}
            async with session.post(url, data=broken, headers=headers) as response:
                assert response.status == 400
        await world.settle()


async def test_200_comes_only_after_the_inbox_has_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _serving(world):
        with full_disk(monkeypatch) as failed:
            update_id = world.sandbox.start(BORIS)
            async with asyncio.timeout(PATIENCE):
                while len(failed) < 2:
                    await asyncio.sleep(0.01)
            assert not world.sandbox.confirmed(update_id)
        await world.sandbox.settled(PATIENCE)
        assert world.sandbox.confirmed(update_id)
        await world.settle()
    assert world.screen(BORIS).text


async def test_what_there_is_no_room_for_is_not_taken(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _serving(world) as url, aiohttp.ClientSession() as session:
        await world.arrive("C1")
        monkeypatch.setattr("bot.delivery.handle.MOST_WAITING", 0)
        await world.say(ANNA, "/help")
        status, body = 200, {"update_id": 1, "message": {"from": {"id": ANNA}}}
        async with asyncio.timeout(PATIENCE):
            while status == 200:  # a replica looks from time to time what waits for all of them
                async with session.post(url, json=body, headers={SECRET_HEADER: SECRET}) as told:
                    status = told.status
        assert status == 503


def test_without_a_secret_there_is_no_webhook() -> None:
    with pytest.raises(ValidationError, match="OTKLIK_WEBHOOK_SECRET"):
        Settings(_env_file=None, webhook_url="https://example.org/telegram")
