"""Hearing what a database is asked, by SQLAlchemy or by what hands statements to the drivers."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch

from sqlalchemy import Connection, Dialect, Engine, Executable, ExecutionContext, event
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.postgres import connection as server
from storage.engine.prepared import Prepared, PreparedResult, prepared
from storage.engine.sqlite import driver
from storage.engine.statements import is_brief

_PREPARING = "storage.engine.sqlite.thread.prepared"


class Heard(NamedTuple):
    """A statement on its way to a driver; `brief`: it is marked so."""

    connection: Connection
    sql: str
    parameters: Any
    brief: bool


@contextmanager
def hearing(note: Callable[[Heard], object]) -> Iterator[None]:
    """Tell of each statement of any connection, before it is executed."""
    hand, send = driver.handed, server._handed
    brief: set[str] = set()

    def noted(statement: Executable, names: tuple[str, ...], dialect: Dialect) -> Prepared | None:
        ready = prepared(statement, names, dialect)
        if ready is not None and is_brief(statement):
            brief.add(ready.sql)
        return ready

    def ours(connection: Connection, sql: str, row: Sequence[Any] = ()) -> sqlite3.Cursor:
        note(Heard(connection, sql, tuple(row), sql in brief))
        return hand(connection, sql, row)

    async def to_server(
        connection: AsyncConnection, statement: Prepared, parameters: Mapping[str, Any]
    ) -> PreparedResult:
        within = connection.sync_connection
        assert within is not None
        note(Heard(within, statement.sql, tuple(statement.row(parameters)), brief=False))
        return await send(connection, statement, parameters)

    def theirs(
        connection: Connection,
        _cursor: object,
        sql: str,
        parameters: object,
        context: ExecutionContext,
        _many: bool,
    ) -> None:
        invoked = getattr(context, "invoked_statement", None)
        note(Heard(connection, sql, parameters, invoked is not None and is_brief(invoked)))

    event.listen(Engine, "before_cursor_execute", theirs)
    try:
        with (
            patch.object(driver, "handed", ours),
            patch.object(server, "_handed", to_server),
            patch(_PREPARING, noted),
        ):
            yield
    finally:
        event.remove(Engine, "before_cursor_execute", theirs)
