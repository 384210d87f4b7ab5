"""The exchange: at every moment of it either the old database is there, whole, or the new one."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from storage.copies import backups, restores, restoring
from storage.copies.shelf import Shelf
from storage.database import open_database
from storage.errors import DatabaseUnwritable
from storage.people import people
from storage.people.addresses import of_telegram
from storage.tables.people import accounts
from tests.postgres import PostgresServer

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


class PowerCut(BaseException):
    """The program ends here."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "otklik.db"


async def _name(path: Path, name: str) -> None:
    async with (
        open_database(f"sqlite:///{path}") as database,
        database.transaction() as tx,
    ):
        await tx.run(insert(accounts).values(name=name))


async def _names(path: Path) -> list[str]:
    """Open as the bot does, which finishes an exchange, and read."""
    async with (
        open_database(f"sqlite:///{path}") as database,
        database.reading() as reader,
    ):
        return list(await reader.scalars(select(accounts.c.name).order_by(accounts.c.id)))


def _leave_in_the_log(path: Path, name: str) -> None:
    """Write a row that stands in the write-ahead log alone, as after kill -9."""
    crashed = path.with_name("crashed.db")
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("INSERT INTO accounts (name) VALUES (?)", (name,))
        writer.commit()
        for suffix in ("", "-wal"):
            crashed.with_name(f"crashed.db{suffix}").write_bytes(
                Path(f"{path}{suffix}").read_bytes()
            )
    for suffix in ("", "-wal"):
        crashed.with_name(f"crashed.db{suffix}").replace(f"{path}{suffix}")


async def _two(path: Path) -> Path:
    """Make a copy that knows «before», and a database that knows «after» by its log alone."""
    await _name(path, "before")
    copy = backups.make(Shelf(path, path.parent / "backups"), "hand", NOW).path
    _leave_in_the_log(path, "after")
    return copy


async def test_the_copy_takes_the_place_and_the_old_log_is_not_played_into_it(path: Path) -> None:
    copy = await _two(path)
    aside = restoring.exchange(restoring.stage(copy, path), path)
    assert await _names(path) == ["before"]
    assert aside is not None
    assert await _names(aside / "otklik.db") == ["before", "after"]


async def test_a_copy_whose_own_log_cannot_be_folded_in_takes_no_place(path: Path) -> None:
    staged = restoring.stage(await _two(path), path)
    with closing(sqlite3.connect(staged)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("INSERT INTO accounts (name) VALUES ('held back')")
        other.commit()
        with pytest.raises(DatabaseUnwritable):
            restoring.exchange(staged, path)
    assert await _names(path) == ["before", "after"]
    restoring.exchange(staged, path)
    assert await _names(path) == ["before", "held back"]


@pytest.mark.parametrize("moment", range(12))
async def test_interrupted_anywhere_it_is_the_old_one_or_the_new_one(
    path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    copy = await _two(path)
    staged = restoring.stage(copy, path)
    cut = _cut_at(monkeypatch, moment)
    ended = False
    try:
        restoring.exchange(staged, path)
        ended = True
    except PowerCut:
        pass
    monkeypatch.undo()
    assert ended == (moment >= cut()), "no moment is left out"
    found = await _names(path)
    assert found in (["before"], ["before", "after"])
    if found == ["before"]:
        assert await _names(_kept(path) / "otklik.db") == ["before", "after"]


def _kept(path: Path) -> Path:
    (folder,) = path.parent.glob("*.before-restore-*")
    return folder


def _damage(path: Path) -> None:
    path.write_bytes(b"\xff" * 8192)


def _lose(path: Path) -> None:
    for suffix in ("", "-wal"):
        Path(f"{path}{suffix}").unlink()


def _cut_at(monkeypatch: pytest.MonkeyPatch, moment: int) -> Callable[[], int]:
    """End the program before its change number `moment` of the disk; return a count of them."""
    count = 0

    def counted(change: Callable[..., object]) -> Callable[..., object]:
        def changed(*arguments: object, **more: object) -> object:
            nonlocal count
            count += 1
            if count == moment + 1:
                raise PowerCut
            return change(*arguments, **more)

        return changed

    for name in ("replace", "unlink", "mkdir"):
        monkeypatch.setattr(Path, name, counted(getattr(Path, name)))
    monkeypatch.setattr(os, "link", counted(os.link))
    return lambda: count


async def test_where_there_is_no_database_any_more_a_copy_still_helps(path: Path) -> None:
    copy = await _two(path)
    _lose(path)
    assert restoring.exchange(restoring.stage(copy, path), path) is None
    assert await _names(path) == ["before"]


async def test_a_file_system_without_links_keeps_a_copy(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    copy = await _two(path)
    monkeypatch.setattr(os, "link", refused)
    aside = restoring.exchange(restoring.stage(copy, path), path)
    assert aside is not None
    assert await _names(aside / "otklik.db") == ["before", "after"]


async def test_what_can_be_read_of_a_damaged_database_is_used(path: Path) -> None:
    await _name(path, "a")
    assert restoring.numbers_given(path)["accounts"] == 1
    _damage(path)
    assert restoring.numbers_given(path) == {}
    assert restoring.unsubscribed(path) == {}
    assert restoring.unsubscribed(path.with_name("none.db")) == {}


async def test_what_damage_made_of_a_number_or_a_moment_is_left_out(path: Path) -> None:
    url = f"sqlite:///{path}"
    async with open_database(url) as database, database.transaction() as tx:
        await people.add_admin(tx, of_telegram(1), "Anna", "ru", datetime(2026, 9, 1, tzinfo=UTC))
        await people.add_admin(tx, of_telegram(2), "Boris", "ru", datetime(2026, 9, 1, tzinfo=UTC))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE people SET opted_out_at = '2026-09-02T00:00:00+00:00'")
        connection.execute("UPDATE people SET opted_out_at = X'ff00' WHERE name = 'Anna'")
        connection.execute("UPDATE sqlite_sequence SET seq = X'ff' WHERE name = 'people'")
    assert restoring.unsubscribed(path) == {of_telegram(2): datetime(2026, 9, 2, tzinfo=UTC)}
    assert "people" not in restoring.numbers_given(path)


async def test_numbers_are_skipped_on_postgresql_too(postgres_server: PostgresServer) -> None:
    async with postgres_server.database() as url, open_database(url) as database:
        async with database.transaction() as tx:
            await restores.skip_numbers(tx, {"accounts": 5}, 1_000)
        async with database.transaction() as tx:
            row = insert(accounts).values(name="a").returning(accounts.c.id)
            assert await tx.scalar(row) == 1_006
