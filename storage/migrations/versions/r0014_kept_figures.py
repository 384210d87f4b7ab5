"""Counts of past periods are kept, and forgotten as soon as an answer within them changes."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import MOMENT

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None

TEXT = sa.Text()
OLD, NEW = ("OLD",), ("NEW",)
ANSWERS = {"insert": NEW, "update": (*OLD, *NEW), "delete": OLD}
SNAPSHOT = "person_id, definition_id, manager_id, segment, touchpoint"
FORGET = "DELETE FROM kept_figures"
MOVED = (
    "EXISTS (SELECT 1 FROM answers WHERE answers.invitation_id = NEW.id"
    " AND start_at <= answers.answered_at AND end_at > answers.answered_at)"
)


def upgrade() -> None:
    """Make the table and what forgets: nothing is kept yet."""
    op.create_table(
        "kept_figures",
        sa.Column("figure", TEXT, nullable=False),
        sa.Column("moments", TEXT, nullable=False),
        sa.Column("start_at", MOMENT, nullable=False),
        sa.Column("end_at", MOMENT, nullable=False),
        sa.Column("cells", TEXT),
        sa.PrimaryKeyConstraint("figure", "moments", name="pk_kept_figures"),
        comment="Counts of answers given from start_at until end_at. Triggers on answers, "
        "invitations and questions delete what does not hold any more; nobody else has to think "
        "of it.",
    )
    op.create_index("ix_kept_figures_end_at", "kept_figures", ["end_at"])
    for what, rows in ANSWERS.items():
        within = " OR ".join(
            f"(start_at <= {row}.answered_at AND end_at > {row}.answered_at)" for row in rows
        )
        _trigger(f"forget_answer_{what}", f"{what} ON answers", f"{FORGET} WHERE {within}")
    _trigger("forget_snapshot", f"UPDATE OF {SNAPSHOT} ON invitations", f"{FORGET} WHERE {MOVED}")
    differs = "IS NOT" if op.get_bind().dialect.name == "sqlite" else "IS DISTINCT FROM"
    firms = f"{FORGET} WHERE figure LIKE 'firms%' AND OLD.account_id {differs} NEW.account_id"
    _trigger("forget_firms", "UPDATE OF account_id ON people", firms)
    for table in ("questions", "question_measures"):
        _trigger(f"forget_{table}", f"INSERT ON {table}", FORGET)


def downgrade() -> None:
    """Drop both."""
    tables = {f"forget_answer_{what}": "answers" for what in ANSWERS}
    tables |= {
        "forget_snapshot": "invitations",
        "forget_firms": "people",
        "forget_questions": "questions",
    }
    tables |= {"forget_question_measures": "question_measures"}
    for name, table in tables.items():
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}")
    op.drop_table("kept_figures")


def _trigger(name: str, after: str, statement: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} AFTER {after} BEGIN {statement}; END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {statement}; RETURN NULL; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} AFTER {after} FOR EACH ROW EXECUTE FUNCTION {name}()")
