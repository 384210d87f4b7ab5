"""Updates that failed and were put aside: tried again once the program is fixed."""

from datetime import datetime

from bot.operations.remote import Result
from storage.database import Database
from storage.sending import inbox


async def retry_parked(database: Database, _now: datetime) -> Result:
    """Give every parked update its tries back; the running bot takes them up within a minute."""
    async with database.transaction() as tx:
        parked = await inbox.parked(tx)
        for update in parked:
            await inbox.unpark(tx, update.update_id)
    return {"retried": len(parked)}
