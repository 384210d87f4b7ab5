"""Hearing what a database is asked, by SQLAlchemy or by `storage.engine.sqlite.driver`."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch

from sqlalchemy import Connection, Engine, ExecutionContext, event

from storage.engine.sqlite import driver
from storage.engine.statements import is_brief


class Heard(NamedTuple):
    """A statement on its way to a driver; `brief`: it is marked so, or needs no mark."""

    connection: Connection
    sql: str
    parameters: Any
    brief: bool


@contextmanager
def hearing(note: Callable[[Heard], object]) -> Iterator[None]:
    """Tell of each statement of any connection, before it is executed."""
    hand = driver.handed

    def ours(connection: Connection, sql: str, row: Sequence[Any] = ()) -> sqlite3.Cursor:
        note(Heard(connection, sql, tuple(row), brief=True))
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
        with patch.object(driver, "handed", ours):
            yield
    finally:
        event.remove(Engine, "before_cursor_execute", theirs)
