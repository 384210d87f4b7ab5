"""A database from before the errands: what waited is made, what was made is not made again."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from alembic import command
from sqlalchemy import Connection, MetaData, Table, select

from storage.database import open_database
from storage.engine import schema
from storage.engine.sqlite import files
from storage.sending import digests, errands, pruning, schedules
from storage.tables.errands import errands as table
from tests.storage.below import below
from tests.storage.world import DAY, NOW

BEFORE = "0009"
HIGHEST = 90
"""The highest number that any of the old tables gave."""
SLOT = NOW - DAY
DONE = {"state": "done", "finished_at": NOW}
PERSON: Mapping[str, Any] = {"id": 1, "name": "Анна", "is_admin": True, "created_at": NOW}
ROWS: Mapping[str, list[dict[str, Any]]] = {
    "digest_subscriptions": [
        {"id": 3, "person_id": 1, "frequency": "weekly", "hour": 9, "zone": "Europe/Moscow",
         "next_due_at": NOW + DAY, "created_at": NOW - 9 * DAY},
    ],
    "digest_runs": [
        {"id": 5, "person_id": 1, "subscription_id": 3, "slot": SLOT, "state": "pending"},
        {"id": 6, "person_id": 1, "period_key": "2026-08", "state": "pending"},
        {"id": 7, "person_id": 1, "subscription_id": 3, "slot": SLOT - 7 * DAY, "state": "sent",
         "requested_at": SLOT - 7 * DAY, "finished_at": NOW, "document_period": "2026-W35",
         "document": "{}"},
    ],
    "comparisons": [
        {"id": 1, "person_id": 1, "before_wave_id": 1, "after_wave_id": 2, "state": "pending"},
        {"id": 2, "person_id": 1, "before_wave_id": 1, "after_wave_id": 2, "state": "sent",
         "finished_at": NOW},
    ],
    "link_batches": [
        {"id": 1, "person_id": 1, "format": "xlsx", "wave_id": 2, "state": "pending"},
        {"id": HIGHEST, "person_id": 1, "format": "html", "state": "done", "finished_at": NOW},
    ],
    "backups": [
        {"id": 1, "state": "done", "path": "/copies/one.db", "bytes": 4096, "finished_at": NOW},
        {"id": 2, "state": "pending"},
        {"id": 3, "state": "pending"},
        {"id": 4, "person_id": 1, "state": "pending"},
    ],
    "backup_schedule": [{"id": 1, "next_due_at": NOW - DAY}],
}  # fmt: skip


def _filled(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id = {files.APPLICATION_ID}")
    command.upgrade(schema.config(connection), BEFORE)
    _insert(connection, "people", PERSON)
    _wave(connection)
    for name, rows in ROWS.items():
        for row in rows:
            _insert(connection, name, row)
    connection.exec_driver_sql("COMMIT")


def _wave(connection: Connection) -> None:
    survey = {"id": 1, "audience": "customers", "kind": "relationship", "anonymous": False}
    _insert(connection, "definitions", survey)
    _insert(connection, "campaigns", {"id": 1, "definition_id": 1, "state": "running"})
    for wave in (1, 2):
        row = {"id": wave, "campaign_id": 1, "label": str(wave), "stage": "ready"}
        _insert(connection, "waves", row)


def _insert(connection: Connection, name: str, row: Mapping[str, Any]) -> None:
    """Insert a row; what has to have a value and is not told gets a plain one."""
    found = Table(name, MetaData(), autoload_with=connection)
    values = dict(row)
    for column in found.columns:
        if column.name in values or column.nullable or column.server_default is not None:
            continue
        moment = "_at" in column.name
        plain: object = NOW if moment else 0 if "INT" in str(column.type).upper() else "x"
        values[column.name] = plain
    if connection.dialect.name == "sqlite":
        values = {
            name: one.isoformat(timespec="microseconds") if hasattr(one, "isoformat") else one
            for name, one in values.items()
        }
    connection.execute(found.insert().values(values))
    if connection.dialect.name == "postgresql" and "id" in row and name != "backup_schedule":
        connection.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {row['id']})"
        )


async def test_what_waited_of_each_kind_goes_on_and_nothing_is_made_twice(empty_url: str) -> None:
    async with below(empty_url) as connection:
        await connection.run(_filled)
    async with open_database(empty_url) as database, database.transaction() as tx:
        due = await errands.due(tx, NOW)
        waiting = {(one.kind, json.dumps(one.parameters, sort_keys=True)) for one in due}
        assert waiting == {
            ("digest", '{"frequency": "weekly", "zone": "Europe/Moscow"}'),
            ("digest", '{"period": "2026-08"}'),
            ("comparison", '{"after": 2, "before": 1}'),
            ("links", '{"format": "xlsx", "role": null, "wave": 2}'),
            ("backup", "{}"),
        }
        numbers = {one.kind: one.id for one in due}
        assert [one.id for one in due if one.kind == "digest"] == [5, 6], "files bear the numbers"
        assert min(numbers[kind] for kind in ("comparison", "links", "backup")) > HIGHEST
        assert [one.slot for one in due if one.kind == "digest"] == [SLOT, None]
        assert await digests.kept(tx, "2026-W35") == "{}"
        assert await errands.latest(tx, "backup") == (
            NOW,
            {"path": "/copies/one.db", "bytes": 4096},
        )
        (over,) = await errands.of_kind(tx, "links_over")
        assert (over.parameters, over.due_at) == ({"folder": HIGHEST}, NOW + DAY)
        needed = await pruning.files_needed(tx, NOW)
        assert (needed["digests"], needed["links"] >= {HIGHEST}) == ({5, 6, 7}, True)
        (weekly,) = await schedules.of(tx, "digest", 1)
        (daily,) = await schedules.of(tx, "backup", None)
        assert (weekly.next_due_at, daily.next_due_at) == (NOW + DAY, NOW - DAY)
        await errands.ask(tx, "comparison", 1, NOW, {"before": 1, "after": 2}, once=True)
        await errands.ask(tx, "backup", 1, NOW, once=True)
        await schedules.claim_due(tx, NOW)
        assert await errands.due(tx, NOW) == due, "each waits already"
        await errands.ask(tx, "digest", 1, NOW + DAY, {"period": "2026-09"})
        newest = (await errands.of_kind(tx, "digest"))[-1]
        assert newest.id > max(await tx.scalars(select(table.c.id).where(table.c.id != newest.id)))


async def test_a_slot_made_before_is_not_made_again(empty_url: str) -> None:
    async with below(empty_url) as connection:
        await connection.run(_filled)
    async with open_database(empty_url) as database, database.transaction() as tx:
        (weekly,) = await schedules.of(tx, "digest", 1)
        made = SLOT - 7 * DAY
        await schedules.bring_back(tx, weekly, made, made)
        await schedules.claim_due(tx, made + timedelta(hours=1))
        assert [one.slot for one in await errands.of_kind(tx, "digest")] == [None]
