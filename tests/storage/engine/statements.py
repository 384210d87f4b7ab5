"""What a writing connection was told, for tests of the writer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from asyncpg.connection import LoggedQuery

from storage.database import Database
from tests.storage.heard import Heard, hearing


@contextmanager
def statements_of(database: Database) -> Iterator[list[str]]:
    """Give a list that fills with what the writing connection executes."""
    seen: list[str] = []
    assert database._writer is not None
    connection = database._writer._connection
    assert connection is not None

    if connection.dialect_name == "postgresql":  # what is owed goes by the driver, in one visit
        assert connection.sync_connection is not None
        raw: Any = connection.sync_connection.connection.driver_connection

        def told(query: LoggedQuery) -> None:
            seen.extend(query.query.split("; "))

        raw.add_query_logger(told)
        yield seen
        raw.remove_query_logger(told)
        return

    def note(heard: Heard) -> None:
        if heard.connection is connection.sync_connection:
            seen.append(heard.sql)

    with hearing(note):
        yield seen
