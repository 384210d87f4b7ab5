"""A company's facts, month by month; a correction is another row, so that history stays."""

from sqlalchemy import Column, Index, Integer, Table

from storage.engine.columns import Amount, CleanText, Moment, key, metadata, one_of, reference

facts = Table(
    "facts",
    metadata,
    key(),
    Column("month", CleanText, nullable=False),
    Column("fact", CleanText, nullable=False),
    Column("value", Amount),
    Column("currency", CleanText, nullable=False),
    Column("source", CleanText, nullable=False),
    reference("person_id", "people", nullable=True),
    Column("recorded_at", Moment, nullable=False),
    # Of how many managers' answers in a time study it is the mean; NULL: somebody told it.
    Column("answers", Integer),
    one_of("source", "file", "chat"),
    Index(None, "month", "fact"),
    comment="What was told of a month; a fact's latest row counts, one without value is none.",
)
