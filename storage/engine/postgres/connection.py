"""PostgreSQL's connections: SQLAlchemy's statements, and what the driver is handed without it."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import URL, ExceptionContext, Executable
from sqlalchemy import Connection as SyncConnection
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.engine.connection import Parameters, Statement, Take, completed
from storage.engine.postgres.address import connecting
from storage.engine.postgres.many import Arrays, as_arrays
from storage.engine.prepared import Prepared, PreparedResult, prepared
from storage.engine.statements import is_made_once
from storage.engine.translation import translated
from storage.errors import NotLeading

T = TypeVar("T")

_DIALECT = URL.create("postgresql+asyncpg").get_dialect()()
POOLED = 8
"""How many reading connections stay open."""
_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
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
        given = {} if parameters is None else parameters
        if isinstance(given, Mapping) and is_made_once(statement):
            ready = prepared(statement, tuple(given), _DIALECT)
            if ready is not None:
                return take(await _handed(self._connection, ready, given))
        return take(await self._connection.execute(statement, parameters))

    async def several(self, statements: Sequence[Statement]) -> list[Any]:
        """See `Connection`."""
        return [await self.execute(*one) for one in statements]

    async def many(self, statement: Executable, columns: Mapping[str, Sequence[Any]]) -> None:
        """See `Connection`."""
        ready = prepared(statement, tuple(columns), _DIALECT)
        together = None if ready is None else as_arrays(ready, columns)
        if together is not None:
            await completed(self._insert(together))
            return
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        await self.execute(statement, rows, lambda _: None)

    async def _insert(self, rows: Arrays) -> None:
        await self._pay()
        raw = _driver(self._connection)
        with _refused(raw, rows.sql):
            await raw.execute(rows.sql, *rows.columns)

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
        raw = _driver(self._connection)
        with _refused(raw, channel):
            raw.add_termination_listener(lambda _: ended())
            await raw.add_listener(channel, told)

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


async def _handed(
    connection: AsyncConnection, statement: Prepared, parameters: Mapping[str, Any]
) -> PreparedResult:
    """Have the driver itself send a statement, which it prepares on the server the first time."""
    raw, row = _driver(connection), statement.row(parameters)
    with _refused(raw, statement.sql):
        if statement.columns.keys:
            found = [tuple(one) for one in await raw.fetch(statement.sql, *row)]
            return statement.result(found, len(found))
        return statement.result([], _changed(await raw.execute(statement.sql, *row)))


def _changed(said: str) -> int:
    """Return how many rows a statement changed, by what the server says of it: "UPDATE 1"."""
    return int(said.rsplit(" ", maxsplit=1)[-1])


async def _said(connection: AsyncConnection, sql: str) -> None:
    """Have the driver itself send what has no parameters and no result: SQLAlchemy prepares it."""
    raw = _driver(connection)
    with _refused(raw, sql):
        try:
            await raw.execute(sql)
        except asyncpg.DivisionByZeroError as error:  # what a fence fails with
            raise NotLeading from error


def _driver(connection: AsyncConnection) -> Any:  # noqa: ANN401 (asyncpg has no types)
    """Return the driver's connection; nothing is sent."""
    below = connection.sync_connection
    if below is None or below.invalidated:
        raise ConnectionError
    return below.connection.driver_connection


@contextmanager
def _refused(raw: Any, sql: str) -> Iterator[None]:  # noqa: ANN401 (as above)
    """Raise what the driver raises as SQLAlchemy would."""
    try:
        yield
    except _FAILURES as error:
        if isinstance(error, asyncpg.IntegrityConstraintViolationError):
            raise IntegrityError(sql, None, error) from error
        # A session whose last word was read, but not yet that its socket is closed, takes no
        # statement any more. The driver calls that an internal error.
        lost = raw.is_closed() or isinstance(error, asyncpg.InternalClientError)
        raise DBAPIError(sql, None, error, connection_invalidated=lost) from error


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
    """Begin on a pooled connection; by this the pool learns of those that have ended since."""
    for _ in range(POOLED):
        try:
            return await _begun_on_one(engine, asked)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
    return await _begun_on_one(engine, asked)


async def _begun_on_one(engine: AsyncEngine, asked: URL) -> AsyncConnection:
    with connecting(asked):
        connection = await engine.connect()
    try:
        await _said(connection, _BEGIN_READING)
    except BaseException:
        await connection.invalidate()
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
