"""What the modules of storage are given: a reader's view, or a transaction that may also write."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import CursorResult, Executable, RowMapping, Table
from sqlalchemy.dialects import sqlite

from storage.engine.connection import Connection, Parameters, Take
from storage.engine.sealing import Keys
from storage.engine.translation import translated
from storage.errors import TransactionOver
from surveys.messages import Message

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert

T = TypeVar("T")


class Reader:
    """One consistent view of the database, for as long as its block lasts.

    `cache` lives as long as the database is open and holds what never changes once committed.

    A statement that is executed for every update is made once, with `bindparam`, and handed its
    `parameters`: making it costs eight times as much as executing it.
    """

    def __init__(self, connection: Connection, cache: dict[object, Any]) -> None:
        self._connection = connection
        self._over = False
        self.cache = cache

    def end(self) -> None:
        """Refuse every later use."""
        self._over = True

    @property
    def dialect(self) -> str:
        """The database's kind: "sqlite" or "postgresql"."""
        return self._connection.dialect_name

    async def all(
        self, statement: Executable, parameters: Parameters = None
    ) -> Sequence[RowMapping]:
        """Return every row."""
        return await self._execute(statement, parameters, _all)

    async def tuples(
        self, statement: Executable, parameters: Parameters = None
    ) -> Sequence[tuple[Any, ...]]:
        """Return every row as a plain tuple: of many rows, making anything else costs the most."""
        return await self._execute(statement, parameters, _tuples)

    async def first(
        self, statement: Executable, parameters: Parameters = None
    ) -> RowMapping | None:
        """Return the first row, or None."""
        return await self._execute(statement, parameters, _first)

    async def scalar(self, statement: Executable, parameters: Parameters = None) -> Any:  # noqa: ANN401 - whatever the column holds
        """Return the first row's first column, or None."""
        return await self._execute(statement, parameters, CursorResult.scalar)

    async def scalars(self, statement: Executable, parameters: Parameters = None) -> Sequence[Any]:
        """Return the first column of every row."""
        return await self._execute(statement, parameters, _scalars)

    async def _execute(self, statement: Executable, parameters: Parameters, take: Take[T]) -> T:
        if self._over:
            problem = Message("it was used after its block had ended")
            raise TransactionOver(problem)
        with translated():
            return await self._connection.execute(statement, parameters, take)


class Transaction(Reader):
    """A body of the writer: what it does is committed when its block ends, or not at all.

    `fresh` holds the keys of the cache whose values this body made, so that they may still vanish;
    `keys` seal what nobody is to find in the file.
    """

    def __init__(self, connection: Connection, cache: dict[object, Any], keys: Keys) -> None:
        super().__init__(connection, cache)
        self.fresh: set[object] = set()
        self.keys = keys

    async def run(self, statement: Executable, parameters: Parameters = None) -> int:
        """Execute a statement and return how many rows it changed."""
        return await self._execute(statement, parameters, _changed)

    async def many(self, statement: Executable, columns: Mapping[str, Sequence[Any]]) -> None:
        """Execute a statement, made once, for each of many rows, which are handed over by column.

        It costs a fifth of `run`. Only numbers, texts, days and moments go into it, and `columns`
        is what the statement calls them.
        """
        if self._over:
            problem = Message("it was used after its block had ended")
            raise TransactionOver(problem)
        if any(columns.values()):
            with translated():
                await self._connection.many(statement, columns)

    async def many_alike(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Do the same for rows that name the same parameters."""
        if rows:
            await self.many(statement, {name: [row[name] for row in rows] for name in rows[0]})

    def insert(self, table: Table) -> "Insert":
        """Return an INSERT that knows ON CONFLICT."""
        return insert_into(table, self.dialect)


def insert_into(table: Table, dialect: str) -> "Insert":
    """Return an INSERT that knows ON CONFLICT; both dialects spell what is used here alike."""
    if dialect == "sqlite":
        return cast("Insert", sqlite.insert(table))
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 (it loads what SQLite never needs)

    return postgresql.insert(table)


def _all(result: CursorResult[Any]) -> Sequence[RowMapping]:
    return result.mappings().all()


def _tuples(result: CursorResult[Any]) -> Sequence[tuple[Any, ...]]:
    return [tuple(row) for row in result]


def _first(result: CursorResult[Any]) -> RowMapping | None:
    return result.mappings().first()


def _scalars(result: CursorResult[Any]) -> Sequence[Any]:
    return result.scalars().all()


def _changed(result: CursorResult[Any]) -> int:
    return result.rowcount
