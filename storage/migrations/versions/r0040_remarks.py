"""What people say beyond their answers is kept, and in which message an answer was typed."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG, MOMENT, key, one_of

revision = "0040"
down_revision = "0013"
branch_labels = None
depends_on = None

KINDS = ("words", "voice", "photo", "video", "video_note", "audio", "document")


def upgrade() -> None:
    """Make the table and the column; of earlier answers nobody knows the message."""
    op.create_table(
        "remarks",
        key(),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("invitation_id", BIG, sa.ForeignKey("invitations.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Text()),
        sa.Column("forwarded", sa.Boolean(), nullable=False),
        sa.Column("message", BIG, nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT),
        one_of("kind", *KINDS),
        sqlite_autoincrement=True,
        comment="What people said beyond their answers. Never of anonymous surveys.",
    )
    op.create_index("ix_remarks_invitation_id", "remarks", ["invitation_id"])
    op.create_index("ix_remarks_person_id", "remarks", ["person_id"])
    op.add_column("answers", sa.Column("message", BIG))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("answers", "message")
    op.drop_table("remarks")
