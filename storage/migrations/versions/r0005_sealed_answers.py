"""Anonymous answers are sealed until their batch is full; batches hold for each index by itself."""

import json
from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sa.Text()
FLOAT = sa.Float()
BOOLEAN = sa.Boolean()
INTEGER = sa.Integer()
BYTES = sa.LargeBinary()


def upgrade() -> None:
    """Make the tables; every finished sheet waits again, for the program to seal and release.

    Sheets still being filled in are dropped: only their handles could seal them. Who taps on is
    asked to begin again.
    """
    heaps = _finished()
    op.drop_table("anonymous_answers")
    op.drop_table("anonymous_sheets")
    _open_and_waiting()
    _released()
    waiting = sa.table("anonymous_waiting", sa.column("definition_id"), sa.column("sealed", BYTES))
    for definition_id, sheets in heaps.items():
        heap = json.dumps(sheets).encode()
        op.execute(waiting.insert().values(definition_id=definition_id, sealed=heap))
    sealed: sa.Column[bool] = sa.Column(
        "sealed", BOOLEAN, nullable=False, server_default=sa.false()
    )
    op.add_column("inbox", sealed)
    lost: sa.Column[int] = sa.Column("lost", INTEGER, nullable=False, server_default=sa.text("0"))
    op.add_column("restores", lost)


def _add_columns() -> None:
    no, none = sa.false(), sa.text("0")
    op.add_column("inbox", sa.Column("sealed", BOOLEAN, nullable=False, server_default=no))
    op.add_column("restores", sa.Column("lost", INTEGER, nullable=False, server_default=none))


def downgrade() -> None:
    """Make the earlier tables, empty: what is sealed can be read by no earlier program."""
    op.drop_column("restores", "lost")
    op.drop_column("inbox", "sealed")
    for table in ("anonymous_answers", "anonymous_sheets", "anonymous_waiting", "anonymous_open"):
        op.drop_table(table)
    op.create_table(
        "anonymous_sheets",
        sa.Column("id", BIG, primary_key=True, autoincrement=False),
        sa.Column("definition_id", BIG, sa.ForeignKey("definitions.id"), nullable=False),
        sa.Column("handle_hash", TEXT),
        sa.Column("current_question", TEXT),
        sa.Column("month", TEXT, nullable=False),
        sa.Column("breakdown", TEXT),
        sa.Column("closes_month", TEXT),
        sa.Column("finished", BOOLEAN, nullable=False, server_default=sa.false()),
        sa.Column("released", BOOLEAN, nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("handle_hash"),
        comment="Responses to anonymous surveys: no person, no invitation, a random id, a month.",
    )
    op.create_index(
        "ix_anonymous_sheets_definition_id_finished_released",
        "anonymous_sheets",
        ["definition_id", "finished", "released"],
    )
    _answers()


def _finished() -> dict[int, list[Any]]:
    """Return definition → its finished sheets: month, breakdown, and the answers by question."""
    of_sheet: dict[int, dict[str, Any]] = defaultdict(dict)
    given = sa.text("SELECT sheet_id, question_key, value, score FROM anonymous_answers")
    for sheet, question, value, score in op.get_bind().execute(given):
        of_sheet[sheet][question] = (value, score)
    finished = sa.text(
        "SELECT id, definition_id, month, breakdown FROM anonymous_sheets WHERE finished"
    )
    heaps = defaultdict(list)
    for sheet, definition_id, month, breakdown in op.get_bind().execute(finished):
        heaps[definition_id].append((month, breakdown, of_sheet[sheet]))
    return heaps


def _open_and_waiting() -> None:
    op.create_table(
        "anonymous_open",
        sa.Column("handle_hash", TEXT, primary_key=True),
        sa.Column("closes_month", TEXT, nullable=False),
        sa.Column("sealed", BYTES, nullable=False),
        comment="Sheets being filled in, each sealed for its handle, which is kept nowhere.",
    )
    op.create_table(
        "anonymous_waiting",
        sa.Column(
            "definition_id",
            BIG,
            sa.ForeignKey("definitions.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("sealed", BYTES),
        sa.Column("lost", INTEGER, nullable=False, server_default=sa.text("0")),
        comment="A survey's finished sheets that wait for a full batch: one sealed heap, in no "
        "copy. lost: how many people's went with a heap that is gone.",
    )


def _released() -> None:
    op.create_table(
        "anonymous_sheets",
        sa.Column("id", BIG, primary_key=True, autoincrement=False),
        sa.Column("definition_id", BIG, sa.ForeignKey("definitions.id"), nullable=False),
        sa.Column("month", TEXT, nullable=False),
        sa.Column("breakdown", TEXT),
        comment="Released parts of anonymous sheets: no person, no invitation, a random id, a "
        "month.",
    )
    op.create_index(
        "ix_anonymous_sheets_definition_id_month", "anonymous_sheets", ["definition_id", "month"]
    )
    _answers()


def _answers() -> None:
    op.create_table(
        "anonymous_answers",
        sa.Column("sheet_id", BIG, nullable=False),
        sa.Column("question_key", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("score", FLOAT),
        sa.ForeignKeyConstraint(["sheet_id"], ["anonymous_sheets.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sheet_id", "question_key"),
        sqlite_with_rowid=False,
        comment="Their answers; value is JSON, score the oriented number or NULL.",
    )
