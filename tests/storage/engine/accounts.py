"""Rows by which tests of the writer see what was committed: accounts, by name."""

from sqlalchemy import insert, select

from storage.database import Database, Transaction
from storage.tables.people import accounts


async def add(tx: Transaction, name: str) -> None:
    await tx.run(insert(accounts).values(name=name))


async def names(database: Database) -> set[str]:
    async with database.reading() as reader:
        return set(await reader.scalars(select(accounts.c.name)))


async def commit(database: Database, name: str) -> None:
    async with database.transaction() as tx:
        await add(tx, name)
