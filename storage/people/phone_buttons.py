"""In which chats the button for sharing one's phone number stands: it goes with a message only."""

from datetime import datetime

from sqlalchemy import delete

from storage.engine.reading import Transaction
from storage.tables.people import phone_buttons as table


async def note(tx: Transaction, telegram_id: int, now: datetime) -> None:
    """Remember that the button was shown."""
    shown = tx.insert(table).values(telegram_id=telegram_id, shown_at=now)
    await tx.run(shown.on_conflict_do_nothing(index_elements=["telegram_id"]))


async def forget(tx: Transaction, telegram_id: int) -> bool:
    """Forget the button, which is about to be taken away; tell whether there was one."""
    gone = delete(table).where(table.c.telegram_id == telegram_id).returning(table.c.id)
    return await tx.scalar(gone) is not None
