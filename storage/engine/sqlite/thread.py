"""SQLite's connections: each with a thread of its own, which brief statements do without.

SQLite's calls block, so what may take long, or wait for the disk or for another program, runs on
the thread: a whole statement goes there, and its finished rows come back. An adapter that makes
every call of the driver awaitable visits the thread four times a statement (cursor, execute, fetch,
close).

Even one visit costs several times what SQLite needs for a few rows that it finds by their keys: the
two threads hand the interpreter to and fro with each of the driver's calls. Such a statement is
marked `brief` and executed on the event loop, unless a transaction must begin to write first, which
may wait, or the thread has something left to do.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from queue import SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import Engine, Executable
from sqlalchemy.exc import SQLAlchemyError

from storage.engine.connection import Parameters, Statement, Take, completed
from storage.engine.prepared import prepared
from storage.engine.sqlite.driver import DIALECT, command, execute
from storage.engine.sqlite.many import Columns, many_rows
from storage.engine.statements import is_brief, is_made_once
from storage.engine.translation import translated

T = TypeVar("T")

BEGIN_WRITING = "BEGIN IMMEDIATE"
"""Begins a transaction that may write, and waits until nobody else does."""

_Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any]]


class ThreadConnection:
    """See `Connection`. The thread executes what it is given in that order."""

    def __init__(self, engine: Engine) -> None:
        self.owed: list[str] = []
        self.sync_connection: SyncConnection | None = None
        self.dialect_name = engine.dialect.name
        self._engine = engine
        self._idle = True
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        # The thread holds the queue, not the connection: a connection that nobody holds is deleted,
        # and `__del__` ends its thread.
        threading.Thread(target=_work, args=(self._jobs,), name="otklik-sql", daemon=True).start()

    def __del__(self) -> None:
        self._jobs.put(None)

    async def open(self) -> "ThreadConnection":
        """Connect; raises what SQLAlchemy raises."""
        self.sync_connection = await self._visit(self._engine.connect)
        return self

    async def execute(self, statement: Executable, parameters: Parameters, take: Take[T]) -> T:
        """See `Connection`."""
        if self._may_stay((statement,)):
            return self._taken(statement, parameters, take)
        return await self._visit(lambda: self._taken(statement, parameters, take))

    async def several(self, statements: Sequence[Statement]) -> list[Any]:
        """See `Connection`."""
        if self._may_stay([statement for statement, _, _ in statements]):
            return self._each(statements)
        return await self._visit(lambda: self._each(statements))

    async def many(self, statement: Executable, columns: Columns) -> None:
        """See `Connection`."""
        await self._visit(lambda: many_rows(self._paid(), statement, columns))

    async def command(self, sql: str) -> None:
        """See `Connection`."""
        await self._visit(lambda: command(self._paid(), sql))

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        """See `Connection`."""
        return await self._visit(lambda: work(self._paid(), *arguments))

    async def settled(self) -> None:
        """See `Connection`."""
        await self._visit(lambda: None)

    async def roll_back(self) -> None:
        """Leave the transaction, where what was owed has begun one."""
        await self._visit(self._roll_back)

    def roll_back_here(self) -> bool:
        """Do the same without a visit to the thread; False where it must do it."""
        if self._idle:
            with suppress(SQLAlchemyError):  # the thread will fail as well, and say so
                self._roll_back()
                return True
        return False

    async def close(self) -> None:
        """See `Connection`."""
        connection, self.sync_connection = self.sync_connection, None
        if connection is not None:
            await self._visit(connection.close)
        self._jobs.put(None)

    async def throw_away(self) -> None:
        """See `Connection`."""
        connection = self.sync_connection
        if connection is not None:
            with suppress(SQLAlchemyError):  # it is thrown away because it has failed
                await self._visit(connection.invalidate)
        with suppress(SQLAlchemyError):  # the same
            await self.close()

    def _roll_back(self) -> None:
        if self.sync_connection is not None and not self.owed:
            command(self.sync_connection, "ROLLBACK")
        self.owed = []

    def _paid(self) -> SyncConnection:
        if self.sync_connection is None:
            raise ConnectionError
        while self.owed:
            command(self.sync_connection, self.owed[0])
            del self.owed[0]
        return self.sync_connection

    def _each(self, statements: Sequence[Statement]) -> list[Any]:
        return [self._taken(*statement) for statement in statements]

    def _taken(self, statement: Executable, parameters: Parameters, take: Take[T]) -> T:
        connection = self._paid()
        given = {} if parameters is None else parameters
        if isinstance(given, Mapping) and is_made_once(statement):
            ready = prepared(statement, tuple(given), DIALECT)
            if ready is not None:
                return take(execute(connection, ready, given))
        return take(connection.execute(statement, parameters))

    def _may_stay(self, statements: Iterable[Executable]) -> bool:
        """Tell whether statements may run on the event loop."""
        return self._idle and BEGIN_WRITING not in self.owed and all(map(is_brief, statements))

    async def _visit(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._idle = False
        self._jobs.put((loop, done, work))
        try:
            return await done
        finally:
            # Who is cancelled leaves the thread at work; whoever visits it next comes after that.
            self._idle = not done.cancelled()


def _work(jobs: "SimpleQueue[_Job | None]") -> None:
    while (job := jobs.get()) is not None:
        loop, done, work = job
        settle, outcome = _outcome(work)
        with suppress(RuntimeError):  # the loop is closed: nobody waits for it
            loop.call_soon_threadsafe(settle, done, outcome)
        del job, done, work, outcome  # or the last result would stay until the next job


def _outcome(work: Callable[[], Any]) -> tuple[Callable[..., None], Any]:
    try:
        return _succeed, work()
    except BaseException as error:  # noqa: BLE001 (raised where it is waited for)
        return _fail, error


def _succeed(done: "asyncio.Future[Any]", result: object) -> None:
    if not done.cancelled():
        done.set_result(result)


def _fail(done: "asyncio.Future[Any]", error: BaseException) -> None:
    if not done.cancelled():
        done.set_exception(error)


class ThreadReaders:
    """Reading connections: as many as are needed at once, of which a few stay open."""

    def __init__(self, engine: Engine, begin: str, kept: int) -> None:
        self._engine = engine
        self._begin = begin
        self._kept = kept
        self._idle: list[ThreadConnection] = []

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[ThreadConnection]:
        """Give a connection in a transaction that is rolled back in the end."""
        if self._idle:
            connection = self._idle.pop()
        else:
            opening = ThreadConnection(self._engine)
            with translated():
                connection = await completed(opening.open(), ThreadConnection.close)
        connection.owed = [self._begin]
        try:
            yield connection
        finally:
            with translated():
                if not self._keep(connection):
                    await completed(self._give_back(connection))

    def _keep(self, connection: ThreadConnection) -> bool:
        """Take a connection back without a visit to its thread; False where it needs one."""
        if len(self._idle) >= self._kept or not connection.roll_back_here():
            return False
        self._idle.append(connection)
        return True

    async def _give_back(self, connection: ThreadConnection) -> None:
        try:
            await connection.roll_back()
        except BaseException:
            await connection.throw_away()
            raise
        if len(self._idle) < self._kept:
            self._idle.append(connection)
        else:
            await connection.close()

    async def dispose(self) -> None:
        """Close what is idle."""
        while self._idle:
            await self._idle.pop().close()
