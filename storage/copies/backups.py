"""Copies of an SQLite database: made beside the running bot, verified, counted, thinned out.

A copy is written by ``VACUUM INTO`` over a connection that only reads: one consistent state, no
freed page and so no deleted text, and neither the writer nor its log is touched. It gets its name
once it is whole, verified and on disk; until then it is called ``….part``, which the next copy
clears away.
"""

import fcntl
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from storage.engine import schema, sqlite
from storage.errors import DatabaseNewer, DatabaseUnwritable, NoRoom, StorageError
from surveys.messages import Message

Kind = Literal["daily", "hand", "before"]

HAND_MADE_KEPT = 5
_SPARE = 64 * 1024 * 1024
"""Bytes that a copy leaves free on the disk: the answers need room more than it does."""
_LOCK = ".otklik-copies.lock"
_MOMENT = "%Y%m%dT%H%M%SZ"
_TIMED = re.compile(r"(?P<database>.+)-(?P<moment>\d{8}T\d{6}Z)-(?P<kind>daily|hand)\.db")
_BEFORE = re.compile(r"(?P<database>.+)-(?P<kind>before)-\w+\.db")


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that holds the database as it was at `made_at`; `before`: a migration to come."""

    path: Path
    kind: Kind
    made_at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the copies of a database stand. Days and weeks: of so many the latest daily is kept."""

    database: Path
    folder: Path
    days: int = 7
    weeks: int = 4

    def copies(self) -> Sequence[Copy]:
        """Return what stands there by its names, the newest first."""
        try:
            found = [self._copy(file) for file in self.folder.iterdir()]
        except OSError:
            return []
        known = [copy for copy in found if copy is not None]
        return sorted(known, key=lambda copy: copy.made_at, reverse=True)

    def _copy(self, file: Path) -> Copy | None:
        named = _TIMED.fullmatch(file.name) or _BEFORE.fullmatch(file.name)
        if named is None or named["database"] != self.database.stem:
            return None
        kind: Kind = "daily" if named["kind"] == "daily" else "hand"
        if named["kind"] == "before":
            kind = "before"
        return Copy(file, kind, made_at(file), file.stat().st_size)

    def newest_good(self) -> Copy | None:
        """Return the newest copy that is whole and of a schema this program knows."""
        return next((copy for copy in self.copies() if problem_of(copy) is None), None)

    def name(self, kind: Kind, what: str) -> Path:
        """Return a copy's path; `what` is the migration to come, else the moment."""
        parts = (kind, what) if kind == "before" else (what, kind)
        return self.folder / f"{'-'.join((self.database.stem, *parts))}.db"


def made_at(file: Path) -> datetime:
    """Return when a copy was made: as its name says, else when the file was written."""
    named = _TIMED.fullmatch(file.name)
    if named is None:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return datetime.strptime(named["moment"], _MOMENT).replace(tzinfo=UTC)


def problem_of(copy: Copy) -> StorageError | None:
    """Return why nothing can go on with a copy; None: it is whole, of a schema we know."""
    try:
        verify(copy.path)
    except StorageError as error:
        return error
    except OSError as error:
        return sqlite.unwritable(copy.path, error)
    return None


