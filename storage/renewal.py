"""The keys are replaced once something under them was released; the earlier ones are destroyed."""

import asyncio

from storage.answering import heaps
from storage.database import Database
from storage.errors import StorageError
from storage.sending import inbox


async def renew(database: Database) -> int:
    """Seal under a new key what is still sealed; return how many heaps no key opens.

    Interrupted at any point, everything can still be opened and the next time finishes it.
    """
    database.keys.spent = False
    try:
        await _replace(database)
    except StorageError:
        database.keys.spent = True
        raise
    async with database.reading() as reader:
        _, locked = await heaps.sealed(reader, database.keys)
        return locked


async def sealed(database: Database) -> tuple[int, int]:
    """Count what waits sealed, heaps and updates, and how much of it no key opens."""
    async with database.reading() as reader:
        heaped, heaps_locked = await heaps.sealed(reader, database.keys)
        arrived, updates_locked = await inbox.sealed(reader, database.keys)
    return heaped + arrived, heaps_locked + updates_locked


async def _replace(database: Database) -> None:
    keys = database.keys
    if keys.are_there:
        await asyncio.to_thread(keys.renew)
    async with database.transaction() as tx:
        await heaps.seal_anew(tx)
        await inbox.seal_anew(tx)
    # Only now is everything on disk sealed under the new key, and the earlier ones can go.
    if keys.are_there:
        await asyncio.to_thread(keys.forget_earlier)
