"""Stored keys of names and addresses that are not what the program makes of them now.

A name mended by hand in the database keeps its earlier key, and so would all after a change of how
keys are made: the person is then not found, or stands in the wrong place of a list.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import RowMapping, select, update

from storage.engine.reading import Reader, Transaction
from storage.people.names import keyed
from storage.tables.people import people

_AT_ONCE = 1_000
_COLUMNS = (people.c.id, people.c.name, people.c.name_key, people.c.email, people.c.email_key)


async def differing(reader: Reader) -> int:
    """Count people whose keys differ from what their name and address give."""
    return sum([len(found) async for found in _pages(reader)])


async def fold_anew(tx: Transaction) -> int:
    """Write the keys that differ; return of how many people."""
    changed = 0
    async for found in _pages(tx):
        for person_id, keys in found:
            await tx.run(update(people).where(people.c.id == person_id).values(**keys))
        changed += len(found)
    return changed


async def _pages(reader: Reader) -> AsyncIterator[Sequence[tuple[int, dict[str, Any]]]]:
    """Yield ids with the columns that should be there, of those where others are."""
    last = 0
    while True:
        page = select(*_COLUMNS).where(people.c.id > last).order_by(people.c.id).limit(_AT_ONCE)
        rows = await reader.all(page)
        if not rows:
            return
        wanted = ((row, _keys(row)) for row in rows)
        yield [(row["id"], keys) for row, keys in wanted if not keys.items() <= row.items()]
        last = rows[-1]["id"]


def _keys(row: RowMapping) -> dict[str, Any]:
    folded = keyed({"name": row["name"], "email": row["email"]})
    return {name: folded[name] for name in ("name_key", "email_key")}
