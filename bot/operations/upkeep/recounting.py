"""Figures that are kept beside the answers: forgotten, so that they are counted anew."""

from datetime import datetime

from bot.operations.remote import Result
from storage.counting import kept
from storage.database import Database


async def recount(database: Database, _now: datetime) -> Result:
    """Forget every kept figure; digests count them, and the running bot keeps them again."""
    async with database.transaction() as tx:
        return {"forgotten": await kept.forget_all(tx)}
