"""Two replicas on one PostgreSQL database: one leads, and the other goes on where it stops."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, Mock

import aiohttp
import pytest
from sqlalchemy import select

from bot import app, leading
from bot.operations import remote
from bot.operations.sockets import shared_name, sockets
from bot.settings import Settings
from bot.telegram import webhook
from bot.telegram.receive import keep
from storage.database import Database
from storage.errors import DatabaseUnavailable
from storage.people import links
from storage.replicas import lease, seat
from storage.replicas.lease import ReplicasSeen
from storage.tables.surveys import answers
from tests.bot.campaigns.test_events import TOKEN
from tests.bot.telegram.test_webhook import SECRET
from tests.bot.web.browser import browser, free_port
from tests.bot.web.test_live import link
from tests.bot.world import ADMIN, ANNA, BORIS, PATIENCE, START, World, small_world
from tests.postgres import PostgresServer, postgres_server
from tests.prove.proofs import replicas as proof

__all__ = ["postgres_server"]

PAGE = "/digest/out"
"""A page of the session that no process has to make."""
AT_ONCE_AFTER_A_DEAL = "survey: service_request\nwhen: {event: deal-closed, after_hours: 0}\n"


@asynccontextmanager
async def _replica(world: World, name: str, **settings: Any) -> AsyncIterator[None]:
    """Run one replica, with settings of its own, until the block is left."""
    world.settings = Settings(_env_file=None, **{**world.settings.model_dump(), **settings})
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


async def _one_of_them_does_what_a_command_asks(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ask while a third one stands still, whose socket comes first."""
    here = AsyncMock(side_effect=AssertionError("the command did it by itself"))
    still = shared_name(world.settings)
    still = still.with_name(f"{still.stem}-0-0000.sock")
    with monkeypatch.context() as patch, socket.socket(socket.AF_UNIX) as frozen:
        patch.setattr(remote, "_ASKED_SECONDS", 0.2)
        patch.setattr(remote, "_here", here)
        frozen.bind(str(still))
        frozen.listen()
        try:
            assert sockets(world.settings)[0] == still
            assert (await world.operate("why", person="C1"))["people"]
        finally:
            still.unlink()


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
            assert len(sockets(world.settings)) == 2
            await _one_of_them_does_what_a_command_asks(world, monkeypatch)
            before = world.screen(ANNA).message_id
            await world.tap(ANNA, "9")
            await first.__aexit__(None, None, None)
            await _led_by(world, "b")
            await world.tap(BORIS, "3")
            assert (await _standing(world)).names == ["b"]
            assert len(sockets(world.settings)) == 1
            assert world.screen(ANNA).message_id == before


async def test_a_server_that_goes_while_a_term_begins_ends_no_program(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(app, "_AGAIN_SECONDS", 0.0)
    monkeypatch.chdir(tmp_path)
    preparing, gone = leading.prepare, iter([True, True])

    async def prepared(run: leading.Run, database: Database) -> None:
        if next(gone, False):
            raise DatabaseUnavailable("ConnectionDoesNotExistError")  # noqa: EM101 (its detail)
        await preparing(run, database)

    monkeypatch.setattr(leading, "prepare", prepared)
    async with (
        postgres_server.database() as url,
        small_world(tmp_path, (), url) as world,
        _replica(world, "a"),
        asyncio.timeout(6 * PATIENCE),
    ):
        await world.arrive("C1", "C2")
        await world.launch("nps")
        await world.tap(ANNA, "9")
    assert not next(gone, False)


def _all_on(port: int) -> dict[str, int]:
    return {"webhook_port": port, "web_port": port, "events_port": port}


async def _confirmed_after_its_commit(
    world: World, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], Awaitable[object]]
) -> None:
    """Tap while another program holds the turn to write: Telegram is not told that we have it."""
    brought = asyncio.Event()

    async def noted(*given: Any) -> None:
        brought.set()
        await keep(*given)

    with monkeypatch.context() as patch:
        patch.setattr(webhook, "keep", noted)
        async with world.writing() as database:
            async with database.transaction():
                tap = world.sandbox.tap(ANNA, label="9")
                await brought.wait()
                await meanwhile()
                assert not world.sandbox.confirmed(tap.update_id)
            await world.settle()
    assert world.sandbox.confirmed(tap.update_id)
    assert world.screen(ANNA).text.startswith("2 из 2")


