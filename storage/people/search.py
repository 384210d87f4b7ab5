"""People by a name as somebody types it."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from storage.engine.reading import Reader
from storage.people import people
from storage.people.names import BY_NAME, has_word
from storage.people.people import Person
from storage.tables.people import people as table


async def people_named(reader: Reader, text: str, limit: int) -> Sequence[Person]:
    """Return people with this CRM id or with these words in their name, by name."""
    typed = text.strip()
    if not typed:
        return []
    found = await reader.scalars(
        select(table.c.id)
        .where(or_(table.c.external_id == typed, has_word(typed)))
        .order_by(*BY_NAME)
        .limit(limit)
    )
    return [await people.get(reader, person_id) for person_id in found]
