"""The file of an SQLite database: made or examined, and what is wrong with it in our words."""

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from storage.errors import (
    DatabaseCorrupt,
    DatabaseForeign,
    DatabaseLocked,
    DatabaseMissing,
    DatabaseUnwritable,
    StorageError,
)
from surveys.messages import Message, mark, reason_of

APPLICATION_ID = 0x4F746B6C
"""Stands in the header of every file of ours: "Otkl"."""
OPENING_SECONDS = 20.0
"""How long who opens a file waits for its pages to be examined. Copies and `otklik doctor` examine
all of them."""
BUSY_MILLISECONDS = 5_000
"""How long SQLite waits for a lock."""
_NOT_WRITABLE: Mapping[str, str] = {
    "unable to open": mark("the file cannot be opened"),
    "readonly": mark("the file may only be read"),
    "full": mark("the disk is full"),
    "disk i/o": mark("the disk fails"),
}
"""What SQLite's messages say in English."""


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
            connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
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
    if reason := not_written(message):
        return DatabaseUnwritable(str(path), reason)
    return DatabaseCorrupt(str(path))


def not_written(message: str) -> Message | None:
    """Return why SQLite could not write, in our words; None where that is not what it says."""
    said = message.lower()
    return next((Message(why) for words, why in _NOT_WRITABLE.items() if words in said), None)


def uri(path: Path, mode: Literal["ro", "rw"] = "ro") -> str:
    """Return the address by which an existing file is opened, for reading only unless "rw"."""
    return f"file:{quote(str(path.absolute()))}?mode={mode}"
