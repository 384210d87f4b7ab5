"""Two indexes hold what is looked for: who waits in a wave, and where people are written to.

The ledger's queue also kept a place for each person who had been asked, or was not to be. And
SQLite uses an index of some rows only for a condition of the same words: "is_written_to = 1" is
what it is asked.
"""

import sqlalchemy as sa
from alembic import op

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None

QUEUE = "ix_decisions_wave_id_place"
WAITING = sa.text("place IS NOT NULL")
ADDRESS = "uq_addresses_written_to"


def upgrade() -> None:
    """Make both anew, of the rows meant."""
    op.drop_index(QUEUE, "decisions")
    columns = ["wave_id", "place"]
    op.create_index(QUEUE, "decisions", columns, sqlite_where=WAITING, postgresql_where=WAITING)
    _find_addresses("is_written_to = 1")


def downgrade() -> None:
    """Make them as they were."""
    _find_addresses("is_written_to")
    op.drop_index(QUEUE, "decisions")
    op.create_index(QUEUE, "decisions", ["wave_id", "place"])


def _find_addresses(on_sqlite: str) -> None:
    op.drop_index(ADDRESS, "addresses")
    op.create_index(
        ADDRESS,
        "addresses",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text(on_sqlite),
        postgresql_where=sa.text("is_written_to"),
    )
