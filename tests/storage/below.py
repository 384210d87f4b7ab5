"""A connection below the door: no lock, no look at the file, no migration."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import make_url

from storage.database import source_of
from storage.engine.connection import Connection


@asynccontextmanager
async def below(url: str) -> AsyncIterator[Connection]:
    source = source_of(make_url(url))
    connection = await source.connect()
    try:
        yield connection
    finally:
        await connection.close()
        await source.dispose()
