"""What the modules of storage are given: a reader's view, or a transaction that may also write."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import Executable, RowMapping, Table
from sqlalchemy.dialects import sqlite

from storage.engine.connection import Connection, Parameters, Statement, StatementResult, Take
from storage.engine.prepared import PreparedResult
from storage.engine.sealing import Keys
from storage.engine.statements import is_quiet
from storage.engine.translation import translated
from storage.errors import StorageError, TransactionOver
from surveys.messages import Message

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert

T = TypeVar("T")


class Reader:
    """One consistent view of the database, for as long as its block lasts.

    `cache` lives as long as the database is open and holds what never changes once committed.

    A statement that is executed for every update is made once, with `bindparam`, and handed its
    `parameters`, `{}` where it has none: making it costs many times as much as executing it.
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
        return await self._execute(statement, parameters, tuples)

    async def first(
        self, statement: Executable, parameters: Parameters = None
    ) -> RowMapping | None:
        """Return the first row, or None."""
        return await self._execute(statement, parameters, first)

    async def scalar(self, statement: Executable, parameters: Parameters = None) -> Any:  # noqa: ANN401 - whatever the column holds
        """Return the first row's first column, or None."""
        return await self._execute(statement, parameters, scalar)

    async def scalars(self, statement: Executable, parameters: Parameters = None) -> Sequence[Any]:
        """Return the first column of every row."""
        return await self._execute(statement, parameters, _scalars)

    async def several(self, *statements: Statement) -> list[Any]:
        """Return what is taken of several statements' results, in one visit."""
        self._refuse_late_use()
        with translated():
            return await self._connection.several(statements)

    async def _execute(self, statement: Executable, parameters: Parameters, take: Take[T]) -> T:
        self._refuse_late_use()
        with translated():
            return await self._connection.execute(statement, parameters, take)

    def _refuse_late_use(self) -> None:
        if self._over:
            problem = Message("it was used after its block had ended")
            raise TransactionOver(problem)


class Transaction(Reader):
    """A body of the writer: what it does is committed when its block ends, or not at all.

    `fresh` holds the keys of the cache whose values this body made, so that they may still vanish;
    `keys` seal what nobody is to find in the file. `stirs` tells whether a statement may have made
    something due, which is each that writes and is not `quiet`.
    """

    def __init__(self, connection: Connection, cache: dict[object, Any], keys: Keys) -> None:
        super().__init__(connection, cache)
        self.fresh: set[object] = set()
        self.keys = keys
        self.stirs = False
        self._later: list[Statement] = []

    async def run(self, statement: Executable, parameters: Parameters = None) -> int:
        """Execute a statement and return how many rows it changed."""
        return await self._execute(statement, parameters, _changed)

    def later(
        self, statement: Executable, parameters: Parameters, none: StorageError | None = None
    ) -> None:
        """Execute a statement with this body's next one, or at its end: it needs no visit then.

        What it raises is raised there; `none` where it changes no row.
        """
        self._refuse_late_use()
        self._note(statement)
        self._later.append((statement, parameters, _or_raise(none)))

    async def several(self, *statements: Statement) -> list[Any]:
        """See `Reader`."""
        for statement, _, _ in statements:
            self._note(statement)
        earlier, self._later = self._later, []
        return (await super().several(*earlier, *statements))[len(earlier) :]

    async def end_later(self) -> None:
        """Execute what was left for later."""
        if self._later:
            await self.several()

    async def many(self, statement: Executable, columns: Mapping[str, Sequence[Any]]) -> None:
        """Execute a statement, made once, for each of many rows, which are handed over by column.

        It costs a fifth of `run`. Only numbers, texts, days and moments go into it, and `columns`
        is what the statement calls them. No two rows may be in conflict with each other.
        """
        self._refuse_late_use()
        self.stirs = True
        await self.end_later()
        if any(columns.values()):
            with translated():
                await self._connection.many(statement, columns)

    def ready(self, moments: Sequence[datetime]) -> Sequence[Any]:
        """Return moments as `many` hands them over, for a column that goes into several tables."""
        if self.dialect != "sqlite":
            return moments
        from storage.engine.sqlite.many import written_alike  # noqa: PLC0415 (of the engine alone)

        return written_alike(moments)

    async def many_alike(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Do the same for rows that name the same parameters."""
        if rows:
            await self.many(statement, {name: [row[name] for row in rows] for name in rows[0]})

    async def _execute(self, statement: Executable, parameters: Parameters, take: Take[T]) -> T:
        if self._later:
            (found,) = await self.several((statement, parameters, take))
            return cast("T", found)
        self._note(statement)
        return await super()._execute(statement, parameters, take)

    def _note(self, statement: Executable) -> None:
        if not (statement.is_select or is_quiet(statement)):
            self.stirs = True

    def insert(self, table: Table) -> "Insert":
        """Return an INSERT that knows ON CONFLICT."""
        return insert_into(table, self.dialect)


def insert_into(table: Table, dialect: str) -> "Insert":
    """Return an INSERT that knows ON CONFLICT; both dialects spell what is used here alike."""
    if dialect == "sqlite":
        return cast("Insert", sqlite.insert(table))
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 (it loads what SQLite never needs)

    return postgresql.insert(table)


def _or_raise(none: StorageError | None) -> Take[None]:
    def take(result: StatementResult) -> None:
        if none is not None and not result.rowcount:
            raise none

    return take


def _all(result: StatementResult) -> Sequence[RowMapping]:
    return result.mappings().all()


def tuples(result: StatementResult) -> Sequence[tuple[Any, ...]]:
    """Take every row as a plain tuple."""
    return list(map(tuple, result.cells if isinstance(result, PreparedResult) else result))


def first(result: StatementResult) -> RowMapping | None:
    """Take the first row, or None."""
    return result.mappings().first()


def scalar(result: StatementResult) -> Any:  # noqa: ANN401 - whatever the column holds
    """Take the first row's first column, or None."""
    return result.scalar()


def _scalars(result: StatementResult) -> Sequence[Any]:
    return result.scalars().all()


def _changed(result: StatementResult) -> int:
    return result.rowcount
