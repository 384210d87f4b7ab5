"""The pause of the whole queue, which a channel asks for; it survives a restart."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from storage.engine.reading import Reader, Transaction
from storage.engine.statements import brief
from storage.tables.delivery import outbox_pause


async def pause(tx: Transaction, end: datetime, now: datetime) -> None:
    """Stop the whole queue from now until then; a longer pause stays."""
    current = await until(tx)
    if current is None or current < end:
        values = {"until": end, "since": now}
        statement = tx.insert(outbox_pause).values(id=1, **values)
        await tx.run(statement.on_conflict_do_update(index_elements=["id"], set_=values))


UNTIL = brief(select(outbox_pause.c.until).where(outbox_pause.c.id == 1))


async def until(reader: Reader) -> datetime | None:
    """Return the end of the last pause, past or to come."""
    end: datetime | None = await reader.scalar(UNTIL)
    return end


def holds(now: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Return the condition that nothing may be sent now."""
    return exists().where(outbox_pause.c.until > now)


async def is_paused(reader: Reader, now: datetime) -> bool:
    """Tell whether nothing may be sent now."""
    end = await until(reader)
    return end is not None and end > now
