"""What SQLite's driver is handed without SQLAlchemy between: prepared statements and commands."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import pysqlite
from sqlalchemy.exc import DBAPIError

from storage.engine.prepared import Prepared, PreparedResult

DIALECT = pysqlite.dialect(dbapi=sqlite3)
"""By which statements are prepared for SQLite, whatever file they go to."""


def execute(
    connection: Connection, statement: Prepared, parameters: Mapping[str, Any]
) -> PreparedResult:
    """Execute a statement; raises what SQLAlchemy raises."""
    sql, values = statement.with_rows(parameters)
    try:
        cursor = handed(connection, sql, values)
        rows = cursor.fetchall()
    except sqlite3.Error as error:
        raise _raised(statement.sql, error) from error
    return statement.result(rows, cursor.rowcount)


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


def _raised(sql: str, error: sqlite3.Error) -> BaseException:
    return DBAPIError.instance(sql, None, error, sqlite3.Error, hide_parameters=True)
