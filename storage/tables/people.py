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

from storage.engine.columns import BIG, CleanText, Moment, key, metadata, one_of, reference, where

workspace = Table(
    "workspace",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    Column("company", CleanText, nullable=False),
    Column("language", CleanText, nullable=False),
    Column("zone", CleanText, nullable=False),
    Column("quiet_from", Integer, nullable=False),
    Column("quiet_until", Integer, nullable=False),
    Column("global_period_days", Integer, nullable=False),
    Column("review_url", CleanText),
    Column("bot_username", CleanText),
    # Where customers answer on a page; NULL: there are no pages.
    Column("web_url", CleanText),
    # Names of attributes, as a JSON list; NULL where the company chose none.
    Column("break_down_by", CleanText),
    # Changes that the company calls small, in points; NULL: the usual ones.
    Column("margin_nps", Integer),
    Column("margin_index", Integer),
    # Whose phone numbers those are that name no country; NULL: that of the time zone.
    Column("country", CleanText),
    # What comments are counted by, as JSON; NULL: the usual themes.
    Column("themes", CleanText),
    # The company's own working days and hours, as JSON; NULL: none.
    Column("working_days", CleanText),
    # Whether a CRM is told of cases; its address is a setting of the program.
    Column("tells_crm", Boolean, nullable=False, server_default=false()),
    # Repeat purchases that make a customer loyal; NULL: promoters are.
    Column("loyal_repeats", Integer),
    # Who answers for people's data: full name, address, contact; NULL: the company's name alone.
    Column("operator", CleanText),
    # Whoever agreed before these moments is asked anew; NULL: nobody is.
    Column("customers_agree_anew_since", Moment),
    Column("staff_agree_anew_since", Moment),
    CheckConstraint("id = 1", name="only_one"),
    one_of("language", "ru", "en"),
    comment="One row: the company's settings.",
)

accounts = Table(
    "accounts",
    metadata,
    key(),
    Column("name", CleanText, nullable=False, unique=True),
    comment="Companies that customers belong to.",
)

people = Table(
    "people",
    metadata,
    key(),
    Column("external_id", CleanText),
    Column("name", CleanText, nullable=False),
    # What the name is sorted and searched by; see `storage.people.names`.
    Column("name_key", CleanText, nullable=False, server_default=text("''")),
    # The word of the name to greet with; NULL where no list says so.
    Column("first_name", CleanText),
    Column("language", CleanText),
    Column("zone", CleanText),
    Column("is_admin", Boolean, nullable=False, server_default=false()),
    Column("is_manager", Boolean, nullable=False, server_default=false()),
    Column("is_customer", Boolean, nullable=False, server_default=false()),
    # Asked to compare criteria.
    Column("is_expert", Boolean, nullable=False, server_default=false()),
    # Known from imported answers alone: figures count such people, nobody writes to them.
    Column("is_past", Boolean, nullable=False, server_default=false()),
    # Names of the teams that the person leads, as a JSON list; NULL: no team lead.
    Column("leads", CleanText),
    Column("consent_version", CleanText),
    Column("consented_at", Moment),
    Column("declined_at", Moment),
    Column("opted_out_at", Moment),
    Column("unreachable_at", Moment),
    Column("left_at", Moment),
    Column("team", CleanText),
    reference("manager_id", "people", nullable=True),
    Column("segment", CleanText),
    reference("account_id", "accounts", nullable=True),
    Column("position", CleanText),
    Column("phone", CleanText),
    Column("email", CleanText),
    # What the address is compared by.
    Column("email_key", CleanText),
    Column("last_purchase_on", Date),
    # Kept apart from `last_purchase_on`, which every new list sets.
    Column("last_deal_on", Date),
    Column("attributes", CleanText, nullable=False, server_default=text("'{}'")),
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
        "ix_people_managers",
        "is_manager",
        **where("is_manager"),
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
    Column("channel", CleanText, nullable=False),
    Column("address", CleanText, nullable=False),
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
    Column("token_hash", CleanText, nullable=False, unique=True),
    Column("kind", CleanText, nullable=False),
    reference("person_id", "people", nullable=True),
    Column("survey_key", CleanText),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("redeemed_at", Moment),
    Column("revoked_at", Moment),
    Column("uses", Integer, nullable=False, server_default=text("0")),
    Column("most_uses", Integer),
    Column("label", CleanText),
    # The touchpoint of invitations that begin with this link; NULL: the usual one of links.
    Column("touchpoint", CleanText),
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
    Column("channel", CleanText, nullable=False),
    Column("address", CleanText, nullable=False),
    Column("shown_at", Moment, nullable=False),
    UniqueConstraint("channel", "address"),
    comment="Chats in which the button for sharing one's phone number stands.",
)

link_failures = Table(
    "link_failures",
    metadata,
    key(),
    Column("channel", CleanText, nullable=False),
    Column("address", CleanText, nullable=False),
    Column("failed_at", Moment, nullable=False),
    Index(None, "channel", "address", "failed_at"),
    comment="Wrong tokens, so that guessing ends early.",
)
