"""Where people can be written to: a channel, and one person's address in it."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, exists, update

from storage.engine.reading import Transaction
from storage.tables.people import addresses as table
from storage.tables.people import people

TELEGRAM: Final = "telegram"
_MESSENGERS: Final = frozenset({TELEGRAM})
"""Channels in which people can be written to unasked; the one they used last is theirs."""

WRITTEN_TO: Final = (table.c.person_id == people.c.id) & table.c.is_written_to
"""Joins `people` with the address at which they are written to, if there is one."""
_ANY: Final = table.alias()
IS_WRITTEN_TO: Final = exists().where(_ANY.c.person_id == people.c.id, _ANY.c.is_written_to)
"""The condition that a row of `people` has such an address."""


class Address(NamedTuple):
    """A channel, and what it calls somebody there."""

    channel: str
    address: str


def is_messenger(channel: str) -> bool:
    """Tell whether people can be written to unasked in a channel."""
    return channel in _MESSENGERS


def of_telegram(telegram_id: int) -> Address:
    """Return the address of a Telegram account or chat."""
    return Address(TELEGRAM, str(telegram_id))


def address_in(row: Mapping[str, Any]) -> Address | None:
    """Return the address in a row, None where the join found none."""
    return None if row["channel"] is None else Address(row["channel"], row["address"])


async def bind(tx: Transaction, person_id: int, address: Address) -> bool:
    """Tie an address to a person.

    False, and nothing is changed, where it is somebody's or the person has one in that channel.
    """
    new = tx.insert(table).values(**address._asdict(), person_id=person_id, is_written_to=False)
    bound = bool(await tx.run(new.on_conflict_do_nothing()))
    if bound and address.channel in _MESSENGERS:
        theirs = table.c.person_id == person_id
        await tx.run(update(table).where(theirs).values(is_written_to=False))
        there = theirs & (table.c.channel == address.channel)
        await tx.run(update(table).where(there).values(is_written_to=True))
    return bound


async def unbind(tx: Transaction, person_id: int, channel: str) -> None:
    """Take a person's address in a channel away."""
    theirs = (table.c.person_id == person_id) & (table.c.channel == channel)
    await tx.run(delete(table).where(theirs))
