"""Statements that are made once: SQLite is handed their text and their values, and no more.

Between a statement that finds a row by its key and SQLite, SQLAlchemy takes three times as long as
SQLite: each time it looks the statement up by its structure and makes a context, a cursor and a
result that anybody might alter. Of a statement that is made once it is asked once: for its text,
for how values are written and read, and for its columns. What comes back is a result of its own.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import BindParameter, Connection, Executable, IteratorResult
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Process = Callable[[Any], Any]

_DIALECT = pysqlite.dialect(dbapi=sqlite3)
_MOST = 512


class PreparedValue(NamedTuple):
    """A value, in SQLite's order: a parameter's by its name, or else always the same."""

    name: str | None
    process: Process | None
    value: Any


class Prepared(NamedTuple):
    """What SQLite is handed; `read` are the places of the cells that are read in a way."""

    sql: str
    given: Sequence[PreparedValue]
    columns: SimpleResultMetaData
    read: Sequence[tuple[int, Process]]


class PreparedResult(IteratorResult[Any]):
    """What a prepared statement found; `rowcount` is how many rows it changed."""

    rowcount = -1


@lru_cache(maxsize=_MOST)
def prepared(statement: Executable, names: tuple[str, ...]) -> Prepared | None:
    """Return what SQLite is handed for a statement that is given parameters of these names.

    None: SQLAlchemy makes its text, or a value, anew each time. Raises what SQLAlchemy raises.
    """
    made: Any = statement
    compiled: SQLCompiler = made.compile(dialect=_DIALECT, column_keys=list(names))
    anew = compiled.post_compile_params or compiled.literal_execute_params
    if anew or compiled.insert_prefetch or compiled.update_prefetch:
        return None
    parameters = [compiled.binds[name] for name in compiled.positiontup or ()]
    if any(one.callable for one in parameters):
        return None
    columns = compiled._result_columns  # noqa: SLF001 (what is exported has other names, in part)
    readers = [_kind(column.type).result_processor(_DIALECT, None) for column in columns]
    return Prepared(
        compiled.string,
        tuple(_given(one, names) for one in parameters),
        SimpleResultMetaData([column.keyname for column in columns]),
        tuple((place, read) for place, read in enumerate(readers) if read is not None),
    )


def execute(
    connection: Connection, statement: Prepared, parameters: Mapping[str, Any]
) -> PreparedResult:
    """Execute a statement; raises what SQLAlchemy raises."""
    row = [
        value if name is None else (parameters[name] if write is None else write(parameters[name]))
        for name, write, value in statement.given
    ]
    try:
        cursor = handed(connection, statement.sql, row)
        rows = cursor.fetchall()
    except sqlite3.Error as error:
        raise _raised(statement.sql, error) from error
    found = PreparedResult(statement.columns, iter(_read(rows, statement.read)))
    found.rowcount = cursor.rowcount
    return found


def command(connection: Connection, sql: str) -> None:
    """Execute what has no result, such as BEGIN; raises what SQLAlchemy raises."""
    try:
        handed(connection, sql)
    except sqlite3.Error as error:
        raise _raised(sql, error) from error


def handed(connection: Connection, sql: str, row: Sequence[Any] = ()) -> sqlite3.Cursor:
    """Hand SQLite a statement and its values."""
    raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
    return raw.execute(sql, row)


def _given(parameter: BindParameter[Any], names: Sequence[str]) -> PreparedValue:
    write = _kind(parameter.type).bind_processor(_DIALECT)
    if parameter.key in names:
        return PreparedValue(parameter.key, write, None)
    if parameter.required:
        problem = f"nothing was given for the parameter {parameter.key!r}"
        raise InvalidRequestError(problem)
    return PreparedValue(None, None, parameter.value if write is None else write(parameter.value))


def _kind(of: TypeEngine[Any]) -> TypeEngine[Any]:
    return of.dialect_impl(_DIALECT)


def _read(rows: list[Any], read: Sequence[tuple[int, Process]]) -> list[Any]:
    if not (rows and read):
        return rows
    cells = [list(row) for row in rows]
    for row in cells:
        for place, process in read:
            row[place] = process(row[place])
    return [tuple(row) for row in cells]


def _raised(sql: str, error: sqlite3.Error) -> BaseException:
    return DBAPIError.instance(sql, None, error, sqlite3.Error, hide_parameters=True)
