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
* An *urgent* body passes all others that wait, and the commit that follows it passes them too. Then
  some of those go: a disk that is slower than what is urgent comes in would stop them otherwise.
* A body with a *fence* begins with a statement that fails where its caller may no longer write:
  another replica leads. Where the body before it in its batch had the same, it still holds: nobody
  leads anew but by a body without one. The `bell` is rung with a commit that holds such a body.
* A caller goes on only after that commit is on disk.
* When the commit fails, or the connection breaks inside a batch, nothing of the batch is kept:
  every caller in it gets the error, the connection is thrown away, and the next body opens a new
  one.

BEGIN, SAVEPOINT and RELEASE are owed (`Connection.owed`): they go with the next statement. So a
body visits the database once for each of its own statements, and never where it has none.

A caller cancelled while it waits for the commit may find its work committed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from copy import copy
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from storage.engine.connection import Connection, completed
from storage.engine.translation import translated
from storage.engine.turns import Turns
from storage.errors import StorageError, TransactionOver
from surveys.messages import Message

_SAVEPOINT = "SAVEPOINT body"
_RELEASE = "RELEASE SAVEPOINT body"
_FAILURES = (SQLAlchemyError, OSError)
_PASSED = 4
"""How many of the bodies that an urgent one passed go before the next that is urgent."""


class Writer:
    """Owns the writing connection; see the module's docstring."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[Connection]],
        begin: str,
        on_loss: Callable[[], None],
        connection: Connection,
        check: Callable[[], None],
        bell: str | None = None,
    ) -> None:
        self._check = check
        self._bell = bell
        self._rings = False
        self._fence: str | None = None
        self._owed: list[str] = []
        self._connect = connect
        self._begin = begin
        self._on_loss = on_loss
        self._connection: Connection | None = connection
        self._turns = Turns()
        self._owner: asyncio.Task[Any] | None = None
        self._begun = False
        self._batch: list[asyncio.Future[None]] = []
        self._hurried = False
        self._commits: set[asyncio.Task[None]] = set()
        self._closed = False

    @asynccontextmanager
    async def body(
        self, *, urgent: bool = False, fence: str | None = None
    ) -> AsyncIterator[Connection]:
        """Give the connection to one body; leave once its batch is committed."""
        if self._owner is asyncio.current_task():
            problem = Message("one was opened inside another, and would wait for itself")
            raise TransactionOver(problem)
        async with self._turns.one(urgent=urgent):
            self._owner = asyncio.current_task()
            try:
                if self._connection is None and not self._closed:
                    await completed(self._open())
                committed = None
                connection = self._enter(fence)
                try:
                    yield connection
                    committed = self._leave(urgent=urgent, fence=fence)
                except BaseException:
                    await completed(self._undo())
                    raise
            finally:
                self._owner = None
        if committed is not None:
            await asyncio.shield(committed)

    @property
    def is_awaited(self) -> bool:
        """Whether a body, or a commit, waits for its turn."""
        return self._turns.is_awaited

    async def close(self) -> None:
        """Finish the commits under way and give the connection back, for good."""
        self._closed = True
        while self._commits:
            await asyncio.wait(self._commits)
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def _open(self) -> None:
        with translated():
            self._connection = await self._connect()

    def _enter(self, fence: str | None) -> Connection:
        if self._connection is None or self._closed:
            problem = Message("the database was closed")
            raise TransactionOver(problem)
        if not self._begun:
            self._connection.owed = [self._begin]
            self._begun = True
        if fence is None or fence == self._fence:
            self._owed = [_SAVEPOINT]
        else:
            self._owed = [_SAVEPOINT, fence]
        self._connection.owed += self._owed
        return self._connection

    def _leave(self, *, urgent: bool, fence: str | None) -> asyncio.Future[None] | None:
        """Return what is set at the commit; None where the body executed nothing."""
        if self._connection is None or self._forget_unused(self._connection):
            return None
        self._connection.owed.append(_RELEASE)
        committed = asyncio.get_running_loop().create_future()
        self._batch.append(committed)
        self._rings |= fence is None
        self._fence = fence
        hurry = urgent and not self._hurried
        if len(self._batch) == 1 or hurry:
            self._hurried |= hurry
            commit = asyncio.create_task(self._commit(urgent=urgent))
            self._commits.add(commit)
            commit.add_done_callback(self._commits.discard)
        return committed

    def _forget_unused(self, connection: Connection) -> bool:
        """Withdraw the body's savepoint if no statement has used it; tell whether it was."""
        if connection.owed[-len(self._owed) :] != self._owed:
            return False
        del connection.owed[-len(self._owed) :]
        if connection.owed == [self._begin]:
            connection.owed = []
            self._begun = False
        return True

    async def _undo(self) -> None:
        connection = self._connection
        if connection is None:
            return
        try:
            await connection.settled()
            if self._forget_unused(connection):
                if not self._begun:  # the connection may be broken
                    await self._drop_connection()
                return
            await self._run("ROLLBACK TO SAVEPOINT body")
            connection.owed.append(_RELEASE)
            if not self._batch:
                self._begun = False
                await self._run("ROLLBACK")
        except _FAILURES as error:
            await self._abandon(error)

    async def _commit(self, *, urgent: bool) -> None:
        async with self._turns.one(urgent=urgent):
            if not self._batch:  # an urgent commit took the batch along
                return
            try:
                # The file is checked before, so that nothing is written for one that is gone, and
                # after, to be sure that the next start will find what was committed.
                self._check()
                if self._bell is not None and self._rings:
                    self._connection_owes(self._bell)
                await self._run("COMMIT")
                self._check()
            except (*_FAILURES, StorageError) as error:
                await self._abandon(error)
                return
            if urgent:
                self._turns.promise(_PASSED)
            for committed in self._end_batch():
                committed.set_result(None)

    def _end_batch(self) -> list[asyncio.Future[None]]:
        batch, self._batch = self._batch, []
        self._begun = self._hurried = self._rings = False
        self._fence = None
        return batch

    def _connection_owes(self, statement: str) -> None:
        if self._connection is not None:
            self._connection.owed.append(statement)

    async def _abandon(self, error: Exception) -> None:
        batch = self._end_batch()
        self._on_loss()
        await self._drop_connection()
        for committed in batch:
            committed.set_exception(_failure(error))
            committed.exception()  # marks it as seen: nobody may wait for it

    async def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.throw_away()

    async def _run(self, sql: str) -> None:
        if self._connection is None:
            problem = Message("the connection is gone")
            raise TransactionOver(problem)
        await self._connection.command(sql)


def _failure(error: Exception) -> StorageError:
    """Return a separate error for each caller; a shared one would mix their tracebacks."""
    if isinstance(error, StorageError):
        return copy(error)
    try:
        with translated():
            raise error
    except StorageError as failure:
        return failure
