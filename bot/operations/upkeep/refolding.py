"""What names are searched and sorted by, written anew where it differs."""

from datetime import datetime

from bot.operations.remote import Result
from storage.database import Database
from storage.people import folding


async def refold(database: Database, _now: datetime) -> Result:
    """Write the keys of names and addresses as the program makes them now."""
    async with database.transaction() as tx:
        return {"written": await folding.fold_anew(tx)}
