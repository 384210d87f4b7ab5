"""Where SQLite's connections come from: one that writes, some that read, and their pragmas."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from sqlalchemy import URL, Engine, NullPool, create_engine, event
from sqlalchemy import Connection as SyncConnection
from sqlalchemy.engine.interfaces import DBAPIConnection

from storage.engine.connection import Connection, Keep
from storage.engine.sqlite.files import BUSY_MILLISECONDS, uri
from storage.engine.sqlite.thread import BEGIN_WRITING, ThreadConnection, ThreadReaders

_READERS = 4
"""How many reading connections stay open."""
_FOLDING_MILLISECONDS = 500
"""Writers wait meanwhile; it is tried again."""
_WRITER_PRAGMAS = (
    f"busy_timeout = {BUSY_MILLISECONDS}",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    "trusted_schema = OFF",
)
_READER_PRAGMAS = (f"busy_timeout = {BUSY_MILLISECONDS}", "query_only = ON")


class SqliteSource:
    """See `storage.engine.connection.Source`; `check` raises where the file was lost."""

    begin_writing = BEGIN_WRITING
    bell: str | None = None

    def __init__(self, path: Path, check: Callable[[], None] = lambda: None) -> None:
        self._path = path
        self._engine = writing_engine(path)
        self._check = check

    async def connect(self) -> ThreadConnection:
        """Open the writing connection."""
        self._check()
        return await ThreadConnection(self._engine).open()

    async def migrate(
        self,
        connection: Connection,
        upgrade: Callable[[SyncConnection], None],
        *,
        alone: bool,
        keep: Keep | None = None,
    ) -> None:
        """Bring the schema up: whoever has the writing connection is alone."""
        del alone, keep
        await connection.run(upgrade)

    def readers(self) -> ThreadReaders:
        """Return where reading connections come from."""
        return ThreadReaders(reading_engine(self._path), "BEGIN", _READERS)

    async def dispose(self) -> None:
        """Do nothing: the engine keeps no connection."""

    def fold_log(self) -> bool:
        """Move the log into the file and empty it: erased text stands in it until then.

        False where somebody still reads, or writes, an earlier state.
        """
        try:
            with closing(sqlite3.connect(uri(self._path, "rw"), uri=True)) as connection:
                connection.execute(f"PRAGMA busy_timeout = {_FOLDING_MILLISECONDS}")
                (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:  # the writer has the file to itself
            return False
        return not busy

    def check(self) -> None:
        """Raise DatabaseLost where the file is not in its place any more."""
        self._check()


def writing_engine(path: Path) -> Engine:
    """Return the engine of the one writing connection; it makes no file."""
    return _engine(_address(path, "rw"), _WRITER_PRAGMAS)


def reading_engine(path: Path) -> Engine:
    """Return an engine whose connections cannot write."""
    return _engine(_address(path, "ro"), _READER_PRAGMAS)


def _address(path: Path, mode: Literal["ro", "rw"]) -> URL:
    file = f"file:{quote(str(path.absolute()))}"
    return URL.create("sqlite+pysqlite", database=file, query={"mode": mode, "uri": "true"})


def _engine(url: URL, pragmas: tuple[str, ...]) -> Engine:
    # A connection belongs to its thread, so there is no pool to hand it to another.
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine
