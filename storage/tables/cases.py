"""Cases: unhappy customers whom somebody of the staff gets in touch with, and their history."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, UniqueConstraint

from storage.engine.columns import CleanText, Moment, key, metadata, one_of, reference
from surveys.cases import EVENT_KINDS, OUTCOMES, RECOVERED, STATES

cases = Table(
    "cases",
    metadata,
    key(),
    # The survey whose answer opened it; NULL: the customer wrote by themselves.
    reference("invitation_id", "invitations", nullable=True),
    reference("person_id", "people"),
    # Whose it is; NULL: the admins'.
    reference("assignee_id", "people", nullable=True),
    # The manager whom it is about, and who does not see it; NULL: it is about nobody.
    reference("about_id", "people", nullable=True),
    Column("state", CleanText, nullable=False),
    # The answer that opened it; its score is NULL where words opened it.
    Column("question", CleanText),
    Column("score", Integer),
    Column("opened_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("first_response_at", Moment),
    Column("call_at", Moment),
    Column("resolved_at", Moment),
    Column("outcome", CleanText),
    Column("nagged_at", Moment),
    Column("escalated_at", Moment),
    # The survey in which the customer was asked whether it was put right, and what they said.
    reference("asked_id", "invitations", nullable=True),
    Column("asked_at", Moment),
    Column("recovered", CleanText),
    UniqueConstraint("invitation_id"),
    one_of("state", *STATES),
    one_of("outcome", *OUTCOMES),
    one_of("recovered", *RECOVERED),
    CheckConstraint("(state = 'resolved') = (resolved_at IS NOT NULL)", name="resolved"),
    Index(None, "person_id"),
    Index(None, "assignee_id"),
    Index(None, "state", "due_at"),
    Index(None, "opened_at"),
    Index(None, "asked_id"),
    Index(None, "asked_at"),
    comment="An unhappy customer, or one who wrote, and what is done; at most one an invitation.",
)

case_events = Table(
    "case_events",
    metadata,
    key(),
    reference("case_id", "cases"),
    # Who did it, or was given the case; NULL: it happened by itself.
    reference("person_id", "people", nullable=True),
    Column("kind", CleanText, nullable=False),
    # A note, an answer, an outcome, a moment or what somebody wrote.
    Column("details", CleanText),
    # A file that the customer sent, by the name that the channel has for it.
    Column("file_kind", CleanText),
    Column("file_id", CleanText),
    Column("happened_at", Moment, nullable=False),
    one_of("kind", *EVENT_KINDS),
    Index(None, "case_id"),
    comment="The history of cases; nothing in it changes.",
)
