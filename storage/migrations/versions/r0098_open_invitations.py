"""Indexes of invitations by moments hold only those that somebody looks for by them.

What is closed falls due no more, and past answers are no invitations of ours: each stood in two
indexes more for nothing, and closing one moved it within two.
"""

import sqlalchemy as sa
from alembic import op

revision = "0098"
down_revision = "0097"
branch_labels = None
depends_on = None

_TABLE = "invitations"
_INDEXES = {
    ("closed_at", "closes_at"): ("closed_at IS NULL", None),
    ("closed_at", "remind_at"): (
        "closed_at IS NULL AND reminded_at IS NULL AND remind_at IS NOT NULL",
        "reminded_at IS NULL",
    ),
    ("created_at",): ("coalesce(import_key, '') = ''", None),
}
"""Columns → which rows are indexed, and which were before; None: all."""


def upgrade() -> None:
    """Leave out what is closed, reminded, imported, or to be reminded never."""
    for columns, (condition, _) in _INDEXES.items():
        _index(columns, condition)


def downgrade() -> None:
    """Index the others again."""
    for columns, (_, former) in _INDEXES.items():
        _index(columns, former)


def _index(columns: tuple[str, ...], condition: str | None) -> None:
    name = f"ix_invitations_{'_'.join(columns)}"
    rows = None if condition is None else sa.text(condition)
    op.drop_index(name, _TABLE)
    op.create_index(name, _TABLE, columns, sqlite_where=rows, postgresql_where=rows)
