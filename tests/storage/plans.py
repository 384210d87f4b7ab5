"""How a database means to find what is asked of it."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import Connection

from storage.database import Transaction
from tests.storage.heard import Heard, hearing

_ASKED = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}


async def plans_of(
    tx: Transaction,
    work: Callable[[Transaction], Awaitable[object]],
    engine: str = "sqlite",
    kinds: tuple[str, ...] = ("SELECT", "WITH"),
) -> list[str]:
    """Do some work; return each line of the plans of what it read. Skips on any other engine.

    `kinds`: how the statements begin whose plans are meant.
    """
    if tx.dialect != engine:
        pytest.skip(f"what {engine} plans to do")
    connection = tx._connection.sync_connection
    assert connection is not None
    reads: list[Heard] = []

    def note(heard: Heard) -> None:
        if heard.connection is connection and heard.sql.startswith(kinds):
            reads.append(heard)

    with hearing(note):
        await work(tx)

    def plans(connection: Connection) -> list[str]:
        return [
            str(row[-1])
            for heard in reads
            for row in connection.exec_driver_sql(_ASKED[engine] + heard.sql, heard.parameters)
        ]

    return await tx._connection.run(plans)
