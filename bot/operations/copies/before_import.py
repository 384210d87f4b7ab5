"""A copy of the database from before an import, so that a file read wrongly can be taken back."""

import asyncio
from datetime import datetime
from pathlib import Path

from storage.copies import backups
from storage.copies.shelf import Shelf, prune
from storage.database import Database


async def copied_before(database: Database, now: datetime) -> Path | None:
    """Make a verified copy and return where it lies; None where the database is not a file.

    Raises what `backups.write` raises: then nothing should be imported.
    """
    if database.shelf is None:
        return None
    return await asyncio.to_thread(_copied, database.shelf, now)


def _copied(shelf: Shelf, now: datetime) -> Path:
    path = backups.make(shelf, "import", now).path
    prune(shelf, now)
    return path
