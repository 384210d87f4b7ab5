"""What a writing connection was told, for tests of the writer."""

from typing import Any

from sqlalchemy import event

from storage.database import Database


def statements_of(database: Database) -> list[str]:
    """Return a list that fills with what the writing connection executes."""
    seen: list[str] = []
    assert database._writer is not None
    connection = database._writer._connection
    assert connection is not None

    if connection.dialect_name == "postgresql":  # what is owed goes by the driver, in one visit
        assert connection.sync_connection is not None
        raw: Any = connection.sync_connection.connection.driver_connection
        raw.add_query_logger(lambda told: seen.extend(told.query.split("; ")))
        return seen

    @event.listens_for(connection.sync_connection, "before_cursor_execute")
    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    return seen
