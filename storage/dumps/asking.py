"""What a server is asked before its database is copied: whose it is, and its version."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import CursorResult, make_url, text

from storage.dumps import programs
from storage.dumps.programs import Programs
from storage.engine.connection import Connection
from storage.engine.postgres.source import PostgresSource
from storage.engine.translation import translated

VERSION = text("SELECT current_setting('server_version_num')::int / 10000")
_HAS_KEY = text("SELECT to_regclass('installation') IS NOT NULL")
_KEY = text("SELECT key FROM installation")


@asynccontextmanager
async def looking_into(url: str) -> AsyncIterator[Connection]:
    """Give a connection with one consistent state, whatever the schema."""
    source = PostgresSource(make_url(url))
    readers = source.readers()
    try:
        async with readers.connection() as connection:
            yield connection
    finally:
        await readers.dispose()
        await source.dispose()


async def installation(url: str) -> str | None:
    """Return the installation's id, None where the schema has none yet."""
    async with looking_into(url) as connection:
        with translated():
            if not await connection.execute(_HAS_KEY, None, CursorResult.scalar):
                return None
            return await connection.execute(_KEY, None, CursorResult.scalar)


async def able(url: str) -> Programs:
    """Return the programs here that can copy the server; raises CannotDump."""
    async with looking_into(url) as connection:
        with translated():
            version = await connection.execute(VERSION, None, CursorResult.scalar)
    return await programs.found(int(version or 0))
