"""`otklik migrate-to`: the whole workspace on PostgreSQL, compared; interrupted, it goes on."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text
from typer.testing import CliRunner

from bot.cli.main import app
from bot.operations.auditing import system_user
from bot.operations.copies.moving import move
from bot.settings import SQLITE, Settings
from storage.copies import restores
from storage.database import open_database
from storage.engine.columns import metadata
from storage.engine.sealing import Keys
from storage.errors import DatabaseBusy, DatabaseMissing
from storage.moving import moving
from storage.moving.comparing import checksums
from storage.moving.errors import DatabaseUnfinished, MoveDiffers, TargetTaken, TextUnreadable
from storage.people import audit, people, workspace
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from storage.people.workspace import Workspace
from surveys.messages import ToldError
from tests.bot.upkeep.earlier import make
from tests.bot.world import START
from tests.engines import rows
from tests.postgres import PostgresServer, postgres_server

__all__ = ["postgres_server"]


def _other(value: object) -> object:
    return f"{value}." if isinstance(value, str) and "Ромашка" in value else value


class Interrupted(Exception):
    """Stands for kill -9 after a page."""


def silent(_table: str, _rows: int) -> None: ...


def after(pages: int) -> Callable[[str, int], None]:
    left = [pages]

    def told(_table: str, _rows: int) -> None:
        left[0] -= 1
        if not left[0]:
            raise Interrupted

    return told


@pytest.fixture
async def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A company in the middle of a campaign, with sealed answers, in SQLite."""
    monkeypatch.chdir(tmp_path)
    settings = Settings(_env_file=None, database_url=f"{SQLITE}{tmp_path / 'otklik.db'}")
    await make(settings.database_url, tmp_path)
    async with open_database(settings.database_url):
        pass
    return settings


async def test_everything_arrives_and_is_equal(
    source: Settings,
    postgres_server: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "otklik.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE people SET segment = 'оп' || char(0) || 'т' WHERE id = 1")
        numbers = dict(connection.execute("SELECT name, seq FROM sqlite_sequence"))
    async with open_database(source.database_url) as database:
        before = await checksums(database)
    monkeypatch.setattr("bot.operations.copies.moving._MONTHS", 1)
    async with postgres_server.database(empty=True) as url:
        done = await move(source, url, START, silent)
        assert done.moved is not None
        assert done.moved.replaced == 1
        assert done.moved.rows == sum(one.rows for one in before.values()) + 1 > 50
        async with open_database(url) as database:
            after = await checksums(database)
            assert {name for name in after if after[name] != before[name]} == {"audit"}
            async with database.reading() as reader:
                [taken] = await audit.latest(reader, after["audit"].rows - before["audit"].rows)
            assert (taken.what, taken.details) == ("exported", f"migrate-to user={system_user()}")
            keys = Keys(Path(f"{database.place}.keys"))
            assert keys.path.stat().st_mode & 0o077 == 0
            assert keys.path.read_bytes() == Keys(tmp_path / "otklik.db.keys").path.read_bytes()
            async with database.transaction() as tx:
                assert await restores.marked_at(tx) is None
                rules = "SELECT count(*) FROM pg_constraint WHERE contype = 'f'"
                wanted = sum(len(table.foreign_keys) for table in metadata.tables.values())
                assert await tx.scalar(text(rules)) == wanted
                added = await people.add(tx, START, name="Новый", is_customer=True)
                assert added.id == numbers["people"] + 1
        again = await move(source, url, START, silent)
        assert again.moved is None
    async with open_database(source.database_url) as former, former.reading() as reader:
        assert await restores.marked_at(reader) is not None, "what is left counts as a copy"


async def test_interrupted_ten_times_it_is_equal(
    source: Settings, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.operations.copies.moving._MONTHS", 0)
    async with postgres_server.database() as url:
        for attempt in range(10):
            async with (
                open_database(source.database_url) as former,
                open_database(url, unfinished=True) as target,
            ):
                assert await moving.begin(former, target)
                with pytest.raises(Interrupted):
                    await moving.copy(former, target, after(attempt % 3 + 1), 2)
            with pytest.raises(DatabaseUnfinished, match="migrate-to"):
                async with open_database(url):
                    pass
        async with open_database(source.database_url) as former:
            async with former.transaction() as tx:  # somebody worked in between
                await tx.run(text("UPDATE people SET position = 'другая'"))
            before = await checksums(former)
        assert (await move(source, url, START, silent)).moved is not None
        async with open_database(url) as target:
            after_it = await checksums(target)
        assert {name for name in before if after_it[name] != before[name]} == {"audit"}


async def test_a_text_that_is_none_is_named_and_nothing_is_moved(
    source: Settings, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "otklik.db")) as connection, connection:
        connection.execute("UPDATE people SET segment = CAST(x'd0ff' AS TEXT) WHERE id = 2")
    async with postgres_server.database(empty=True) as url:
        with pytest.raises(TextUnreadable) as refused:
            await move(source, url, START, silent)
        assert rows(url, "SELECT 1 FROM pg_tables WHERE schemaname = 'public'") == []
        mend = str(refused.value).rpartition(' "')[2].rstrip('"')
        assert mend == "UPDATE people SET segment = 'TEXT' WHERE id = 2"
        with closing(sqlite3.connect(tmp_path / "otklik.db")) as connection, connection:
            connection.execute(mend)
        assert (await move(source, url, START, silent)).moved is not None


async def test_another_company_and_a_running_bot_are_left_alone(
    source: Settings, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    async with postgres_server.database() as url:
        async with open_database(url) as taken, taken.transaction() as tx:
            await workspace.save(tx, Workspace(company="Другая"))
            await people_import.apply(tx, [PersonRow("customer", "1", "Чужая")], START)
        with pytest.raises(TargetTaken, match="another company"):
            await move(source, url, START, silent)
        async with open_database(source.database_url):
            with pytest.raises(DatabaseBusy):
                await move(source, url, START, silent)
        async with open_database(url) as taken, taken.reading() as reader:
            assert (await workspace.get(reader)).company == "Другая"
    nowhere = source.model_copy(update={"database_url": f"{SQLITE}{tmp_path / 'none.db'}"})
    with pytest.raises(DatabaseMissing):
        await move(nowhere, "postgresql+asyncpg://u@h/d", START, silent)
    for here, there in ((source.database_url, f"{SQLITE}x.db"), ("postgresql+asyncpg://h/d", "x")):
        moved = source.model_copy(update={"database_url": here})
        with pytest.raises(ToldError, match=r"SQLite|PostgreSQL"):
            await move(moved, there, START, silent)


async def test_a_difference_keeps_the_new_database_closed(
    source: Settings, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with postgres_server.database() as url:
        monkeypatch.setattr(moving, "storable", _other)
        with pytest.raises(MoveDiffers, match="workspace"):
            await move(source, url, START, silent)
        with pytest.raises(DatabaseUnfinished):
            async with open_database(url):
                pass


async def test_the_command_says_what_to_do_next(
    source: Settings,
    postgres_server: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.operations.copies.moving._MONTHS", 0)
    async with postgres_server.database() as url:
        settings = {"OTKLIK_DATABASE_URL": source.database_url, "OTKLIK_LANGUAGE": "en"}
        typed = ["migrate-to", url]
        done = await asyncio.to_thread(CliRunner().invoke, app, typed, env=settings)
        assert done.exit_code == 0, done.stderr
        assert "Moved and compared" in done.stdout
        assert "OTKLIK_DATABASE_URL" in done.stdout
        async with open_database(url) as database, database.reading() as reader:
            assert await reader.first(select(metadata.tables["invitations"].c.id))
