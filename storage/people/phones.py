"""Coming in by one's own phone number, where the company's records hold it."""

from sqlalchemy import select

from storage.engine.reading import Reader, Transaction
from storage.people import links, people
from storage.people.addresses import IS_WRITTEN_TO, Address
from storage.people.link_errors import AccountTaken, LinkUnknown, PhoneShared
from storage.people.people import Person
from storage.tables.people import people as table
from surveys.messages import Language


async def are_known(reader: Reader) -> bool:
    """Tell whether anybody could come in by a phone number."""
    here = table.c.phone.is_not(None) & ~IS_WRITTEN_TO & table.c.left_at.is_(None)
    return await reader.scalar(select(table.c.id).where(here).limit(1)) is not None


async def bind(
    tx: Transaction, phone: str, address: Address, name: str, language: Language
) -> Person:
    """Tie the one person with this number (E.164) to the address whose channel says it is theirs.

    Raises LinkUnknown (nobody has it), PhoneShared, LinkTaken, AccountTaken.
    """
    with_it = select(table.c.id).where(table.c.phone == phone, table.c.left_at.is_(None))
    found = list(await tx.scalars(with_it.order_by(table.c.id)))
    known = await people.by_address(tx, address)
    if known is not None:
        if known.id in found:
            return known
        raise AccountTaken(known.id)
    if not found:
        raise LinkUnknown
    if len(found) > 1:
        raise PhoneShared(tuple(found))
    return await links.bind(tx, found[0], address, name, language)
