"""Copies of an SQLite database: made beside the running bot, and verified.

A copy is written by ``VACUUM INTO`` over a connection that only reads: one consistent state, no
freed page and so no deleted text, and neither the writer nor its log is touched. It gets its name
once it is whole, verified and on disk; until then it is called ``….part``, which the next copy
clears away. The name holds a part of its SHA-256, since SQLite's pages have no checksums.
"""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from storage.copies.shelf import (
    ENCRYPTED,
    Copy,
    CopyKind,
    Shelf,
    check_unchanged,
    checksum,
    checksum_in_name,
    is_encrypted,
    moment_in_name,
    ranked,
)
from storage.engine import schema
from storage.engine.sqlite import files, marking
from storage.errors import (
    DatabaseNewer,
    DatabaseUnwritable,
    NoRoom,
    StorageError,
)
from surveys.messages import Message

_SPARE = 64 * 1024 * 1024
"""Bytes that a copy leaves free on the disk: new answers need the room more."""
_SEALED = (
    "DELETE FROM inbox WHERE sealed",
    "DELETE FROM anonymous_open",
    "UPDATE anonymous_waiting SET sealed = NULL",
)
_UNRELEASED = (
    "DELETE FROM anonymous_sheets WHERE NOT released",
    "DELETE FROM anonymous_answers WHERE sheet_id NOT IN (SELECT id FROM anonymous_sheets)",
)
_LOCK = ".otklik-copies.lock"


def newest_good(shelf: Shelf, now: datetime | None = None) -> Copy | None:
    """Return the newest copy that is whole and of a schema this program knows.

    Without `now` the machine's clock decides which copies claim to be from the future.
    """
    best_first = ranked(shelf.copies(), now or datetime.now(UTC))
    return next((copy for copy in best_first if problem_of(copy) is None), None)


def problem_of(copy: Copy) -> StorageError | None:
    """Return why a copy cannot be used; None: it is whole and of a schema we know.

    A dump was read to its end when it was made; its name tells whether it has changed since.
    """
    try:
        check_unchanged(copy.path)
        if copy.checksum is not None and copy.path.name.removesuffix(ENCRYPTED).endswith(".dump"):
            return None
        if copy.path.suffix == ENCRYPTED and is_encrypted(copy.path):
            return None  # it was verified before; only who has the key can look into it
        verify(copy.path)
    except StorageError as error:
        return error
    except OSError as error:
        return files.unwritable(copy.path, error)
    return None


