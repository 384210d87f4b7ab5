"""Copies: whole, their owner's only, and verified before they have a name."""

import asyncio
import hashlib
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert

from storage.copies import backups
from storage.copies.shelf import Copy, Shelf
from storage.database import open_database
from storage.engine import schema
from storage.engine.sqlite import files
from storage.errors import (
    DatabaseCorrupt,
    DatabaseForeign,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseUnwritable,
    NoRoom,
)
from storage.tables.people import accounts
from tests.storage.copies.shelves import (
    CANARY,
    NOW,
    ROOT,
    Usage,
    count_in,
    fill,
    killed_in_the_middle,
    mode_of,
    names_in,
    spoil,
    url,
)


async def test_a_copy_is_whole_and_its_owners_only(shelf: Shelf) -> None:
    await fill(shelf)
    before = os.umask(0)
    try:
        copy = backups.make(shelf, "daily", NOW)
    finally:
        os.umask(before)
    whose = shelf.installation()
    sum_ = hashlib.sha256(copy.path.read_bytes()).hexdigest()[:16]
    assert copy.path.name == f"otklik-{whose}-20261122T040007Z-daily.{sum_}.db"
    assert (mode_of(copy.path), mode_of(shelf.folder)) == (0o600, 0o700)
    assert names_in(shelf.folder) == [copy.path.name]
    assert backups.verify(copy.path) == schema.revisions()[0]
    assert count_in(copy.path) == 300
    assert shelf.copies() == [Copy(copy.path, "daily", NOW, copy.path.stat().st_size, whose, sum_)]


async def test_a_copy_made_while_rows_are_written_has_all_committed_before(shelf: Shelf) -> None:
    async with open_database(url(shelf)) as database:
        written = 0

        async def write() -> None:
            nonlocal written
            while True:
                async with database.transaction() as tx:
                    await tx.run(insert(accounts).values(name=f"{written}"))
                written += 1

        writing = asyncio.create_task(write())
        try:
            for second in range(5):
                while written < 20 * (second + 1):
                    await asyncio.sleep(0)
                committed = written
                moment = NOW + timedelta(seconds=second)
                copy = await asyncio.to_thread(backups.make, shelf, "hand", moment)
                assert committed <= count_in(copy.path)
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)


async def test_deleted_words_are_in_no_copy(shelf: Shelf) -> None:
    async with open_database(url(shelf)) as database:
        async with database.transaction() as tx:
            await tx.run(insert(accounts), [{"name": f"{CANARY}{n}"} for n in range(100)])
        async with database.transaction() as tx:
            await tx.run(delete(accounts))
        copy = backups.make(shelf, "daily", NOW)
    assert CANARY.encode() not in copy.path.read_bytes()


async def test_a_copy_is_made_of_a_database_whose_program_was_killed(shelf: Shelf) -> None:
    """What was committed last stands in the log alone; cp would have lost it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.engine.committing", url(shelf),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    reported = [await process.stdout.readline() for _ in range(40)]
    process.kill()
    reported += (await process.stdout.read()).splitlines(keepends=True)
    await process.wait()
    copy = backups.make(shelf, "hand", NOW)
    assert count_in(copy.path) >= sum(line.endswith(b"\n") for line in reported) >= 40


async def test_killed_at_any_moment_no_half_copy_has_a_name(shelf: Shelf) -> None:
    await fill(shelf, 20_000)
    old = backups.make(shelf, "daily", NOW - timedelta(days=1))
    killed = 0
    for _ in range(3):
        killed += killed_in_the_middle(shelf)
        assert [copy for copy in shelf.copies() if not backups.verify(copy.path)] == []
        assert old.path in [copy.path for copy in shelf.copies()]
    assert killed, "none was killed in the middle"
    backups.make(shelf, "daily", NOW)
    assert not list(shelf.folder.glob("*.part*")), "the next copy clears what was left"


async def test_a_full_disk_leaves_no_half_copy(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(shelf)
    old = backups.make(shelf, "daily", NOW)

    def full(_database: Path, part: Path) -> None:
        part.write_bytes(b"SQLite format 3\0")
        part.with_name(f"{part.name}-journal").touch()
        raise files.refusal(part, "database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(backups, "_vacuum", full)
        with pytest.raises(DatabaseUnwritable):
            backups.make(shelf, "daily", NOW + timedelta(days=1))
    assert names_in(shelf.folder) == [old.path.name]
    backups.make(shelf, "daily", NOW + timedelta(days=1))
    assert len(shelf.copies()) == 2


async def test_where_there_is_no_room_it_is_not_even_begun(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(shelf)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9, 1024**2))
    with pytest.raises(NoRoom, match="1 MB are free"):
        backups.make(shelf, "daily", NOW)
    assert not shelf.copies()


async def test_a_damaged_database_makes_no_copy(shelf: Shelf) -> None:
    await fill(shelf, 2_000)
    spoil(shelf.database)
    with pytest.raises(DatabaseCorrupt):
        backups.make(shelf, "daily", NOW)
    assert not shelf.copies()


def test_what_is_not_there_makes_no_copy(shelf: Shelf) -> None:
    with pytest.raises(DatabaseMissing):
        backups.make(shelf, "daily", NOW)


async def test_verifying_tells_foreign_newer_and_damaged_copies(shelf: Shelf) -> None:
    await fill(shelf, 2_000)
    copy = backups.make(shelf, "daily", NOW).path
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(DatabaseNewer):
        backups.verify(copy)
    spoil(copy)
    with pytest.raises(DatabaseCorrupt):
        backups.verify(copy)
    copy.write_bytes(b"a letter")
    with pytest.raises(DatabaseForeign):
        backups.verify(copy)


async def test_a_damaged_database_is_refused_naming_the_newest_good_copy(shelf: Shelf) -> None:
    await fill(shelf, 2_000)
    good = backups.make(shelf, "daily", NOW - timedelta(days=1)).path
    newest = backups.make(shelf, "daily", NOW).path
    spoil(shelf.database)
    with pytest.raises(DatabaseCorrupt, match=f"otklik restore {newest}"):
        async with open_database(url(shelf), shelf):
            pass
    spoil(newest)
    with pytest.raises(DatabaseCorrupt, match=f"otklik restore {good}"):
        async with open_database(url(shelf), shelf):
            pass
    good.unlink()
    with pytest.raises(DatabaseCorrupt, match="no good copy"):
        async with open_database(url(shelf), shelf):
            pass


async def test_a_database_whose_first_page_is_gone_is_a_damaged_one(shelf: Shelf) -> None:
    await fill(shelf)
    copy = backups.make(shelf, "daily", NOW).path
    shelf.database.write_bytes(b"\xff" * 4096 + shelf.database.read_bytes()[4096:])
    with pytest.raises(DatabaseCorrupt, match=str(copy)):
        async with open_database(url(shelf), shelf):
            pass
