"""Opening a database, and the two ways into it: reading, and transactions that share commits."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from copy import copy
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import URL, make_url, select
from sqlalchemy import Connection as SyncConnection
from sqlalchemy.exc import ArgumentError

from storage.copies import backups, making, opening
from storage.copies.shelf import Shelf
from storage.dumps.errors import CannotDump
from storage.engine import schema
from storage.engine.connection import Readers, Source
from storage.engine.reading import Reader, Transaction
from storage.engine.sealing import Keys
from storage.engine.sqlite import files, place
from storage.engine.sqlite.source import SqliteSource
from storage.engine.translation import translated
from storage.engine.writer import Writer
from storage.errors import DatabaseUrlInvalid, ReadOnly
from storage.moving import target
from storage.moving.errors import DatabaseUnfinished
from storage.tables.upkeep import installation
from surveys.messages import Message

__all__ = ["Database", "Reader", "Transaction", "open_database", "open_reading"]

_LOOK_SECONDS = 1.0
_SQLITE = ("sqlite", "sqlite+aiosqlite")
"""The second form stands in earlier settings files; the adapter of that name is not used."""


class Database:
    """An open database. `writer` is None where it was opened for reading only."""

    def __init__(
        self,
        readers: Readers,
        writer: Writer | None,
        cache: dict[object, Any],
        place: Path,
        source: Source | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        self._source = source
        self._readers = readers
        self._writer = writer
        self._cache = cache
        self._fence: str | None = None
        shared = source is not None and source.bell is not None
        self.keys = Keys(Path(f"{place.resolve()}.keys"), is_shared=shared)
        self.shelf = shelf
        """Where its copies lie; None where nobody said."""
        self.place = place.absolute()
        """The file as it was named; for PostgreSQL its name in the present folder."""
        self._version = 0

    @property
    def shared(self) -> Source | None:
        """What other programs write to as well; None where nobody else does."""
        return self._source if self._source is not None and self._source.bell else None

    @property
    def version(self) -> int:
        """Grows with every transaction: what was read before may have changed since.

        Nobody is told of what other programs write, so where they do it grows with each reading.
        """
        self._version += self.shared is not None
        return self._version

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits to write, or may: nobody hears of what waits elsewhere."""
        return self.shared is not None or (self._writer is not None and self._writer.is_awaited)

    def fenced(self, fence: str) -> "Database":
        """Return the same database for the replica that leads.

        Once another one leads, `fence` fails, and with it each transaction (NotLeading).
        """
        led = copy(self)
        led._fence = fence  # noqa: SLF001 (its own)
        return led

    @asynccontextmanager
    async def transaction(self, *, urgent: bool = False) -> AsyncIterator[Transaction]:
        """Write: bodies run one at a time, and what one did is on disk when its block ends.

        An exception or cancellation in a block undoes that block alone. Never wait for anything
        slow inside (everybody else waits for it), and let a StorageError leave the block. One that
        is `urgent` passes those that wait, and is committed before they begin.
        Raises ReadOnly; where the commit fails, what the database says, translated.
        """
        if self._writer is None:
            raise ReadOnly
        try:
            async with self._writer.body(urgent=urgent, fence=self._fence) as connection:
                transaction = Transaction(connection, self._cache, self.keys)
                try:
                    yield transaction
                    await transaction.end_later()
                finally:
                    transaction.end()
        finally:
            self._version += 1

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        """Read one consistent state of what is committed, beside writers and other readers."""
        async with self._readers.connection() as connection:
            reader = Reader(connection, self._cache)
            try:
                yield reader
            finally:
                reader.end()

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[Transaction]:
        """Run a transaction's code where nothing may be recorded: every write fails.

        It is a reader's view, so nobody waits for it.
        """
        async with self._readers.connection() as connection:
            transaction = Transaction(connection, self._cache, self.keys)
            try:
                yield transaction
                await transaction.end_later()
            finally:
                transaction.end()

    async def fold_log(self) -> bool:
        """Leave nothing of what was erased in the log; False where somebody still reads it."""
        return self._source is None or await asyncio.to_thread(self._source.fold_log)

    async def lost(self) -> NoReturn:
        """Wait until the file is no longer in its place, and raise DatabaseLost.

        From that moment on no transaction succeeds.
        """
        while True:
            if self._source is not None:
                self._source.check()
            await asyncio.sleep(_LOOK_SECONDS)


