"""Many rows for one statement, past SQLAlchemy's look at each parameter of each row.

Its `executemany` looks up a type for every value; where rows come by the hundred thousand, that
costs twice as much as SQLite itself. What the column types do for the values is done here.

Rows of an INSERT go thousands to a statement: where a trigger watches the table, SQLite keeps for
each statement what its pages held before, which costs several times as much as a row.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import chain
from operator import add
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.exc import CompileError

from storage.engine.columns import written
from storage.engine.constant import Constant
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
    plain = {name: _plain_column(column) for name, column in different.items()}
    count = max(map(len, plain.values()))
    given = [
        Constant(value, count) if name is None else plain[id(columns[name])]
        for name, _, value in ready.given
    ]
    try:
        if insert := _INSERT.fullmatch(ready.sql):
            _insert(connection, insert, given, count)
        else:
            connection.exec_driver_sql(ready.sql, list(zip(*given, strict=True))).close()
    except UnicodeEncodeError as error:
        raise UnstorableText(error.start) from None


_INSERT = re.compile(
    r"(INSERT INTO [^()]+ \([^()]+\)) VALUES \(([^()]+)\)((?: ON CONFLICT [^?]+)?)"
)
_MOST_VALUES = 32_766
"""What SQLite takes in one statement, unless its builder chose otherwise."""


def _insert(
    connection: Connection, insert: re.Match[str], given: Sequence[Sequence[object]], rows: int
) -> None:
    """Insert many rows at once: by powers of two, so that few statements are ever prepared.

    SQLite is handed once what all rows say alike, and once a row what stands there several times.
    """
    different = list({id(column): column for column in given}.values())
    columns = [column for column in different if not _says_the_same(column)] or different[:1]
    names = {id(column): f"column{number}" for number, column in enumerate(columns, start=1)}
    cells = tuple(names.get(id(column), "?") for column in given)
    alike = [column[0] for column in given if id(column) not in names]
    width, start = len(columns), 0
    while start < rows:
        most = (_MOST_VALUES - len(alike)) // width
        count = 1 << min(most, rows - start).bit_length() - 1
        values: list[object] = [None] * (count * width)
        for place, column in enumerate(columns):
            values[place::width] = column[start : start + count]
        sql = _of_several(*insert.groups(), cells, width, count)
        connection.exec_driver_sql(sql, (*alike, *values)).close()
        start += count


def _says_the_same(column: Sequence[object]) -> bool:
    if isinstance(column, Constant):
        return True
    first = column[0]
    same = column[-1] == first and column.count(first) == len(column)
    return same and len(set(map(type, column))) == 1


@lru_cache(maxsize=64)
def _of_several(
    into: str, row: str, on_conflict: str, cells: Sequence[str], width: int, rows: int
) -> str:
    """Return an INSERT of several rows; `cells` stand in place of the parameters of its row."""
    texts = row.split("?")
    selected = "".join(chain.from_iterable(zip(texts, (*cells, ""), strict=True)))
    values = ", ".join([f"({', '.join('?' * width)})"] * rows)
    # SQLite takes ON CONFLICT for a join's condition where there is no WHERE.
    where = f" WHERE true{on_conflict}" if on_conflict else ""
    return f"{into} SELECT {selected} FROM (VALUES {values}){where}"  # noqa: S608 (it is our own)


def _plain_column(column: Sequence[Any]) -> Sequence[object]:
    """Return what the driver is given for one column of all rows.

    Mostly these are the values themselves, which one look at the whole column tells: a look at each
    took half as long as SQLite takes for the row.
    """
    if isinstance(column, Constant):
        return Constant(_plain(column.value), len(column))
    kinds = set(map(type, column))
    if kinds <= _AS_THEY_ARE:
        return column
    if kinds <= _TEXTS and "\0" not in "".join(filter(None, column)):
        return column
    if kinds == {datetime}:
        return written_alike(column)
    return list(map(_plain, column))


def written_alike(moments: Sequence[datetime]) -> list[str]:
    """Return moments as SQLite keeps them; raises NaiveMoment.

    Days and times are written apart and put together: many moments have few of either, and to write
    one took as long as SQLite takes for half a row.
    """
    if {one.tzinfo for one in moments} != {UTC}:
        return list(map(written, moments))
    days, times = [one.date() for one in moments], [one.time() for one in moments]
    of_day = {one: one.isoformat() for one in set(days)}
    of_time = {one: f"T{one.isoformat('microseconds')}+00:00" for one in set(times)}
    return list(map(add, map(of_day.__getitem__, days), map(of_time.__getitem__, times)))


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
