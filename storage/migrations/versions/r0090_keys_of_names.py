"""What people are sorted and searched by is stored: databases fold Russian letters differently."""

import unicodedata
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0087"
branch_labels = None
depends_on = None

AT_ONCE = 5_000


def upgrade() -> None:
    """Add the columns and fill them."""
    for table in ("people", "import_rows"):
        op.add_column(table, sa.Column("name_key", sa.Text, nullable=False, server_default=""))
        op.add_column(table, sa.Column("email_key", sa.Text))
    people = ("people", ("id",))
    staged = ("import_rows", ("import_id", "is_customer", "external_id"))
    for table, key in (people, staged):
        _fill(table, key)


def downgrade() -> None:
    """Drop the columns."""
    for table in ("import_rows", "people"):
        op.drop_column(table, "email_key")
        op.drop_column(table, "name_key")


def _fill(name: str, key: Sequence[str]) -> None:
    connection = op.get_bind()
    table = sa.table(name, *map(sa.column, (*key, "name", "email", "name_key", "email_key")))
    own = [table.c[one] for one in key]
    found = connection.execute(sa.select(*own, table.c.name, table.c.email)).mappings().all()
    these = sa.and_(*(column == sa.bindparam(f"own_{column.name}") for column in own))
    changed: dict[str, Any] = {one: sa.bindparam(f"new_{one}") for one in ("name_key", "email_key")}
    statement = sa.update(table).where(these).values(changed)
    for start in range(0, len(found), AT_ONCE):
        rows = [
            {f"own_{one}": row[one] for one in key}
            | {"new_name_key": _key_of(row["name"])}
            | {"new_email_key": None if row["email"] is None else row["email"].casefold()}
            for row in found[start : start + AT_ONCE]
        ]
        connection.execute(statement, rows)


def _key_of(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().replace("ё", "е")
