"""Groups in a messenger, which have no rights: they are written to and not listened to."""

from sqlalchemy import Column, Index, Table, UniqueConstraint

from storage.engine.columns import CleanText, Moment, key, metadata, reference

groups = Table(
    "groups",
    metadata,
    key(),
    Column("channel", CleanText, nullable=False),
    Column("address", CleanText, nullable=False),
    Column("title", CleanText, nullable=False),
    # The admin who put the bot there; with their right to digests the group's ends.
    reference("person_id", "people"),
    Column("asked_at", Moment, nullable=False),
    # NULL: not linked, or not any more.
    Column("linked_at", Moment),
    UniqueConstraint("channel", "address"),
    Index(None, "person_id"),
    comment="Groups that an admin put the bot into; it writes there once they are linked.",
)
