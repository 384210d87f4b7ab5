"""The documents of digests that were sent, so that a later one can say what moved since."""

from datetime import datetime

from sqlalchemy import func, insert, select

from storage.engine.reading import Reader, Transaction
from storage.tables.errands import sent_digests as table


async def keep(tx: Transaction, period: str, document: str, now: datetime) -> None:
    """Keep the document of a digest that is sent, as JSON, with its period's key."""
    await tx.run(insert(table).values(period=period, document=document, sent_at=now))


async def kept(reader: Reader, period: str) -> str | None:
    """Return the document of the latest digest that was sent of a period, None where none was."""
    of_period = select(table.c.document).where(table.c.period == period)
    found: str | None = await reader.scalar(of_period.order_by(table.c.id.desc()).limit(1))
    return found


async def latest(reader: Reader, most: int = 12) -> list[tuple[str, str]]:
    """Return the periods of the latest digests that were sent with their documents, newest first.

    For each period the one that was sent last counts.
    """
    last = select(func.max(table.c.id)).group_by(table.c.period)
    found = select(table.c.period, table.c.document).where(table.c.id.in_(last))
    rows = await reader.all(found.order_by(table.c.id.desc()).limit(most))
    return [(row["period"], row["document"]) for row in rows]
