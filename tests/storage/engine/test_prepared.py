"""A prepared statement does, returns and refuses what SQLAlchemy's own execution does."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import (
    URL,
    BigInteger,
    BindParameter,
    Boolean,
    Column,
    Connection,
    Engine,
    Executable,
    Integer,
    MetaData,
    Table,
    bindparam,
    create_engine,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import InvalidRequestError, SQLAlchemyError
from sqlalchemy.sql.compiler import SQLCompiler

import storage
from storage.engine.columns import Amount, CleanText, Moment
from storage.engine.prepared import PreparedResult, prepared
from storage.engine.reading import first, scalar, tuples
from storage.engine.sqlite.driver import DIALECT, command, execute
from storage.engine.statements import is_made_once
from storage.errors import NaiveMoment, UnstorableText

_POSTGRESQL = URL.create("postgresql+asyncpg").get_dialect()()
_SUMS = Table(
    "sums",
    MetaData(),
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("words", CleanText, nullable=False),
    Column("amount", Amount),
    Column("paid", Boolean),
    Column("at", Moment),
    Column("kind", CleanText, default="cash"),
)
_NUMBER: BindParameter[int] = bindparam("number")
_EAST = datetime(2026, 3, 1, 2, tzinfo=timezone(timedelta(hours=3)))
_ROWS = [
    {"id": 1, "words": "а", "amount": Decimal("1.10"), "paid": True, "at": _EAST, "kind": "card"},
    {"id": 2, "words": "b", "amount": None, "paid": None, "at": None, "kind": None},
    {"id": 3, "words": "а", "amount": Decimal(0), "paid": False, "at": _EAST, "kind": "card"},
]
_OTHER = _SUMS.alias()
_FROM_ONE = select(_SUMS).where(_SUMS.c.id >= 1).join(_OTHER, _OTHER.c.id == _SUMS.c.id)
_OF_SOME = select(_SUMS).where(_SUMS.c.id.not_in([9, 8]), _SUMS.c.id >= _NUMBER)
_SET = update(_SUMS).where(_SUMS.c.id == _NUMBER).values(words=bindparam("said"))


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://", isolation_level="AUTOCOMMIT")
    _SUMS.create(engine)
    with engine.connect() as connection:
        connection.execute(insert(_SUMS), _ROWS)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


def _prepared(
    connection: Connection, statement: Executable, given: dict[str, Any]
) -> PreparedResult:
    ready = prepared(statement, tuple(given), DIALECT)
    assert ready is not None
    return execute(connection, ready, given)


@pytest.mark.parametrize(
    ("statement", "given"),
    [
        (select(_SUMS).where(_SUMS.c.id == _NUMBER), {"number": 1}),
        (select(_SUMS).where(_SUMS.c.id == _NUMBER), {"number": 2}),
        (select(_SUMS).where(_SUMS.c.id == _NUMBER), {"number": 9}),
        (_FROM_ONE.where(_SUMS.c.words == bindparam("said")), {"said": "а"}),
        (_FROM_ONE.where(_SUMS.c.at == bindparam("at", type_=Moment)), {"at": _EAST}),
        (_FROM_ONE.add_columns(literal(_EAST, Moment).label("now"), literal("x")), {}),
        (_FROM_ONE.add_columns(_OTHER.c.id, func.coalesce(_OTHER.c.paid, _SUMS.c.paid)), {}),
        (select(_SUMS.c.id).where(_SUMS.c.id > bindparam("least", 1)), {}),
        (select(_SUMS.c.id).where(_SUMS.c.id > bindparam("least", 1)), {"least": 2}),
        (_OF_SOME.where(_SUMS.c.kind.in_(("card", "cash"))), {"number": 2}),
        (_OF_SOME.where(_SUMS.c.at.in_([_EAST])), {"number": 1}),
        (_OF_SOME.where(_SUMS.c.id.in_([])), {"number": 1}),
    ],
)
def test_rows_are_what_sqlalchemy_makes_of_them(
    connection: Connection, statement: Executable, given: dict[str, Any]
) -> None:
    theirs = connection.execute(statement, given)
    ours = _prepared(connection, statement, given)
    assert list(ours.keys()) == list(theirs.keys())
    assert [tuple(row) for row in ours] == [tuple(row) for row in theirs]
    for take in (tuples, first, scalar):
        theirs = connection.execute(statement, given)
        assert take(_prepared(connection, statement, given)) == take(theirs)


def test_changes_are_made_and_counted(connection: Connection) -> None:
    assert _prepared(connection, _SET, {"number": 1, "said": "я"}).rowcount == 1
    assert _prepared(connection, _SET, {"number": 9, "said": "я"}).rowcount == 0
    words = select(_SUMS.c.words).order_by(_SUMS.c.id)
    assert connection.execute(words).scalars().all() == ["я", "b", "а"]
    taken = delete(_SUMS).where(_SUMS.c.id == _NUMBER).returning(_SUMS.c.at)
    assert _prepared(connection, taken, {"number": 3}).scalar() == _EAST.astimezone(UTC)
    assert _prepared(connection, taken, {"number": 3}).scalar() is None


def test_an_insert_names_only_the_columns_that_are_given(connection: Connection) -> None:
    given = {"id": 4, "words": "г", "kind": "card"}
    assert _prepared(connection, insert(_SUMS), given).rowcount == 1
    assert connection.execute(select(_SUMS).where(_SUMS.c.id == 4)).one()[2:5] == (None,) * 3


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        (select(_SUMS).where(_SUMS.c.id.in_(bindparam("ids", expanding=True))), ("ids",)),
        (select(_SUMS).where(_SUMS.c.id == bindparam(None, callable_=lambda: 1)), ()),
        (insert(_SUMS), ("id", "words")),
    ],
)
def test_what_is_made_anew_each_time_is_left_to_sqlalchemy(
    statement: Executable, names: tuple[str, ...]
) -> None:
    assert prepared(statement, names, DIALECT) is None


@pytest.mark.parametrize(
    ("statement", "given"),
    [
        (_SET, {"number": 1, "said": None}),
        (_SET, {"number": object(), "said": "x"}),
        (insert(_SUMS), _ROWS[0]),
        (select(Table("missing", MetaData(), Column("id", Integer))), {}),
    ],
)
def test_refusals_are_sqlalchemys(
    connection: Connection, statement: Executable, given: dict[str, Any]
) -> None:
    with pytest.raises(SQLAlchemyError) as theirs:
        connection.execute(statement, given)
    with pytest.raises(SQLAlchemyError) as ours:
        _prepared(connection, statement, given)
    assert ours.type is theirs.type
    original = getattr(theirs.value, "orig", None)
    assert str(getattr(ours.value, "orig", None)) == str(original)
    assert all(str(value) not in str(ours.value) for value in given.values() if value == "а")


@pytest.mark.parametrize("statement", [_SET, select(_SUMS).where(_SUMS.c.id == _NUMBER)])
def test_a_parameter_that_was_forgotten_is_named(statement: Executable) -> None:
    with pytest.raises(InvalidRequestError, match="nothing was given"):
        prepared(statement, (), DIALECT)


def test_what_may_not_be_stored_is_refused(connection: Connection) -> None:
    with pytest.raises(UnstorableText):
        _prepared(connection, _SET, {"number": 1, "said": "\0"})
    then = update(_SUMS).where(_SUMS.c.id == _NUMBER).values(at=bindparam("moment"))
    with pytest.raises(NaiveMoment):
        _prepared(connection, then, {"number": 1, "moment": datetime(2026, 1, 1)})  # noqa: DTZ001


def test_a_command_is_executed_and_its_refusal_is_sqlalchemys(connection: Connection) -> None:
    command(connection, "BEGIN")
    _prepared(connection, _SET, {"number": 1, "said": "я"})
    command(connection, "ROLLBACK")
    assert connection.execute(select(_SUMS.c.words)).scalar() == "а"
    with pytest.raises(SQLAlchemyError) as theirs:
        connection.exec_driver_sql("ROLLBACK")
    with pytest.raises(SQLAlchemyError) as ours:
        command(connection, "ROLLBACK")
    assert (ours.type, str(ours.value)) == (theirs.type, str(theirs.value))


def _made_once() -> Iterator[tuple[str, Any]]:
    """Give each statement that stands in a module of storage and is marked so."""
    for found in pkgutil.walk_packages(storage.__path__, "storage."):
        if "migrations" not in found.name:
            for name, value in vars(importlib.import_module(found.name)).items():
                if isinstance(value, Executable) and is_made_once(value):
                    yield f"{found.name}.{name}", value


@pytest.mark.parametrize(("place", "statement"), list(_made_once()))
def test_each_statement_that_is_made_once_has_the_text_and_the_columns_of_sqlalchemys(
    place: str,
    statement: Any,  # noqa: ANN401 (one of any kind)
) -> None:
    required = {name: one for name, one in statement.compile().binds.items() if one.required}
    names = list(required)
    compiled: SQLCompiler = statement.compile(dialect=sqlite.dialect(), column_keys=names)
    ready = prepared(statement, tuple(names), DIALECT)
    on_postgresql = prepared(statement, tuple(names), _POSTGRESQL)
    assert (on_postgresql is None) is (ready is None), place
    if any(one.expanding for one in required.values()):
        assert ready is None, place
        return
    assert ready is not None, place
    if "POSTCOMPILE" not in str(compiled):
        assert ready.sql == str(compiled)
    assert ready.sql.count("?") == len(ready.given)
    assert list(ready.columns.keys) == [column.keyname for column in compiled._result_columns]
