"""What is peculiar to PostgreSQL: isolation, connections, and that several programs write.

They write one at a time: each batch of the writer begins by taking a lock that ends with its
transaction. So whatever is true of one writing program is true of several: nothing changes under a
transaction, none is refused because of another, and who comes second sees what the first did.

A program that stops in mid-transaction would keep the others waiting, so the server ends its
session after some seconds, and undoes what it did. By itself it does so between two statements
only, and asyncpg prepares a statement in one message and executes it in the next: the replicas, and
who starts, look for a session that stands still between those. Each program that has the database
open shares a second lock, which a migration or a restore needs for itself.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import URL, CursorResult, NullPool, TextClause, event, text
from sqlalchemy import Connection as SyncConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.engine import schema
from storage.engine.connection import Connection, Keep
from storage.engine.postgres.address import connecting, for_asyncpg
from storage.engine.postgres.connection import (
    POOLED,
    AsyncpgConnection,
    AsyncpgReaders,
    lost_with_its_session,
)
from storage.engine.translation import translated
from storage.errors import DatabaseBusy, DatabaseNewer
from surveys.messages import Message

_WRITING = 0x4F746B6C
"""The lock that a writer holds."""
PRESENT = _WRITING + 1
"""The lock that all share who have the database open."""
_FROZEN_SECONDS = 10
"""How long a transaction may do nothing; it is undone then, and others may write."""
_BEGIN = f"BEGIN; SELECT pg_advisory_xact_lock({_WRITING})"
_SETTINGS = (
    f"SET idle_in_transaction_session_timeout = '{_FROZEN_SECONDS}s'; "
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"
)
_END_STILL = text("""
    SELECT pg_terminate_backend(held.pid) FROM pg_locks AS held
    JOIN pg_stat_activity AS session ON session.pid = held.pid AND session.datid = held.database
    WHERE session.datname = current_database() AND locktype = 'advisory' AND granted
    AND classid = 0 AND objid = CAST(:lock AS bigint) AND objsubid = 1
    AND wait_event_type = 'Client'
    AND state_change < clock_timestamp() - make_interval(secs => CAST(:seconds AS float))
""")
"""Ends a session that holds the writers' lock while the server waits for its program."""
_END_WRITING_STILL = text(f"{_END_STILL.text} AND state <> 'idle'")
"""The same but for who holds the lock between transactions, to copy or to migrate."""
_LOOK_SECONDS = 1
_NOT_YET = "55P03"
CHANNEL = "otklik"


class PostgresLine:
    """A connection for what must not wait for the writer; `broken` is set when it ends."""

    def __init__(self, connection: AsyncpgConnection, bell: str | None) -> None:
        self.connection = connection
        self.broken = asyncio.Event()
        self._bell = bell

    async def free_the_lock(self) -> None:
        """End the session of a writer whose program has said nothing for some seconds."""
        with translated():
            await _ended(self.connection, _END_STILL)

    async def ring(self) -> None:
        """Wake the other programs."""
        with translated():
            await self.connection.command(self._bell or "SELECT 1")


