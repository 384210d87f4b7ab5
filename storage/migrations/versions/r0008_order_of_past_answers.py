"""Imported answers of one moment stand in the order of their rows: by a hash before."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0003"
branch_labels = None
depends_on = None

_IMPORTED = sa.text(
    "SELECT answers.id, answers.invitation_id FROM answers "
    "JOIN invitations ON invitations.id = answers.invitation_id "
    "WHERE invitations.import_key IS NOT NULL ORDER BY answers.id"
)
_ASIDE = sa.text("UPDATE answers SET id = :place WHERE id = :number")
_BACK = sa.text("UPDATE answers SET id = -id WHERE id < 0")


def upgrade() -> None:
    """Give the same numbers out again, in the order of the invitations, which were in order."""
    connection = op.get_bind()
    found = [(row.id, row.invitation_id) for row in connection.execute(_IMPORTED)]
    in_order = sorted(found, key=lambda one: (one[1], one[0]))
    moved = [
        {"number": number, "place": -place}
        for (number, _), (place, _) in zip(in_order, found, strict=True)
        if number != place
    ]
    if moved:
        connection.execute(_ASIDE, moved)
        connection.execute(_BACK)


def downgrade() -> None:
    """Leave the order: it is no worse for an older program."""
