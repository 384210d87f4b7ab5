"""PostgreSQL's connections: SQLAlchemy's statements, and what the driver sends by itself."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import URL, ExceptionContext, Executable
from sqlalchemy import Connection as SyncConnection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.engine.connection import Parameters, Statement, Take, completed
from storage.engine.postgres_address import connecting
from storage.engine.translation import translated
from storage.errors import NotLeading

T = TypeVar("T")

_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_FENCED = "22012"
_FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


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

    async def several(self, statements: Sequence[Statement]) -> list[Any]:
        """See `Connection`."""
        return [await self.execute(*one) for one in statements]

    async def many(self, statement: Executable, columns: Mapping[str, Sequence[Any]]) -> None:
        """See `Connection`."""
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        await self.execute(statement, rows, lambda _: None)

    async def command(self, sql: str) -> None:
        """See `Connection`."""
        self.owed.append(sql)
        await completed(self._pay())

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        """See `Connection`."""
        await completed(self._pay())
        return await completed(self._connection.run_sync(work, *arguments))

    async def listen(
        self, channel: str, told: Callable[..., None], ended: Callable[[], None]
    ) -> None:
        """Have `told` called for each notification, and `ended` at the end of the connection."""
        raw: Any = (await self._connection.get_raw_connection()).driver_connection
        try:
            raw.add_termination_listener(lambda _: ended())
            await raw.add_listener(channel, told)
        except _FAILURES as error:
            raise _failure(channel, raw, error) from error

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
        """Execute what is owed in one visit."""
        if not self.owed:
            return
        owed, self.owed = self.owed, []
        await _said(self._connection, "; ".join(owed))


async def _said(connection: AsyncConnection, sql: str) -> None:
    """Have the driver itself send what has no parameters and no result: SQLAlchemy prepares it."""
    raw: Any = (await connection.get_raw_connection()).driver_connection
    try:
        await raw.execute(sql)
    except _FAILURES as error:
        if getattr(error, "sqlstate", None) == _FENCED:
            raise NotLeading from error
        raise _failure(sql, raw, error) from error


def _failure(said: str, raw: asyncpg.Connection, error: Exception) -> DBAPIError:
    """Return the driver's error as SQLAlchemy's.

    A session whose last word was read, but not yet that its socket is closed, takes no statement
    any more. The driver calls that an internal error.
    """
    lost = raw.is_closed() or isinstance(error, asyncpg.InternalClientError)
    return DBAPIError(said, None, error, connection_invalidated=lost)


def lost_with_its_session(context: ExceptionContext) -> None:
    """Have SQLAlchemy throw such a connection away, too: an event of an engine."""
    cause = context.original_exception.__cause__
    context.is_disconnect |= isinstance(cause, asyncpg.InternalClientError)


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
        await _said(connection, _BEGIN_READING)
    except BaseException:
        await connection.close()
        raise
    return connection


async def _end(connection: AsyncConnection) -> None:
    try:
        await _said(connection, "ROLLBACK")
    except DBAPIError:
        await connection.invalidate()
        raise
    finally:
        await connection.close()
