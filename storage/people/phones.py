"""Coming in by one's own phone number, where the company's records have it."""

from sqlalchemy import exists, select

from storage.engine.reading import Reader, Transaction
from storage.errors import AccountTaken, LinkUnknown, PhoneShared
from storage.people import links, people
from storage.people.people import Person
from storage.tables.people import people as table
from surveys.survey.definition import Language


async def are_known(reader: Reader) -> bool:
    """Tell whether there is anybody whom a phone number could bring in."""
    here = table.c.phone.is_not(None) & table.c.telegram_id.is_(None) & table.c.left_at.is_(None)
    return bool(await reader.scalar(select(exists().where(here))))


async def bind(
    tx: Transaction, phone: str, telegram_id: int, name: str, language: Language
) -> Person:
    """Tie the one person with this number (E.164) to the account that Telegram says has it.

    Raises LinkUnknown (nobody has it), PhoneShared, LinkTaken, AccountTaken.
    """
    with_it = select(table.c.id).where(table.c.phone == phone, table.c.left_at.is_(None))
    found = list(await tx.scalars(with_it.order_by(table.c.id)))
    known = await people.by_telegram(tx, telegram_id)
    if known is not None:
        if known.id in found:
            return known
        raise AccountTaken(known.id)
    if not found:
        raise LinkUnknown
    if len(found) > 1:
        raise PhoneShared(tuple(found))
    return await links.bind(tx, found[0], telegram_id, name, language)
