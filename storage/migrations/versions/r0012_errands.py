"""One table for work that was asked for, one for schedules, one for the digests that were sent.

Digests keep their numbers, for messages still to be sent name files by them. Everything else gets
higher ones than were ever given: a message's key is its errand's kind and number.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG, MOMENT, key, one_of

revision = "0012"
down_revision = "0030"
branch_labels = None
depends_on = None

TEXT, INTEGER, BOOLEAN = sa.Text(), sa.Integer(), sa.Boolean()
WAITING = sa.text("finished_at IS NULL")
OLD = ("digest_runs", "digest_subscriptions", "comparisons", "link_batches", "backups")
LINKS_KEPT = timedelta(days=1)

ERRANDS = sa.table("errands", *map(sa.column, (
    "id", "kind", "person_id", "parameters", "key", "schedule_id", "slot", "asked_at", "due_at",
    "finished_at", "result", "details",
)))  # fmt: skip


def upgrade() -> None:
    """Make the tables, move what is in the old ones, drop those."""
    _make()
    last = max(_last_number(table) for table in OLD)
    _schedules()
    _digests()
    moved = [*_comparisons(), *_link_files(), *_backups()]
    waiting: set[str] = set()
    for number, values in enumerate(moved, start=last + 1):
        twice = values["finished_at"] is None and values["key"] in waiting
        unique = {"id": number, "key": None if twice else values["key"]}
        op.execute(ERRANDS.insert().values(values | unique))
        if values["finished_at"] is None:
            waiting.add(values["key"])
    _count_on("errands", last + len(moved))
    for table in (*OLD, "backup_schedule"):
        op.drop_table(table)


def _make() -> None:
    op.create_table(
        "schedules",
        key(),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id")),
        sa.Column("frequency", TEXT, nullable=False),
        sa.Column("hour", INTEGER, nullable=False),
        sa.Column("zone", TEXT, nullable=False),
        sa.Column("every_slot", BOOLEAN, nullable=False),
        sa.Column("next_due_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        one_of("frequency", "daily", "weekly", "monthly", "quarterly"),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
        sa.UniqueConstraint("key"),
        comment="What is asked for again and again; a NULL next_due_at: not any more.",
    )
    op.create_index("ix_schedules_next_due_at", "schedules", ["next_due_at"])
    op.create_index("ix_schedules_person_id", "schedules", ["person_id"])
    op.create_table(
        "errands",
        key(),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id")),
        sa.Column("parameters", TEXT, nullable=False),
        sa.Column("key", TEXT),
        sa.Column("schedule_id", BIG, sa.ForeignKey("schedules.id")),
        sa.Column("slot", MOMENT),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT),
        sa.Column("attempts", INTEGER, nullable=False, server_default=sa.text("0")),
        sa.Column("finished_at", MOMENT),
        sa.Column("result", TEXT),
        sa.Column("details", TEXT),
        one_of("result", "done", "skipped", "failed"),
        sa.CheckConstraint("(finished_at IS NULL) = (result IS NULL)", name="finished"),
        sa.UniqueConstraint("schedule_id", "slot"),
        comment="Work that was asked for: made by the job of its kind, at least once.",
    )
    op.create_index("ix_errands_finished_at_due_at", "errands", ["finished_at", "due_at"])
    op.create_index("ix_errands_kind_result", "errands", ["kind", "result"])
    op.create_index(
        "uq_errands_waiting_key",
        "errands",
        ["key"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_table(
        "sent_digests",
        key(),
        sa.Column("period", TEXT, nullable=False),
        sa.Column("document", TEXT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        comment="The documents of digests as they were sent, the latest of a period last.",
    )
    op.create_index("ix_sent_digests_period", "sent_digests", ["period"])


def _rows(statement: str) -> list[dict[str, Any]]:
    return [dict(row) for row in op.get_bind().execute(sa.text(statement)).mappings()]


def _schedules() -> None:
    op.execute(
        "INSERT INTO schedules (id, key, kind, person_id, frequency, hour, zone, every_slot,"
        " next_due_at, created_at)"
        " SELECT id, 'digest:' || person_id || ':' || frequency, 'digest', person_id, frequency,"
        " hour, zone, TRUE, next_due_at, created_at FROM digest_subscriptions"
    )
    _count_on("schedules", _last_number("digest_subscriptions"))
    # The next start writes the hour and the zone, which stand in the settings.
    op.execute(
        "INSERT INTO schedules (key, kind, frequency, hour, zone, every_slot, next_due_at,"
        " created_at)"
        " SELECT 'backup::daily', 'backup', 'daily', 4, 'UTC', FALSE, next_due_at, next_due_at"
        " FROM backup_schedule WHERE next_due_at IS NOT NULL"
    )


def _digests() -> None:
    runs = _rows(
        "SELECT run.*, schedule.frequency, schedule.zone FROM digest_runs AS run"
        " LEFT JOIN digest_subscriptions AS schedule ON schedule.id = run.subscription_id"
    )
    for run in runs:
        rule = {"frequency": run["frequency"], "zone": run["zone"]}
        wanted = rule if run["slot"] is not None else {"period": run["period_key"]}
        values = _asked("digest", run, wanted, run["requested_at"])
        place = {"id": run["id"], "schedule_id": run["subscription_id"], "slot": run["slot"]}
        op.execute(ERRANDS.insert().values(**values | place))
    op.execute(
        "INSERT INTO sent_digests (period, document, sent_at)"
        " SELECT document_period, document, finished_at FROM digest_runs"
        " WHERE state = 'sent' AND document IS NOT NULL ORDER BY id"
    )


def _comparisons() -> list[dict[str, Any]]:
    return [
        _asked(
            "comparison",
            run,
            {"before": run["before_wave_id"], "after": run["after_wave_id"]},
            run["requested_at"],
            once=True,
        )
        for run in _rows("SELECT * FROM comparisons ORDER BY id")
    ]


def _link_files() -> list[dict[str, Any]]:
    """Move the files to be made; of those made, what deletes them after a day."""
    moved = []
    for run in _rows("SELECT * FROM link_batches ORDER BY id"):
        wanted = {"format": run["format"], "wave": run["wave_id"], "role": run["role"]}
        moved.append(_asked("links", run, wanted, run["created_at"], once=True))
        if run["state"] == "done":
            pending = {"person_id": None, "state": "pending"}
            over = _asked("links_over", pending, {"folder": run["id"]}, run["finished_at"])
            moved.append(over | {"due_at": _a_day_after(run["finished_at"])})
    return moved


def _backups() -> list[dict[str, Any]]:
    moved = []
    for run in _rows("SELECT * FROM backups ORDER BY id"):
        values = _asked("backup", run, {}, run["requested_at"], once=True)
        made = {"path": run["path"], "bytes": run["bytes"]}
        key = values["key"] if run["person_id"] else "backup::daily"
        moved.append(values | {"key": key, "details": json.dumps(made) if run["path"] else None})
    return moved


def _asked(
    kind: str,
    run: Mapping[str, Any],
    wanted: Mapping[str, Any],
    asked_at: object,
    *,
    once: bool = False,
) -> dict[str, Any]:
    """Return an errand that waits or is finished, as its old row says."""
    waits = run["state"] == "pending"
    parameters = json.dumps(wanted, ensure_ascii=False, sort_keys=True)
    results = {"sent": "done", "done": "done", "cleared": "done", "skipped": "skipped"}
    return {
        "kind": kind,
        "person_id": run["person_id"],
        "parameters": parameters,
        "key": f"{kind}:{run['person_id']}:{parameters}" if once else None,
        "asked_at": asked_at,
        "due_at": asked_at,
        "finished_at": None if waits else run["finished_at"] or asked_at,
        "result": None if waits else results.get(run["state"], "failed"),
    }


def _a_day_after(moment: str | datetime) -> str | datetime:
    if isinstance(moment, datetime):
        return moment + LINKS_KEPT
    later = datetime.fromisoformat(moment) + LINKS_KEPT
    return later.isoformat(timespec="microseconds")


def _last_number(table: str) -> int:
    """Return the highest number that a table ever gave."""
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        given = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        return bind.execute(given, {"name": table}).scalar() or 0
    sequence = sa.select(sa.func.pg_get_serial_sequence(table, "id"))
    name = bind.execute(sequence).scalar_one()
    row = bind.execute(sa.text(f"SELECT last_value, is_called FROM {name}")).one()  # noqa: S608 (ours)
    return int(row.last_value) if row.is_called else 0


def _count_on(table: str, last: int) -> None:
    """Let a table's next number be higher than `last`."""
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        name = {"name": table, "seq": last}
        bind.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table})
        bind.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), name)
    elif last:
        sequence = sa.func.pg_get_serial_sequence(table, "id")
        bind.execute(sa.select(sa.func.setval(sequence, last)))


