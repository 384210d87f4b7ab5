"""The outbox holds events for a CRM beside messages to people."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Allow the kind."""
    _kinds("'show', 'change', 'file', 'event'")


def downgrade() -> None:
    """Drop what was for a CRM."""
    op.execute("DELETE FROM outbox WHERE kind = 'event'")
    _kinds("'show', 'change', 'file'")


def _kinds(kinds: str) -> None:
    with _outbox() as outbox:
        outbox.drop_constraint(op.f("ck_outbox_kind"), type_="check")
        outbox.create_check_constraint(op.f("ck_outbox_kind"), f"kind IN ({kinds})")


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
