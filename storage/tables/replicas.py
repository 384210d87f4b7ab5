"""Programs that work side by side on one PostgreSQL database; on SQLite there is no row."""

from sqlalchemy import CheckConstraint, Column, Table

from storage.engine.columns import BIG, CleanText, Moment, metadata

leadership = Table(
    "leadership",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    Column("holder", CleanText, nullable=False),
    # Grows whenever another one leads: whoever holds an earlier one may write nothing.
    Column("token", BIG, nullable=False),
    # By the server's clock, like `seen_at`: the replicas' own clocks may differ.
    Column("until", Moment, nullable=False),
    # A hash of the key that anonymous answers wait under: all replicas must have the same.
    Column("seal", CleanText),
    CheckConstraint("id = 1", name="only_one"),
    comment="Which replica sends, handles what came in and does what falls due: one at a time.",
)

replicas = Table(
    "replicas",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    comment="The replicas, and when each was last heard of.",
)
