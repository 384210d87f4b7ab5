"""What an admin has begun in the chat, kept so that it can be left and resumed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from storage.engine.reading import Reader, Transaction
from storage.tables.events import drafts as table


async def load(reader: Reader, person_id: int, topic: str) -> str | None:
    """Return a draft's JSON, or None where nothing was begun."""
    mine = (table.c.person_id == person_id) & (table.c.topic == topic)
    content: str | None = await reader.scalar(select(table.c.content).where(mine))
    return content


async def of_others(reader: Reader, person_id: int, topic: str) -> Sequence[str]:
    """Return the drafts of a topic that others have begun."""
    theirs = (table.c.person_id != person_id) & (table.c.topic == topic)
    return await reader.scalars(select(table.c.content).where(theirs))


async def save(tx: Transaction, person_id: int, topic: str, content: str, now: datetime) -> None:
    """Keep a draft in place of the earlier one of the same topic."""
    values = {"content": content, "updated_at": now}
    statement = tx.insert(table).values(person_id=person_id, topic=topic, **values)
    await tx.run(
        statement.on_conflict_do_update(index_elements=["person_id", "topic"], set_=values)
    )


async def drop(tx: Transaction, person_id: int, topic: str) -> None:
    """Forget a draft."""
    await tx.run(delete(table).where(table.c.person_id == person_id, table.c.topic == topic))
