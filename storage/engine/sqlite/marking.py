"""The mark inside every copy: when it was made, in the header of its file.

It is SQLite's `user_version`, in minutes since 1970; a database in use has 0. So it can be read
without SQLite, in any schema, and it goes where the file goes. A database that opens with a mark is
a copy that somebody put there.
"""

import os
import sqlite3
import struct
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from storage.engine.sqlite import files

_HEADER = 100
_SQLITE = b"SQLite format 3\0"
_VERSIONS = slice(18, 20)
_NO_LOG = b"\1\1"
"""The header's sign of a file without a write-ahead log; copies are written so."""
_MARK = struct.Struct(">i")
_MARK_AT = 60
_MINUTE = 60


def read(handle: int) -> int:
    """Return the mark in an open file, 0 for none."""
    return _in_header(os.pread(handle, _HEADER, 0))


def of(file: Path) -> datetime | None:
    """Return when a copy was made, None where it has no mark.

    Never call it for the database that this process has open: see `storage.engine.sqlite.place`.
    """
    with file.open("rb") as content:
        return moment_of(_in_header(content.read(_HEADER)))


def moment_of(mark: int) -> datetime | None:
    """Return what a mark says."""
    return datetime.fromtimestamp(mark * _MINUTE, UTC) if mark > 0 else None


def stamp(file: Path, made_at: datetime) -> None:
    """Mark a copy; a copy of a copy keeps the first one's mark."""
    with closing(sqlite3.connect(files.uri(file, "rw"), uri=True)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        (marked,) = connection.execute("PRAGMA user_version").fetchone()
        if not marked:
            connection.execute(f"PRAGMA user_version = {int(made_at.timestamp()) // _MINUTE}")


def never_had_a_log(handle: int) -> bool:
    """Whether an open file is a copy that SQLite has not worked with since it was made."""
    header = os.pread(handle, _HEADER, 0)
    return _in_header(header) > 0 and header[_VERSIONS] == _NO_LOG


def _in_header(header: bytes) -> int:
    """Return the mark in a header; what is no SQLite file, as an encrypted copy, has none."""
    if len(header) != _HEADER or not header.startswith(_SQLITE):
        return 0
    return int(_MARK.unpack_from(header, _MARK_AT)[0])