def verify(file: Path) -> str:
    """Return a copy's schema revision; raises where it is not whole, not ours, or newer than us."""
    sqlite.examine(file)
    with closing(sqlite3.connect(sqlite.uri(file), uri=True)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise sqlite.refusal(file, str(error)) from error
    revision = "" if row is None else str(row[0])
    if revision not in schema.revisions():
        raise DatabaseNewer(str(file), revision)
    return revision


def make(shelf: Shelf, kind: Literal["daily", "hand"], now: datetime) -> Copy:
    """Make a copy and put it on the shelf. Takes a second per 300 MB: run it in a thread.

    Raises what `write` raises.
    """
    path = shelf.name(kind, now.astimezone(UTC).strftime(_MOMENT))
    with _alone_in(shelf.folder):
        write(shelf.database, path)
    return Copy(path, kind, now.replace(microsecond=0), path.stat().st_size)


def make_before(shelf: Shelf, revision: str) -> Path:
    """Keep the database as it is before it is migrated to `revision`."""
    path = shelf.name("before", revision)
    with _alone_in(shelf.folder):
        write(shelf.database, path)
    return path


def write(database: Path, target: Path) -> None:
    """Write a verified copy that only its owner reads; all of it, or nothing under that name.

    A file of that name is replaced at the end, but never the database itself. Raises NoRoom,
    DatabaseUnwritable, DatabaseCorrupt, DatabaseMissing.
    """
    sqlite.present(database)
    if target.exists() and target.samefile(database):
        raise DatabaseUnwritable(str(target), Message("this is the database itself"))
    _room_for(database, target.parent)
    part = target.with_name(f"{target.name}.part")
    try:
        _discard(part)
        # An empty file made here keeps its rights; SQLite's own would be open to others.
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _vacuum(database, part)
        verify(part)
        flush(part)
        part.replace(target)
        flush(target.parent)
    except OSError as error:
        raise sqlite.unwritable(target, error) from error
    finally:
        with suppress(OSError):
            _discard(part)


def _discard(part: Path) -> None:
    for leftover in (part, part.with_name(f"{part.name}-journal")):
        leftover.unlink(missing_ok=True)


def _vacuum(database: Path, part: Path) -> None:
    try:
        with closing(sqlite3.connect(sqlite.uri(database), uri=True)) as source:
            source.execute("VACUUM INTO ?", (str(part),))
    except sqlite3.DatabaseError as error:
        sqlite.examine(database)  # a damaged one is what is wrong, whatever SQLite blames
        raise sqlite.refusal(part.parent, str(error)) from error


def _room_for(database: Path, folder: Path) -> None:
    try:
        needed = database.stat().st_size + _SPARE
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise sqlite.unwritable(folder, error) from error
    if free < needed:
        raise NoRoom(str(folder), needed // 1024**2, free // 1024**2)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Make the folder (0700) where it is missing; keep other copiers out, clear their leftovers.

    A file is locked, not the folder itself: a network file system locks only what can be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise sqlite.unwritable(folder, error) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            for leftover in folder.glob("*.db.part*"):
                leftover.unlink(missing_ok=True)
        except OSError as error:
            raise sqlite.unwritable(folder, error) from error
        yield
    finally:
        os.close(handle)


def flush(path: Path) -> None:
    """Wait until a file, or a folder's names, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def prune(shelf: Shelf) -> int:
    """Delete the copies that need not be kept, where the folder lets us; return how many."""
    gone = 0
    for copy in surplus(shelf.copies(), shelf.days, shelf.weeks):
        with suppress(OSError):  # a folder may be append-only on purpose: the new copy counts
            copy.path.unlink(missing_ok=True)
            gone += 1
    return gone


def surplus(copies: Sequence[Copy], days: int, weeks: int) -> Sequence[Copy]:
    """Return what need not be kept of `copies`, which come the newest first.

    Kept are the latest daily copy of each of the latest `days` days and `weeks` ISO weeks that
    have one, the latest made by hand, and the one before each migration.
    """
    daily = [copy for copy in copies if copy.kind == "daily"]
    by_hand = [copy for copy in copies if copy.kind == "hand"]
    kept = {*_latest_of_each(daily, "%Y-%m-%d", days), *_latest_of_each(daily, "%G-%V", weeks)}
    kept |= {copy.path for copy in by_hand[:HAND_MADE_KEPT]}
    return [copy for copy in copies if copy.kind != "before" and copy.path not in kept]


def _latest_of_each(copies: Sequence[Copy], unit: str, most: int) -> list[Path]:
    latest: dict[str, Path] = {}
    for copy in copies:
        latest.setdefault(copy.made_at.strftime(unit), copy.path)
    return list(latest.values())[:most]
