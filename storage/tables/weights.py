"""Experts who compare criteria, their judgements, and the weights that were adopted from them."""

from sqlalchemy import Boolean, Column, Integer, Table, UniqueConstraint, false

from storage.engine.columns import CleanText, Moment, key, metadata, reference

experts = Table(
    "experts",
    metadata,
    key(),
    Column("questionnaire", CleanText, nullable=False),
    reference("person_id", "people"),
    reference("invited_by", "people", nullable=True),
    Column("invited_at", Moment, nullable=False),
    # When the expert read that the admins see their name, and went on.
    Column("begun_at", Moment),
    Column("finished_at", Moment),
    Column("withdrawn_at", Moment),
    # Counts although the judgements contradict each other.
    Column("is_kept", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("questionnaire", "person_id"),
    comment="Who was asked to compare the criteria of a questionnaire.",
)

judgements = Table(
    "judgements",
    metadata,
    key(),
    reference("expert_id", "experts"),
    Column("first", CleanText, nullable=False),
    Column("second", CleanText, nullable=False),
    Column("value", Integer, nullable=False),
    Column("judged_at", Moment, nullable=False),
    UniqueConstraint("expert_id", "first", "second"),
    comment="The latest judgement of each pair: 5, five times; -5, the second is five times.",
)

weights = Table(
    "weights",
    metadata,
    key(),
    reference("adopted_by", "people", nullable=True),
    Column("adopted_at", Moment, nullable=False),
    Column("content", CleanText, nullable=False),
    comment="Versions of the criteria's weights; the latest holds. Content is JSON.",
)
