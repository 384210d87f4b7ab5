"""Addresses of PostgreSQL as people write them, and what is said where one does not do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import make_url

from storage.database import open_database, open_reading
from storage.engine.postgres.address import for_asyncpg
from storage.errors import (
    DatabaseAbsent,
    DatabaseRefuses,
    DatabaseUnavailable,
    DatabaseUnwritable,
    DatabaseUrlInvalid,
    StorageError,
)
from tests.postgres import PostgresServer, postgres_server

__all__ = ["postgres_server"]

UNDERSTOOD = (
    "sslmode=prefer",
    "ssl=prefer",
    "application_name=otklik",
    "connect_timeout=9",
    "timeout=9",
    "statement_cache_size=0",
    "prepared_statement_cache_size=0",
    "options=-cstatement_timeout%3D9s",
)


async def test_what_the_manuals_name_is_understood(postgres_server: PostgresServer) -> None:
    async with postgres_server.database() as url:
        for query in UNDERSTOOD:
            async with open_database(f"{url}&{query}") as database, database.reading():
                pass
            async with open_reading(f"{url}&{query}") as database, database.reading():
                pass


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (("/otklik_", "/missing_"), DatabaseAbsent, "createdb missing_"),
        (("postgres@", "nobody@"), DatabaseRefuses, "nobody"),
        (("postgres@", "visitor@"), DatabaseUnwritable, "may not"),
        (("?", "?sslmode=sometimes&"), DatabaseUrlInvalid, "sslmode"),
        (("?", "?ssl=sometimes&"), DatabaseUrlInvalid, "ssl"),
        (("?", "?colour=secret&"), DatabaseUrlInvalid, "colour"),
        (("?", "?timeout=soon&"), DatabaseUrlInvalid, "number"),
        (("?", "?sslmode=verify-full&sslrootcert=/secret&"), DatabaseUrlInvalid, "sslrootcert"),
    ],
)
async def test_what_does_not_do_is_named(
    postgres_server: PostgresServer,
    change: tuple[str, str],
    error: type[StorageError],
    said: str,
) -> None:
    async with postgres_server.database() as url:
        if "visitor" in change[1]:
            await postgres_server.execute(
                "DROP ROLE IF EXISTS visitor", "CREATE ROLE visitor LOGIN"
            )
        for opening in (open_database, open_reading):
            with pytest.raises(error) as raised:
                async with opening(url.replace(*change)):
                    pass
            assert said in str(raised.value)
            assert "secret" not in str(raised.value)


@asynccontextmanager
async def _server_without_tls(asked: list[bytes]) -> AsyncIterator[int]:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readexactly(8))
        writer.write(b"N")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("query", ["sslmode=require", "ssl=require"])
async def test_tls_is_asked_for_and_its_refusal_is_told(query: str) -> None:
    asked: list[bytes] = []
    async with _server_without_tls(asked) as port:
        with pytest.raises(DatabaseUnavailable, match="TLS"):
            async with open_database(f"postgresql+asyncpg://me@127.0.0.1:{port}/otklik?{query}"):
                pass
    assert asked == [bytes.fromhex("00000008 04d2162f")], "the SSLRequest of the protocol"


def test_an_address_keeps_what_asyncpg_knows_itself() -> None:
    url = make_url("postgresql+asyncpg://u:p%40ss@h:6432/n?host=/run&sslmode=verify-full&a=b%26c")
    kept, arguments = for_asyncpg(url)
    assert (kept.password, kept.port, dict(kept.query)) == ("p@ss", 6432, {"host": "/run"})
    assert arguments == {"dsn": "postgresql://?sslmode=verify-full&a=b%26c"}
