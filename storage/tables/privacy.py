"""What people agree to, and that their data was erased, without saying whose."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table

from storage.engine.columns import CleanText, Moment, key, metadata, one_of, reference

erasures = Table(
    "erasures",
    metadata,
    key(),
    Column("erased_at", Moment, nullable=False),
    Column("answers", Integer, nullable=False),
    Column("remarks", Integer, nullable=False),
    comment="One row for each person whose data was erased: when, and how much; never whose.",
)

own_consents = Table(
    "own_consents",
    metadata,
    Column("language", CleanText, nullable=False),
    Column("audience", CleanText, nullable=False),
    Column("content", CleanText, nullable=False),
    Column("changed_at", Moment, nullable=False),
    PrimaryKeyConstraint("language", "audience"),
    one_of("language", "ru", "en"),
    one_of("audience", "customers", "staff"),
    comment="What the company has people agree to, where that is not the usual text.",
)

consent_texts = Table(
    "consent_texts",
    metadata,
    key(),
    Column("language", CleanText, nullable=False),
    Column("audience", CleanText, nullable=False),
    # As it was shown, with the company's name in it.
    Column("content", CleanText, nullable=False),
    Column("digest", CleanText, nullable=False, unique=True),
    Column("first_at", Moment, nullable=False),
    one_of("language", "ru", "en"),
    one_of("audience", "customers", "staff"),
    comment="The texts that anybody was asked to agree to, word for word; none ever changes.",
)

CONSENT_KINDS = ("given", "declined", "withdrawn")

consents = Table(
    "consents",
    metadata,
    key(),
    reference("person_id", "people"),
    Column("kind", CleanText, nullable=False),
    reference("text_id", "consent_texts"),
    # By which channel it was said.
    Column("channel", CleanText, nullable=False),
    Column("said_at", Moment, nullable=False),
    one_of("kind", *CONSENT_KINDS),
    Index(None, "person_id"),
    Index(None, "text_id"),
    comment="What each person said to which text; the present state stands with the person.",
)

retention = Table(
    "retention",
    metadata,
    Column("kind", CleanText, primary_key=True),
    # NULL: for good.
    Column("days", Integer),
    Column("changed_at", Moment, nullable=False),
    comment="How long a kind of data is kept, where the company chose another time than usual.",
)
