"""Copies: whole, verified, their owner's only; nothing half-made ever has a copy's name."""

import asyncio
import errno
import fcntl
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections import namedtuple
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, delete, insert, text

from storage.copies import backups
from storage.copies import shelf as shelves
from storage.copies.shelf import Copy, Shelf, surplus
from storage.database import open_database
from storage.engine import schema, sqlite
from storage.errors import (
    DatabaseCorrupt,
    DatabaseForeign,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseUnwritable,
    NoRoom,
)
from storage.tables.people import accounts
from storage.tables.surveys import definitions
from tests.storage.below import below

NOW = datetime(2026, 11, 22, 4, 0, 7, tzinfo=UTC)
ROOT = Path(__file__).parents[3]
SURVEY = {
    "key": "nps",
    "version": "1",
    "audience": "customers",
    "kind": "relationship",
    "anonymous": False,
    "content": "{}",
    "published_at": NOW,
}
CANARY = "the-canary-sang-" * 20
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 (what shutil gives)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "otklik.db", tmp_path / "backups")


def _url(shelf: Shelf) -> str:
    return f"sqlite+aiosqlite:///{shelf.database}"


async def _fill(shelf: Shelf, rows: int = 300) -> None:
    async with open_database(_url(shelf)) as database, database.transaction() as tx:
        await tx.run(insert(accounts), [{"name": f"{n} {'x' * 200}"} for n in range(rows)])


