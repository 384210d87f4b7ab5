"""Every installation gets an id, by which its copies are known in a folder shared with others."""

import secrets

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG, installation_since

revision = "0004"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and its row; copies from before are known by the first survey's moment."""
    table = op.create_table(
        "installation",
        sa.Column("id", BIG, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name="only_one"),
        comment="By which this database's copies are told from those of others in the same folder.",
    )
    first = sa.text("SELECT published_at FROM definitions ORDER BY id LIMIT 1")
    since = op.get_bind().execute(first).scalar()
    key = secrets.token_hex(4) if since is None else installation_since(str(since))
    op.bulk_insert(table, [{"id": 1, "key": key}])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("installation")
