"""Groups to which an admin's planned digests go as well."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from storage.engine.reading import Reader, Transaction
from storage.people.addresses import Address
from storage.tables.groups import groups as table


@dataclass(frozen=True, slots=True)
class Group:
    """A group that an admin has linked."""

    id: int
    title: str
    address: Address


async def ask_about(
    tx: Transaction, address: Address, title: str, person_id: int, now: datetime
) -> int:
    """Note that an admin put the bot into a group; return its number. It is not linked yet."""
    values = {"title": title, "person_id": person_id, "asked_at": now, "linked_at": None}
    statement = tx.insert(table).values(**address._asdict(), **values)
    again = statement.on_conflict_do_update(index_elements=["channel", "address"], set_=values)
    number: int = await tx.scalar(again.returning(table.c.id))
    return number


async def link(tx: Transaction, group_id: int, person_id: int, now: datetime) -> bool:
    """Link a group; False: this person did not put the bot there, or it is there no more."""
    mine = (table.c.id == group_id) & (table.c.person_id == person_id)
    return bool(await tx.run(update(table).where(mine).values(linked_at=now)))


async def unlink(tx: Transaction, group_id: int, person_id: int) -> None:
    """Send nothing more to a group of this person's."""
    mine = (table.c.id == group_id) & (table.c.person_id == person_id)
    await tx.run(update(table).where(mine).values(linked_at=None))


async def linked_by(reader: Reader, person_id: int) -> Sequence[Group]:
    """Return the groups that a person has linked, in their order."""
    mine = (table.c.person_id == person_id) & table.c.linked_at.is_not(None)
    rows = await reader.all(select(table).where(mine).order_by(table.c.id))
    return [Group(row["id"], row["title"], Address(row["channel"], row["address"])) for row in rows]


async def gone(tx: Transaction, address: Address) -> None:
    """Forget a group in which the bot is no more."""
    await tx.run(delete(table).where(_at(address)))


async def migrate(tx: Transaction, old: Address, new: Address) -> None:
    """Follow a group to its new address, unless that is known already."""
    known = select(table.c.id).where(_at(new)).exists()
    await tx.run(update(table).where(_at(old), ~known).values(**new._asdict()))
    await tx.run(delete(table).where(_at(old)))


def _at(address: Address) -> ColumnElement[bool]:
    return (table.c.channel == address.channel) & (table.c.address == address.address)
