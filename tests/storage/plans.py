"""How SQLite means to find what is asked of it."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import event, text

from storage.database import Transaction


async def plans_of(tx: Transaction, work: Callable[[Transaction], Awaitable[object]]) -> list[str]:
    """Do some work; return each line of the plans of what it read. Skips on any other engine."""
    if tx.dialect != "sqlite":
        pytest.skip("what SQLite plans to do")
    connection = tx._connection.sync_connection
    assert connection is not None
    asked: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
    await work(tx)
    plans = []
    for statement in [one for one in asked if one.startswith(("SELECT", "WITH"))]:
        plan = await tx.all(text(f"EXPLAIN QUERY PLAN {statement}".replace("?", "1")))
        plans += [row["detail"] for row in plan]
    return plans
