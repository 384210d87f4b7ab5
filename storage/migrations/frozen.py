"""Types as the first migrations mean them. Nothing here changes: old migrations depend on it."""

import hashlib
from typing import Any

import sqlalchemy as sa

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")


def key() -> sa.Column[Any]:
    """Return a table's own number; one that was given is never given again."""
    column = sa.Column("id", BIG, primary_key=True, autoincrement=True)
    sa.event.listen(column, "after_parent_attach", _never_reuse)
    return column


def _never_reuse(_column: sa.Column[Any], table: sa.Table) -> None:
    table.dialect_options["sqlite"]["autoincrement"] = True


def one_of(column: str, *values: str) -> sa.CheckConstraint:
    """Return the rule that a column holds one of these words."""
    words = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({words})", name=column)


def installation_since(published_at: str) -> str:
    """Return the id of an installation from before ids, by its first survey's moment."""
    return hashlib.sha256(published_at.encode()).hexdigest()[:8]
