"""A dump goes into an empty database, all of it or nothing; whatever is refused changes nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pyrage
import pytest
from sqlalchemy import make_url

from storage.copies import making
from storage.copies.shelf import Shelf
from storage.dumps import archive, programs, putting_back
from storage.dumps.errors import CopyNewer, ProgramFailed, TargetFilled
from storage.dumps.putting_back import put_back
from storage.engine import schema
from storage.engine.postgres import source
from storage.errors import (
    CopyLocked,
    DatabaseBusy,
    DatabaseCorrupt,
    DatabaseForeign,
    DatabaseMissing,
    DatabaseNewer,
    StorageError,
)
from tests.postgres import PostgresServer, postgres_server
from tests.storage.dumps.dumped import NOW, filled, of, on_path, replaced

__all__ = ["postgres_server"]

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_RESTORES = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name IN ('otklik-copy', 'pg_restore')"
)


@pytest.fixture(autouse=True)
def programs_of_the_server(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path(monkeypatch, postgres_server.programs)


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    try:
        yield connection
    finally:
        await connection.close()


async def _counts(shelf: Shelf) -> dict[str, int]:
    async with _connected(shelf.server or "") as connection:
        names = [row[0] for row in await connection.fetch(_TABLES)]
        counting = " UNION ALL ".join(f"SELECT '{one}', count(*) FROM {one}" for one in names)
        return dict(await connection.fetch(counting)) if names else {}


async def _run(command: str, url: str) -> None:
    env = programs.environment(make_url(url))
    process = await asyncio.create_subprocess_shell(command, env=env)
    assert await process.wait() == 0


def _left(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir() if "decrypted" in file.name]


async def test_every_row_is_there_again_plain_and_encrypted(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    key = pyrage.x25519.Identity.generate()
    identity = tmp_path / "key"
    identity.write_text(str(key))
    async with filled(postgres_server, tmp_path) as shelf:
        held = await _counts(shelf)
        for recipients in ((), (str(key.to_public()),)):
            sealing = of(shelf.server or "", tmp_path, recipients=recipients)
            copy = await making.make(sealing, "hand", NOW)
            async with postgres_server.database(empty=True) as url:
                empty = of(url, tmp_path)
                if recipients:
                    with pytest.raises(CopyLocked):
                        await put_back(empty, copy.path)
                    assert not await _counts(empty)
                assert await put_back(empty, copy.path, identity) == NOW
                assert await _counts(empty) == held
        assert held["accounts"]
        assert not _left(tmp_path)


async def test_a_database_that_holds_something_or_is_open_stays_as_it_is(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    async with filled(postgres_server, tmp_path) as shelf:
        copy = await making.make(shelf, "hand", NOW)
        before = await _counts(shelf)
        with pytest.raises(TargetFilled, match="createdb"):
            await put_back(shelf, copy.path)
        assert await _counts(shelf) == before
        async with postgres_server.database(empty=True) as url, _connected(url) as other:
            await other.execute("SELECT pg_advisory_lock_shared($1)", source.PRESENT)
            with pytest.raises(DatabaseBusy):
                await put_back(of(url, tmp_path), copy.path)
            assert not await _counts(of(url, tmp_path))


async def test_what_is_no_whole_copy_is_refused_before_anything_is_written(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        filled(postgres_server, tmp_path) as shelf,
        postgres_server.database(empty=True) as url,
    ):
        copy = await making.make(shelf, "hand", NOW)
        whole = copy.path.read_bytes()
        changed = bytearray(whole)
        changed[len(whole) // 3] ^= 1
        other = tmp_path / "other.dump"
        foreign = f"{postgres_server.programs}/pg_dump -Fc -t accounts -f {other}"
        await _run(foreign, shelf.server or "")
        files: list[tuple[str, bytes, type[StorageError]]] = [
            (copy.path.name, bytes(changed), DatabaseCorrupt),
            ("torn.dump", whole[: len(whole) // 2], DatabaseCorrupt),
            ("letter.dump", b"a letter", DatabaseForeign),
            ("other.dump", other.read_bytes(), DatabaseForeign),
        ]
        empty = of(url, tmp_path)
        for name, content, error in files:
            file = tmp_path / name
            file.write_bytes(content)
            with pytest.raises(error):
                await put_back(empty, file)
        with pytest.raises(DatabaseMissing):
            await put_back(empty, tmp_path / "none.dump")
        copy.path.write_bytes(whole)
        with monkeypatch.context() as patch:
            patch.setattr(schema, "revisions", lambda: ("earlier",))
            with pytest.raises(DatabaseNewer):
                await put_back(empty, copy.path)
            patch.setitem(archive._FIRST_READERS, whole[6], 99)
            with pytest.raises(CopyNewer, match="postgresql-client-99"):
                await put_back(empty, copy.path)
        assert not await _counts(empty)


async def test_what_fails_midway_leaves_nothing(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    """Nearly all of it was written when the server refused the last of it."""
    async with (
        filled(postgres_server, tmp_path) as shelf,
        postgres_server.database(empty=True) as url,
    ):
        copy = await making.make(shelf, "hand", NOW)
        async with _connected(url) as there:
            await there.execute("CREATE VIEW workspace AS SELECT 1 AS id")
        with pytest.raises(ProgramFailed, match="already exists"):
            await put_back(of(url, tmp_path), copy.path)
        assert not await _counts(of(url, tmp_path))


async def test_who_interrupts_it_leaves_neither_tables_nor_a_plain_copy(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    """It is interrupted while it waits for a table that somebody else is making."""
    key = pyrage.x25519.Identity.generate()
    identity = tmp_path / "key"
    identity.write_text(str(key))
    async with (
        filled(postgres_server, tmp_path) as shelf,
        postgres_server.database(empty=True) as url,
        _connected(url) as maker,
        _connected(url) as looker,
    ):
        sealing = of(shelf.server or "", tmp_path, recipients=(str(key.to_public()),))
        copy = await making.make(sealing, "hand", NOW)
        empty = of(url, tmp_path)
        elsewhere = maker.transaction()
        await elsewhere.start()
        await maker.execute("CREATE TABLE workspace (id int)")
        putting = asyncio.create_task(put_back(empty, copy.path, identity))
        async with asyncio.timeout(30):
            while not await looker.fetchval(_RESTORES + " AND wait_event_type = 'Lock'"):
                assert not putting.done()
            putting.cancel()
            await asyncio.wait({putting})
            await elsewhere.rollback()
            while await looker.fetchval(_RESTORES):
                pass
        assert putting.cancelled()
        assert not await _counts(empty)
        assert not _left(tmp_path)


async def test_later_programs_put_back_what_an_earlier_server_takes(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first time their pg_restore ends in the middle, as where this program is killed."""
    async with (
        filled(postgres_server, tmp_path) as shelf,
        postgres_server.database(empty=True) as url,
    ):
        copy = await making.make(shelf, "hand", NOW)
        empty = of(url, tmp_path)
        later = replaced(
            tmp_path / "bin",
            postgres_server.programs,
            f"echo >> {tmp_path}/calls\n"
            "LATER='s/^SET lock_timeout.*/SET timeout_of_99 = 0;/'\n"
            f"[ $(wc -l < {tmp_path}/calls) = 2 ] && END=60000\n"
            '$REAL "$@" | sed "$LATER" | head -c ${END:-1G}; [ -z "$END" ]',
            "pg_restore",
        )
        (later / "pg_dump").unlink()
        (later / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 99.1'\n")
        (later / "pg_dump").chmod(0o700)
        on_path(monkeypatch, later)
        monkeypatch.setattr(putting_back, "_TIMEOUT_SINCE", 99)
        monkeypatch.setattr(putting_back, "_TIMEOUT", b"SET timeout_of_99 = 0;\n")
        with pytest.raises(DatabaseCorrupt):
            await put_back(empty, copy.path)
        assert not await _counts(empty)
        await put_back(empty, copy.path)
        assert await _counts(empty) == await _counts(shelf)
