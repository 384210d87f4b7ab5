"""Cases: unhappy customers whom somebody of the staff gets in touch with, and their history."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, UniqueConstraint

from storage.engine.columns import CleanText, Moment, key, metadata, one_of, reference
from surveys.cases import EVENT_KINDS, OUTCOMES, STATES

cases = Table(
    "cases",
    metadata,
    key(),
    reference("invitation_id", "invitations"),
    reference("person_id", "people"),
    # Whose it is; NULL: the admins'.
    reference("assignee_id", "people", nullable=True),
    # The manager whom it is about, and who does not see it; NULL: it is about nobody.
    reference("about_id", "people", nullable=True),
    Column("state", CleanText, nullable=False),
    # The low answer that opened it.
    Column("question", CleanText, nullable=False),
    Column("score", Integer, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("first_response_at", Moment),
    Column("call_at", Moment),
    Column("resolved_at", Moment),
    Column("outcome", CleanText),
    Column("nagged_at", Moment),
    Column("escalated_at", Moment),
    UniqueConstraint("invitation_id"),
    one_of("state", *STATES),
    one_of("outcome", *OUTCOMES),
    CheckConstraint("(state = 'resolved') = (resolved_at IS NOT NULL)", name="resolved"),
    Index(None, "person_id"),
    Index(None, "assignee_id"),
    Index(None, "state", "due_at"),
    Index(None, "opened_at"),
    comment="A low score and what is done about it; at most one an invitation.",
)

case_events = Table(
    "case_events",
    metadata,
    key(),
    reference("case_id", "cases"),
    # Who did it, or was given the case; NULL: it happened by itself.
    reference("person_id", "people", nullable=True),
    Column("kind", CleanText, nullable=False),
    # A note, an answer, an outcome or a moment.
    Column("details", CleanText),
    Column("happened_at", Moment, nullable=False),
    one_of("kind", *EVENT_KINDS),
    Index(None, "case_id"),
    comment="The history of cases; nothing in it changes.",
)
