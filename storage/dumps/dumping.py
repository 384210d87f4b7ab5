"""A PostgreSQL database into a file by pg_dump, beside whoever works with it, and verified.

One transaction exports the snapshot that pg_dump reads, and counts the rows of each table in it.
Then the file is read to its end, and must hold as many. It gets its name once it is whole, verified
and on disk; the name holds a part of its SHA-256, since a format without checksums hides damage.

What is sealed is left out, since its keys are in no copy: what waits for a batch always, the inbox
where something sealed stands in it at that moment, which it does for as long as it takes to handle.
"""

import asyncio
import fcntl
import os
from asyncio.subprocess import DEVNULL
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

from sqlalchemy import URL, Executable, make_url, text

from storage.copies import backups
from storage.copies.shelf import Copy, CopyKind, Shelf, checksum
from storage.dumps import archive, programs
from storage.dumps.asking import VERSION, installation, looking_into
from storage.dumps.errors import DumpDiffers, ProgramFailed
from storage.dumps.programs import Programs
from storage.engine.connection import Connection, StatementResult
from storage.engine.reading import scalar
from storage.engine.sqlite import files
from storage.engine.translation import translated
from surveys.messages import Message, mark

_PROGRAM = "pg_dump"
LONGEST_SECONDS = 3 * 3600
"""For a whole copy; what takes longer stands still."""
_LOCK_SECONDS = 60
_AGAIN_SECONDS = 0.5
_LEFT_OUT = ("anonymous_open", "anonymous_waiting")
_INBOX = "inbox"
_TABLES = text(
    "SELECT relname, format('%I.%I', nspname, relname) AS name FROM pg_class "
    "JOIN pg_namespace ON pg_namespace.oid = relnamespace "
    "WHERE relkind = 'r' AND nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%' "
    "AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')"
)
_SIZE = text(
    "SELECT coalesce(sum(pg_table_size(oid)), 0)::bigint FROM pg_class "
    "WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
)
_PATIENT = (
    text("SET LOCAL idle_in_transaction_session_timeout = 0"),
    text("SET LOCAL statement_timeout = 0"),
)
_SNAPSHOT = text("SELECT pg_export_snapshot()")
_SEALED = text("SELECT EXISTS (SELECT 1 FROM inbox WHERE sealed)")
_TOO_LONG = mark("it took longer than three hours")


async def make(shelf: Shelf, kind: CopyKind, what: str) -> Copy:
    """Make a copy and put it on the shelf; `what` is the migration to come, else the moment.

    Raises CannotDump, ProgramFailed, DumpDiffers, NoRoom, DatabaseUnwritable, and what connecting
    raises.
    """
    if shelf.whose is None:
        shelf = replace(shelf, whose=await installation(shelf.server or ""))
    async with _alone_in(shelf.folder):
        path = await write(shelf, shelf.folder, lambda whole: _shelved(shelf, kind, what, whole))
        if kind == "before":
            shelf.keep_only(path, what)
    made = shelf.known(path)
    if made is None:
        raise files.unwritable(path, FileNotFoundError())
    return made


async def write(shelf: Shelf, folder: Path, named: Callable[[Path], Path]) -> Path:
    """Write a verified dump that only its owner can read; `named` gives the whole file its name.

    Raises as `make` does.
    """
    url = make_url(shelf.server or "")
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            return await _written(shelf, url, folder, named)
    except TimeoutError as error:
        raise ProgramFailed(_PROGRAM, Message(_TOO_LONG)) from error
    except OSError as error:
        raise files.unwritable(folder, error) from error


async def _written(shelf: Shelf, url: URL, folder: Path, named: Callable[[Path], Path]) -> Path:
    beginning = f"{shelf.database.name}-{os.getpid()}.dump.part"
    part = (shelf.database.parent if shelf.recipients else folder) / beginning
    sealed = folder / f"{beginning}.age"
    try:
        await _dump(url, part, {part.parent, folder})
        whole = part
        if shelf.recipients:
            await asyncio.to_thread(_encrypt, part, sealed, shelf.recipients)
            whole = sealed
        return await asyncio.to_thread(_kept, whole, named)
    finally:
        for leftover in (part, sealed):
            with suppress(OSError):
                leftover.unlink(missing_ok=True)