async def _fill_older(shelf: Shelf) -> str:
    """Make a database with data as it was one migration ago; return its revision."""
    older = schema.revisions()[1]

    def migrate(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql(f"PRAGMA application_id = {sqlite.APPLICATION_ID}")
        command.upgrade(schema.config(connection), older)
        connection.execute(insert(accounts), [{"name": f"{n}"} for n in range(300)])
        connection.execute(insert(definitions).values(SURVEY))
        connection.exec_driver_sql("COMMIT")

    async with below(_url(shelf)) as connection:
        await connection.run(migrate)
    return older


def _count(file: Path) -> int:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM accounts").fetchone()[0])


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _spoil(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for page in range(40, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    file.write_bytes(content)


def _names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if not file.name.endswith(".lock"))


async def test_a_copy_is_whole_and_its_owners_only(shelf: Shelf) -> None:
    await _fill(shelf)
    before = os.umask(0)
    try:
        copy = backups.make(shelf, "daily", NOW)
    finally:
        os.umask(before)
    whose = shelf.installation()
    assert copy.path.name == f"otklik-{whose}-20261122T040007Z-daily.db"
    assert (_mode(copy.path), _mode(shelf.folder)) == (0o600, 0o700)
    assert _names(shelf.folder) == [copy.path.name]
    assert backups.verify(copy.path) == schema.revisions()[0]
    assert _count(copy.path) == 300
    assert shelf.copies() == [Copy(copy.path, "daily", NOW, copy.path.stat().st_size, whose)]


async def test_a_copy_made_while_rows_are_written_has_all_committed_before(shelf: Shelf) -> None:
    async with open_database(_url(shelf)) as database:
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
                assert committed <= _count(copy.path)
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)


async def test_deleted_words_are_in_no_copy(shelf: Shelf) -> None:
    async with open_database(_url(shelf)) as database:
        async with database.transaction() as tx:
            await tx.run(insert(accounts), [{"name": f"{CANARY}{n}"} for n in range(100)])
        async with database.transaction() as tx:
            await tx.run(delete(accounts))
        copy = backups.make(shelf, "daily", NOW)
    assert CANARY.encode() not in copy.path.read_bytes()


async def test_a_copy_is_made_of_a_database_whose_program_was_killed(shelf: Shelf) -> None:
    """What was committed last stands in the log alone; cp would have lost it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.engine.committing", _url(shelf),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    reported = [await process.stdout.readline() for _ in range(40)]
    process.kill()
    reported += (await process.stdout.read()).splitlines(keepends=True)
    await process.wait()
    copy = backups.make(shelf, "hand", NOW)
    assert _count(copy.path) >= sum(line.endswith(b"\n") for line in reported) >= 40


COPYING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from storage.copies.backups import Shelf, make
make(Shelf(Path(sys.argv[1]), Path(sys.argv[2])), "daily", datetime.now(UTC))
"""


def _killed_in_the_middle(shelf: Shelf) -> bool:
    """Kill a process as soon as its copy has begun; False where it was ready before."""
    arguments = [sys.executable, "-c", COPYING, str(shelf.database), str(shelf.folder)]
    with subprocess.Popen(arguments, cwd=ROOT) as process:
        while process.poll() is None and not list(shelf.folder.glob("*.part")):
            pass
        process.kill()
    return process.returncode == -signal.SIGKILL


async def test_killed_at_any_moment_no_half_copy_has_a_name(shelf: Shelf) -> None:
    await _fill(shelf, 20_000)
    old = backups.make(shelf, "daily", NOW - timedelta(days=1))
    killed = 0
    for _ in range(3):
        killed += _killed_in_the_middle(shelf)
        assert [copy for copy in shelf.copies() if not backups.verify(copy.path)] == []
        assert old.path in [copy.path for copy in shelf.copies()]
    assert killed, "none was killed in the middle"
    backups.make(shelf, "daily", NOW)
    assert not list(shelf.folder.glob("*.part*")), "the next copy clears what was left"


async def test_a_full_disk_leaves_no_half_copy(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _fill(shelf)
    old = backups.make(shelf, "daily", NOW)

    def full(_database: Path, part: Path) -> None:
        part.write_bytes(b"SQLite format 3\0")
        part.with_name(f"{part.name}-journal").touch()
        raise sqlite.refusal(part, "database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(backups, "_vacuum", full)
        with pytest.raises(DatabaseUnwritable):
            backups.make(shelf, "daily", NOW + timedelta(days=1))
    assert _names(shelf.folder) == [old.path.name]
    backups.make(shelf, "daily", NOW + timedelta(days=1))
    assert len(shelf.copies()) == 2


async def test_where_there_is_no_room_it_is_not_even_begun(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _fill(shelf)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9, 1024**2))
    with pytest.raises(NoRoom, match="1 MB are free"):
        backups.make(shelf, "daily", NOW)
    assert not shelf.copies()


async def test_a_damaged_database_makes_no_copy(shelf: Shelf) -> None:
    await _fill(shelf, 2_000)
    _spoil(shelf.database)
    with pytest.raises(DatabaseCorrupt):
        backups.make(shelf, "daily", NOW)
    assert not shelf.copies()


def test_what_is_not_there_makes_no_copy(shelf: Shelf) -> None:
    with pytest.raises(DatabaseMissing):
        backups.make(shelf, "daily", NOW)


async def test_verifying_tells_foreign_newer_and_damaged_copies(shelf: Shelf) -> None:
    await _fill(shelf, 2_000)
    copy = backups.make(shelf, "daily", NOW).path
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(DatabaseNewer):
        backups.verify(copy)
    _spoil(copy)
    with pytest.raises(DatabaseCorrupt):
        backups.verify(copy)
    copy.write_bytes(b"a letter")
    with pytest.raises(DatabaseForeign):
        backups.verify(copy)


async def test_a_damaged_database_is_refused_naming_the_newest_good_copy(shelf: Shelf) -> None:
    await _fill(shelf, 2_000)
    good = backups.make(shelf, "daily", NOW - timedelta(days=1)).path
    newest = backups.make(shelf, "daily", NOW).path
    _spoil(shelf.database)
    with pytest.raises(DatabaseCorrupt, match=f"otklik restore {newest}"):
        async with open_database(_url(shelf), shelf):
            pass
    _spoil(newest)
    with pytest.raises(DatabaseCorrupt, match=f"otklik restore {good}"):
        async with open_database(_url(shelf), shelf):
            pass
    good.unlink()
    with pytest.raises(DatabaseCorrupt, match="no good copy"):
        async with open_database(_url(shelf), shelf):
            pass


async def test_a_database_whose_first_page_is_gone_is_a_damaged_one(shelf: Shelf) -> None:
    await _fill(shelf)
    copy = backups.make(shelf, "daily", NOW).path
    shelf.database.write_bytes(b"\xff" * 4096 + shelf.database.read_bytes()[4096:])
    with pytest.raises(DatabaseCorrupt, match=str(copy)):
        async with open_database(_url(shelf), shelf):
            pass


async def test_before_a_migration_a_copy_is_kept(shelf: Shelf) -> None:
    older = await _fill_older(shelf)
    async with open_database(_url(shelf), shelf):
        pass
    (copy,) = shelf.copies()
    assert copy.kind == "before"
    assert backups.verify(copy.path) == older
    assert _count(copy.path) == 300


async def test_where_the_copy_fails_nothing_is_migrated(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = await _fill_older(shelf)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9, 0))
    with pytest.raises(NoRoom):
        async with open_database(_url(shelf), shelf):
            pass
    assert backups.verify(shelf.database) == older


async def test_an_empty_or_present_database_needs_no_copy(shelf: Shelf) -> None:
    for _ in range(2):
        async with open_database(_url(shelf), shelf) as database, database.reading() as reader:
            assert await reader.scalar(text("SELECT count(*) FROM accounts")) == 0
    assert not shelf.copies()


def _daily(days_ago: int, hour: int = 4) -> Copy:
    made_at = NOW.replace(hour=hour) - timedelta(days=days_ago)
    return Copy(Path(f"{days_ago}-{hour}"), "daily", made_at, 1)


def _kept(copies: Sequence[Copy], days: int = 7, weeks: int = 4) -> list[str]:
    gone = surplus(copies, days, weeks)
    return [copy.path.name for copy in copies if copy not in gone]


def test_seven_days_and_four_weeks_are_kept() -> None:
    kept = _kept([_daily(n) for n in range(100)])
    # NOW is a Sunday, the last day of its week; so the weeks' latest are 0, 7, 14 and 21 days ago.
    assert kept == ["0-4", "1-4", "2-4", "3-4", "4-4", "5-4", "6-4", "7-4", "14-4", "21-4"]


def test_of_a_day_the_latest_is_kept() -> None:
    assert _kept([_daily(0, 9), _daily(0, 4), _daily(1, 4)]) == ["0-9", "1-4"]


def test_after_a_long_standstill_the_old_ones_still_count() -> None:
    assert _kept([_daily(0), _daily(300), _daily(301)]) == ["0-4", "300-4", "301-4"]


def test_copies_by_hand_and_before_migrations_are_counted_apart() -> None:
    by_hand = [Copy(Path(f"h{n}"), "hand", NOW - timedelta(hours=n), 1) for n in range(8)]
    before = [Copy(Path(f"b{n}"), "before", NOW - timedelta(days=n * 90), 1) for n in range(4)]
    kept = _kept([*by_hand, *before, _daily(0)])
    assert kept == ["h0", "h1", "h2", "h3", "h4", "b0", "b1", "b2", "b3", "0-4"]


async def test_foreign_files_on_the_shelf_are_left_alone(shelf: Shelf) -> None:
    await _fill(shelf)
    shelf.folder.mkdir()
    for name in ("notes.txt", "other-20200101T000000Z-daily.db", "otklik-of-march.db"):
        (shelf.folder / name).write_text("mine")
    backups.make(shelf, "daily", NOW)
    assert shelves.prune(shelf, NOW) == 0
    assert len(_names(shelf.folder)) == 4
    assert len(shelf.copies()) == 1


async def test_the_database_is_never_its_own_copy(shelf: Shelf) -> None:
    await _fill(shelf)
    before = shelf.database.stat()
    linked = shelf.database.with_name("linked.db")
    linked.symlink_to(shelf.database)
    for target in (shelf.database, linked):
        with pytest.raises(DatabaseUnwritable, match="the database itself"):
            backups.write(shelf.database, target)
    assert shelf.database.stat() == before


async def test_a_folder_on_a_network_is_locked_by_a_file_that_can_be_written(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _fill(shelf)

    def lock(handle: int, how: int) -> None:
        if not fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_RDWR:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        if how == fcntl.LOCK_EX and refusing:
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    refusing = False
    monkeypatch.setattr(fcntl, "flock", lock)
    assert backups.make(shelf, "daily", NOW) in shelf.copies()
    refusing = True
    with pytest.raises(DatabaseUnwritable):
        backups.make(shelf, "hand", NOW)


async def test_what_the_folder_does_not_let_go_of_stays(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _fill(shelf)
    one = Shelf(shelf.database, shelf.folder, days=1, weeks=0)
    for days in range(3):
        backups.make(one, "daily", NOW + timedelta(days=days))
    newest, kept, gone = (copy.path for copy in one.copies())
    unlink = Path.unlink

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        if path == kept:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    assert shelves.prune(one, NOW + timedelta(days=2)) == 1
    assert [copy.path for copy in one.copies()] == [newest, kept]
    assert not gone.exists()
