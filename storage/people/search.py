"""People by a name as somebody types it."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from storage.engine.reading import Reader
from storage.people import people
from storage.people.people import Person
from storage.tables.people import people as table


async def people_named(reader: Reader, text: str, limit: int) -> Sequence[Person]:
    """Return people with this CRM id or with these words in their name, by name.

    SQLite compares Latin letters only without regard to case, so the usual spellings are tried.
    """
    typed = text.strip()
    if not typed:
        return []
    spellings = {typed, typed.title(), typed.capitalize(), typed.lower(), typed.upper()}
    like = [table.c.name.contains(one, autoescape=True) for one in sorted(spellings)]
    found = await reader.scalars(
        select(table.c.id)
        .where(or_(table.c.external_id == typed, *like))
        .order_by(table.c.name, table.c.id)
        .limit(limit)
    )
    return [await people.get(reader, person_id) for person_id in found]
