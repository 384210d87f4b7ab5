"""What came from Telegram, what goes there, and when."""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    false,
    text,
)

from storage.engine.columns import BIG, Moment, Words, key, metadata, one_of, reference

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BIG, primary_key=True, autoincrement=False),
    Column("chat_key", BIG, nullable=False),
    Column("payload", Words, nullable=False),
    # Of people who have an anonymous survey open; Base64 then.
    Column("sealed", Boolean, nullable=False, server_default=false()),
    Column("received_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("not_before", Moment),
    Column("parked_at", Moment),
    Column("error", Words),
    comment="Updates confirmed to Telegram and not yet handled; parked ones keep their error.",
)

seen_updates = Table(
    "seen_updates",
    metadata,
    Column("update_id", BIG, primary_key=True, autoincrement=False),
    Column("seen_at", Moment, nullable=False),
    Index(None, "seen_at"),
    comment="Ids of updates received lately: a repeated one is ignored.",
)

outbox = Table(
    "outbox",
    metadata,
    key(),
    Column("key", Words, nullable=False, unique=True),
    Column("chat_id", BIG, nullable=False),
    reference("person_id", "people", nullable=True),
    Column("audience", Words, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("method", Words, nullable=False),
    Column("params", Words, nullable=False),
    Column("file_path", Words),
    Column("file_id", Words),
    reference("invitation_id", "invitations", nullable=True),
    Column("state", Words, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("repeat", Boolean, nullable=False, server_default=false()),
    Column("created_at", Moment, nullable=False),
    Column("claimed_at", Moment),
    Column("settled_at", Moment),
    Column("message_id", BIG),
    Column("error", Words),
    # Who may still get it at the moment of sending; NULL: anybody who has not left.
    Column("for_role", Words),
    one_of("audience", "customer", "staff"),
    one_of("for_role", "admin", "staff"),
    one_of(
        "state",
        "queued",
        "held",
        "sending",
        "sent",
        "failed",
        "unknown",
        "cancelled",
        "expired",
        "left",
    ),
    Index(None, "state", "priority", "due_at"),
    Index(None, "state", "due_at"),
    Index(None, "invitation_id"),
    comment="Everything said unasked, one row a message; key makes it once.",
)
EDIT: Final = "edit"
"""What methods begin with that change an earlier message: done twice they are as good as once."""
IS_EDIT: Final = outbox.c.method.like(f"{EDIT}%")

outbox_pause = Table(
    "outbox_pause",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    Column("until", Moment, nullable=False),
    Column("since", Moment),
    CheckConstraint("id = 1", name="only_one"),
    comment="Telegram's retry_after, which holds for the whole queue and survives a restart.",
)

digest_subscriptions = Table(
    "digest_subscriptions",
    metadata,
    key(),
    reference("person_id", "people"),
    Column("frequency", Words, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("zone", Words, nullable=False),
    Column("next_due_at", Moment),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("person_id", "frequency"),
    one_of("frequency", "weekly", "monthly", "quarterly"),
    CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
    Index(None, "next_due_at"),
    comment="Who gets the digest when; a NULL next_due_at: unsubscribed.",
)

digest_runs = Table(
    "digest_runs",
    metadata,
    key(),
    reference("person_id", "people"),
    reference("subscription_id", "digest_subscriptions", nullable=True),
    Column("slot", Moment),
    Column("period_key", Words),
    Column("state", Words, nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("finished_at", Moment),
    # What was sent, without customers' words: figures of a period may change afterwards.
    Column("document_period", Words),
    Column("document", Words),
    # Holds for scheduled runs: a request has no subscription, and NULLs do not collide.
    UniqueConstraint("subscription_id", "slot"),
    CheckConstraint("(subscription_id IS NULL) = (slot IS NULL)", name="schedule"),
    CheckConstraint("(subscription_id IS NULL) = (period_key IS NOT NULL)", name="request"),
    one_of("state", "pending", "sent", "skipped", "failed"),
    Index(None, "state"),
    Index(None, "document_period"),
    comment="Digests to make: by schedule (one a slot) or on request (with its period).",
)
