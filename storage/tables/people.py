"""The company, its people and how they come in."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    false,
    text,
)

from storage.engine.columns import BIG, Moment, Words, key, metadata, one_of, reference, where

workspace = Table(
    "workspace",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    Column("company", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("zone", Words, nullable=False),
    Column("quiet_from", Integer, nullable=False),
    Column("quiet_until", Integer, nullable=False),
    Column("global_period_days", Integer, nullable=False),
    Column("consent_days", Integer, nullable=False),
    Column("review_url", Words),
    Column("bot_username", Words),
    # Where customers answer on a page; NULL: there are no pages.
    Column("web_url", Words),
    # Names of attributes, as a JSON list; NULL where the company chose none.
    Column("break_down_by", Words),
    # Changes that the company calls small, in points; NULL: the usual ones.
    Column("margin_nps", Integer),
    Column("margin_index", Integer),
    # Whose phone numbers those are that name no country; NULL: that of the time zone.
    Column("country", Words),
    # What comments are counted by, as JSON; NULL: the usual themes.
    Column("themes", Words),
    CheckConstraint("id = 1", name="only_one"),
    one_of("language", "ru", "en"),
    comment="One row: the company's settings.",
)

accounts = Table(
    "accounts",
    metadata,
    key(),
    Column("name", Words, nullable=False, unique=True),
    comment="Companies that customers belong to.",
)

people = Table(
    "people",
    metadata,
    key(),
    Column("external_id", Words),
    Column("name", Words, nullable=False),
    # The word of the name to greet with; NULL where no list says so.
    Column("first_name", Words),
    Column("language", Words),
    Column("zone", Words),
    Column("is_admin", Boolean, nullable=False, server_default=false()),
    Column("is_manager", Boolean, nullable=False, server_default=false()),
    Column("is_customer", Boolean, nullable=False, server_default=false()),
    # Known from imported answers alone: figures count such people, nobody writes to them.
    Column("is_past", Boolean, nullable=False, server_default=false()),
    # Names of the teams that the person leads, as a JSON list; NULL: no team lead.
    Column("leads", Words),
    Column("consent_version", Words),
    Column("consented_at", Moment),
    Column("declined_at", Moment),
    Column("opted_out_at", Moment),
    Column("unreachable_at", Moment),
    Column("left_at", Moment),
    Column("team", Words),
    reference("manager_id", "people", nullable=True),
    Column("segment", Words),
    reference("account_id", "accounts", nullable=True),
    Column("position", Words),
    Column("phone", Words),
    Column("email", Words),
    Column("last_purchase_on", Date),
    # Kept apart from `last_purchase_on`, which every new list sets.
    Column("last_deal_on", Date),
    Column("attributes", Words, nullable=False, server_default=text("'{}'")),
    Column("created_at", Moment, nullable=False),
    # A CRM numbers contacts and users separately: a customer and a manager may share an id.
    UniqueConstraint("external_id", "is_customer"),
    CheckConstraint("NOT (is_customer AND (is_admin OR is_manager))", name="staff_apart"),
    CheckConstraint("leads IS NULL OR NOT is_customer", name="leads_apart"),
    one_of("language", "ru", "en"),
    Index(None, "manager_id"),
    Index(None, "phone"),
    # Few rows of many: each low answer asks for them.
    Index(
        "ix_people_admins",
        "is_admin",
        **where("is_admin"),
    ),
    Index(
        "ix_people_leads",
        "leads",
        **where("leads IS NOT NULL"),
    ),
    comment="Customers, managers, team leads and admins.",
)

addresses = Table(
    "addresses",
    metadata,
    Column("channel", Words, nullable=False),
    Column("address", Words, nullable=False),
    reference("person_id", "people"),
    # Messages that nobody asked for go here; one address of a person at most.
    Column("is_written_to", Boolean, nullable=False),
    PrimaryKeyConstraint("channel", "address"),
    UniqueConstraint("person_id", "channel"),
    Index(
        "uq_addresses_written_to",
        "person_id",
        unique=True,
        **where("is_written_to"),
    ),
    comment="Where people are, by channel: whoever speaks from an address is its person.",
)

links = Table(
    "links",
    metadata,
    key(),
    Column("token_hash", Words, nullable=False, unique=True),
    Column("kind", Words, nullable=False),
    reference("person_id", "people", nullable=True),
    Column("survey_key", Words),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("redeemed_at", Moment),
    Column("revoked_at", Moment),
    Column("uses", Integer, nullable=False, server_default=text("0")),
    Column("most_uses", Integer),
    Column("label", Words),
    # The touchpoint of invitations that begin with this link; NULL: the usual one of links.
    Column("touchpoint", Words),
    one_of("kind", "personal", "admin", "open"),
    Index(None, "person_id"),
    comment="Ways in. Only the SHA-256 of a token is kept.",
)

wishes = Table(
    "wishes",
    metadata,
    key(),
    reference("person_id", "people"),
    Column("wanted", Boolean, nullable=False),
    Column("said_at", Moment, nullable=False),
    Index(None, "person_id"),
    comment="When somebody wanted no more invitations, or wanted them again.",
)

phone_buttons = Table(
    "phone_buttons",
    metadata,
    key(),
    Column("channel", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("shown_at", Moment, nullable=False),
    UniqueConstraint("channel", "address"),
    comment="Chats in which the button for sharing one's phone number stands.",
)

link_failures = Table(
    "link_failures",
    metadata,
    key(),
    Column("channel", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("failed_at", Moment, nullable=False),
    Index(None, "channel", "address", "failed_at"),
    comment="Wrong tokens, so that guessing ends early.",
)
