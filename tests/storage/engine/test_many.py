"""Many rows for one statement: in their order on either engine, none lost between portions."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Any

import pytest
from sqlalchemy import URL, bindparam, delete, insert, literal_column, select, text

from storage.database import Database
from storage.engine.postgres.many import as_arrays
from storage.engine.prepared import prepared
from storage.engine.reading import insert_into
from storage.errors import ConstraintViolated, NaiveMoment, StorageError, UnstorableText
from storage.tables.people import people

_AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
_ADD = insert(people).values(is_customer=literal_column("true"))


def _rows(count: int) -> dict[str, list[Any]]:
    return {
        "name": [f"Ann {at}" for at in range(count)],
        "external_id": [f"C{at}" for at in range(count)],
        "created_at": [_AT + timedelta(minutes=at) for at in range(count)],
    }


@pytest.mark.parametrize("count", [1, 3, 5_461, 20_003])
async def test_rows_stand_in_their_order(database: Database, count: int) -> None:
    said = _rows(count)
    columns = (people.c.name, people.c.external_id, people.c.created_at)
    async with database.transaction() as tx:
        await tx.many(_ADD, said)
        found = await tx.tuples(select(*columns).where(people.c.is_customer).order_by(people.c.id))
    assert list(found) == list(zip(*said.values(), strict=True))


@pytest.mark.parametrize(
    ("name", "value", "refusal"),
    [
        ("name", "\0", UnstorableText),
        ("name", "\ud800", UnstorableText),
        ("name", None, ConstraintViolated),
        ("created_at", _AT.replace(tzinfo=None), NaiveMoment),
    ],
)
async def test_no_row_is_taken_where_one_is_refused(
    database: Database, name: str, value: object, refusal: type[StorageError]
) -> None:
    said = _rows(5_000)
    said[name][4_321] = value
    with pytest.raises(refusal):
        async with database.transaction() as tx:
            await tx.many(_ADD, said)
    async with database.reading() as reader:
        assert await reader.scalar(select(people.c.id).limit(1)) is None


async def test_moments_of_any_zone_are_kept_as_utc(database: Database) -> None:
    said = _rows(3)
    said["created_at"][1] = _AT.astimezone(timezone(timedelta(hours=3)))
    async with database.transaction() as tx:
        await tx.many(_ADD, said)
        found = await tx.scalars(select(people.c.created_at).order_by(people.c.id))
        if tx.dialect == "sqlite":
            kept = await tx.scalars(text("SELECT created_at FROM people ORDER BY id"))
            assert list(kept[:2]) == ["2026-11-02T09:00:00.000000+00:00"] * 2
    assert list(found) == [_AT, _AT, _AT + timedelta(minutes=2)]


_CELLS: Mapping[str, Sequence[Any]] = {
    "name": ["Ann", "Bob"],
    "segment": [None, "", "1", "retail"],
    "phone": [None, "1"],
    "is_manager": [True, False, 1, 0],
    "created_at": [_AT, _AT + timedelta(days=1)],
}


async def test_what_all_rows_say_alike_is_kept_as_if_each_were_added_alone(
    database: Database,
) -> None:
    chance = Random(26)
    wanted = select(*(people.c[name] for name in _CELLS)).order_by(people.c.id)
    for count in [*range(1, 9)] * 25:
        said = {name: chance.choices(cells, k=count) for name, cells in _CELLS.items()}
        if chance.random() < 0.3:
            said["phone"] = said["segment"]  # one column under two names
        async with database.transaction() as tx:
            await tx.many(insert(people), said)
            together = list(await tx.tuples(wanted))
            await tx.run(delete(people))
            for cells in zip(*said.values(), strict=True):
                await tx.run(insert(people).values(dict(zip(said, cells, strict=True))))
            assert together == list(await tx.tuples(wanted))
            await tx.run(delete(people))


async def test_what_is_no_insert_is_done_for_each_row(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.many(_ADD, _rows(10))
        named = people.c.external_id == bindparam("whose")
        await tx.many(delete(people).where(named), {"whose": ["C3", "C5", "C7"]})
        left = await tx.scalars(select(people.c.external_id).order_by(people.c.id))
        again = tx.insert(people).on_conflict_do_nothing()
        await tx.many(again, {**_rows(10), "id": list(range(1, 11))})
        both = await tx.scalars(select(people.c.external_id).order_by(people.c.id))
    assert list(left) == ["C0", "C1", "C2", "C4", "C6", "C8", "C9"]
    assert sorted(both) == sorted(f"C{at}" for at in range(10))


async def test_a_row_that_is_there_already_is_replaced_as_its_statement_says(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await tx.many(_ADD, _rows(10))
        made = tx.insert(people).values(is_customer=literal_column("true"))
        replaced = made.on_conflict_do_update(
            index_elements=["id"], set_={"name": made.excluded.name}
        )
        said = _rows(14)
        said["name"] = [name.upper() for name in said["name"]]
        said["external_id"] = [f"D{at}" for at in range(14)]
        await tx.many(replaced, {**said, "id": list(range(5, 19))})
        found = await tx.tuples(select(people.c.name, people.c.external_id).order_by(people.c.id))
    before = [(f"Ann {at}", f"C{at}") for at in range(4)]
    renamed = [(f"ANN {at}", f"C{at + 4}") for at in range(6)]
    assert list(found) == [*before, *renamed, *((f"ANN {at}", f"D{at}") for at in range(6, 14))]


def test_postgresql_is_handed_arrays_of_an_insert_alone() -> None:
    dialect = URL.create("postgresql+asyncpg").get_dialect()()
    ready = prepared(_ADD, ("name", "created_at"), dialect)
    assert ready is not None
    said = as_arrays(ready, {"name": ["Ann", "Bob"], "created_at": [_AT, _AT]})
    assert said is not None
    assert said.sql == (
        "INSERT INTO people (name, is_customer, created_at) SELECT cell_1, true, cell_2"
        " FROM unnest($1::VARCHAR[], $2::TIMESTAMP WITH TIME ZONE[]) AS each (cell_1, cell_2)"
    )
    assert list(said.columns) == [["Ann", "Bob"], [_AT, _AT]]
    known = insert_into(people, "postgresql").on_conflict_do_nothing(index_elements=["id"])
    of_known = prepared(known, ("name",), dialect)
    assert of_known is not None
    said = as_arrays(of_known, {"name": ["Ann"]})
    assert said is not None
    assert said.sql == (
        "INSERT INTO people (name) SELECT cell_1 FROM unnest($1::VARCHAR[]) AS each (cell_1)"
        " ON CONFLICT (id) DO NOTHING"
    )
    other = prepared(delete(people).where(people.c.name == bindparam("name")), ("name",), dialect)
    assert other is not None
    assert as_arrays(other, {"name": ["Ann"]}) is None
