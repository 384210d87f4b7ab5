"""A dump goes into an empty database: it is read to its end first, then put back whole or not."""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, CursorResult, make_url, text

from storage.copies.shelf import Shelf, check_unchanged, is_encrypted, moment_of_name
from storage.dumps import archive, programs
from storage.dumps.asking import VERSION
from storage.dumps.errors import CopyNewer, ProgramsOlder, TargetFilled
from storage.dumps.programs import Programs
from storage.engine import schema
from storage.engine.postgres.source import PostgresSource
from storage.engine.sqlite import files
from storage.engine.translation import translated
from storage.errors import DatabaseForeign, DatabaseNewer

_PROGRAM, _OTHER = "pg_restore", "psql"
_HAS_TABLES = text(
    "SELECT EXISTS (SELECT 1 FROM pg_class "
    "WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace)"
)
_TIMEOUT_SINCE = 17
_TIMEOUT = b"SET transaction_timeout = 0;\n"
"""Every pg_restore since that version begins with it, and no earlier server knows it."""
_PREAMBLE = 4096


async def put_back(shelf: Shelf, file: Path, identity: Path | None = None) -> datetime | None:
    """Put a copy into the shelf's empty database; return when it was made, if its name says.

    `identity` is the file of the key that an encrypted copy needs. Nothing is written before the
    copy was read to its end, and then all of it in one transaction. Raises DatabaseMissing,
    TargetFilled, DatabaseBusy, DatabaseCorrupt, CopyLocked, DatabaseForeign, DatabaseNewer,
    CannotDump, ProgramFailed, and what connecting raises.
    """
    files.present(file)
    url = make_url(shelf.server or "")
    async with _empty(url) as version:
        await asyncio.to_thread(check_unchanged, file)
        with _plain(file, shelf.database, identity) as plain:
            found = await _able(plain, version)
            await _examine(found, plain, file)
            if found.version >= _TIMEOUT_SINCE > version:
                await _through_psql(found, plain, url)
            else:
                await _restore(found, plain, url)
    return moment_of_name(file)


@asynccontextmanager
async def _empty(url: URL) -> AsyncIterator[int]:
    """Keep a database that holds no tables from everybody else; give its server's version."""
    source = PostgresSource(url)
    try:
        with translated():
            connection = await source.connected()
        try:
            with translated():
                version = await connection.execute(VERSION, None, CursorResult.scalar)
                if await connection.execute(_HAS_TABLES, None, CursorResult.scalar):
                    raise TargetFilled(url.database or "")
                await source.keep_others_out(connection)
            yield int(version or 0)
        finally:
            await connection.throw_away()
    finally:
        await source.dispose()


@contextmanager
def _plain(file: Path, database: Path, identity: Path | None) -> Iterator[Path]:
    """Give the copy as pg_restore reads it; what was decrypted is removed afterwards."""
    if not is_encrypted(file):
        yield file
        return
    from storage.copies.encrypting import decrypt  # noqa: PLC0415 (most copies do not need it)

    plain = database.with_name(f"{database.name}.decrypted")
    try:
        plain.unlink(missing_ok=True)
        decrypt(file, plain, identity)
        yield plain
    finally:
        plain.unlink(missing_ok=True)


async def _able(plain: Path, version: int) -> Programs:
    """Return programs that read the copy; of the server's own version where they are here."""
    needed = archive.first_reader(plain)
    try:
        return await programs.found(max(version, needed))
    except ProgramsOlder as error:
        if needed > version:
            raise CopyNewer(error.found, needed) from error
        raise


async def _examine(found: Programs, plain: Path, file: Path) -> None:
    """Read a copy to its end; raise where it is damaged, not ours, or newer than this program."""
    rows = await archive.read_through(found, plain)
    if not {name.rpartition(".")[2] for name in rows.counts} >= {"installation", "workspace"}:
        raise DatabaseForeign(str(file))
    if rows.revision not in schema.revisions():
        raise DatabaseNewer(str(file), rows.revision)


async def _restore(found: Programs, plain: Path, url: URL) -> None:
    command = (
        found[_PROGRAM],
        "--exit-on-error",
        "--single-transaction",
        "--no-owner",
        "--no-privileges",
        "--no-password",
        "--dbname=",  # empty: the environment names the database
        str(plain),
    )
    env = programs.environment(url)
    async with programs.running(*command, stdout=DEVNULL, env=env) as process:
        _, said = await process.communicate()
    if process.returncode:
        raise programs.failure(_PROGRAM, process.returncode, said, url)


async def _through_psql(found: Programs, plain: Path, url: URL) -> None:
    """Put a copy back by programs whose pg_restore says what the older server does not know.

    Begin and end of the transaction are ours: where this process is killed, psql sees the end of
    its input, and must not take it for the end of the work.
    """
    command = (found[_OTHER], "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1")
    env = programs.environment(url)
    async with programs.running(*command, stdin=PIPE, stdout=DEVNULL, env=env) as process:
        writing = asyncio.create_task(_write(process.stdin, found, plain))
        try:
            said = await process.stderr.read() if process.stderr is not None else b""
            code = await process.wait()
            if code:
                raise programs.failure(_OTHER, code, said, url)
            await writing
        finally:
            writing.cancel()
            await asyncio.wait({writing})


async def _write(stdin: asyncio.StreamWriter | None, found: Programs, plain: Path) -> None:
    if stdin is None:
        return
    try:
        async with aclosing(archive.unpacked(found, plain)) as pieces:
            stdin.write(b"BEGIN;\n")
            async for piece in _without_timeout(pieces):
                stdin.write(piece)
                await stdin.drain()
        stdin.write(b"COMMIT;\n")
        await stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        return  # psql has ended, and says why
    finally:
        stdin.close()


async def _without_timeout(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    beginning = b""
    async for piece in pieces:
        if len(beginning) >= _PREAMBLE:
            yield piece
            continue
        beginning += piece
        if len(beginning) >= _PREAMBLE:
            yield beginning.replace(_TIMEOUT, b"", 1)
    if len(beginning) < _PREAMBLE:
        yield beginning.replace(_TIMEOUT, b"", 1)