@asynccontextmanager
async def open_database(
    url: str,
    shelf: Shelf | None = None,
    *,
    new: bool = False,
    unfinished: bool = False,
    alone: bool = False,
    every_page: bool = True,
) -> AsyncIterator[Database]:
    """Open for reading and writing; migrate first where needed.

    On SQLite nobody else may have it open for writing; on PostgreSQL others may, unless this is to
    be `alone` or must migrate.

    With a `shelf` a copy is kept there before a migration, and the refusal of a damaged file names
    the newest good copy. `new`: begin an empty database also where one is missing. `unfinished`:
    open one to which a move is not complete, to complete it. `every_page` of a file is examined,
    which takes a second per gigabyte; who only adds a line may leave it out. `url` is
    ``sqlite:///PATH`` or ``postgresql+asyncpg://…``. Raises DatabaseUrlInvalid, DatabaseBusy,
    DatabaseNewer, DatabaseForeign, DatabaseUnfinished, DatabaseCorrupt, DatabaseVanished,
    DatabaseUnwritable, DatabaseUnavailable.
    """
    parsed = _parse(url)
    async with AsyncExitStack() as stack:
        if not _is_sqlite(parsed):
            alone = alone or unfinished
            opened = await _opened(stack, source_of(parsed), _place(parsed), shelf, alone=alone)
            if not unfinished:
                await _refuse_unfinished(opened, _place(parsed))
            await _know_whose(opened)
            yield opened
            return
        held = stack.enter_context(place.held(_path(parsed)))
        await asyncio.to_thread(opening.prepare, held, shelf, new=new, every_page=every_page)
        source = SqliteSource(held.path, held.check)
        database = await _opened(stack, source, str(held.given), shelf)
        async with database.reading() as reader:
            held.note(await reader.scalar(select(installation.c.key)))
        yield database


async def _refuse_unfinished(database: Database, where: str) -> None:
    async with database.reading() as reader:
        if await target.is_unfinished(reader):
            raise DatabaseUnfinished(where)


async def _know_whose(database: Database) -> None:
    """Let a server's shelf know whose copies are its own; a file's reads it from the file."""
    if database.shelf is None:
        return
    async with database.reading() as reader:
        key = await reader.scalar(select(installation.c.key))
    database.shelf = replace(database.shelf, whose=key)


async def _opened(
    stack: AsyncExitStack, source: Source, where: str, shelf: Shelf | None, *, alone: bool = False
) -> Database:
    cache: dict[object, Any] = {}
    stack.push_async_callback(source.dispose)
    with translated():
        connection = await source.connect()
        begin, check = source.begin_writing, source.check
        writer = Writer(source.connect, begin, cache.clear, connection, check, source.bell)
        stack.push_async_callback(writer.close)
        on_file = shelf is not None and shelf.server is None
        keep = partial(backups.make_before, shelf) if shelf is not None and on_file else None
        upgrade = partial(_upgraded, where=where, keep=keep)
        dump = None if shelf is None or on_file or shelf.alone else partial(_dumped, shelf)
        await source.migrate(connection, upgrade, alone=alone, keep=dump)
    readers = source.readers()
    # The readers close before the writer: the last one to close moves SQLite's log into the file.
    stack.push_async_callback(readers.dispose)
    return Database(readers, writer, cache, Path(where), source, shelf)


async def _dumped(shelf: Shelf, revision: str) -> None:
    """Keep a server's database as it is before a migration, where this machine can.

    Where it cannot, the bot says so at each start: no newer version could be started otherwise.
    """
    with suppress(CannotDump):
        await making.make_before(shelf, revision)


def _upgraded(connection: SyncConnection, where: str, keep: Callable[[str], object] | None) -> None:
    schema.upgrade(connection, where, keep)


@asynccontextmanager
async def open_reading(url: str, *, every_page: bool = False) -> AsyncIterator[Database]:
    """Open for reading only, beside the process that writes.

    With `every_page` SQLite's whole file is examined first; otherwise damage shows where it is met.
    Raises as `open_database` does, and DatabaseMissing, DatabaseOlder.
    """
    parsed = _parse(url)
    if _is_sqlite(parsed):
        await asyncio.to_thread(files.examine, _path(parsed), every_page=every_page)
    readers = source_of(parsed).readers()
    try:
        with translated():
            async with readers.connection() as connection:
                await connection.run(schema.check_readable, _place(parsed))
        yield Database(readers, None, {}, Path(_place(parsed)))
    finally:
        await readers.dispose()


def source_of(url: URL) -> Source:
    """Return what opens connections, without taking a lock or looking at the file."""
    if _is_sqlite(url):
        return SqliteSource(_path(url))
    from storage.engine.postgres.source import PostgresSource  # noqa: PLC0415 (SQLite never needs it)

    return PostgresSource(url)


def _is_sqlite(url: URL) -> bool:
    return url.drivername in _SQLITE


def _path(url: URL) -> Path:
    return Path(url.database or "")


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        problem = Message("cannot be read")
        raise DatabaseUrlInvalid(problem) from None
    if parsed.drivername not in {*_SQLITE, "postgresql+asyncpg"}:
        problem = Message("names a kind of database that otklik does not know")
        raise DatabaseUrlInvalid(problem)
    if not parsed.database or parsed.database == ":memory:":
        problem = Message("names no database to keep things in")
        raise DatabaseUrlInvalid(problem)
    return parsed


def _place(url: URL) -> str:
    return url.database or ""
