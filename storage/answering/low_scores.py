"""The low score of a survey that the staff was told of, so that they are told of each once."""

from sqlalchemy import select, update

from storage.engine.reading import Reader, Transaction
from storage.tables.surveys import invitations as table


async def alerted(reader: Reader, invitation_id: int) -> int | None:
    """Return the low score that the staff was told of first; None: there was none."""
    told: int | None = await reader.scalar(
        select(table.c.alerted_score).where(table.c.id == invitation_id)
    )
    return told


async def note_alert(tx: Transaction, invitation_id: int, score: int) -> None:
    """Note the low score that the staff is told of."""
    await tx.run(update(table).where(table.c.id == invitation_id).values(alerted_score=score))