def _encrypt(part: Path, sealed: Path, recipients: Sequence[str]) -> None:
    from storage.copies.encrypting import encrypt  # noqa: PLC0415 (most copies need it not)

    encrypt(part, sealed, recipients)


def _kept(whole: Path, named: Callable[[Path], Path]) -> Path:
    path = named(whole)
    backups.flush(whole)
    whole.replace(path)
    backups.flush(path.parent)
    return path


async def _dump(url: URL, part: Path, folders: set[Path]) -> None:
    """Write a dump and hold it against the snapshot of which it was made."""
    async with looking_into(url.render_as_string(hide_password=False)) as connection:
        with translated():
            found = await programs.found(await _value(connection, VERSION))
            for statement in _PATIENT:
                await connection.execute(statement, None, lambda _: None)
            size = await _value(connection, _SIZE)
            for folder in folders:
                backups.room_for(size, folder)
            tables = await connection.execute(_TABLES, None, _named)
            left_out = await _without(connection, tables)
            snapshot = str(await connection.execute(_SNAPSHOT, None, scalar))
            dumping = asyncio.create_task(_run(found, url, part, snapshot, left_out))
            try:
                held = await _count(connection, tables, left_out)
                await dumping
            finally:
                dumping.cancel()
                await asyncio.wait({dumping})
    await _compare(found, part, held)


async def _without(connection: Connection, tables: dict[str, str]) -> Sequence[str]:
    """Return the tables whose rows stay out of the copy."""
    left_out = [name for name in _LEFT_OUT if name in tables]
    if _INBOX in tables and await _value(connection, _SEALED):
        left_out.append(_INBOX)
    return left_out


async def _run(
    found: Programs, url: URL, part: Path, snapshot: str, left_out: Sequence[str]
) -> None:
    command = (
        found[_PROGRAM],
        "--format=custom",
        f"--file={part}",
        "--no-owner",
        "--no-privileges",
        "--no-password",
        "--no-publications",
        "--no-subscriptions",
        f"--lock-wait-timeout={_LOCK_SECONDS * 1000}",
        f"--snapshot={snapshot}",
        *(f"--exclude-table-data=*.{name}" for name in left_out),
    )
    env = programs.environment(url)
    try:
        _begin(part)
        async with programs.running(*command, stdout=DEVNULL, env=env) as process:
            _, said = await process.communicate()
    except OSError as error:
        raise files.unwritable(part.parent, error) from error
    if process.returncode:
        raise programs.failure(_PROGRAM, process.returncode, said, url)


def _begin(part: Path) -> None:
    """Make the file; pg_dump would make one that others may read, but keeps an existing one's."""
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


async def _count(
    connection: Connection, tables: dict[str, str], left_out: Sequence[str]
) -> Counter[str]:
    """Return table → rows in the snapshot, of those whose rows are in the copy."""
    return Counter(
        {
            name: await _value(connection, text(f"SELECT count(*) FROM {name}"))  # noqa: S608 (quoted by the server)
            for table, name in tables.items()
            if table not in left_out
        }
    )


async def _compare(found: Programs, part: Path, held: Counter[str]) -> None:
    there = await archive.counted(found, part)
    differing = [name for name in {*held, *there} if held.get(name) != there.get(name)]
    if differing:
        raise DumpDiffers(", ".join(sorted(differing)))


async def _value(connection: Connection, statement: Executable) -> int:
    return int(await connection.execute(statement, None, scalar) or 0)


def _named(result: StatementResult) -> dict[str, str]:
    return {str(row.relname): str(row.name) for row in result}


def _shelved(shelf: Shelf, kind: CopyKind, what: str, whole: Path) -> Path:
    return shelf.name(kind, what, checksum(whole))


@asynccontextmanager
async def _alone_in(folder: Path) -> AsyncIterator[None]:
    """Make the folder (0700) where it is missing, wait for other copiers, clear what they left."""
    handle = backups.opened_lock(folder)
    try:
        while not _locked(handle):  # noqa: ASYNC110 (another process has it)
            await asyncio.sleep(_AGAIN_SECONDS)
        backups.clear_leftovers(folder)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
