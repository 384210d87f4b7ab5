"""Which copies are kept, and what else lies on the shelf."""

import errno
import fcntl
import os
from datetime import timedelta
from pathlib import Path

import pytest

from storage.copies import backups
from storage.copies import shelf as shelves
from storage.copies.shelf import Copy, Shelf
from storage.errors import (
    DatabaseUnwritable,
)
from tests.storage.copies.shelves import (
    NOW,
    daily,
    fill,
    names_in,
    names_kept,
)


def test_seven_days_and_four_weeks_are_kept() -> None:
    kept = names_kept([daily(n) for n in range(100)])
    # NOW is a Sunday, the last day of its week; so the weeks' latest are 0, 7, 14 and 21 days ago.
    assert kept == ["0-4", "1-4", "2-4", "3-4", "4-4", "5-4", "6-4", "7-4", "14-4", "21-4"]


def test_of_a_day_the_latest_is_kept() -> None:
    assert names_kept([daily(0, 9), daily(0, 4), daily(1, 4)]) == ["0-9", "1-4"]


def test_after_a_long_standstill_the_old_ones_still_count() -> None:
    assert names_kept([daily(0), daily(300), daily(301)]) == ["0-4", "300-4", "301-4"]


def test_copies_by_hand_and_before_migrations_are_counted_apart() -> None:
    by_hand = [Copy(Path(f"h{n}"), "hand", NOW - timedelta(hours=n), 1) for n in range(8)]
    before = [Copy(Path(f"b{n}"), "before", NOW - timedelta(days=n * 90), 1) for n in range(4)]
    kept = names_kept([*by_hand, *before, daily(0)])
    assert kept == ["h0", "h1", "h2", "h3", "h4", "b0", "b1", "b2", "b3", "0-4"]


async def test_foreign_files_on_the_shelf_are_left_alone(shelf: Shelf) -> None:
    await fill(shelf)
    shelf.folder.mkdir()
    for name in ("notes.txt", "other-20200101T000000Z-daily.db", "otklik-of-march.db"):
        (shelf.folder / name).write_text("mine")
    backups.make(shelf, "daily", NOW)
    assert shelves.prune(shelf, NOW) == 0
    assert len(names_in(shelf.folder)) == 4
    assert len(shelf.copies()) == 1


async def test_the_database_is_never_its_own_copy(shelf: Shelf) -> None:
    await fill(shelf)
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
    await fill(shelf)

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
    await fill(shelf)
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
