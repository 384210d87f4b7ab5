"""What became of the messages of the outbox, counted."""

from sqlalchemy import func, select

from storage.engine.reading import Reader
from storage.tables.delivery import outbox as table


async def by_state(reader: Reader) -> dict[str, int]:
    """Count the messages by state."""
    rows = await reader.all(
        select(table.c.state, func.count().label("count")).group_by(table.c.state)
    )
    return {row["state"]: row["count"] for row in rows}


async def failures(reader: Reader) -> dict[str, int]:
    """Count the messages that could not be sent, by error."""
    failed = table.c.state == "failed"
    count = func.count().label("count")
    rows = await reader.all(
        select(table.c.error, count)
        .where(failed)
        .group_by(table.c.error)
        .order_by(count.desc(), table.c.error)
    )
    return {row["error"]: row["count"] for row in rows}
