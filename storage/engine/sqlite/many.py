"""Many rows for one statement, past SQLAlchemy's look at each parameter of each row.

Its `executemany` looks up a type for every value; where rows come by the hundred thousand, that
costs twice as much as SQLite itself. What the column types do for the values is done here.

Rows of a plain INSERT go thousands to a statement: where a trigger watches the table, SQLite keeps
for each statement what its pages held before, which costs several times as much as a row.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
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
    different = {id(column): column for column in columns.values()}
    plain = {name: list(_plain_column(column)) for name, column in different.items()}
    count = max(map(len, plain.values()))
    given = [
        [value] * count if name is None else plain[id(columns[name])]
        for name, _, value in ready.given
    ]
    try:
        if _PLAIN_INSERT.fullmatch(ready.sql):
            _insert(connection, ready.sql, given, count)
        else:
            connection.exec_driver_sql(ready.sql, list(zip(*given, strict=True))).close()
    except UnicodeEncodeError as error:
        raise UnstorableText(error.start) from None


_PLAIN_INSERT = re.compile(r"INSERT INTO [^()]+ \([^()]+\) VALUES \([^()]+\)")
_MOST_VALUES = 32_766
"""What SQLite takes in one statement, unless its builder chose otherwise."""


def _insert(
    connection: Connection, sql: str, columns: Sequence[Sequence[object]], rows: int
) -> None:
    """Insert many rows at once: by powers of two, so that few statements are ever prepared."""
    width = len(columns)
    start = 0
    while start < rows:
        count = 1 << min(_MOST_VALUES // width, rows - start).bit_length() - 1
        values: list[object] = [None] * (count * width)
        for place, column in enumerate(columns):
            values[place::width] = column[start : start + count]
        connection.exec_driver_sql(_of_several(sql, count), tuple(values)).close()
        start += count


@lru_cache(maxsize=64)
def _of_several(sql: str, count: int) -> str:
    head, mark, row = sql.rpartition(" VALUES ")
    return f"{head}{mark}{', '.join([row] * count)}"


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
    if kinds == {datetime}:
        return written_alike(column)
    return map(_plain, column)


def written_alike(moments: Iterable[datetime]) -> list[str]:
    """Return moments as SQLite keeps them; raises NaiveMoment."""
    return [
        one.isoformat("T", "microseconds") if one.tzinfo is UTC else written(one) for one in moments
    ]


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
