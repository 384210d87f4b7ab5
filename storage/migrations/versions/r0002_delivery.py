"""Inbox, outbox, digests, copies."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG, MOMENT, key, one_of

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BOOLEAN, INTEGER, TEXT = sa.Boolean(), sa.Integer(), sa.Text()
TABLES = (
    "inbox",
    "seen_updates",
    "outbox",
    "outbox_pause",
    "digest_subscriptions",
    "digest_runs",
    "backup_schedule",
    "backups",
    "restores",
)


def upgrade() -> None:
    """Make the tables."""
    _delivery()
    _upkeep()


def downgrade() -> None:
    """Drop them, the dependent ones first."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _delivery() -> None:
    op.create_table(
        "inbox",
        sa.Column("update_id", BIG, primary_key=True, autoincrement=False),
        sa.Column("chat_key", BIG, nullable=False),
        sa.Column("payload", TEXT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("attempts", INTEGER, nullable=False, server_default=sa.text("0")),
        sa.Column("not_before", MOMENT),
        sa.Column("parked_at", MOMENT),
        sa.Column("error", TEXT),
        comment="Updates confirmed to Telegram and not yet handled; parked ones keep their error.",
    )
    op.create_table(
        "seen_updates",
        sa.Column("update_id", BIG, primary_key=True, autoincrement=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        comment="Ids of updates received lately: a repeated one is ignored.",
    )
    op.create_index("ix_seen_updates_seen_at", "seen_updates", ["seen_at"])
    op.create_table(
        "outbox",
        key(),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("chat_id", BIG, nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id")),
        sa.Column("audience", TEXT, nullable=False),
        sa.Column("priority", INTEGER, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT),
        sa.Column("method", TEXT, nullable=False),
        sa.Column("params", TEXT, nullable=False),
        sa.Column("file_path", TEXT),
        sa.Column("file_id", TEXT),
        sa.Column("invitation_id", BIG, sa.ForeignKey("invitations.id")),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("attempts", INTEGER, nullable=False, server_default=sa.text("0")),
        sa.Column("repeat", BOOLEAN, nullable=False, server_default=sa.false()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("claimed_at", MOMENT),
        sa.Column("settled_at", MOMENT),
        sa.Column("message_id", BIG),
        sa.Column("error", TEXT),
        one_of("audience", "customer", "staff"),
        one_of(
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
        sa.UniqueConstraint("key"),
        comment="Everything said unasked, one row a message; key makes it once.",
    )
    op.create_index("ix_outbox_invitation_id", "outbox", ["invitation_id"])
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"])
    op.create_index("ix_outbox_state_priority_due_at", "outbox", ["state", "priority", "due_at"])
    op.create_table(
        "outbox_pause",
        sa.Column("id", BIG, primary_key=True, autoincrement=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.CheckConstraint("id = 1", name="only_one"),
        comment="Telegram's retry_after, which holds for the whole queue and survives a restart.",
    )
    op.create_table(
        "digest_subscriptions",
        key(),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("frequency", TEXT, nullable=False),
        sa.Column("hour", INTEGER, nullable=False),
        sa.Column("zone", TEXT, nullable=False),
        sa.Column("next_due_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        one_of("frequency", "weekly", "monthly", "quarterly"),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
        sa.UniqueConstraint("person_id", "frequency"),
        comment="Who gets the digest when; a NULL next_due_at: unsubscribed.",
    )
    op.create_index("ix_digest_subscriptions_next_due_at", "digest_subscriptions", ["next_due_at"])
    op.create_table(
        "digest_runs",
        key(),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("subscription_id", BIG, sa.ForeignKey("digest_subscriptions.id")),
        sa.Column("slot", MOMENT),
        sa.Column("period_key", TEXT),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.CheckConstraint("(subscription_id IS NULL) = (period_key IS NOT NULL)", name="request"),
        sa.CheckConstraint("(subscription_id IS NULL) = (slot IS NULL)", name="schedule"),
        one_of("state", "pending", "sent", "skipped", "failed"),
        sa.UniqueConstraint("subscription_id", "slot"),
        comment="Digests to make: by schedule (one a slot) or on request (with its period).",
    )
    op.create_index("ix_digest_runs_state", "digest_runs", ["state"])


def _upkeep() -> None:
    op.create_table(
        "backup_schedule",
        sa.Column("id", BIG, primary_key=True, autoincrement=False),
        sa.Column("next_due_at", MOMENT),
        sa.CheckConstraint("id = 1", name="only_one"),
        comment="When the next daily copy is made; NULL: none by itself.",
    )
    op.create_table(
        "backups",
        key(),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id")),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT),
        sa.Column("path", TEXT),
        sa.Column("bytes", BIG),
        one_of("state", "pending", "done", "failed"),
        comment="Copies to make and made: by schedule, or for the admin who asked.",
    )
    op.create_index("ix_backups_state", "backups", ["state"])
    op.create_table(
        "restores",
        key(),
        sa.Column("copied_at", MOMENT, nullable=False),
        sa.Column("restored_at", MOMENT, nullable=False),
        sa.Column("waves", INTEGER, nullable=False),
        sa.Column("released_at", MOMENT),
        comment="When a copy became the database; until it is released nothing goes to customers.",
    )
