"""A server that ends sessions, as at its restart: what was being read fails, the next goes on."""

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import asyncpg
import pytest
from asyncpg.connection import Connection
from sqlalchemy import text

from storage.database import Database, open_database
from storage.engine.postgres.connection import POOLED
from storage.errors import DatabaseUnavailable, StorageError
from tests.postgres import PostgresServer

_END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


async def _read(database: Database, server: PostgresServer | None = None) -> int:
    """Read, and let the server end all sessions meanwhile."""
    async with database.reading() as reader:
        assert await reader.scalar(text("SELECT 1")) == 1
        if server is not None:
            await server.execute(f"{_END} AND datname LIKE 'otklik_%'")
        return int(await reader.scalar(text("SELECT 1")))


async def test_who_reads_is_told_and_the_next_reads_and_writes(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with postgres_server.database() as url, open_database(url) as database:
        with pytest.raises(StorageError):
            await _read(database, postgres_server)
        assert await _read(database) == 1
        with pytest.raises(StorageError):  # its session has ended, and that is noticed here
            async with database.transaction() as tx:
                await tx.scalar(text("SELECT 1"))
        async with database.transaction() as tx:
            assert await tx.scalar(text("SELECT 1")) == 1


async def test_sessions_that_ended_while_nobody_read_are_replaced(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with postgres_server.database() as url, open_database(url) as database:
        async with database.reading(), database.reading(), database.reading():
            pass
        await postgres_server.execute(f"{_END} AND datname LIKE 'otklik_%'")
        assert await _read(database) == 1


async def test_what_is_asked_of_an_ended_session_again_is_out_of_service_too(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits for a server waits on: it is no fault of the query."""
    monkeypatch.chdir(tmp_path)
    async with postgres_server.database() as url, open_database(url) as database:
        with pytest.raises(DatabaseUnavailable):
            await _read_twice(database, postgres_server)


async def _read_twice(database: Database, server: PostgresServer) -> None:
    async with database.reading() as reader:
        await server.execute(f"{_END} AND datname LIKE 'otklik_%'")
        with pytest.raises(DatabaseUnavailable):
            await reader.scalar(text("SELECT 1"))
        await reader.scalar(text("SELECT 1"))


@pytest.mark.parametrize("says", [Connection.execute, Connection.prepare])
async def test_a_session_whose_end_was_read_before_its_socket_closed_is_out_of_service(
    postgres_server: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    says: Callable[..., object],
) -> None:
    """The driver calls it an internal error of its own; whoever takes it for one would end."""
    monkeypatch.chdir(tmp_path)

    async def refuse(*_: object, **__: object) -> NoReturn:
        monkeypatch.setattr(Connection, says.__name__, says)
        message = "cannot switch to state 15; another operation (2) is in progress"
        raise asyncpg.InternalClientError(message)

    async with postgres_server.database() as url, open_database(url) as database:
        monkeypatch.setattr(Connection, says.__name__, refuse)
        if says.__name__ == "prepare":  # what cannot begin on one session begins on another
            with pytest.raises(DatabaseUnavailable):
                await _read(database)
        assert await _read(database) == 1
        monkeypatch.setattr(Connection, says.__name__, refuse)
        with pytest.raises(DatabaseUnavailable):
            async with database.transaction() as tx:
                await tx.scalar(text("SELECT 1"))
        async with database.transaction() as tx:
            assert await tx.scalar(text("SELECT 1")) == 1


async def test_a_server_that_ends_each_session_at_once_is_out_of_service(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    execute, refused = Connection.execute, 0

    async def refuse(raw: Connection, sql: str, *given: object) -> str:
        nonlocal refused
        if not sql.startswith("BEGIN"):
            return str(await execute(raw, sql, *given))
        refused += 1
        raw.terminate()
        raise asyncpg.ConnectionDoesNotExistError

    async with postgres_server.database() as url, open_database(url) as database:
        monkeypatch.setattr(Connection, "execute", refuse)
        with pytest.raises(DatabaseUnavailable):
            await _read(database)
        assert refused == POOLED + 1, "then each was begun anew"
        monkeypatch.undo()
        assert await _read(database) == 1
