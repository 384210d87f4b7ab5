"""Copies that only who has the key can read: made, kept, told apart, restored."""

import re
import sqlite3
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import insert

from storage.copies import backups, restoring
from storage.copies.shelf import Shelf, is_encrypted
from storage.database import open_database
from storage.errors import CopyLocked
from storage.tables.people import accounts
from tests.storage.copies.shelves import CANARY, NOW, url


@pytest.fixture
def key(tmp_path: Path) -> tuple[str, Path]:
    """A public key, and the file of the other half as age-keygen writes it."""
    identity = pyrage.x25519.Identity.generate()
    file = tmp_path / "key.txt"
    file.write_text(f"# created: today\n{identity}\n", encoding="utf-8")
    return str(identity.to_public()), file


@pytest.fixture
async def locked(shelf: Shelf, key: tuple[str, Path]) -> Shelf:
    """A database with a mark in it, and a shelf of encrypted copies."""
    async with open_database(url(shelf)) as database, database.transaction() as tx:
        await tx.run(insert(accounts).values(name=CANARY))
    return Shelf(shelf.database, shelf.folder, recipients=(key[0],))


def test_a_copy_shows_nothing_and_leaves_nothing_readable_behind(locked: Shelf) -> None:
    copy = backups.make(locked, "daily", NOW)
    assert re.search(r"-daily\.[0-9a-f]{16}\.db\.age$", copy.path.name)
    assert is_encrypted(copy.path)
    assert copy.path.stat().st_mode & 0o777 == 0o600
    holding = [
        file.name
        for file in locked.database.parent.rglob("*")
        if file.is_file() and CANARY.encode() in file.read_bytes()
    ]
    assert set(holding) <= {"otklik.db", "otklik.db-wal"}
    assert b"SQLite format 3" not in copy.path.read_bytes()


def test_the_shelf_knows_encrypted_copies_as_its_own(locked: Shelf) -> None:
    made, before = backups.make(locked, "hand", NOW), backups.make_before(locked, "0099")
    assert {copy.path for copy in locked.copies()} == {made.path, before}
    newest = backups.newest_good(locked, NOW)
    assert newest is not None
    made.path.write_bytes(b"age-encryption.org/v2\nrubbish")
    assert backups.problem_of(made) is not None


def test_only_the_key_opens_a_copy_and_nothing_is_left_where_it_does_not(
    locked: Shelf, key: tuple[str, Path], tmp_path: Path
) -> None:
    copy = backups.make(locked, "hand", NOW).path
    other = tmp_path / "other.txt"
    other.write_text(str(pyrage.x25519.Identity.generate()), encoding="utf-8")
    damaged = tmp_path / "renamed.db.age"
    damaged.write_bytes(copy.read_bytes()[:-40] + b"x" * 40)
    for file, identity in ((copy, None), (copy, other), (copy, tmp_path / "no"), (damaged, key[1])):
        with pytest.raises(CopyLocked, match="--identity"):
            restoring.stage(file, locked.database, identity)
        assert not list(locked.database.parent.glob("*.decrypted*"))
    staged = restoring.stage(copy, locked.database, key[1])
    with sqlite3.connect(staged) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert CANARY.encode() in staged.read_bytes()
    assert not list(locked.database.parent.glob("*.decrypted*"))
