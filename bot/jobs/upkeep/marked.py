"""Whether a database still has a copy's mark: each command looks, and mostly there is none."""

from datetime import datetime
from typing import TYPE_CHECKING

from storage.copies import restores
from storage.database import Database

if TYPE_CHECKING:
    from bot.jobs.upkeep.restoring import Restored


async def hold_copy(database: Database, now: datetime) -> "Restored | None":
    """Hold a database that still has a copy's mark: it came there by other means than `restore`."""
    async with database.reading() as reader:
        copied_at = await restores.marked_at(reader)
        noted = await restores.is_noted(reader)
    if copied_at is None:
        if not noted:
            async with database.transaction() as tx:
                await restores.unmark(tx)
        return None
    from bot.jobs.upkeep.restoring import hold_found  # noqa: PLC0415 (it loads whatever is sent)

    return await hold_found(database, copied_at, now)
