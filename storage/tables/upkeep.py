"""Copies of the database, and what follows when one of them took its place."""

from sqlalchemy import CheckConstraint, Column, Integer, Table, text

from storage.engine.columns import BIG, CleanText, Moment, key, metadata

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
    Column("key", CleanText, nullable=False),
    # Where a PostgreSQL database stands on its server; a dump that was put back stands elsewhere.
    Column("home", CleanText),
    CheckConstraint("id = 1", name="only_one"),
    comment="By which this database's copies are told from those of others in the same folder.",
)
