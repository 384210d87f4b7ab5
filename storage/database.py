"""Opening a database, and the two ways into it: reading, and transactions that share commits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.copies import backups, restoring
from storage.copies.backups import Copy, Shelf
from storage.engine import postgres, schema, sqlite
from storage.engine.reading import Reader, Transaction
from storage.engine.translation import translated
from storage.engine.writer import Writer, completed
from storage.errors import DatabaseCorrupt, DatabaseForeign, DatabaseUrlInvalid, ReadOnly
from surveys.messages import Message, mark

__all__ = ["Database", "Reader", "Transaction", "open_database", "open_reading"]


class Database:
    """An open database. `writer` is None where it was opened for reading only."""

    def __init__(
        self, readers: AsyncEngine, begin_reading: str, writer: Writer | None, cache: dict[int, Any]
    ) -> None:
        self._readers = readers
        self._begin_reading = begin_reading
        self._writer = writer
        self._cache = cache

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Write: bodies run one at a time, and what one did is on disk when its block ends.

        An exception or cancellation in a block undoes that block alone. Never wait for anything
        slow inside (everybody else waits for it), and let a StorageError leave the block.
        Raises ReadOnly; where the commit fails, what the database says, translated.
        """
        if self._writer is None:
            raise ReadOnly
        async with self._writer.body() as connection:
            transaction = Transaction(connection, self._cache)
            try:
                yield transaction
            finally:
                transaction.end()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        """Read one consistent state of what is committed, beside writers and other readers."""
        with translated():
            connection = await completed(self._begin(), _end)
        reader = Reader(connection, self._cache)
        try:
            yield reader
        finally:
            reader.end()
            await completed(_end(connection))

    async def _begin(self) -> AsyncConnection:
        connection = await self._readers.connect()
        try:
            await connection.exec_driver_sql(self._begin_reading)
        except BaseException:
            await connection.close()
            raise
        return connection


async def _end(connection: AsyncConnection) -> None:
    with translated():
        try:
            await connection.exec_driver_sql("ROLLBACK")
        finally:
            await connection.close()


@asynccontextmanager
async def open_database(url: str, shelf: Shelf | None = None) -> AsyncIterator[Database]:
    """Open for reading and writing, as the only writing process; migrate first where needed.

    With a `shelf` a copy is kept there before a migration, and the refusal of a damaged file names
    the newest good copy. `url` is ``sqlite+aiosqlite:///PATH`` or ``postgresql+asyncpg://…``.
    Raises DatabaseUrlInvalid, DatabaseBusy, DatabaseNewer, DatabaseForeign, DatabaseCorrupt,
    DatabaseUnwritable, DatabaseUnavailable.
    """
    parsed = _parse(url)
    async with AsyncExitStack() as stack:
        if parsed.drivername == "sqlite+aiosqlite":
            path = Path(parsed.database or "")
            stack.enter_context(sqlite.locked(path))
            await asyncio.to_thread(_prepare, path, shelf)
            engines = sqlite.writing_engine(path), sqlite.reading_engine(path)
            words = sqlite.BEGIN_WRITING, sqlite.BEGIN_READING
        else:
            engines = postgres.writing_engine(parsed), postgres.reading_engine(parsed)
            words = postgres.BEGIN_WRITING, postgres.BEGIN_READING
        yield await _opened(stack, engines, words, _place(parsed), shelf)


async def _opened(
    stack: AsyncExitStack,
    engines: tuple[AsyncEngine, AsyncEngine],
    words: tuple[str, str],
    place: str,
    shelf: Shelf | None,
) -> Database:
    async def connect() -> AsyncConnection:
        connection = await engines[0].connect()
        if connection.dialect.name == "postgresql":
            await postgres.lock_or_close(connection)
        return connection

    cache: dict[int, Any] = {}
    stack.push_async_callback(engines[0].dispose)
    with translated():
        connection = await connect()
        writer = Writer(connect, words[0], cache.clear, connection)
        stack.push_async_callback(writer.close)
        keep = None if shelf is None else partial(backups.make_before, shelf)
        await connection.run_sync(schema.upgrade, place, keep)
    # Closed before the writer, which as the last one folds SQLite's log into the file.
    stack.push_async_callback(engines[1].dispose)
    return Database(engines[1], words[1], writer, cache)


def _prepare(path: Path, shelf: Shelf | None) -> None:
    """Finish a restore that was interrupted, then see whether the file can be worked with.

    What is no database counts as a damaged one where there are good copies of it.
    """
    restoring.finish(path)
    try:
        sqlite.prepare(path)
    except (DatabaseCorrupt, DatabaseForeign) as error:
        copy = None if shelf is None else shelf.newest_good()
        if shelf is None or (copy is None and isinstance(error, DatabaseForeign)):
            raise
        remedy = no_copy_in(shelf) if copy is None else restore_from(copy)
        raise DatabaseCorrupt(str(path), remedy) from error


def restore_from(copy: Copy) -> Message:
    """Return how to go on with a copy."""
    return Message(
        mark("The newest good copy was made on {made_at}; go on with it: {command}"),
        {"made_at": copy.made_at, "command": f"otklik restore {copy.path}"},
    )


def no_copy_in(shelf: Shelf) -> Message:
    """Return that nothing on the shelf can be gone on with."""
    return Message(mark("There is no good copy of it in {folder}."), {"folder": str(shelf.folder)})


@asynccontextmanager
async def open_reading(url: str) -> AsyncIterator[Database]:
    """Open for reading only, beside the process that writes.

    Raises as `open_database` does, and DatabaseMissing, DatabaseOlder.
    """
    parsed = _parse(url)
    if parsed.drivername == "sqlite+aiosqlite":
        path = Path(parsed.database or "")
        await asyncio.to_thread(sqlite.examine, path)
        engine, begin = sqlite.reading_engine(path), sqlite.BEGIN_READING
    else:
        engine, begin = postgres.reading_engine(parsed), postgres.BEGIN_READING
    try:
        with translated():
            async with engine.connect() as connection:
                await connection.run_sync(schema.check_readable, _place(parsed))
        yield Database(engine, begin, None, {})
    finally:
        await engine.dispose()


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        problem = Message("cannot be read")
        raise DatabaseUrlInvalid(problem) from None
    if parsed.drivername not in {"sqlite+aiosqlite", "postgresql+asyncpg"}:
        problem = Message("names a kind of database that otklik does not know")
        raise DatabaseUrlInvalid(problem)
    if not parsed.database or parsed.database == ":memory:":
        problem = Message("names no database to keep things in")
        raise DatabaseUrlInvalid(problem)
    return parsed


def _place(url: URL) -> str:
    return url.database or ""