def verify(file: Path) -> str:
    """Return a copy's schema revision; raises where it is not whole, not ours, or newer than us."""
    files.examine(file)
    with closing(sqlite3.connect(files.uri(file), uri=True)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise files.refusal(file, str(error)) from error
    revision = "" if row is None else str(row[0])
    if revision not in schema.revisions():
        raise DatabaseNewer(str(file), revision)
    return revision


def make(shelf: Shelf, kind: Literal["daily", "hand", "import"], now: datetime) -> Copy:
    """Make a copy and put it on the shelf. Takes a second per 300 MB: run it in a thread.

    Raises what `write` raises.
    """
    with _alone_in(shelf.folder):
        path = _write_on(shelf, kind, moment_in_name(now), now)
    made = now.replace(microsecond=0)
    size, sum_ = path.stat().st_size, checksum_in_name(path)
    return Copy(path, kind, made, size, shelf.installation(), sum_)


def make_before(shelf: Shelf, revision: str) -> Path:
    """Keep the database as it is before it is migrated to `revision`."""
    with _alone_in(shelf.folder):
        path = _write_on(shelf, "before", revision)
        shelf.keep_only(path, revision)
    return path


def _write_on(shelf: Shelf, kind: CopyKind, what: str, made_at: datetime | None = None) -> Path:
    def named(whole: Path) -> Path:
        return shelf.name(kind, what, checksum(whole))

    target = shelf.name(kind, what)
    return write(shelf.database, target, made_at, shelf.recipients, named)


def write(
    database: Path,
    target: Path,
    made_at: datetime | None = None,
    recipients: Sequence[str] = (),
    name: Callable[[Path], Path] | None = None,
) -> Path:
    """Write a verified copy that only its owner can read; it gets its name only when it is whole.

    That is `target`, or what `name` makes of the whole file. Return it.

    It is marked as made at `made_at`, or, where the file is itself a copy, when that was made. An
    existing file of that name is replaced at the end, but never the database itself. For
    `recipients` it is encrypted; until then it lies beside the database, never where copies go.
    Raises NoRoom, DatabaseUnwritable, DatabaseCorrupt, DatabaseMissing.
    """
    files.present(database)
    if target.exists() and target.samefile(database):
        raise DatabaseUnwritable(str(target), Message("this is the database itself"))
    for folder in {target.parent, database.parent} if recipients else {target.parent}:
        _room_for(database, folder)
    named = target.with_name(f"{target.name}.part")
    part = database.with_name(f"{database.name}.copying") if recipients else named
    try:
        _discard(part)
        # SQLite would make a file that others may read; it keeps the rights of an existing one.
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _vacuum(database, part)
        _leave_out(part)
        _mark(part, made_at or datetime.fromtimestamp(part.stat().st_mtime, UTC))
        verify(part)
        if recipients:
            _encrypt(part, named, recipients)
        flush(named)
        path = target if name is None else name(named)
        named.replace(path)
        flush(path.parent)
    except OSError as error:
        raise files.unwritable(target, error) from error
    finally:
        with suppress(OSError):
            _discard(part)
        with suppress(OSError):
            _discard(named)
    return path


def _encrypt(part: Path, named: Path, recipients: Sequence[str]) -> None:
    from storage.copies.encrypting import encrypt  # noqa: PLC0415 (most copies do not need it)

    encrypt(part, named, recipients)


def _discard(part: Path) -> None:
    for leftover in (part, part.with_name(f"{part.name}-journal")):
        leftover.unlink(missing_ok=True)


def _vacuum(database: Path, part: Path) -> None:
    try:
        with closing(sqlite3.connect(files.uri(database), uri=True)) as source:
            source.execute("VACUUM INTO ?", (str(part),))
    except sqlite3.DatabaseError as error:
        files.examine(database)  # where the database is damaged, say that
        raise files.refusal(part.parent, str(error)) from error


def _leave_out(part: Path) -> None:
    """Take out what is sealed, since its keys are in no copy and nobody could read it.

    In a schema from before the seals, take out the answers that were not yet released.
    """
    try:
        with closing(sqlite3.connect(part)) as copy:
            copy.execute("PRAGMA secure_delete = ON")
            columns = {row[1] for row in copy.execute("PRAGMA table_info(anonymous_sheets)")}
            for statement in _UNRELEASED if "released" in columns else _SEALED:
                copy.execute(statement)
            copy.commit()
    except sqlite3.DatabaseError as error:
        raise files.refusal(part, str(error)) from error


def _mark(part: Path, made_at: datetime) -> None:
    try:
        marking.stamp(part, made_at)
    except sqlite3.DatabaseError as error:
        raise files.refusal(part.parent, str(error)) from error


def _room_for(database: Path, folder: Path) -> None:
    try:
        size = database.stat().st_size
    except OSError as error:
        raise files.unwritable(folder, error) from error
    room_for(size, folder)


def room_for(size: int, folder: Path) -> None:
    """Raise NoRoom where a folder's disk has no place for so many bytes and some to spare."""
    needed = size + _SPARE
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise files.unwritable(folder, error) from error
    if free < needed:
        raise NoRoom(str(folder), needed // 1024**2, free // 1024**2)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Make the folder (0700) where it is missing, lock out other copiers, clear what they left."""
    handle = opened_lock(folder)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError as error:
            raise files.unwritable(folder, error) from error
        clear_leftovers(folder)
        yield
    finally:
        os.close(handle)


def opened_lock(folder: Path) -> int:
    """Make a folder (0700) where it is missing; return its open lock file, which is to be locked.

    A file is locked instead of the folder, since a network file system locks only what can be
    written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise files.unwritable(folder, error) from error


def clear_leftovers(folder: Path) -> None:
    """Remove what copiers that were killed have left; who has the lock may do it."""
    try:
        for ending in ("*.db*.part*", "*.dump.part*"):
            for leftover in folder.glob(ending):
                leftover.unlink(missing_ok=True)
    except OSError as error:
        raise files.unwritable(folder, error) from error


def flush(path: Path) -> None:
    """Wait until a file, or a folder's names, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
