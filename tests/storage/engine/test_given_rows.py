"""Rows that are given to a statement: each finds its own, in their order, on either engine."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import bindparam, insert, literal_column, select

from storage.database import Database
from storage.engine.given_rows import as_given, in_their_order, rows_given
from storage.engine.statements import made_once
from storage.tables.people import people

_AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
_COLUMNS = (people.c.id, people.c.opted_out_at, people.c.segment)
_ADD = insert(people).values(is_customer=literal_column("true"), name=bindparam("name"))


@pytest.mark.parametrize("count", [1, 3, 4, 200])
async def test_each_row_finds_its_own_in_their_order(database: Database, count: int) -> None:
    async with database.transaction() as tx:
        names = [f"Ann {number}" for number in range(1, count + 1)]
        await tx.many(_ADD, {"name": names, "created_at": [_AT] * count})
        rows = [
            (number, _AT + timedelta(minutes=number), None if number % 2 else "it's ? :a")
            for number in range(1, count + 1)
        ]
        Random(count).shuffle(rows)
        given, cells = rows_given("them", _COLUMNS, tx.dialect)
        found = in_their_order(select(people.c.name, *cells), given, people)
        query = made_once(found.where(people.c.id == cells[0]))
        read = await tx.tuples(query, {"them": as_given(rows, tx.dialect)})
    assert list(read) == [(f"Ann {row[0]}", *row) for row in rows]
