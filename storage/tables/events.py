"""What sets campaigns off, and what an admin has begun and not finished."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table, UniqueConstraint

from storage.engine.columns import BIG, Amount, CleanText, Moment, key, metadata, reference

events = Table(
    "events",
    metadata,
    key(),
    Column("name", CleanText, nullable=False),
    Column("deal", CleanText, nullable=False),
    reference("person_id", "people"),
    reference("manager_id", "people", nullable=True),
    Column("amount", Amount),
    Column("received_at", Moment, nullable=False),
    UniqueConstraint("name", "deal"),
    Index(None, "person_id"),
    comment="What happened with a customer, told by the company's CRM; a deal happens once.",
)

firings = Table(
    "firings",
    metadata,
    reference("event_id", "events"),
    reference("campaign_id", "campaigns"),
    Column("due_at", Moment, nullable=False),
    Column("fired_at", Moment),
    PrimaryKeyConstraint("event_id", "campaign_id"),
    Index(None, "fired_at", "due_at"),
    comment="Events still to be followed by a campaign's invitation, each once.",
)

boards = Table(
    "boards",
    metadata,
    reference("campaign_id", "campaigns"),
    reference("person_id", "people"),
    Column("message_id", BIG, nullable=False),
    Column("shown", CleanText, nullable=False),
    Column("next_edit_at", Moment),
    PrimaryKeyConstraint("campaign_id", "person_id"),
    Index(None, "next_edit_at"),
    comment="The one message in which an admin watches a campaign.",
)

drafts = Table(
    "drafts",
    metadata,
    reference("person_id", "people"),
    Column("topic", CleanText, nullable=False),
    Column("content", CleanText, nullable=False),
    Column("updated_at", Moment, nullable=False),
    PrimaryKeyConstraint("person_id", "topic"),
    comment="What an admin has begun in the chat and may go on with; content is JSON.",
)
