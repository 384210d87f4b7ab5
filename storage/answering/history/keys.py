"""Which past answers are here already: by the key of their row, or by one of an earlier program.

The first keys had no lead. They got one that lets them ascend as the rows do: SQLite keeps few
pages in memory, and keys in no order at all changed another one with each row. Those of rows
without an id began with "r" then, and their own part was a hash of a hash of the content.
"""

from sqlalchemy import or_, select

from storage.answering.history.rows import PastRows
from storage.engine.listed import AT_ONCE, chunks, listed
from storage.engine.reading import Reader
from storage.tables.surveys import invitations


async def anything_imported(reader: Reader) -> bool:
    """Tell whether any past answer is here."""
    found = select(invitations.c.id).where(invitations.c.import_key > "").limit(1)
    return await reader.scalar(found) is not None


async def any_earlier(reader: Reader) -> bool:
    """Tell whether any past answer has a key that an earlier program gave it."""
    key = invitations.c.import_key
    found = select(invitations.c.id).where(or_(key < _LED, key.between("r", "s"))).limit(1)
    return await reader.scalar(found) is not None


async def kept(reader: Reader, rows: PastRows) -> dict[int, str]:
    """Return the places of those rows that are stored already → what they said, where kept."""
    if not await anything_imported(reader):
        return {}
    asked = set(rows.key)
    if await any_earlier(reader):
        asked |= {one for one in rows.earlier_key if one}
        asked |= set(map(own_part, asked))
    found: dict[str, str] = {}
    key = invitations.c.import_key
    for some in chunks(sorted(asked), AT_ONCE):
        given = listed(reader, some)
        same = key.between(given.c.value + ":", given.c.value + ";")
        here = await reader.scalars(select(key).join_from(given, invitations, same))
        found |= {own_part(one): said for one, _, said in (one.partition(":") for one in here)}
    known: dict[int, str] = {}
    for at, pair in enumerate(zip(rows.key, rows.earlier_key, strict=True)):
        for own in map(own_part, pair):
            if own in found:
                known[at] = found[own] if rows.content[at] else ""
    return known


_LED = "g"
"""What has no lead begins with a hexadecimal digit and sorts before."""
_DIGITS = 32
_CONTENT = 16


def own_part(key: str) -> str:
    """Return what tells a row from all others: its key without the lead."""
    return key[-_DIGITS:]


def written_keys(rows: PastRows) -> list[str]:
    """Return what is kept of each row: its key, and of one with an id half of its content."""
    if not any(rows.content):
        return [f"{key}:" for key in rows.key]
    said = zip(rows.key, rows.content, strict=True)
    return [f"{key}:{content[:_CONTENT]}" for key, content in said]
