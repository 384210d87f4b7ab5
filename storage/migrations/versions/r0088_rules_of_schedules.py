"""A schedule follows any rule, with what is to be made; of missed slots the latest is made."""

import sqlalchemy as sa
from alembic import op

revision = "0088"
down_revision = "0093"
branch_labels = None
depends_on = None

_TABLE = "schedules"
_KNOWN = "'daily', 'weekly', 'monthly', 'quarterly'"


def upgrade() -> None:
    """Let the frequency be any rule, and add what else is wanted."""
    last = _last_number()
    with op.batch_alter_table(_TABLE, table_kwargs={"sqlite_autoincrement": True}) as changing:
        changing.drop_constraint(op.f("ck_schedules_frequency"), type_="check")
        changing.alter_column("every_slot", new_column_name="by_slot", existing_type=sa.Boolean())
        changing.add_column(sa.Column("parameters", sa.Text, nullable=False, server_default="{}"))
    _count_on(last)


def downgrade() -> None:
    """End the schedules whose rule was not known before."""
    op.execute(
        "UPDATE schedules SET frequency = 'weekly', next_due_at = NULL "  # noqa: S608 (our words)
        f"WHERE frequency NOT IN ({_KNOWN})"
    )
    last = _last_number()
    with op.batch_alter_table(_TABLE, table_kwargs={"sqlite_autoincrement": True}) as changing:
        changing.drop_column("parameters")
        changing.alter_column("by_slot", new_column_name="every_slot", existing_type=sa.Boolean())
        changing.create_check_constraint(op.f("ck_schedules_frequency"), f"frequency IN ({_KNOWN})")
    _count_on(last)


def _last_number() -> int | None:
    """Return the last number that SQLite gave; the table is made anew, and goes on from there."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        return None
    known = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    found: int | None = bind.scalar(known, {"name": _TABLE})
    return found


def _count_on(last: int | None) -> None:
    if last is None:
        return
    bind = op.get_bind()
    bind.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": _TABLE})
    kept = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
    bind.execute(kept, {"name": _TABLE, "last": last})
