"""Lists of people on their way in, and accounts to decide about."""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    false,
    text,
)

from storage.engine.columns import BIG, CleanText, Moment, key, metadata, one_of, reference, where

WORK: Final = ("waiting", "confirmed")
"""The states in which the bot has something to do."""
OPEN: Final = ("waiting", "asking", "ready")
"""The states until an admin confirms or the time is over."""

imports = Table(
    "imports",
    metadata,
    key(),
    reference("person_id", "people"),
    Column("file_id", CleanText, nullable=False),
    Column("file_name", CleanText, nullable=False),
    Column("state", CleanText, nullable=False),
    Column("options", CleanText, nullable=False, server_default=text("'{}'")),
    Column("found", CleanText, nullable=False, server_default=text("'{}'")),
    Column("message_id", BIG),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    one_of(
        "state", "waiting", "asking", "ready", "confirmed", "done", "refused", "failed", "cancelled"
    ),
    Index(None, "state"),
    comment="Files that admins sent: options are how to read them, found what was found; JSON.",
)

import_rows = Table(
    "import_rows",
    metadata,
    Column("import_id", BIG, nullable=False),
    Column("is_customer", Boolean, nullable=False),
    Column("external_id", CleanText, nullable=False),
    Column("line", Integer, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("name_key", CleanText, nullable=False, server_default=text("''")),
    Column("first_name", CleanText),
    Column("company", CleanText),
    Column("position", CleanText),
    Column("manager", CleanText),
    Column("manager_id", BIG),
    Column("segment", CleanText),
    Column("team", CleanText),
    Column("language", CleanText),
    Column("phone", CleanText),
    Column("email", CleanText),
    Column("email_key", CleanText),
    Column("last_purchase_on", Date),
    Column("attributes", CleanText),
    # Teams that one of the staff leads, as a JSON list.
    Column("leads", CleanText),
    Column("is_lead_only", Boolean, nullable=False, server_default=false()),
    Column("has_left", Boolean, nullable=False, server_default=false()),
    # Who is meant among those who are here; NULL: somebody new.
    Column("person_id", BIG),
    PrimaryKeyConstraint("import_id", "is_customer", "external_id"),
    Index(None, "person_id", **where("person_id IS NOT NULL")),
    sqlite_with_rowid=False,
    comment="People of a list until it is taken or left; import 0 lives for one transaction.",
)

link_conflicts = Table(
    "link_conflicts",
    metadata,
    key(),
    Column("kind", CleanText, nullable=False),
    reference("person_id", "people", nullable=True),
    reference("account_of", "people", nullable=True),
    Column("channel", CleanText, nullable=False),
    Column("address", CleanText, nullable=False),
    Column("happened_at", Moment, nullable=False),
    Column("settled_at", Moment),
    one_of("kind", "taken", "other_person", "staff", "shared_phone"),
    Index(None, "settled_at"),
    comment="Addresses that came for a person who has one, or that are somebody else here.",
)
