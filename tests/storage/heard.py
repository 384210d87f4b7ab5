"""Hearing what a database is asked, by SQLAlchemy or by `storage.engine.sqlite.driver`."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch

from sqlalchemy import Connection, Dialect, Engine, Executable, ExecutionContext, event

from storage.engine.prepared import Prepared, prepared
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
    hand = driver.handed
    brief: set[str] = set()

    def noted(statement: Executable, names: tuple[str, ...], dialect: Dialect) -> Prepared | None:
        ready = prepared(statement, names, dialect)
        if ready is not None and is_brief(statement):
            brief.add(ready.sql)
        return ready

    def ours(connection: Connection, sql: str, row: Sequence[Any] = ()) -> sqlite3.Cursor:
        note(Heard(connection, sql, tuple(row), sql in brief))
        return hand(connection, sql, row)

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
        with patch.object(driver, "handed", ours), patch(_PREPARING, noted):
            yield
    finally:
        event.remove(Engine, "before_cursor_execute", theirs)
