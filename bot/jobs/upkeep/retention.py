"""Once a day data is aged: each kind as long as the company keeps it."""

from datetime import datetime

import structlog

from bot.operations.privacy.forgetting import forget
from storage.database import Database
from storage.people import people
from storage.privacy import retention

log = structlog.get_logger()

CHUNK = 200
"""How much one transaction deletes; everybody else waits for it."""


async def age(database: Database, now: datetime) -> None:
    """Delete what is older than each kind is kept; people go entirely, and are noted for copies."""
    async with database.reading() as reader:
        kept = await retention.chosen(reader)
    aged = {kind: await _age(database, kind, days, now) for kind, days in kept.items() if days}
    if counted := {kind: count for kind, count in aged.items() if count}:
        log.info("aged", **counted)


async def _age(database: Database, kind: str, days: int, now: datetime) -> int:
    if kind == "people":
        return await _erase_people(database, days, now)
    total = 0
    while True:
        async with database.transaction() as tx:
            count = await retention.age(tx, kind, days, now, CHUNK)
        total += count
        if not count:
            return total


async def _erase_people(database: Database, days: int, now: datetime) -> int:
    total = 0
    while True:
        async with database.reading() as reader:
            ids = await retention.over(reader, days, now, CHUNK)
        for number in ids:
            async with database.transaction() as tx:
                person = await people.by_id(tx, number)
                if person is not None:
                    await forget(tx, person, now)
        total += len(ids)
        if not ids:
            return total
