"""Chats that show the button for sharing a phone number; only a message can remove it."""

from datetime import datetime

from sqlalchemy import delete

from storage.engine.reading import Transaction
from storage.people.addresses import Address
from storage.tables.people import phone_buttons as table


async def note(tx: Transaction, address: Address, now: datetime) -> None:
    """Remember that the button was shown."""
    shown = tx.insert(table).values(**address._asdict(), shown_at=now)
    await tx.run(shown.on_conflict_do_nothing(index_elements=["channel", "address"]))


async def forget(tx: Transaction, address: Address) -> bool:
    """Forget the button, which is about to be removed; tell whether there was one."""
    here = (table.c.channel == address.channel) & (table.c.address == address.address)
    return bool(await tx.run(delete(table).where(here)))
