"""A folder that several databases share, and copies whose clock was wrong."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert

from storage.copies import backups
from storage.copies.shelf import Shelf, prune, ranked
from storage.database import open_database
from storage.engine import schema
from storage.engine.sqlite import files
from storage.errors import DatabaseCorrupt, DatabaseVanished
from storage.tables.surveys import definitions
from tests.storage.below import below
from tests.storage.copies.shelves import SURVEY

NOW = datetime(2026, 11, 22, 4, 0, 7, tzinfo=UTC)


@pytest.fixture
def companies(tmp_path: Path) -> list[Shelf]:
    """Two databases of one name, which keep their copies in one folder."""
    return [Shelf(tmp_path / name / "otklik.db", tmp_path / "shared") for name in ("a", "b")]


def _url(shelf: Shelf) -> str:
    return f"sqlite:///{shelf.database}"


async def _make(shelf: Shelf, published_at: datetime = NOW) -> None:
    async with (
        open_database(_url(shelf)) as database,
        database.transaction() as tx,
    ):
        await tx.run(insert(definitions).values(SURVEY | {"published_at": published_at}))


async def test_two_companies_of_one_name_leave_each_others_copies_alone(
    companies: list[Shelf],
) -> None:
    made: list[set[Path]] = [set(), set()]
    for number, shelf in enumerate(companies):
        await _make(shelf)
        for hour in range(5):
            made[number].add(backups.make(shelf, "hand", NOW + timedelta(hours=hour)).path)
    for shelf in companies:
        backups.make(shelf, "hand", NOW + timedelta(days=1))
        assert prune(shelf, NOW) == 1
    for mine, shelf in zip(made, companies, strict=True):
        found = {copy.path for copy in shelf.copies()}
        assert len(found) == 5
        assert len(found & mine) == 4
        newest = backups.newest_good(shelf, NOW)
        assert newest is not None
        assert newest.path in found


def _spoil(path: Path) -> None:
    path.write_bytes(b"\xff" * 8192)


async def test_a_damaged_or_missing_database_is_offered_its_own_copy(
    companies: list[Shelf],
) -> None:
    mine, other = companies
    for shelf in companies:
        await _make(shelf)
    own = backups.make(mine, "hand", NOW).path
    backups.make(other, "hand", NOW + timedelta(days=1))
    url = _url(mine)
    _spoil(mine.database)
    with pytest.raises(DatabaseCorrupt, match=f"otklik restore {own}"):
        async with open_database(url, mine):
            pass
    mine.database.unlink()
    with pytest.raises(DatabaseVanished, match=f"otklik restore {own}"):
        async with open_database(url, mine):
            pass


async def test_where_nothing_tells_whose_they_are_none_of_several_is_offered(
    companies: list[Shelf],
) -> None:
    mine, _ = companies
    for shelf in companies:
        await _make(shelf)
        backups.make(shelf, "hand", NOW)
    for file in (mine.database, Path(f"{mine.database}.lock")):
        file.unlink()
    with pytest.raises(DatabaseVanished, match="otklik restore FILE"):
        async with open_database(_url(mine), mine):
            pass


async def _make_before_ids(shelf: Shelf, published_at: datetime) -> Path:
    """Make a database and a copy as the version before ids did; return the copy."""
    scripts = ScriptDirectory.from_config(schema.config())
    before = str(scripts.get_revision("0004").down_revision)

    def migrate(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql(f"PRAGMA application_id = {files.APPLICATION_ID}")
        command.upgrade(schema.config(connection), before)
        connection.execute(insert(definitions).values(SURVEY | {"published_at": published_at}))
        connection.exec_driver_sql("COMMIT")

    shelf.database.parent.mkdir()
    async with below(_url(shelf)) as connection:
        await connection.run(migrate)
    named = backups.make(shelf, "hand", published_at).path
    database, _, *rest = named.name.split("-")
    return named.rename(named.with_name("-".join((database, *rest))))


async def test_copies_from_before_ids_are_known_by_what_is_in_them(companies: list[Shelf]) -> None:
    old: list[Path] = []
    for number, shelf in enumerate(companies):
        old.append(await _make_before_ids(shelf, NOW - timedelta(days=number)))
        async with open_database(_url(shelf), shelf):
            pass
    for path, shelf in zip(old, companies, strict=True):
        kinds = {copy.path: copy.kind for copy in shelf.copies()}
        assert kinds.pop(path) == "hand"
        assert list(kinds.values()) == ["before"]


async def test_a_copy_from_the_future_ranks_behind_all_others(companies: list[Shelf]) -> None:
    shelf = companies[0]
    await _make(shelf)
    wrong = backups.make(shelf, "daily", NOW + timedelta(days=365)).path
    good = [backups.make(shelf, "daily", NOW - timedelta(days=day)).path for day in range(3)]
    best = backups.newest_good(shelf, NOW)
    assert best is not None
    assert best.path == good[0]
    assert [copy.path for copy in ranked(shelf.copies(), NOW)] == [*good, wrong]
    few = Shelf(shelf.database, shelf.folder, days=2, weeks=0)
    assert prune(few, NOW) == 1
    assert {copy.path for copy in few.copies()} == {wrong, *good[:2]}


async def test_where_there_is_no_other_a_copy_from_the_future_still_helps(
    companies: list[Shelf],
) -> None:
    shelf = companies[0]
    await _make(shelf)
    wrong = backups.make(shelf, "daily", NOW + timedelta(days=365)).path
    best = backups.newest_good(shelf, NOW)
    assert best is not None
    assert best.path == wrong
