"""What came in by a channel, what goes out by one, and when."""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    false,
    text,
)

from storage.engine.columns import (
    BIG,
    CleanText,
    Moment,
    compared_with,
    key,
    metadata,
    one_of,
    reference,
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BIG, primary_key=True, autoincrement=False),
    Column("channel", CleanText, nullable=False),
    # The sender's address: updates from one address are handled in order.
    Column("address", CleanText, nullable=False),
    Column("payload", CleanText, nullable=False),
    # Whether the payload is sealed, as Base64: its sender has an anonymous survey open.
    Column("sealed", Boolean, nullable=False, server_default=false()),
    Column("received_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("not_before", Moment),
    Column("parked_at", Moment),
    Column("error", CleanText),
    comment="Updates confirmed to their channel and not yet handled; parked ones keep their error.",
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
    Column("key", CleanText, nullable=False, unique=True),
    Column("channel", CleanText, nullable=False),
    Column("address", CleanText, nullable=False),
    reference("person_id", "people", nullable=True),
    Column("audience", CleanText, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("expires_at", Moment),
    # What is said, its kind and the rest as JSON: see `bot.says.content`.
    Column("kind", CleanText, nullable=False),
    Column("content", CleanText, nullable=False),
    Column("file_path", CleanText),
    Column("file_id", CleanText),
    reference("invitation_id", "invitations", nullable=True),
    Column("state", CleanText, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("repeat", Boolean, nullable=False, server_default=false()),
    Column("created_at", Moment, nullable=False),
    Column("claimed_at", Moment),
    Column("settled_at", Moment),
    Column("message_id", BIG),
    Column("error", CleanText),
    # The action (`bot.rights`) that the reader must be allowed when it is sent, and with which
    # customer; NULL: anybody who has not left may get it.
    Column("for_action", CleanText),
    reference("about_id", "people", nullable=True),
    one_of("audience", "customer", "staff"),
    *compared_with("kind", "show", "change", "file", "event"),
    *compared_with(
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
    Index(None, "state", "priority", "due_at", "id"),
    Index(None, "invitation_id"),
    comment="Everything said unasked, one row a message; key makes it once.",
)
IS_EVENT: Final = outbox.c.kind == "event"
"""What another system is told, which knows by its key whether it has been told already."""
IS_CHANGE: Final = outbox.c.kind == "change"
"""A change to an earlier message, which may safely be made twice."""

outbox_pause = Table(
    "outbox_pause",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    Column("until", Moment, nullable=False),
    Column("since", Moment),
    CheckConstraint("id = 1", name="only_one"),
    comment="What a channel asked for: it holds for the whole queue and survives a restart.",
)
