"""Every copy carries a mark inside it, whatever its schema and by whatever way it is put back."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from storage.copies import backups, restores, restoring, shelf
from storage.copies.shelf import Shelf
from storage.database import Database, open_database
from storage.engine.sqlite import marking
from storage.tables.people import accounts

NOW = datetime(2026, 11, 22, 4, 0, 7, tzinfo=UTC)
MINUTE = NOW.replace(second=0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "otklik.db"


def _url(path: Path) -> str:
    return f"sqlite:///{path}"


async def _write(path: Path, *names: str) -> None:
    async with open_database(_url(path)) as database, database.transaction() as tx:
        await tx.run(insert(accounts), [{"name": name} for name in names])


async def _read(path: Path) -> tuple[datetime | None, list[str]]:
    async with open_database(_url(path)) as database, database.reading() as reader:
        names = await reader.scalars(select(accounts.c.name).order_by(accounts.c.id))
        return await restores.marked_at(reader), list(names)


def _copy(path: Path) -> Path:
    return backups.make(Shelf(path, path.parent / "backups"), "hand", NOW).path


async def test_a_copy_is_marked_and_the_database_is_not(path: Path) -> None:
    await _write(path, "a")
    copy = _copy(path)
    assert marking.of(copy) == MINUTE
    assert await _read(path) == (None, ["a"])
    shutil.copyfile(copy, path)
    assert await _read(path) == (MINUTE, ["a"])


async def test_a_copy_by_another_name_still_knows_when_it_was_made(path: Path) -> None:
    await _write(path, "a")
    renamed = _copy(path).rename(path.with_name("mine.db"))
    assert shelf.made_at(renamed) == MINUTE


async def test_a_copy_of_a_copy_says_when_the_first_was_made(path: Path) -> None:
    await _write(path, "a")
    second = path.with_name("second.db")
    backups.write(_copy(path), second, NOW + timedelta(days=3))
    assert marking.of(second) == MINUTE


async def test_the_mark_goes_with_what_follows_from_it_or_not_at_all(path: Path) -> None:
    await _write(path, "a")
    shutil.copyfile(_copy(path), path)
    async with open_database(_url(path)) as database:
        with pytest.raises(ZeroDivisionError):
            await _unmark_in_vain(database)
        async with database.reading() as reader:
            assert await restores.marked_at(reader) == MINUTE
        async with database.transaction() as tx:
            await restores.unmark(tx)
    assert await _read(path) == (None, ["a"])


async def _unmark_in_vain(database: Database) -> None:
    async with database.transaction() as tx:
        await restores.unmark(tx)
        raise ZeroDivisionError


async def test_what_a_restore_keeps_aside_is_marked_as_well(path: Path) -> None:
    await _write(path, "a")
    staged = restoring.stage(_copy(path), path)
    aside = restoring.exchange(staged, path)
    assert aside is not None
    assert marking.of(aside / path.name) is not None


def _killed_with_a_log(path: Path, name: str) -> None:
    """Write what then stands in the write-ahead log alone, as after kill -9."""
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("INSERT INTO accounts (name) VALUES (?)", (name,))
        writer.execute("UPDATE accounts SET name = name || ' of the old file'")
        writer.commit()
        log = Path(f"{path}-wal").read_bytes()
    Path(f"{path}-wal").write_bytes(log)


async def test_the_old_files_log_is_not_played_into_the_copy_that_was_put_over_it(
    path: Path,
) -> None:
    await _write(path, "a")
    copy = _copy(path)
    _killed_with_a_log(path, "b")
    shutil.copyfile(copy, path)
    assert await _read(path) == (MINUTE, ["a"])
    (kept,) = path.parent.glob("otklik.db.before-restore-*/otklik.db-wal")
    assert kept.stat().st_size


async def test_an_empty_log_that_a_reader_left_is_no_reason_to_put_anything_aside(
    path: Path,
) -> None:
    await _write(path, "a")
    shutil.copyfile(_copy(path), path)
    _leave_an_empty_log(path)
    assert await _read(path) == (MINUTE, ["a"])
    assert not _kept_aside(path)


def _leave_an_empty_log(path: Path) -> None:
    Path(f"{path}-wal").touch()


def _kept_aside(path: Path) -> list[Path]:
    return list(path.parent.glob("otklik.db.before-restore-*"))


async def test_a_copys_own_log_is_played(path: Path) -> None:
    """The program was killed while it worked off what follows from the mark."""
    await _write(path, "a")
    shutil.copyfile(_copy(path), path)
    await _write(path, "b")
    _killed_with_a_log(path, "c")
    assert len((await _read(path))[1]) == 3
