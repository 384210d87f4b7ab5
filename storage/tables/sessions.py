"""Who may look at the digest as a page, and until when."""

from sqlalchemy import CheckConstraint, Column, Index, Table

from storage.engine.columns import CleanText, Moment, key, metadata, reference

web_sessions = Table(
    "web_sessions",
    metadata,
    key(),
    reference("person_id", "people"),
    Column("link_hash", CleanText, nullable=False, unique=True),
    Column("link_until", Moment, nullable=False),
    # Of the token that the browser has; NULL: the link was not used.
    Column("session_hash", CleanText, unique=True),
    Column("opened_at", Moment),
    Column("session_until", Moment),
    # Ended by a tap, or because a newer link was made or the person left.
    Column("ended_at", Moment),
    CheckConstraint("(opened_at IS NULL) = (session_hash IS NULL)", name="opened"),
    Index(None, "person_id"),
    comment="Links to the digest as a page, and the sessions they opened; tokens as SHA-256.",
)
