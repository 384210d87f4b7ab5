"""Work that was asked for, by a person or by a schedule."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    text,
)

from storage.engine.columns import CleanText, Moment, key, metadata, one_of, reference, where

schedules = Table(
    "schedules",
    metadata,
    key(),
    Column("key", CleanText, nullable=False, unique=True),
    Column("kind", CleanText, nullable=False),
    reference("person_id", "people", nullable=True),
    Column("frequency", CleanText, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("zone", CleanText, nullable=False),
    # Whether an errand is known by its slot, so that it is made once, or one stands for all.
    Column("by_slot", Boolean, nullable=False),
    Column("next_due_at", Moment),
    Column("created_at", Moment, nullable=False),
    # What each of its errands is given as well, as JSON.
    Column("parameters", CleanText, nullable=False, server_default=text("'{}'")),
    CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
    Index(None, "next_due_at"),
    Index(None, "person_id"),
    comment="What is asked for again and again; a NULL next_due_at: not any more.",
)

errands = Table(
    "errands",
    metadata,
    key(),
    Column("kind", CleanText, nullable=False),
    reference("person_id", "people", nullable=True),
    Column("parameters", CleanText, nullable=False),
    # At most one errand with this key waits; NULL: any number may.
    Column("key", CleanText),
    reference("schedule_id", "schedules", nullable=True),
    Column("slot", Moment),
    Column("asked_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("finished_at", Moment),
    Column("result", CleanText),
    Column("details", CleanText),
    UniqueConstraint("schedule_id", "slot"),
    one_of("result", "done", "skipped", "failed"),
    CheckConstraint("(finished_at IS NULL) = (result IS NULL)", name="finished"),
    Index(None, "finished_at", "due_at"),
    Index(None, "kind", "result"),
    Index(
        "uq_errands_waiting_key",
        "key",
        unique=True,
        **where("finished_at IS NULL"),
    ),
    comment="Work that was asked for: made by the job of its kind, at least once.",
)

sent_digests = Table(
    "sent_digests",
    metadata,
    key(),
    Column("period", CleanText, nullable=False),
    # The digest as it was sent, for the period's figures may change; without customers' words.
    Column("document", CleanText, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Index(None, "period"),
    comment="The documents of digests as they were sent, the latest of a period last.",
)
