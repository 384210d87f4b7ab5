"""Before a migration a copy is kept; without it nothing is migrated."""

import shutil

import pytest
from sqlalchemy import text

from storage.copies import backups
from storage.copies.shelf import Shelf
from storage.database import open_database
from storage.errors import (
    NoRoom,
)
from tests.storage.copies.shelves import Usage, count_in, fill_older, url


async def test_before_a_migration_a_copy_is_kept(shelf: Shelf) -> None:
    older = await fill_older(shelf)
    async with open_database(url(shelf), shelf):
        pass
    (copy,) = shelf.copies()
    assert copy.kind == "before"
    assert backups.verify(copy.path) == older
    assert count_in(copy.path) == 300


async def test_where_the_copy_fails_nothing_is_migrated(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = await fill_older(shelf)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9, 0))
    with pytest.raises(NoRoom):
        async with open_database(url(shelf), shelf):
            pass
    assert backups.verify(shelf.database) == older


async def test_an_empty_or_present_database_needs_no_copy(shelf: Shelf) -> None:
    for _ in range(2):
        async with open_database(url(shelf), shelf) as database, database.reading() as reader:
            assert await reader.scalar(text("SELECT count(*) FROM accounts")) == 0
    assert not shelf.copies()