async def test_what_a_standby_is_given_is_answered_by_the_one_that_leads(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "BEAT_SECONDS", 0.05)
    monkeypatch.chdir(tmp_path)
    leads, stands_by = free_port(), free_port()
    public = f"http://127.0.0.1:{stands_by}"
    shared = {
        "webhook_url": f"{public}/telegram",
        "webhook_secret": SECRET,
        "web_url": public,
        "events_token": TOKEN,
    }
    async with (
        postgres_server.database() as url,
        small_world(tmp_path, (), url) as world,
        asyncio.timeout(6 * PATIENCE),
        AsyncExitStack() as stack,
    ):
        async with world.writing() as database, database.transaction() as tx:
            token = await links.issue_open(tx, "касса", START, None)
        await stack.enter_async_context(_replica(world, "leads", **shared, **_all_on(leads)))
        await _led_by(world, "leads")
        async with (
            _replica(world, "stands by", **_all_on(stands_by)),
            browser(world) as guest,
            aiohttp.ClientSession() as crm,
        ):
            await world.arrive("C2")
            await world.operate("start_campaign", text=AT_ONCE_AFTER_A_DEAL)
            told = {"customer": "C2", "deal": "D-1", "token": TOKEN}
            async with crm.post(f"{public}/events/deal-closed", params=told) as answer:
                assert answer.status == 200
            await world.settle()
            assert world.labels(BORIS)[:2] == ["1", "2"]
            await world.arrive("C1")
            await world.launch("nps")
            await world.settle()
            await _confirmed_after_its_commit(world, monkeypatch, lambda: guest.open("/"))
            await guest.open(f"/a/{token}")
            assert (await guest.press("Согласен")).buttons[:2] == ["0", "1"]
            await guest.press("7")
            assert (await _standing(world)).leader == "leads"
            async with world.database() as database, database.reading() as reader:
                given = select(answers.c.value).order_by(answers.c.invitation_id)
                assert await reader.scalars(given) == ["9", "7"]


async def test_a_session_of_the_digest_s_page_holds_at_each_and_ends_at_all(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "BEAT_SECONDS", 0.05)
    monkeypatch.chdir(tmp_path)
    leads, stands_by = free_port(), free_port()
    public = {"web_url": f"http://127.0.0.1:{stands_by}"}
    async with (
        postgres_server.database() as url,
        small_world(tmp_path, (), url) as world,
        asyncio.timeout(6 * PATIENCE),
        _replica(world, "leads", **public, web_port=leads),
    ):
        await _led_by(world, "leads")
        async with _replica(world, "stands by", web_port=stands_by), browser(world) as admin:
            while not world.announced:  # its link is shown once it leads
                await asyncio.sleep(0.01)
            await world.start(ADMIN, world.announced[0].rpartition("=")[2])
            await admin.open(await link(world))
            await admin.press("Открыть")
            for port in (stands_by, leads):
                admin.url = f"http://127.0.0.1:{port}"
                assert (await admin.open(PAGE)).status == 200
            await admin.press("Закрыть доступ")
            for port in (stands_by, leads):
                admin.url = f"http://127.0.0.1:{port}"
                assert (await admin.open(PAGE)).status == 403


async def test_where_no_server_starts_the_proof_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "running", Mock(side_effect=RuntimeError))
    (line,) = [one async for one in proof.survived(tmp_path, 1, 1)]
    assert line.is_met is None
    assert "RuntimeError" in line.value
