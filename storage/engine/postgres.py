"""What is peculiar to PostgreSQL: isolation, and the lock that keeps a second writer out."""

from sqlalchemy import URL, NullPool, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.errors import DatabaseBusy
from surveys.messages import Message

BEGIN_WRITING = "BEGIN"
BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
READERS = 8

_ADVISORY_KEY = 0x4F746B6C


def writing_engine(url: URL) -> AsyncEngine:
    """Return the engine of the one writing connection."""
    return create_async_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)


def reading_engine(url: URL) -> AsyncEngine:
    """Return the engine of the readers."""
    return create_async_engine(
        url, isolation_level="AUTOCOMMIT", pool_size=READERS, pool_pre_ping=True
    )


async def lock_or_close(connection: AsyncConnection) -> None:
    """Keep other writers out for as long as this connection lives; raises DatabaseBusy."""
    taken = text("SELECT pg_try_advisory_lock(:key)")
    if not (await connection.execute(taken, {"key": _ADVISORY_KEY})).scalar():
        await connection.close()
        raise DatabaseBusy(connection.engine.url.database or Message("the database"))
