"""A copy whose bytes have changed since it was made is told by its name; SQLite would not tell."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest

from storage.copies import backups, restoring
from storage.copies.shelf import Copy, Shelf
from storage.errors import CopyChanged
from tests.storage.copies.shelves import NOW, count_in, fill, fill_older, names_in

_WORDS = b"7 xxx"


@pytest.fixture
async def filled(shelf: Shelf) -> Shelf:
    await fill(shelf)
    return shelf


def _flip(file: Path) -> None:
    """Change one bit in the middle of a text."""
    content = bytearray(file.read_bytes())
    content[content.index(_WORDS) + 3] ^= 1
    file.write_bytes(content)


def _without_sum(copy: Copy) -> Path:
    return copy.path.rename(copy.path.with_name(copy.path.name.replace(f".{copy.checksum}", "")))


def test_a_bit_that_flipped_in_a_text_is_told_and_nothing_is_restored(filled: Shelf) -> None:
    copy = backups.make(filled, "daily", NOW)
    _flip(copy.path)
    assert backups.verify(copy.path), "SQLite itself sees nothing"
    before = filled.database.read_bytes(), names_in(filled.database.parent)
    with pytest.raises(CopyChanged, match=f"{copy.path.name} has changed .* otklik backup --list"):
        restoring.stage(copy.path, filled.database)
    assert (filled.database.read_bytes(), names_in(filled.database.parent)) == before
    assert isinstance(backups.problem_of(copy), CopyChanged)


def test_a_changed_copy_is_not_the_newest_good_one(filled: Shelf) -> None:
    good = backups.make(filled, "daily", NOW - timedelta(days=1))
    changed = backups.make(filled, "daily", NOW)
    assert backups.newest_good(filled, NOW) == changed
    _flip(changed.path)
    assert backups.newest_good(filled, NOW) == good


def test_who_has_no_key_sees_that_an_encrypted_copy_has_changed(filled: Shelf) -> None:
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    copy = backups.make(replace(filled, recipients=(recipient,)), "daily", NOW)
    assert backups.problem_of(copy) is None
    content = bytearray(copy.path.read_bytes())
    content[len(content) // 2] ^= 1
    copy.path.write_bytes(content)
    assert isinstance(backups.problem_of(copy), CopyChanged)
    with pytest.raises(CopyChanged):
        restoring.stage(copy.path, filled.database)


def test_a_copy_of_an_earlier_version_or_another_name_is_restored_as_before(
    filled: Shelf, tmp_path: Path
) -> None:
    former = _without_sum(backups.make(filled, "daily", NOW))
    (known,) = filled.copies()
    assert (known.path, known.checksum) == (former, None)
    assert backups.newest_good(filled, NOW) == known
    renamed = backups.make(filled, "hand", NOW).path.rename(tmp_path / "monday.db")
    for file in (former, renamed):
        assert count_in(restoring.stage(file, filled.database)) == 300


async def test_of_the_copies_before_one_migration_the_latest_is_kept(shelf: Shelf) -> None:
    await fill_older(shelf)
    former = shelf.name("before", "0100")
    backups.make_before(shelf, "0100").rename(former)
    other = backups.make_before(shelf, "0099")
    daily = backups.make(shelf, "daily", NOW).path
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    sealed = backups.make_before(replace(shelf, recipients=(recipient,)), "0100")
    assert {one.path for one in shelf.copies()} == {sealed, other, daily}
    latest = backups.make_before(shelf, "0100")
    assert {one.path for one in shelf.copies()} == {latest, other, daily}
