"""What staff did: who looked at a customer, took, changed or exported something, and when."""

from sqlalchemy import Column, Index, Table

from storage.engine.columns import CleanText, Moment, key, metadata, reference

audit = Table(
    "audit",
    metadata,
    key(),
    # Who did it; NULL: the command line.
    reference("person_id", "people", nullable=True),
    Column("what", CleanText, nullable=False),
    # The customer whom it is about, where it is about one.
    reference("about_id", "people", nullable=True),
    # A number or a key of what was changed; never words of a customer.
    Column("details", CleanText),
    Column("happened_at", Moment, nullable=False),
    Index(None, "happened_at"),
    Index(None, "about_id"),
    comment="What staff did, written with the deed itself; nothing in it changes.",
)
