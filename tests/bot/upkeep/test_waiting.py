"""A database server that is not there at the start is waited for."""

import asyncio
from pathlib import Path

import pytest

from bot import waiting
from bot.settings import Settings
from bot.waiting import awaited_database
from storage.errors import DatabaseAbsent
from surveys.messages import Message
from tests.postgres import PostgresServer, postgres_server

__all__ = ["postgres_server"]


@pytest.fixture(autouse=True)
def _quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(waiting, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(waiting, "LONGEST_WAIT", 0.05)


async def test_a_start_outlasts_a_server_that_is_down(postgres_server: PostgresServer) -> None:
    async with postgres_server.database() as url:
        settings = Settings(_env_file=None, database_url=url)
        told: list[Message] = []
        said = asyncio.Event()

        def announce(message: Message) -> None:
            told.append(message)
            said.set()

        async def opened() -> int:
            async with awaited_database(settings, asyncio.Event(), announce) as database:
                assert database is not None
                async with database.transaction() as tx:
                    return int(tx.dialect == "postgresql")

        await asyncio.to_thread(postgres_server.stop)
        try:
            opening = asyncio.create_task(opened())
            await asyncio.wait_for(said.wait(), 20)
        finally:
            await asyncio.to_thread(postgres_server.start)
        assert await asyncio.wait_for(opening, 20) == 1
        assert len(told) == 1


async def test_who_waits_can_be_stopped() -> None:
    stop = asyncio.Event()
    settings = Settings(_env_file=None, database_url="postgresql+asyncpg://u@/d?host=/nowhere")
    async with (
        asyncio.timeout(20),
        awaited_database(settings, stop, lambda _: stop.set()) as database,
    ):
        assert database is None


async def test_what_waiting_does_not_mend_is_said(postgres_server: PostgresServer) -> None:
    absent = postgres_server.url("none")
    settings = Settings(_env_file=None, database_url=absent)
    with pytest.raises(DatabaseAbsent):
        async with awaited_database(settings, asyncio.Event(), lambda _: None):
            pass
