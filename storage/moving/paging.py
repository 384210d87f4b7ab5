"""All rows of a table in pages, by its key: never more than a page is in memory."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import RowMapping, Table, select, tuple_

from storage.database import Database

PAGE = 500


async def pages(
    database: Database, table: Table, after: Sequence[Any] | None = None, most: int = PAGE
) -> AsyncIterator[Sequence[RowMapping]]:
    """Yield the rows whose key follows `after`, a page at a time."""
    key = list(table.primary_key)
    while True:
        found = select(table).order_by(*key).limit(most)
        if after is not None:
            found = found.where(tuple_(*key) > tuple_(*after, types=[one.type for one in key]))
        async with database.reading() as reader:
            rows = await reader.all(found)
        if not rows:
            return
        yield rows
        after = key_of(table, rows[-1])


def key_of(table: Table, row: RowMapping) -> list[Any]:
    """Return a row's key: numbers and texts."""
    return [row[one.name] for one in table.primary_key]
