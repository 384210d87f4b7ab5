"""Many rows for one statement, past SQLAlchemy's look at each parameter of each row.

Its `executemany` looks up a type for every value; where rows come by the hundred thousand, that
costs twice as much as SQLite itself. What the column types do for the values is done here.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, Dialect, Executable

from storage.engine.columns import written
from storage.errors import UnstorableText

Columns = Mapping[str, Sequence[Any]]
"""What many rows say, by the names of a statement's parameters; all are of one length."""


def many_rows(connection: Connection, statement: Executable, columns: Columns) -> None:
    """Execute a statement for each row, on SQLite; raises UnstorableText, NaiveMoment."""
    sql, places, constants = _compiled(statement, tuple(columns), connection.dialect)
    # A column that stands under several names is looked at once.
    plain = {id(column): list(_plain_column(column)) for column in columns.values()}
    given = (
        plain[id(columns[name])] if name in columns else repeat(constants[name]) for name in places
    )
    values = list(zip(*given, strict=False))  # each constant goes on for ever
    try:
        connection.exec_driver_sql(sql, values).close()
    except UnicodeEncodeError as error:
        raise UnstorableText(error.start) from None


@lru_cache(maxsize=64)
def _compiled(
    statement: Executable, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, Sequence[str], Mapping[str, Any]]:
    """Return SQL, the names of its parameters in their order, and those that are always the same.

    Statements are told apart by identity: each is made once and kept.
    """
    compiled = statement.compile(dialect=dialect, column_keys=list(names))  # type: ignore[attr-defined]  # every statement has it
    return str(compiled), compiled.positiontup, compiled.params


def _plain_column(column: Sequence[Any]) -> Iterable[object]:
    """Return what the driver is given for one column of all rows.

    Mostly these are the values themselves, which one look at the whole column tells: a look at each
    took half as long as SQLite takes for the row.
    """
    kinds = set(map(type, column))
    if kinds <= _AS_THEY_ARE:
        return column
    if kinds <= _TEXTS and "\0" not in "".join(filter(None, column)):
        return column
    return map(_plain, column)


_AS_THEY_ARE = frozenset({int, float, bool, type(None)})
_TEXTS = frozenset({str, type(None)})


def _plain(value: object) -> object:
    """Return what the driver is given, as `storage.engine.columns` would have it."""
    if isinstance(value, str):
        if "\0" in value:
            raise UnstorableText(value.index("\0"))
    elif isinstance(value, date):
        return written(value)
    return value
