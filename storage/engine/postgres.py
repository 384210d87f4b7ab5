"""What is peculiar to PostgreSQL: isolation, connections, the lock against a second writer."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from sqlalchemy import URL, Executable, NullPool, text
from sqlalchemy import Connection as SyncConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.engine.connection import Parameters, Take, completed
from storage.engine.postgres_address import connecting, for_asyncpg
from storage.engine.translation import translated
from storage.errors import DatabaseBusy
from surveys.messages import Message

T = TypeVar("T")

_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_READERS = 8

_ADVISORY_KEY = 0x4F746B6C


class AsyncpgConnection:
    """See `Connection`. SQLAlchemy throws a connection away that is cancelled in mid-statement."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.owed: list[str] = []
        self.dialect_name = "postgresql"
        self._connection = connection

    @property
    def sync_connection(self) -> SyncConnection | None:
        """See `Connection`."""
        return self._connection.sync_connection

    async def execute(self, statement: Executable, parameters: Parameters, take: Take[T]) -> T:
        """See `Connection`."""
        return await completed(self._execute(statement, parameters, take))

    async def _execute(self, statement: Executable, parameters: Parameters, take: Take[T]) -> T:
        await self._pay()
        return take(await self._connection.execute(statement, parameters))

    async def many(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """See `Connection`."""
        await self.execute(statement, rows, lambda _: None)

    async def command(self, sql: str) -> None:
        """See `Connection`."""
        self.owed.append(sql)
        await completed(self._pay())

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        """See `Connection`."""
        await completed(self._pay())
        return await completed(self._connection.run_sync(work, *arguments))

    async def settled(self) -> None:
        """See `Connection`: `completed` has waited already."""

    async def close(self) -> None:
        """See `Connection`."""
        await self._connection.close()

    async def throw_away(self) -> None:
        """See `Connection`."""
        with suppress(SQLAlchemyError):  # it is thrown away because it has failed
            await self._connection.invalidate()
            await self._connection.close()

    async def _pay(self) -> None:
        while self.owed:
            await self._connection.exec_driver_sql(self.owed[0])
            del self.owed[0]


class AsyncpgReaders:
    """Reading connections out of SQLAlchemy's pool."""

    def __init__(self, engine: AsyncEngine, asked: URL) -> None:
        self._engine = engine
        self._asked = asked

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncpgConnection]:
        """Give a connection in a transaction that is rolled back in the end."""
        with translated():
            connection = await completed(_begun(self._engine, self._asked), _end)
        try:
            yield AsyncpgConnection(connection)
        finally:
            with translated():
                await completed(_end(connection))

    async def dispose(self) -> None:
        """Close the pool."""
        await self._engine.dispose()


async def _begun(engine: AsyncEngine, asked: URL) -> AsyncConnection:
    with connecting(asked):
        connection = await engine.connect()
    try:
        await connection.exec_driver_sql(_BEGIN_READING)
    except BaseException:
        await connection.close()
        raise
    return connection


async def _end(connection: AsyncConnection) -> None:
    try:
        await connection.exec_driver_sql("ROLLBACK")
    finally:
        await connection.close()


class PostgresSource:
    """See `storage.engine.connection.Source`."""

    begin_writing = "BEGIN"

    def __init__(self, url: URL) -> None:
        self._asked = url
        self._url, self._arguments = for_asyncpg(url)
        self._engine = self._new_engine(poolclass=NullPool)

    def _new_engine(self, **pool: Any) -> AsyncEngine:
        return create_async_engine(
            self._url, isolation_level="AUTOCOMMIT", connect_args=self._arguments, **pool
        )

    async def connect(self) -> AsyncpgConnection:
        """Open the writing connection; raises DatabaseBusy where another process has one."""
        with connecting(self._asked):
            connection = await self._engine.connect()
        await _lock_or_close(connection)
        return AsyncpgConnection(connection)

    def readers(self) -> AsyncpgReaders:
        """Return where reading connections come from."""
        return AsyncpgReaders(self._new_engine(pool_size=_READERS, pool_pre_ping=True), self._asked)

    async def dispose(self) -> None:
        """Close what stayed open of writing."""
        await self._engine.dispose()

    def check(self) -> None:
        """Do nothing: no file of ours can be lost."""

    def fold_log(self) -> bool:
        """Do nothing: the server cares for its log and its dead rows itself."""
        return True


async def _lock_or_close(connection: AsyncConnection) -> None:
    """Keep other writers out for as long as this connection lives; raises DatabaseBusy."""
    taken = text("SELECT pg_try_advisory_lock(:key)")
    if not (await connection.execute(taken, {"key": _ADVISORY_KEY})).scalar():
        await connection.close()
        raise DatabaseBusy(connection.engine.url.database or Message("the database"))
