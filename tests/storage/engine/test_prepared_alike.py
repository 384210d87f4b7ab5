"""On either engine a prepared statement does what the same does through SQLAlchemy."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import (
    BindParameter,
    Executable,
    Float,
    Integer,
    Select,
    Update,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    type_coerce,
    update,
)

from storage.asking import definitions
from storage.database import Database, Transaction
from storage.engine.statements import brief, made_once
from storage.errors import ConstraintViolated, NaiveMoment, StorageError, UnstorableText
from storage.tables.people import accounts, people
from storage.tables.surveys import questions
from surveys.survey.catalog import catalog

_NUMBER: BindParameter[int] = bindparam("number")
_NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
_ROW: Select[Any] = select(people).where(people.c.id == _NUMBER)
_RENAME: Update = update(people).where(people.c.id == _NUMBER).values(name=bindparam("said"))
_ADD = insert(people).returning(people.c.id)
_ACCOUNT = insert(accounts)
_THEN: Update = update(people).where(people.c.id == _NUMBER).values(consented_at=bindparam("at"))
_BOUNDS: Select[Any] = (
    select(
        questions.c.low,
        questions.c.high,
        (questions.c.high - questions.c.low).label("span"),
        type_coerce(literal_column("1.5"), Float).label("exact"),
        type_coerce(func.count(questions.c.low).over(), Float).label("whole"),
        type_coerce(questions.c.position, Integer),
    )
    .where(func.coalesce(questions.c.high, 10) >= bindparam("least", type_=Float))
    .order_by(questions.c.id)
)
"""PostgreSQL sends a float, nothing, an exact number and a whole one for what is a float here."""
_BOUND: Update = update(questions).values(low=bindparam("least", type_=Float))
_ANN = {"name": "Ann", "external_id": "7", "created_at": _NOW, "is_admin": True}


async def _added(tx: Transaction) -> int:
    number: int = await tx.scalar(_ADD, _ANN)
    return number


async def test_rows_and_counts_are_the_same(database: Database) -> None:
    async with database.transaction() as tx:
        number = await _added(tx)
        assert await tx.run(brief(_RENAME), {"number": number, "said": "Аня"}) == 1
        assert await tx.run(brief(_RENAME), {"number": 0, "said": "Аня"}) == 0
        assert await tx.run(brief(_THEN), {"number": number, "at": _NOW}) == 1
        for given in ({"number": number}, {"number": 0}):
            ours, theirs = await tx.first(brief(_ROW), given), await tx.first(_ROW, given)
            assert ours == theirs
            assert await tx.all(brief(_ROW), given) == await tx.all(_ROW, given)
            assert await tx.tuples(brief(_ROW), given) == await tx.tuples(_ROW, given)
            assert await tx.scalar(brief(_ROW), given) == await tx.scalar(_ROW, given)
        found = await tx.first(brief(_ROW), {"number": number})
        assert found is not None
        assert (found["name"], found["is_admin"], found["consented_at"]) == ("Аня", True, _NOW)


async def test_floats_are_written_and_read_the_same(database: Database) -> None:
    async with database.transaction() as tx:
        await definitions.save(tx, catalog()["nps"], _NOW)
        ours = await tx.tuples(made_once(_BOUNDS), {"least": 9.5})
        assert ours == await tx.tuples(_BOUNDS, {"least": 9.5})
        assert {row[:5] for row in ours} == {(0, 10, 10, 1.5, 1), (None, None, None, 1.5, 1)}
        assert {type(cell) for row in ours for cell in row[:4]} == {float, type(None)}
        await tx.run(made_once(_BOUND), {"least": 0.1})
        assert await tx.scalar(select(func.min(questions.c.low))) == 0.1


@pytest.mark.parametrize(
    ("statement", "given", "refusal"),
    [
        (_ACCOUNT, {"name": "ACME"}, ConstraintViolated),
        (_RENAME, {"number": 1, "said": None}, ConstraintViolated),
        (_RENAME, {"number": 1, "said": "\0"}, UnstorableText),
        (_THEN, {"number": 1, "at": datetime(2026, 1, 1)}, NaiveMoment),  # noqa: DTZ001
    ],
)
async def test_refusals_are_the_same(
    database: Database, statement: Executable, given: dict[str, Any], refusal: type[StorageError]
) -> None:
    async with database.transaction() as tx:
        assert await _added(tx) == 1
        assert await tx.run(brief(_ACCOUNT), {"name": "ACME"}) == 1
    said: list[str] = []
    for one in (statement, brief(statement)):
        with pytest.raises(refusal) as refused:
            async with database.transaction() as tx:
                await tx.run(one, given)
        said.append(str(refused.value))
    assert said[0] == said[1]
    async with database.transaction() as tx:
        assert await tx.scalar(brief(_ROW), {"number": 1}) == 1, "the connection still works"
