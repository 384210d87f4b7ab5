"""How a database means to find what is asked of it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event

from storage.database import Transaction

_ASKED = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}


async def plans_of(
    tx: Transaction, work: Callable[[Transaction], Awaitable[object]], engine: str = "sqlite"
) -> list[str]:
    """Do some work; return each line of the plans of what it read. Skips on any other engine."""
    if tx.dialect != engine:
        pytest.skip(f"what {engine} plans to do")
    connection = tx._connection.sync_connection
    assert connection is not None
    asked: list[tuple[str, Any]] = []
    event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
    await work(tx)
    reads = [one for one in asked if one[0].startswith(("SELECT", "WITH"))]

    def plans(connection: Connection) -> list[str]:
        return [
            str(row[-1])
            for statement, parameters in reads
            for row in connection.exec_driver_sql(_ASKED[engine] + statement, parameters)
        ]

    return await tx._connection.run(plans)
