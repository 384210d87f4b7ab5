"""Many rows for one statement, past SQLAlchemy's look at each parameter of each row.

Its `executemany` looks up a type for every value; where rows come by the hundred thousand, that
costs twice as much as SQLite itself. What the column types do for the values is done here.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.exc import CompileError

from storage.engine.columns import written
from storage.engine.prepared import prepared
from storage.engine.sqlite.driver import DIALECT
from storage.errors import UnstorableText

Columns = Mapping[str, Sequence[Any]]
"""What many rows say, by the names of a statement's parameters; all are of one length."""


def many_rows(connection: Connection, statement: Executable, columns: Columns) -> None:
    """Execute a statement for each row, on SQLite; raises UnstorableText, NaiveMoment."""
    ready = prepared(statement, tuple(columns), DIALECT)
    if ready is None:
        problem = "no row of many has a text of its own"
        raise CompileError(problem)
    # A column that stands under several names is looked at once.
    plain = {id(column): list(_plain_column(column)) for column in columns.values()}
    given = (
        repeat(value) if name is None else plain[id(columns[name])]
        for name, _, value in ready.given
    )
    values = list(zip(*given, strict=False))  # each constant goes on for ever
    try:
        connection.exec_driver_sql(ready.sql, values).close()
    except UnicodeEncodeError as error:
        raise UnstorableText(error.start) from None


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
