"""Reading long tables in batches, so that nobody holds all of them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, tuple_

from storage.engine.reading import Reader
from storage.tables.surveys import definitions

BATCH: Final = 1_000
Record = Mapping[str, Any]
Records = Sequence[Record]


async def batches(
    reader: Reader, found: Select[Any], *order: ColumnElement[Any]
) -> AsyncIterator[Records]:
    """Yield the rows of a query by the columns `order`, which it selects and which tell rows apart.

    Each batch begins after the last row of the one before.
    """
    names = [column.key or "" for column in order]
    paged = found.order_by(*order).limit(BATCH)
    rows = await reader.all(paged)
    while rows:
        yield [dict(row) for row in rows]
        if len(rows) < BATCH:
            return
        last = tuple(rows[-1][name] for name in names)
        rows = await reader.all(paged.where(tuple_(*order) > last))


def of_survey(key: str | None) -> list[ColumnElement[bool]]:
    """Return the condition that rows are of a survey; none where all are wanted."""
    return [] if key is None else [definitions.c.key == key]
