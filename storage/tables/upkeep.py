"""Copies of the database, and what follows when one of them took its place."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, text

from storage.engine.columns import BIG, Moment, Words, key, metadata, one_of, reference

backup_schedule = Table(
    "backup_schedule",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    Column("next_due_at", Moment),
    CheckConstraint("id = 1", name="only_one"),
    comment="When the next daily copy is made; NULL: none by itself.",
)

backups = Table(
    "backups",
    metadata,
    key(),
    reference("person_id", "people", nullable=True),
    Column("state", Words, nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("path", Words),
    Column("bytes", BIG),
    one_of("state", "pending", "done", "failed"),
    Index(None, "state"),
    comment="Copies to make and made: by schedule, or for the admin who asked.",
)

restores = Table(
    "restores",
    metadata,
    key(),
    Column("copied_at", Moment, nullable=False),
    Column("restored_at", Moment, nullable=False),
    Column("waves", Integer, nullable=False),
    # People whose anonymous answers waited for their batch, and are in no copy.
    Column("lost", Integer, nullable=False, server_default=text("0")),
    Column("released_at", Moment),
    comment="When a copy became the database; until it is released nothing goes to customers.",
)

installation = Table(
    "installation",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    Column("key", Words, nullable=False),
    CheckConstraint("id = 1", name="only_one"),
    comment="By which this database's copies are told from those of others in the same folder.",
)
