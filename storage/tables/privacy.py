"""That people's data was erased, without saying whose."""

from sqlalchemy import Column, Integer, Table

from storage.engine.columns import Moment, key, metadata

erasures = Table(
    "erasures",
    metadata,
    key(),
    Column("erased_at", Moment, nullable=False),
    Column("answers", Integer, nullable=False),
    Column("remarks", Integer, nullable=False),
    comment="One row for each person whose data was erased: when, and how much; never whose.",
)
