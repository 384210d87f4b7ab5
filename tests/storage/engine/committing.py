"""Commits rows until it is killed; prints each one's id after its transaction has returned.

Run as ``python -m tests.storage.engine.committing URL``: sixteen tasks at once, so that bodies
share commits as they do in the program.
"""

import asyncio
import os
import sys
from itertools import count

from sqlalchemy import insert

from storage.database import Database, open_database
from storage.tables.people import accounts


async def _commit(database: Database, numbers: "count[int]") -> None:
    for number in numbers:
        adding = insert(accounts).values(name=f"{number}").returning(accounts.c.id)
        async with database.transaction() as tx:
            row_id = await tx.scalar(adding)
        os.write(sys.stdout.fileno(), f"{row_id} {number}\n".encode())


async def _main(url: str) -> None:
    numbers = count()
    async with open_database(url) as database, asyncio.TaskGroup() as group:
        for _ in range(16):
            group.create_task(_commit(database, numbers))


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1]))
