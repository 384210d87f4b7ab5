"""The one connection that writes: transactions run one at a time and commit together.

Two tasks on one connection would make each other's half-done work permanent, and a commit for each
would cost a disk flush for each. So:

* A *body* (what a caller does between entering and leaving its transaction) has the connection to
  itself. Bodies take turns in the order in which they came.
* The first body of a batch begins the database's transaction; each body runs in a savepoint of its
  own, and an exception or a cancellation in it rolls back that savepoint only.
* When the first body of a batch ends well, a commit queues up for a turn like any body. The bodies
  that were waiting by then run before it and share it: with one caller there is one body a commit,
  with fifty there are fifty, without a timer.
* A caller goes on only after that commit is on disk.
* When the commit fails, or the connection breaks inside a batch, nothing of the batch is kept:
  every caller in it gets the error, the connection is thrown away, and the next body opens a new
  one.

Statements are run to their end even when their caller is cancelled (`completed`): SQLAlchemy
throws a connection away when a cancellation hits it in mid-statement, and the batch with it.
A caller cancelled while it waits for the commit may find its work committed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.translation import translated
from storage.errors import StorageError, TransactionOver
from surveys.messages import Message

T = TypeVar("T")


async def completed(
    work: Coroutine[Any, Any, T], give_back: Callable[[T], Coroutine[Any, Any, None]] | None = None
) -> T:
    """Run `work` to its end even when cancelled meanwhile; the cancellation is raised after it.

    What nobody is there to take then, `give_back` takes.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        # Asking for the exception marks it as seen: the cancellation takes precedence.
        if not task.cancelled() and task.exception() is None and give_back is not None:
            await completed(give_back(task.result()))
        raise


class Writer:
    """Owns the writing connection; see the module's docstring."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[AsyncConnection]],
        begin: str,
        on_loss: Callable[[], None],
        connection: AsyncConnection,
    ) -> None:
        self._connect = connect
        self._begin = begin
        self._on_loss = on_loss
        self._connection: AsyncConnection | None = connection
        self._turn = asyncio.Lock()
        self._owner: asyncio.Task[Any] | None = None
        self._begun = False
        self._in_body = False
        self._batch: list[asyncio.Future[None]] = []
        self._commits: set[asyncio.Task[None]] = set()
        self._closed = False

    @asynccontextmanager
    async def body(self) -> AsyncIterator[AsyncConnection]:
        """Give the connection to one body; leave once its batch is committed."""
        if self._owner is asyncio.current_task():
            problem = Message("one was opened inside another, and would wait for itself")
            raise TransactionOver(problem)
        async with self._turn:
            self._owner = asyncio.current_task()
            try:
                yield await completed(self._enter())
                committed = await completed(self._leave())
            except BaseException:
                await completed(self._undo())
                raise
            finally:
                self._owner = None
        await asyncio.shield(committed)

    async def close(self) -> None:
        """Finish the commits under way and give the connection back, for good."""
        self._closed = True
        while self._commits:
            await asyncio.wait(self._commits)
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def _enter(self) -> AsyncConnection:
        if self._closed:
            problem = Message("the database was closed")
            raise TransactionOver(problem)
        with translated():
            if self._connection is None:
                self._connection = await self._connect()
            if not self._begun:
                await self._run(self._begin)
                self._begun = True
            await self._run("SAVEPOINT body")
        self._in_body = True
        return self._connection

    async def _leave(self) -> asyncio.Future[None]:
        with translated():
            await self._run("RELEASE SAVEPOINT body")
        self._in_body = False
        committed = asyncio.get_running_loop().create_future()
        self._batch.append(committed)
        if len(self._batch) == 1:
            commit = asyncio.create_task(self._commit())
            self._commits.add(commit)
            commit.add_done_callback(self._commits.discard)
        return committed

    async def _undo(self) -> None:
        if not self._begun:
            await self._drop_connection()
            return
        try:
            if self._in_body:
                self._in_body = False
                await self._run("ROLLBACK TO SAVEPOINT body")
                await self._run("RELEASE SAVEPOINT body")
            if not self._batch:
                self._begun = False
                await self._run("ROLLBACK")
        except SQLAlchemyError as error:
            await self._abandon(error)

    async def _commit(self) -> None:
        async with self._turn:
            if not self._batch:
                return
            try:
                await self._run("COMMIT")
            except SQLAlchemyError as error:
                await self._abandon(error)
                return
            batch, self._batch, self._begun = self._batch, [], False
            for committed in batch:
                committed.set_result(None)

    async def _abandon(self, error: SQLAlchemyError) -> None:
        batch, self._batch, self._begun = self._batch, [], False
        self._on_loss()
        await self._drop_connection()
        for committed in batch:
            committed.set_exception(_failure(error))
            committed.exception()  # marks it as seen: its caller may have been cancelled

    async def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError):  # it is thrown away because it failed already
                await connection.invalidate()
                await connection.close()

    async def _run(self, sql: str) -> None:
        if self._connection is None:
            problem = Message("the connection is gone")
            raise TransactionOver(problem)
        await self._connection.exec_driver_sql(sql)


def _failure(error: SQLAlchemyError) -> StorageError:
    """Return an error of each caller's own, for a shared one would mix their tracebacks."""
    try:
        with translated():
            raise error
    except StorageError as failure:
        return failure
