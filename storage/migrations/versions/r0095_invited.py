"""How far a period's invitations came, and how its respondents came to answer, is kept, too.

The first changes with each invitation of the period, the second also where an answer turns out to
have come after a reminder, or of another firm.
"""

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None

FORMER = "person_id, definition_id, manager_id, segment, touchpoint, channel"
STAGES = (
    "definition_id, segment, touchpoint, state, created_at, sent_at, opened_at, started_at,"
    " finished_at, import_key"
)
CHANGES = {
    "insert": ("INSERT", ("NEW",)),
    "update": (f"UPDATE OF {STAGES}", ("OLD", "NEW")),
    "delete": ("DELETE", ("OLD",)),
}
MOVED = (
    "DELETE FROM kept_figures WHERE EXISTS (SELECT 1 FROM answers WHERE "
    "answers.invitation_id = NEW.id"
    " AND start_at <= answers.answered_at AND end_at > answers.answered_at)"
)


def upgrade() -> None:
    """Let changed invitations forget both; nothing is kept of them yet."""
    _forget_snapshot_after(f"{FORMER}, account_id, reminded_at, import_key")
    # No index fits what is asked of the name: SQLite is to take the one of the end, by which it
    # finds nothing to forget in a month that is not over.
    forget = "DELETE FROM kept_figures WHERE figure || '' = 'invited' AND "
    for what, (after, rows) in CHANGES.items():
        within = " OR ".join(
            f"(start_at <= {row}.created_at AND end_at > {row}.created_at)" for row in rows
        )
        ours = " OR ".join(f"{row}.import_key IS NULL" for row in rows)
        _trigger(f"forget_invitation_{what}", after, ours, f"{forget}({within})")


def downgrade() -> None:
    """Drop what forgets, and what was kept."""
    for what in CHANGES:
        name = f"forget_invitation_{what}"
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON invitations")
            op.execute(f"DROP FUNCTION {name}")
    _forget_snapshot_after(FORMER)
    op.execute(sa.text("DELETE FROM kept_figures WHERE figure IN ('invited', 'asked')"))


def _trigger(name: str, after: str, ours: str, forget: str) -> None:
    """Make a trigger that does so for invitations of our own."""
    event = f"AFTER {after} ON invitations FOR EACH ROW WHEN"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} {event} {ours} BEGIN {forget}; END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {forget}; RETURN NULL; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} {event} ({ours}) EXECUTE FUNCTION {name}()")


def _forget_snapshot_after(columns: str) -> None:
    """Let a change of these columns forget the figures of the invitation's answers."""
    after = f"AFTER UPDATE OF {columns} ON invitations"
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER forget_snapshot")
        op.execute(f"CREATE TRIGGER forget_snapshot {after} BEGIN {MOVED}; END")
        return
    op.execute("DROP TRIGGER forget_snapshot ON invitations")
    op.execute(
        f"CREATE TRIGGER forget_snapshot {after} FOR EACH ROW EXECUTE FUNCTION forget_snapshot()"
    )
