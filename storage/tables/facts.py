"""A company's facts, month by month; a correction is another row, so that history stays."""

from sqlalchemy import Column, Index, Table

from storage.engine.columns import Amount, Moment, Words, key, metadata, one_of, reference

facts = Table(
    "facts",
    metadata,
    key(),
    Column("month", Words, nullable=False),
    Column("fact", Words, nullable=False),
    Column("value", Amount),
    Column("currency", Words, nullable=False),
    Column("source", Words, nullable=False),
    reference("person_id", "people", nullable=True),
    Column("recorded_at", Moment, nullable=False),
    one_of("source", "file", "chat"),
    Index(None, "month", "fact"),
    comment="What was told of a month; a fact's latest row counts, one without value is none.",
)
