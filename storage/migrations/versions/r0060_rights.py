"""Team leads, and what the reader of a queued message must be allowed when it is sent."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from storage.migrations.frozen import BIG

revision = "0060"
down_revision = "0054"
branch_labels = None
depends_on = None


COMMENT = "Customers, managers, team leads and admins."
ROLES = "for_role IN ('admin', 'staff')"


def upgrade() -> None:
    """Add the columns; what is queued for a role is for what that role may do.

    The rule of `leads` stands in its definition, so that SQLite need not copy the people.
    """
    op.execute(
        "ALTER TABLE people ADD COLUMN leads TEXT "
        "CONSTRAINT ck_people_leads_apart CHECK (leads IS NULL OR NOT is_customer)"
    )
    op.add_column("outbox", sa.Column("for_action", sa.Text()))
    op.execute("UPDATE outbox SET for_action = 'GET_REPORTS' WHERE for_role = 'admin'")
    op.execute("UPDATE outbox SET for_action = 'GET_ALERTS' WHERE for_role = 'staff'")
    with _outbox() as outbox:
        outbox.add_column(sa.Column("about_id", BIG))
        outbox.create_foreign_key("fk_outbox_about_id", "people", ["about_id"], ["id"])
        outbox.drop_constraint(op.f("ck_outbox_for_role"), type_="check")
        outbox.drop_column("for_role")
    if op.get_bind().dialect.name == "postgresql":
        op.create_table_comment("people", COMMENT)


def downgrade() -> None:
    """Go back to roles; team leads are forgotten."""
    op.add_column("outbox", sa.Column("for_role", sa.Text()))
    op.execute(
        "UPDATE outbox SET for_role = CASE for_action WHEN 'GET_ALERTS' THEN 'staff' "
        "ELSE 'admin' END WHERE for_action IS NOT NULL"
    )
    with _outbox() as outbox:
        outbox.create_check_constraint(op.f("ck_outbox_for_role"), ROLES)
        outbox.drop_constraint("fk_outbox_about_id", type_="foreignkey")
        outbox.drop_column("about_id")
        outbox.drop_column("for_action")
    op.execute("ALTER TABLE people DROP COLUMN leads")


@contextmanager
def _outbox() -> Iterator[BatchOperations]:
    """Change the outbox; on SQLite that makes it anew, its numbers going on as before."""
    bind = op.get_bind()
    is_sqlite = bind.dialect.name == "sqlite"
    last = None
    if is_sqlite:
        last = bind.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'"))
    with op.batch_alter_table("outbox", table_kwargs={"sqlite_autoincrement": True}) as outbox:
        yield outbox
    if last is not None:
        bind.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'outbox'"))
        kept = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', :last)")
        bind.execute(kept, {"last": last})
