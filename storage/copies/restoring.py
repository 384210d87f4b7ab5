"""A copy takes the database's place, whole and at once; what was there is kept aside.

The new file is made ready under another name. From the moment it is called ``….restored`` it
counts: whoever opens the database next finishes an interrupted exchange. So the new file never lies
beside the old one's log, which SQLite would play into it.
"""

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storage.copies import backups, shelf
from storage.engine.sqlite import files, marking
from storage.errors import DatabaseUnwritable
from storage.people.addresses import Address

_BESIDE = ("-wal", "-shm", "-journal")
_MOMENT = "%Y%m%dT%H%M%SZ"
_OPTED_OUT = (
    "SELECT channel, address, opted_out_at FROM people JOIN addresses ON person_id = people.id "
    "WHERE typeof(address) = 'text' AND opted_out_at IS NOT NULL"
)
_OPTED_OUT_BEFORE = (
    "SELECT 'telegram', CAST(telegram_id AS TEXT), opted_out_at FROM people "
    "WHERE typeof(telegram_id) = 'integer' AND opted_out_at IS NOT NULL"
)
"""The query for a database that the present program has not migrated."""


def lay_log_aside(database: Path) -> None:
    """Move away the log of a file over which a copy was put; the caller holds the lock."""
    log = Path(f"{database}-wal")
    try:
        moment = datetime.fromtimestamp(log.stat().st_mtime, UTC)
        aside = database.with_name(f"{database.name}.before-restore-{moment:{_MOMENT}}")
        aside.mkdir(mode=0o700, exist_ok=True)
        log.replace(aside / log.name)
        Path(f"{database}-shm").unlink(missing_ok=True)
        backups.flush(database.parent)
    except OSError as error:
        raise files.unwritable(database, error) from error


def stage(copy: Path, database: Path, identity: Path | None = None) -> Path:
    """Put a second copy beside the database, to be made ready there; return its path.

    `identity` is the file of the key that an encrypted copy needs. Raises CopyChanged, CopyLocked
    and what `backups.verify` and `backups.write` raise.
    """
    files.present(copy)
    _check(copy)
    if not shelf.is_encrypted(copy):
        return _staged(copy, database, shelf.made_at(copy))
    from storage.copies.encrypting import decrypt  # noqa: PLC0415 (most copies do not need it)

    plain = database.with_name(f"{database.name}.decrypted")
    try:
        plain.unlink(missing_ok=True)
        decrypt(copy, plain, identity)
        return _staged(plain, database, shelf.made_at(plain))
    finally:
        plain.unlink(missing_ok=True)


def _check(copy: Path) -> None:
    try:
        shelf.check_unchanged(copy)
    except OSError as error:
        raise files.unwritable(copy, error) from error


def _staged(copy: Path, database: Path, made_at: datetime) -> Path:
    backups.verify(copy)
    staged = database.with_name(f"{database.name}.restoring")
    clear(staged)
    backups.write(copy, staged, made_at)
    return staged


def clear(staged: Path) -> None:
    """Remove a staged file and what was made beside it."""
    for suffix in ("", ".lock", *_BESIDE):
        Path(f"{staged}{suffix}").unlink(missing_ok=True)


def exchange(staged: Path, database: Path) -> Path | None:
    """Put the staged file in the database's place; return where the old one is kept, if any.

    Raises DatabaseUnwritable where the old database's log cannot be folded into it, since messages
    that it holds back would go out.
    """
    _fold(staged)
    backups.flush(staged)
    staged.replace(_ready(database))
    backups.flush(database.parent)
    clear(staged)
    return finish(database)


def finish(database: Path) -> Path | None:
    """Finish an exchange that has begun; the caller holds the database's lock.

    Return the folder in which the earlier files are kept, None where there was nothing to do. The
    folder is named after the ready file, so it is the same at every attempt.
    """
    ready = _ready(database)
    if not ready.exists():
        return None
    moment = datetime.fromtimestamp(ready.stat().st_mtime, UTC)
    aside = database.with_name(f"{database.name}.before-restore-{moment:{_MOMENT}}")
    for file in (database, Path(f"{database}-wal")):
        _keep(file, aside)
    for suffix in _BESIDE:
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    backups.flush(database.parent)
    ready.replace(database)
    backups.flush(database.parent)
    if not aside.exists():
        return None
    _mark_kept(aside / database.name, moment)
    return aside


def _mark_kept(kept: Path, moment: datetime) -> None:
    """Mark the kept file as a copy, so that putting it back by hand holds its messages."""
    with suppress(sqlite3.DatabaseError):  # it may be damaged, and kept for that reason
        marking.stamp(kept, moment)


def _fold(staged: Path) -> None:
    try:
        with closing(sqlite3.connect(staged)) as connection:
            (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError as error:
        raise DatabaseUnwritable(str(staged), str(error)) from error
    if mode != "delete":
        raise DatabaseUnwritable(str(staged), mode)


def _ready(database: Path) -> Path:
    return database.with_name(f"{database.name}.restored")


def _keep(file: Path, aside: Path) -> None:
    kept = aside / file.name
    if not file.exists() or kept.exists():
        return
    aside.mkdir(mode=0o700, exist_ok=True)
    try:
        os.link(file, kept)
    except OSError:  # the file system has no links
        part = kept.with_name(f"{kept.name}.part")
        shutil.copy2(file, part)
        backups.flush(part)
        part.replace(kept)
    backups.flush(aside)


def numbers_given(database: Path) -> Mapping[str, int]:
    """Return table → the highest number given in a database that may be damaged; else nothing."""
    whole = "SELECT name, seq FROM sqlite_sequence WHERE typeof(seq) = 'integer'"
    rows = _salvaged(database, whole)
    return {str(name): int(number) for name, number in rows}


def unsubscribed(database: Path) -> Mapping[Address, datetime]:
    """Return address → when they wanted no more invitations, as far as it can be read."""
    found = {}
    rows = _salvaged(database, _OPTED_OUT) or _salvaged(database, _OPTED_OUT_BEFORE)
    for channel, address, moment in rows:
        with suppress(ValueError, TypeError):  # the damage may lie in these values
            found[Address(channel, address)] = datetime.fromisoformat(moment).astimezone(UTC)
    return found


def _salvaged(database: Path, sql: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    if not database.exists():
        return rows
    with (
        suppress(sqlite3.DatabaseError),  # rows before the damage are kept
        closing(sqlite3.connect(files.uri(database), uri=True)) as connection,
    ):
        rows.extend(connection.execute(sql))
    return rows
