"""What the writer and the readers need of a connection, whichever database is behind it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import CursorResult, Executable

from storage.engine.prepared import PreparedResult

T = TypeVar("T")

StatementResult = CursorResult[Any] | PreparedResult
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
Take = Callable[[StatementResult], T]
Statement = tuple[Executable, Parameters, Take[Any]]
"""A statement, what it is given, and what is made of its result."""
Keep = Callable[[str], Awaitable[None]]
"""Copies a server's database before it is migrated to a revision."""


class Connection(Protocol):
    """One connection; only one caller uses it at a time.

    `owed` holds statements without a result, such as BEGIN and SAVEPOINT, which are executed right
    before the next statement. So a transaction that executes nothing costs nothing, and each
    statement needs one visit to an SQLite connection's thread. A statement is executed to its end
    even where its caller is cancelled.
    """

    owed: list[str]

    @property
    def sync_connection(self) -> SyncConnection | None:
        """SQLAlchemy's connection below; None once it is closed."""

    @property
    def dialect_name(self) -> str:
        """The database's kind: "sqlite" or "postgresql"."""

    async def execute(self, statement: Executable, parameters: Parameters, take: Take[T]) -> T:
        """Execute what is owed and then a statement; return what `take` makes of the result."""

    async def several(self, statements: Sequence[Statement]) -> list[Any]:
        """Execute what is owed and then several statements; return what each makes.

        They need one visit together. The first that fails is the last that is executed.
        """

    async def many(self, statement: Executable, columns: Mapping[str, Sequence[Any]]) -> None:
        """Execute what is owed and then a statement for each row of these columns."""

    async def command(self, sql: str) -> None:
        """Execute what is owed and then a statement without a result."""

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        """Return what `work` returns, given SQLAlchemy's connection and the arguments."""

    async def settled(self) -> None:
        """Wait for a statement whose caller was cancelled; then `owed` no longer changes."""

    async def close(self) -> None:
        """Give the connection back."""

    async def throw_away(self) -> None:
        """Close a connection that failed, whatever state it is in."""


class Readers(Protocol):
    """Connections that only read."""

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        """Give one in a transaction of its own; raises a StorageError where there is none."""

    async def dispose(self) -> None:
        """Close what stayed open."""


class Source(Protocol):
    """A database to be opened."""

    begin_writing: str
    """Begins the writer's transactions."""
    bell: str | None
    """Told with a commit, it wakes the other programs on the database, where there may be any."""

    def check(self) -> None:
        """Raise DatabaseLost where the opened file is no longer in its place."""

    async def connect(self) -> Connection:
        """Open the writing connection."""

    async def migrate(
        self,
        connection: Connection,
        upgrade: Callable[[SyncConnection], None],
        *,
        alone: bool,
        keep: Keep | None = None,
    ) -> None:
        """Bring the schema up while nobody else works; `alone`: let nobody else begin either.

        `keep` is awaited before, with the revision to come, where there is something to keep; a
        file is kept by `upgrade` itself.
        """

    def readers(self) -> Readers:
        """Return where reading connections come from."""

    async def dispose(self) -> None:
        """Close what stayed open of writing."""

    def fold_log(self) -> bool:
        """Move a log into the file and empty it; False where somebody still reads what it holds."""


async def completed(
    work: Coroutine[Any, Any, T], give_back: Callable[[T], Coroutine[Any, Any, None]] | None = None
) -> T:
    """Run `work` to its end even when cancelled; the cancellation is raised afterwards.

    A result that nobody waits for any more goes to `give_back`.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        # Asking for the exception marks it as seen; what is raised is the cancellation.
        if not task.cancelled() and task.exception() is None and give_back is not None:
            await completed(give_back(task.result()))
        raise
