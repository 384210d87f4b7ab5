"""Cases without a survey, what customers and staff say in them, whether it was put right.

And the company's own working days, and whether a CRM is told.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from storage.migrations.frozen import BIG, MOMENT

revision = "0072"
down_revision = "0067"
branch_labels = None
depends_on = None

BEFORE = (
    "opened",
    "answer_changed",
    "assigned",
    "taken",
    "note",
    "call_at",
    "resolved",
    "reopened",
    "nagged",
    "escalated",
)
EVENTS = (*BEFORE, "said", "replied", "recovered")
COMMENT = "An unhappy customer, or one who wrote, and what is done; at most one an invitation."
COMMENT_BEFORE = "A low score and what is done about it; at most one an invitation."


def upgrade() -> None:
    """Add the columns; cases may have no invitation from now on."""
    op.add_column("workspace", sa.Column("working_days", sa.Text()))
    op.add_column(
        "workspace",
        sa.Column("tells_crm", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with _changing("cases") as cases:
        cases.alter_column("invitation_id", existing_type=BIG, nullable=True)
        cases.alter_column("question", existing_type=sa.Text(), nullable=True)
        cases.alter_column("score", existing_type=sa.Integer(), nullable=True)
        cases.add_column(sa.Column("asked_id", BIG))
        cases.add_column(sa.Column("asked_at", MOMENT))
        cases.add_column(sa.Column("recovered", sa.Text()))
        cases.create_foreign_key("fk_cases_asked_id", "invitations", ["asked_id"], ["id"])
        cases.create_check_constraint(op.f("ck_cases_recovered"), "recovered IN ('yes', 'no')")
        cases.create_index("ix_cases_asked_id", ["asked_id"])
        cases.create_index("ix_cases_asked_at", ["asked_at"])
    with _changing("case_events") as events:
        events.add_column(sa.Column("file_kind", sa.Text()))
        events.add_column(sa.Column("file_id", sa.Text()))
        _kinds(events, EVENTS)
    if op.get_bind().dialect.name == "postgresql":
        op.create_table_comment("cases", COMMENT)


def downgrade() -> None:
    """Drop them, with the cases that have no invitation."""
    op.execute(
        "DELETE FROM case_events WHERE kind IN ('said', 'replied', 'recovered') OR case_id IN "
        "(SELECT id FROM cases WHERE invitation_id IS NULL OR score IS NULL)"
    )
    op.execute("DELETE FROM cases WHERE invitation_id IS NULL OR score IS NULL")
    with _changing("case_events") as events:
        _kinds(events, BEFORE)
        events.drop_column("file_id")
        events.drop_column("file_kind")
    with _changing("cases") as cases:
        cases.drop_index("ix_cases_asked_id")
        cases.drop_index("ix_cases_asked_at")
        cases.drop_constraint(op.f("ck_cases_recovered"), type_="check")
        cases.drop_constraint("fk_cases_asked_id", type_="foreignkey")
        for name in ("recovered", "asked_at", "asked_id"):
            cases.drop_column(name)
        cases.alter_column("score", existing_type=sa.Integer(), nullable=False)
        cases.alter_column("question", existing_type=sa.Text(), nullable=False)
        cases.alter_column("invitation_id", existing_type=BIG, nullable=False)
    op.drop_column("workspace", "tells_crm")
    op.drop_column("workspace", "working_days")
    if op.get_bind().dialect.name == "postgresql":
        op.create_table_comment("cases", COMMENT_BEFORE)


def _kinds(events: BatchOperations, kinds: tuple[str, ...]) -> None:
    words = ", ".join(f"'{kind}'" for kind in kinds)
    events.drop_constraint(op.f("ck_case_events_kind"), type_="check")
    events.create_check_constraint(op.f("ck_case_events_kind"), f"kind IN ({words})")


@contextmanager
def _changing(table: str) -> Iterator[BatchOperations]:
    """Change a table; on SQLite that makes it anew, its numbers going on as before."""
    bind = op.get_bind()
    last = None
    if bind.dialect.name == "sqlite":
        known = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        last = bind.scalar(known, {"name": table})
    with op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": True}) as changing:
        yield changing
    if last is not None:
        bind.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table})
        kept = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
        bind.execute(kept, {"name": table, "last": last})