class PostgresSource:
    """See `storage.engine.connection.Source`."""

    begin_writing = _BEGIN

    def __init__(self, url: URL) -> None:
        self.name = secrets.token_hex(4)
        """Tells this program's bell from the others'."""
        self.bell: str | None = f"NOTIFY {CHANNEL}, '{self.name}'"
        self._migrated = False
        self._asked = url
        self._url, self._arguments = for_asyncpg(url)
        self._engine = self._new_engine(poolclass=NullPool)

    def _new_engine(self, **pool: Any) -> AsyncEngine:
        engine = create_async_engine(
            self._url, isolation_level="AUTOCOMMIT", connect_args=self._arguments, **pool
        )
        event.listen(engine.sync_engine, "handle_error", lost_with_its_session)
        return engine

    async def connect(self) -> AsyncpgConnection:
        """Open the writing connection.

        Opened anew, it raises DatabaseBusy during a migration and DatabaseNewer after one.
        """
        connection = await self.connected()
        try:
            await connection.command(_SETTINGS)
            if self._migrated:
                await _share(connection, self._place)
                await connection.run(_not_migrated_since, self._place)
        except BaseException:
            await connection.throw_away()
            raise
        return connection

    async def connected(self) -> AsyncpgConnection:
        """Open a connection that belongs to nobody yet."""
        with connecting(self._asked):
            return AsyncpgConnection(await self._engine.connect())

    @asynccontextmanager
    async def line(self, heard: Callable[[], None]) -> AsyncIterator[PostgresLine]:
        """Open a line; `heard` is called when another program has written."""
        with translated():
            connection = await self.connected()
        line = PostgresLine(connection, self.bell)

        def told(_connection: object, _pid: int, _channel: str, name: object) -> None:
            if name != self.name:
                heard()

        try:
            with translated():
                await connection.listen(CHANNEL, told, line.broken.set)
            with translated():
                yield line
        finally:
            await connection.throw_away()

    async def migrate(
        self,
        connection: Connection,
        upgrade: Callable[[SyncConnection], None],
        *,
        alone: bool,
        keep: Keep | None = None,
    ) -> None:
        """Bring the schema up while nobody else has the database open; raises DatabaseBusy.

        Those who begin at once come one after another, and the second has nothing left to do.
        """
        await _keep_writers_out(connection)
        try:
            takes = alone or not await connection.run(schema.is_present)
            if takes:
                await _take(connection, self._place)
                if keep is not None and await connection.run(schema.is_behind, self._place):
                    await keep(schema.revisions()[0])
                await connection.run(upgrade)
            if not alone:
                await _share(connection, self._place)
                if takes:
                    await connection.command(f"SELECT pg_advisory_unlock({PRESENT})")
            self._migrated = not alone
        finally:
            await connection.command(f"SELECT pg_advisory_unlock({_WRITING})")

    @property
    def _place(self) -> str:
        return self._asked.database or ""

    async def keep_others_out(self, connection: Connection) -> None:
        """Let nobody else open the database while a connection lives; raises DatabaseBusy."""
        await _take(connection, self._place)

    @staticmethod
    def fence_of(token: int) -> str:
        """Return a statement that fails where another one leads by now: it divides by zero."""
        return f"SELECT 1 / count(*) FROM leadership WHERE token = {token:d}"  # noqa: S608 (a number)

    def readers(self) -> AsyncpgReaders:
        """Return where reading connections come from."""
        return AsyncpgReaders(self._new_engine(pool_size=POOLED), self._asked)

    async def dispose(self) -> None:
        """Close what stayed open of writing."""
        await self._engine.dispose()

    def check(self) -> None:
        """Do nothing: no file of ours can be lost."""

    def fold_log(self) -> bool:
        """Do nothing: the server cares for its log and its dead rows itself."""
        return True


async def _keep_writers_out(connection: Connection) -> None:
    """Take the writers' lock; not even a program that stands still with it is waited for."""
    await connection.command(f"SET lock_timeout = '{_LOOK_SECONDS}s'")
    while not await _has_writers_lock(connection):
        await _ended(connection, _END_WRITING_STILL)
    await connection.command("SET lock_timeout = 0")


async def _has_writers_lock(connection: Connection) -> bool:
    try:
        await connection.command(f"SELECT pg_advisory_lock({_WRITING})")
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _NOT_YET:
            raise
        return False
    return True


async def _ended(connection: Connection, still: TextClause) -> None:
    who = {"lock": _WRITING, "seconds": _FROZEN_SECONDS}
    await connection.execute(still, who, lambda _: None)


async def _take(connection: Connection, place: str) -> None:
    await _locked(connection, place, f"SELECT pg_try_advisory_lock({PRESENT})")


async def _share(connection: Connection, place: str) -> None:
    await _locked(connection, place, f"SELECT pg_try_advisory_lock_shared({PRESENT})")


async def _locked(connection: Connection, place: str, sql: str) -> None:
    if not await connection.execute(text(sql), None, CursorResult.scalar):
        raise DatabaseBusy(place or Message("the database"))


def _not_migrated_since(connection: SyncConnection, place: str) -> None:
    if not schema.is_present(connection):
        raise DatabaseNewer(place, str(schema.current(connection, place)))
