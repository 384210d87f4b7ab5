"""Many people at once, all of them in Telegram."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from storage.database import Transaction
from storage.people.addresses import of_telegram
from storage.people.names import keyed
from storage.tables.people import addresses, people


async def add_crowd(tx: Transaction, rows: Sequence[Mapping[str, Any]], first: int) -> None:
    """Add people of these columns; their Telegram accounts are numbered from `first` on."""
    last: int = await tx.scalar(select(func.max(people.c.id))) or 0
    await tx.run(tx.insert(people), [keyed(row) for row in rows])
    made = select(people.c.id).where(people.c.id > last).order_by(people.c.id)
    there = [
        {**of_telegram(account)._asdict(), "person_id": person_id, "is_written_to": True}
        for account, person_id in enumerate(await tx.scalars(made), first)
    ]
    await tx.run(tx.insert(addresses), there)
