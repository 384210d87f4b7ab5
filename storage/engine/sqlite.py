"""What is peculiar to SQLite: the file and its rights, pragmas, damage."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from sqlalchemy import URL, Engine, NullPool, create_engine, event
from sqlalchemy import Connection as SyncConnection
from sqlalchemy.engine.interfaces import DBAPIConnection

from storage.engine.connection import Connection, Keep
from storage.engine.thread import BEGIN_WRITING, ThreadConnection, ThreadReaders
from storage.errors import (
    DatabaseCorrupt,
    DatabaseForeign,
    DatabaseLocked,
    DatabaseMissing,
    DatabaseUnwritable,
    StorageError,
)
from surveys.messages import Message, reason_of

APPLICATION_ID = 0x4F746B6C
"""Stands in the header of every file of ours: "Otkl"."""

_READERS = 4
"""How many reading connections stay open."""
_BUSY_MILLISECONDS = 5_000
_FOLDING_MILLISECONDS = 500
"""Writers wait meanwhile; it is tried again."""
_WRITER_PRAGMAS = (
    f"busy_timeout = {_BUSY_MILLISECONDS}",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    "trusted_schema = OFF",
)
OPENING_SECONDS = 20.0
"""How long who opens a file waits for its pages to be examined. Copies and `otklik doctor` examine
all of them."""
_NOT_WRITABLE = ("unable to open", "readonly", "full", "disk I/O")
_READER_PRAGMAS = (f"busy_timeout = {_BUSY_MILLISECONDS}", "query_only = ON")


def prepare(path: Path, *, every_page: bool = True) -> None:
    """Make an empty file that only its owner reads, or examine the one that is there.

    An existing file is closed to others; an existing directory is left as it is. Raises
    DatabaseUnwritable, DatabaseForeign, DatabaseCorrupt.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        _examine_writable(path, every_page=every_page)
    except OSError as error:
        raise DatabaseUnwritable(str(path), reason_of(error)) from error


def _examine_writable(path: Path, *, every_page: bool) -> None:
    if path.is_dir():
        raise DatabaseForeign(str(path))
    if not os.access(path, os.R_OK | os.W_OK):
        raise DatabaseUnwritable(str(path), Message("permission denied"))
    _roll_back(path)
    examine(path, every_page=every_page, within=OPENING_SECONDS)
    path.chmod(0o600)


def _roll_back(path: Path) -> None:
    """Let SQLite undo what a kill interrupted before the write-ahead log began.

    Only a connection that may write can; without such a journal nothing is touched.
    """
    if not Path(f"{path}-journal").exists():
        return
    try:
        with closing(sqlite3.connect(uri(path, "rw"), uri=True)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        raise refusal(path, str(error)) from error


def present(path: Path) -> None:
    """Raise DatabaseMissing where there is no such file."""
    if not path.exists():
        raise DatabaseMissing(str(path))


def examine(path: Path, *, every_page: bool = True, within: float | None = None) -> None:
    """Refuse a file that is missing, damaged or not ours, without changing it.

    Examining `every_page` takes at least a second per gigabyte, and a hundred where the disk has to
    look for each; `within`: after so many seconds what was not reached is believed.
    """
    present(path)
    problems = "ok"
    try:
        with closing(sqlite3.connect(uri(path), uri=True)) as connection:
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
            _identify(connection, path)
            if every_page:
                problems = problems_of(connection, within)
    except sqlite3.DatabaseError as error:
        raise refusal(path, str(error)) from error
    if problems != "ok":
        raise DatabaseCorrupt(str(path))


def problems_of(connection: sqlite3.Connection, within: float | None = None) -> str:
    """Return what SQLite says of a file's pages, "ok" where it finds nothing; see `examine`."""
    with _interrupting(connection, within):
        try:
            return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return "ok"


@contextmanager
def _interrupting(connection: sqlite3.Connection, within: float | None) -> Iterator[None]:
    if within is None:
        yield
        return
    timer = threading.Timer(within, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _identify(connection: sqlite3.Connection, path: Path) -> None:
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and application_id != APPLICATION_ID:
        raise DatabaseForeign(str(path))


def unwritable(path: Path, error: OSError) -> DatabaseUnwritable:
    """Return the operating system's refusal in our words."""
    return DatabaseUnwritable(str(path), reason_of(error))


def refusal(path: Path, message: str) -> StorageError:
    """Return what SQLite says of a file, in our words."""
    if "not a database" in message:
        return DatabaseForeign(str(path))
    if "locked" in message:
        return DatabaseLocked(str(path))
    if any(words in message for words in _NOT_WRITABLE):
        return DatabaseUnwritable(str(path), message)
    return DatabaseCorrupt(str(path))


def uri(path: Path, mode: Literal["ro", "rw"] = "ro") -> str:
    """Return the address by which an existing file is opened, for reading only unless "rw"."""
    return f"file:{quote(str(path.absolute()))}?mode={mode}"


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
