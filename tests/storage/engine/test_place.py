"""The database's place: one program at a time, and only while its file stands there."""

import asyncio
import fcntl
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from storage import database as opened
from storage.copies import backups
from storage.copies.shelf import Shelf
from storage.database import Database, open_database
from storage.engine.sqlite import place
from storage.errors import DatabaseBusy, DatabaseLost, DatabaseVanished
from storage.tables.people import accounts

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "otklik.db"


@pytest.fixture
def shelf(path: Path) -> Shelf:
    return Shelf(path, path.parent / "backups")


def _url(path: Path) -> str:
    return f"sqlite:///{path}"


async def _write(database: Database, name: str) -> None:
    async with database.transaction() as tx:
        await tx.run(insert(accounts).values(name=name))


async def _names(database: Database) -> list[str]:
    async with database.reading() as reader:
        return list(await reader.scalars(select(accounts.c.name).order_by(accounts.c.id)))


def _link(link: Path, path: Path) -> None:
    link.hardlink_to(path)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _as_it_is(path: Path, whose: str) -> place.Noted:
    found = path.stat()
    return place.Noted(found.st_dev, found.st_ino, whose)


async def _refused(path: Path) -> None:
    with pytest.raises(DatabaseBusy, match="Stop it first"):
        async with open_database(_url(path)):
            pass


async def test_a_second_program_is_kept_out_by_whatever_link_it_comes(path: Path) -> None:
    soft, around, hard = (path.with_name(name) for name in ("soft.db", "around", "hard.db"))
    soft.symlink_to(path)
    around.symlink_to(path.parent)
    async with open_database(_url(path)) as database:
        _link(hard, path)
        for link in (soft, around / "otklik.db", hard):
            await _refused(link)
        await _write(database, "a")
    async with open_database(_url(soft)) as database:
        assert await _names(database) == ["a"]
        await _refused(path)
    assert soft.is_symlink()


async def test_a_second_program_is_kept_out_after_the_lock_file_was_deleted(path: Path) -> None:
    async with open_database(_url(path)) as database:
        lock = path.with_name("otklik.db.lock")
        lock.unlink()
        await _refused(path)
        lock.unlink()
        await _write(database, "a")
        assert lock.exists(), "the running program makes it again"
        await _refused(path)


async def test_a_moved_file_is_held_still(path: Path) -> None:
    async with open_database(_url(path)):
        _move(path)
        await _refused(path.with_name("moved.db"))


async def test_where_only_the_lock_file_keeps_others_out_two_are_noticed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "_HAS_OWN_LOCKS", False)
    async with open_database(_url(path)) as database:
        lock = path.with_name("otklik.db.lock")
        lock.unlink()
        with lock.open("w") as other:
            fcntl.flock(other, fcntl.LOCK_EX)
            with pytest.raises(DatabaseLost, match="another otklik"):
                await _write(database, "a")


def _remove(path: Path) -> None:
    path.unlink()


def _move(path: Path) -> None:
    path.rename(path.with_name("moved.db"))


def _move_its_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))


def _replace(path: Path) -> None:
    new = path.with_name("new.db")
    shutil.copyfile(path, new)
    new.replace(path)


def _put_a_copy_over(path: Path) -> None:
    (copy,) = (path.parent / "backups").glob("*.db")
    shutil.copyfile(copy, path)


LOSSES = [_remove, _move, _move_its_folder, _replace, _put_a_copy_over]


@pytest.mark.parametrize("lose", LOSSES)
async def test_nothing_is_committed_to_a_file_that_is_not_in_its_place(
    tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    path = tmp_path / "within" / "otklik.db"
    async with open_database(_url(path)) as database:
        await _write(database, "before")
        backups.make(Shelf(path, path.parent / "backups"), "hand", NOW)
        lose(path)
        left = _content(path)
        for _ in range(2):
            with pytest.raises(DatabaseLost, match="nothing was confirmed"):
                await _write(database, "after")
        with pytest.raises(DatabaseLost):
            await database.lost()
    assert _content(path) == left, "closing leaves it alone"


async def test_an_idle_program_notices_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "_LOOK_SECONDS", 0.01)
    async with open_database(_url(path)) as database:
        looking = asyncio.create_task(database.lost())
        await asyncio.sleep(0)
        assert not looking.done()
        _remove(path)
        with pytest.raises(DatabaseLost, match="removed or moved"):
            await asyncio.wait_for(looking, 10)


async def test_a_link_that_leads_elsewhere_now_is_noticed(path: Path) -> None:
    link = path.with_name("link.db")
    link.symlink_to(path)
    async with open_database(_url(link)) as database:
        link.unlink()
        link.symlink_to(path.with_name("other.db"))
        path.with_name("other.db").touch()
        with pytest.raises(DatabaseLost, match="Another file"):
            await _write(database, "a")


async def test_where_there_was_a_database_an_empty_one_is_begun_only_when_asked_for(
    path: Path,
) -> None:
    async with open_database(_url(path)) as database:
        await _write(database, "a")
    for lose in (_move, Path.touch):
        lose(path)
        with pytest.raises(DatabaseVanished, match=r"lock file knows of one.*--new"):
            async with open_database(_url(path)):
                pass
        assert not _content(path)
    async with open_database(_url(path), new=True) as database:
        assert await _names(database) == []
    async with open_database(_url(path)):
        pass


async def test_copies_tell_of_a_database_too(path: Path, shelf: Shelf) -> None:
    async with open_database(_url(path)) as database:
        await _write(database, "a")
    copy = backups.make(shelf, "hand", NOW).path
    for file in (path, path.with_name("otklik.db.lock")):
        file.unlink()
    with pytest.raises(DatabaseVanished, match=f"otklik restore {copy}"):
        async with open_database(_url(path), shelf):
            pass
    assert _content(path) is None
    async with open_database(_url(path), shelf, new=True):
        pass


async def test_the_lock_file_knows_the_databases_file_and_whose_it_is(
    path: Path, shelf: Shelf
) -> None:
    async with open_database(_url(path)):
        whose = shelf.installation()
    assert whose
    assert place.noted(path) == _as_it_is(path, whose)
    _remove(path)
    assert shelf.installation() == whose


async def test_the_lock_file_of_an_earlier_version_tells_nothing(path: Path) -> None:
    path.with_name("otklik.db.lock").touch()
    async with open_database(_url(path)):
        pass
    for content in (b"{", b"[]", b'{"device": 1}', b"\xff"):
        path.with_name("otklik.db.lock").write_bytes(content)
        assert place.noted(path) is None


TAKING = """
import fcntl, os, sys
file = os.open(sys.argv[1], os.O_RDWR)
fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)
"""


def _takes_sqlites_locks(path: Path) -> bool:
    """Let another process take what each of SQLite's connections holds a share of."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", TAKING, path], check=False, stderr=subprocess.DEVNULL
    )
    return done.returncode == 0


async def test_sqlite_keeps_its_own_locks_while_we_look(path: Path) -> None:
    """They belong to the process, and would go with any descriptor of the file that is closed."""
    async with open_database(_url(path)) as database:
        await _write(database, "a")
        path.with_name("otklik.db.lock").unlink()
        await _write(database, "b")
        assert not _takes_sqlites_locks(path)
    assert _takes_sqlites_locks(path)