def downgrade() -> None:
    """Make the earlier tables, empty: the copy made before the migration is the way back."""
    for table in ("sent_digests", "errands", "schedules"):
        op.drop_table(table)
    _earlier_digests()
    _earlier_requests()


def _earlier_digests() -> None:
    op.create_table(
        "digest_subscriptions",
        key(),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("frequency", TEXT, nullable=False),
        sa.Column("hour", INTEGER, nullable=False),
        sa.Column("zone", TEXT, nullable=False),
        sa.Column("next_due_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        one_of("frequency", "weekly", "monthly", "quarterly"),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
        sa.UniqueConstraint("person_id", "frequency"),
    )
    op.create_index("ix_digest_subscriptions_next_due_at", "digest_subscriptions", ["next_due_at"])
    op.create_table(
        "digest_runs",
        key(),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("subscription_id", BIG, sa.ForeignKey("digest_subscriptions.id")),
        sa.Column("slot", MOMENT),
        sa.Column("period_key", TEXT),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("document_period", TEXT),
        sa.Column("document", TEXT),
        sa.CheckConstraint("(subscription_id IS NULL) = (period_key IS NOT NULL)", name="request"),
        sa.CheckConstraint("(subscription_id IS NULL) = (slot IS NULL)", name="schedule"),
        one_of("state", "pending", "sent", "skipped", "failed"),
        sa.UniqueConstraint("subscription_id", "slot"),
    )
    op.create_index("ix_digest_runs_state", "digest_runs", ["state"])
    op.create_index("ix_digest_runs_document_period", "digest_runs", ["document_period"])


def _earlier_requests() -> None:
    op.create_table(
        "comparisons",
        key(),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("before_wave_id", BIG, sa.ForeignKey("waves.id"), nullable=False),
        sa.Column("after_wave_id", BIG, sa.ForeignKey("waves.id"), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        one_of("state", "pending", "sent", "failed"),
    )
    op.create_index("ix_comparisons_state", "comparisons", ["state"])
    op.create_table(
        "link_batches",
        key(),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("format", TEXT, nullable=False),
        sa.Column("role", TEXT),
        sa.Column("wave_id", BIG, sa.ForeignKey("waves.id")),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        one_of("format", "xlsx", "html"),
        one_of("role", "customer", "manager"),
        one_of("state", "pending", "done", "failed", "cleared"),
    )
    op.create_index("ix_link_batches_state", "link_batches", ["state"])
    op.create_table(
        "backup_schedule",
        sa.Column("id", BIG, primary_key=True, autoincrement=False),
        sa.Column("next_due_at", MOMENT),
        sa.CheckConstraint("id = 1", name="only_one"),
    )
    op.create_table(
        "backups",
        key(),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id")),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("path", TEXT),
        sa.Column("bytes", BIG),
        one_of("state", "pending", "done", "failed"),
    )
    op.create_index("ix_backups_state", "backups", ["state"])
