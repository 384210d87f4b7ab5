"""Sent digests keep their document; the company's margins of what it calls a small change."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT = sa.Text()


def upgrade() -> None:
    """Add the columns; digests sent before have no document, margins are the usual ones."""
    op.add_column("digest_runs", sa.Column("document_period", TEXT))
    op.add_column("digest_runs", sa.Column("document", TEXT))
    op.create_index("ix_digest_runs_document_period", "digest_runs", ["document_period"])
    op.add_column("workspace", sa.Column("margin_nps", sa.Integer()))
    op.add_column("workspace", sa.Column("margin_index", sa.Integer()))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("workspace", "margin_index")
    op.drop_column("workspace", "margin_nps")
    op.drop_index("ix_digest_runs_document_period", "digest_runs")
    op.drop_column("digest_runs", "document")
    op.drop_column("digest_runs", "document_period")
