"""Every step up and down, and the tables of the code against those that the migrations make."""

from collections.abc import Mapping
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, inspect, text

from storage.database import open_database
from storage.engine import schema
from storage.engine.postgres.collation import compare_bytes
from storage.errors import ConstraintViolated, StorageError
from storage.tables import metadata
from storage.tables.delivery import outbox
from tests.copied_database import Upgrade
from tests.examples import is_thorough
from tests.storage.below import below
from tests.storage.world import NOW, World

REVISIONS = list(reversed(schema.revisions()))
LATEST = 8
"""The migrations tried with all tests: earlier ones never change, and are tried in `make prove`."""
OF_DATA_ALONE = {"0008", "0056", "0058", "0066", "0095"}
"""Migrations that leave the tables as they are."""
OF_SQLITE = {"0100"}
"""Migrations that do so on PostgreSQL."""


def test_the_order_is_the_one_that_alembic_finds() -> None:
    scripts = ScriptDirectory.from_config(schema.config())
    assert schema.revisions() == tuple(one.revision for one in scripts.walk_revisions())


def _tables(connection: Connection) -> Mapping[str, Any]:
    inspector = inspect(connection)
    columns, primary = inspector.get_multi_columns(), inspector.get_multi_pk_constraint()
    foreign, unique = inspector.get_multi_foreign_keys(), inspector.get_multi_unique_constraints()
    checks, indexes = inspector.get_multi_check_constraints(), inspector.get_multi_indexes()
    return {
        key[1]: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in columns[key]
            },
            "primary": primary[key]["constrained_columns"],
            "foreign": sorted(map(str, foreign[key])),
            "unique": sorted(str(one["name"]) for one in unique[key]),
            "checks": sorted((str(one["name"]), one["sqltext"]) for one in checks[key]),
            "indexes": sorted(
                (str(one["name"]), *map(str, one["column_names"]), _is_partial(one))
                for one in indexes[key]
            ),
        }
        for key in columns
        if key[1] != "alembic_version"
    }


def _is_partial(index: Mapping[str, Any]) -> bool:
    return any(option.endswith("_where") for option in index.get("dialect_options", ()))


def _to(connection: Connection, revision: str) -> None:
    connection.exec_driver_sql("BEGIN")
    command.upgrade(schema.config(connection), revision)
    connection.exec_driver_sql("COMMIT")


def _down(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
    command.downgrade(schema.config(connection), "-1")
    connection.exec_driver_sql("COMMIT")


def _stairway(connection: Connection) -> None:
    steps = REVISIONS if is_thorough() else REVISIONS[-LATEST:]
    if len(steps) < len(REVISIONS):
        _to(connection, REVISIONS[-LATEST - 1])
    before = _tables(connection)
    alike = OF_DATA_ALONE if connection.dialect.name == "sqlite" else OF_DATA_ALONE | OF_SQLITE
    for revision in steps:
        _to(connection, revision)
        after = _tables(connection)
        _down(connection)
        assert _tables(connection) == before
        _to(connection, revision)
        assert _tables(connection) == after
        assert (after == before) is (revision in alike)
        before = after


@pytest.fixture(autouse=True)
def _in_earnest(migrating: Upgrade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "upgrade", migrating)


@pytest.mark.thorough
async def test_each_migration_goes_up_down_and_up_again(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = ScriptDirectory.from_config(schema.config())  # Alembic reads them at each step
    monkeypatch.setattr(ScriptDirectory, "from_config", lambda _config: scripts)
    async with below(empty_url) as connection:
        await connection.run(_stairway)


def _difference(connection: Connection) -> object:
    options = {"compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    return compare_metadata(context, metadata)


def _remade(connection: Connection) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    migrated = _tables(connection)
    metadata.drop_all(connection)
    metadata.create_all(connection)
    if connection.dialect.name == "postgresql":
        compare_bytes(connection)
    return migrated, _tables(connection)


async def test_migrations_make_the_tables_of_the_code(url: str) -> None:
    """Alembic compares names and types; the remade tables also their checks and keys."""
    async with open_database(url):
        pass
    async with below(url) as connection:
        assert await connection.run(_difference) == []
        migrated, remade = await connection.run(_remade)
        assert migrated == remade


async def test_a_migration_that_fails_leaves_nothing(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade = command.upgrade

    def stop(*arguments: Any) -> None:
        upgrade(*arguments)
        message = "the power went out"
        raise RuntimeError(message)

    monkeypatch.setattr(command, "upgrade", stop)
    with pytest.raises(RuntimeError):
        async with open_database(empty_url):
            pass
    async with below(empty_url) as connection:
        assert await connection.run(_names) == []
    monkeypatch.undo()
    async with open_database(empty_url) as database, database.reading() as reader:
        assert await reader.scalar(text("SELECT count(*) FROM people")) == 0


_COLLATIONS = (
    "SELECT collation_name FROM information_schema.columns "
    "WHERE table_schema = 'public' AND data_type IN ('text', 'character varying')"
)


def _names(connection: Connection) -> list[str]:
    return inspect(connection).get_table_names()


async def test_no_text_keeps_the_collation_of_its_server(url: str) -> None:
    if not url.startswith("postgresql"):
        pytest.skip("SQLite's texts have no collation but bytes")
    async with open_database(url) as database, database.reading() as reader:
        assert set(await reader.scalars(text(_COLLATIONS))) == {"C"}


async def test_states_outside_the_list_are_refused(url: str) -> None:
    async with open_database(url) as database:
        with pytest.raises(StorageError):
            async with database.transaction() as tx:
                await tx.run(
                    text("INSERT INTO outbox_pause (id, until) VALUES (2, '2026-01-01T00:00:00Z')")
                )


@pytest.mark.parametrize("table", ["invitations SET state", "outbox SET state", "outbox SET kind"])
async def test_rules_that_became_comparisons_refuse_what_they_refused(
    world: World, table: str
) -> None:
    async with world.database.transaction() as tx:
        person_id = world.customers[0]
        invitation = await world.invite(tx, person_id)
        await tx.run(insert(outbox).values(**_MESSAGE, invitation_id=invitation.id))
    with pytest.raises(ConstraintViolated):
        async with world.database.transaction() as tx:
            await tx.run(text(f"UPDATE {table} = 'lost'"))
    async with world.database.transaction() as tx:
        await tx.run(text("UPDATE invitations SET state = 'cancelled'"))
        await tx.run(text("UPDATE outbox SET kind = 'event', state = 'left'"))


_MESSAGE = {
    "key": "1",
    "channel": "telegram",
    "address": "1",
    "audience": "customer",
    "priority": 1,
    "due_at": NOW,
    "kind": "show",
    "content": "{}",
    "state": "queued",
    "created_at": NOW,
}
