"""Column types that mean the same on SQLite and PostgreSQL, and refuse what must not be stored."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    bindparam,
    cast,
    event,
    func,
    literal,
    or_,
    text,
)
from sqlalchemy.types import TypeEngine

from storage.errors import NaiveMoment, UnstorableText

BIG = BigInteger().with_variant(Integer(), "sqlite")
"""Telegram's ids exceed 2³¹; SQLite numbers rows by itself only in a column called INTEGER."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


@lru_cache(maxsize=1024)
def written(day: date) -> str:
    """Return a day, or an aware moment, as SQLite keeps it; raises NaiveMoment."""
    if not isinstance(day, datetime):
        return day.isoformat()
    if day.tzinfo is None:
        raise NaiveMoment(day)
    return day.astimezone(UTC).isoformat(timespec="microseconds")


class Moment(TypeDecorator[datetime]):
    """An aware time, returned in UTC. SQLite keeps ISO text of fixed width, which sorts."""

    impl = String(32)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the column type of a dialect."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(32))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Refuse a naive time; write UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveMoment(value)
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.isoformat(timespec="microseconds")

    def process_result_value(
        self, value: datetime | str | None, _dialect: Dialect
    ) -> datetime | None:
        """Read UTC."""
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC)


class Amount(TypeDecorator[Decimal]):
    """Money, kept exact whatever the database makes of decimals."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> str | None:
        """Write all digits."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Decimal | None:
        """Read all digits."""
        return None if value is None else Decimal(value)


class CleanText(TypeDecorator[str]):
    """Text that every database and export can hold: no NUL, no lone surrogate."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Refuse what cannot be stored."""
        if value is None:
            return None
        if "\0" in value:
            raise UnstorableText(value.index("\0"))
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise UnstorableText(error.start) from None
        return value


def key() -> Column[int]:
    """Return a table's own number; a number that was given is never given again.

    Buttons in old messages carry such numbers, and SQLite would reuse the highest.
    """
    column = Column("id", BIG, primary_key=True, autoincrement=True)
    event.listen(column, "after_parent_attach", _never_reuse)
    return column


def _never_reuse(_column: Column[Any], table: Table) -> None:
    table.dialect_options["sqlite"]["autoincrement"] = True


def reference(name: str, target: str, *, nullable: bool = False) -> Column[Any]:
    """Return a column that points at another table's id."""
    return Column(name, BIG, ForeignKey(f"{target}.id"), nullable=nullable)


def one_of(column: str, *values: str) -> CheckConstraint:
    """Return the rule that a column holds one of these words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)


def compared_with(column: str, *values: str) -> Sequence[CheckConstraint]:
    """Return the same rule, on SQLite as comparisons, for tables to which many rows are added.

    For a list of words SQLite builds a table of them for each row that it checks.
    """
    comparisons = " OR ".join(f"{column} = '{value}'" for value in values)
    rule = CheckConstraint(comparisons, name=column)
    return rule.ddl_if(dialect="sqlite"), one_of(column, *values).ddl_if(dialect="postgresql")


def is_one_of(column: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a column holds one of these words.

    With IN the statement's text would be made anew at each execution, as its list may be of any
    length.
    """
    return or_(*(column == value for value in values))


def where(condition: str) -> dict[str, Any]:
    """Return the arguments that limit an index to the rows for which `condition` holds.

    PostgreSQL's argument is filled in when the tables are made: naming it here would load all of
    that dialect, which SQLite never needs.
    """
    return {"sqlite_where": text(condition), "info": {"where": condition}}


@event.listens_for(metadata, "before_create")
def _make_partial(_target: MetaData, connection: Connection, **_: Any) -> None:
    if connection.dialect.name != "postgresql":
        return
    for index in (index for table in metadata.tables.values() for index in table.indexes):
        if condition := index.info.get("where"):
            index.dialect_options["postgresql"]["where"] = text(condition)


def kept_or(column: Column[Any], value: object) -> ColumnElement[Any]:
    """Return the column's value, or `value`, read as the column's type, where it is NULL."""
    return func.coalesce(column, literal(value, column.type))


def given(name: str, column: Column[Any]) -> ColumnElement[Any]:
    """Return a parameter that states its column's type, since PostgreSQL cannot guess it."""
    return cast(bindparam(name, type_=column.type), column.type)
