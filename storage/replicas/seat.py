"""The seat of the one that leads: taken by one replica at a time, and by another when it fails.

On PostgreSQL a replica has a connection for this alone, so that no long transaction keeps it from
being heard of. The leader renews its lease every second; when a lease has run out, the next replica
that looks takes it, under a higher token. Two things keep an earlier leader from doing harm,
however long it stood still: each transaction of its term begins with a fence that fails once the
token is another one, and it sends nothing once its own clock says that the lease may be over.

A lease that ran out while nobody else wanted it is renewed, and the term goes on: a server that is
restarted costs no more than the time it is down.
"""

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from storage.database import Database
from storage.errors import StorageError
from storage.replicas import lease
from storage.replicas.errors import KeysApart

if TYPE_CHECKING:
    from storage.engine.postgres.source import PostgresLine, PostgresSource


def _seconds() -> float:
    """Return seconds that go on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class LeadTerm:
    """While one leads: `database` writes only as long as it does, and `over` is set after it.

    `may_send` tells whether the lease certainly lasts; `number` is 0 where nobody else could lead.
    """

    database: Database
    number: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)
    may_send: Callable[[], bool] = _always


class Seat(Protocol):
    """Where one waits to lead; `name`: this program among the replicas."""

    name: str

    @property
    def is_ready(self) -> bool:
        """Whether somebody leads: this one, or another that was heard of."""

    @property
    def leads(self) -> bool:
        """Whether this one does."""

    async def taken(self) -> LeadTerm:
        """Wait until this one leads."""


class OnlySeat:
    """SQLite's: its one program always leads."""

    def __init__(self, database: Database) -> None:
        self.name = own_name()
        self.is_ready = False
        self.leads = True
        self._term = LeadTerm(database)

    async def taken(self) -> LeadTerm:
        """Return at once."""
        return self._term


class SharedSeat:
    """One replica's place at the seat of a PostgreSQL database."""

    def __init__(
        self, database: Database, source: "PostgresSource", name: str, woken: Callable[[], None]
    ) -> None:
        self.name = name
        self.is_ready = False
        self._database = database
        self._source = source
        self._woken = woken
        self._term: LeadTerm | None = None
        self._taken = asyncio.Event()
        self._look = asyncio.Event()
        self._sure_until = 0.0

    @property
    def leads(self) -> bool:
        """See `Seat`."""
        return self._term is not None

    async def taken(self) -> LeadTerm:
        """See `Seat`."""
        while self._term is None:
            await self._taken.wait()
        return self._term

    async def keep(self) -> None:
        """Be heard of, and lead where nobody else does, until cancelled."""
        while True:
            with suppress(StorageError, TimeoutError):
                async with self._source.line(self._heard) as line:
                    self._woken()  # something may have been missed before the line was open
                    await self._beat_on(line)
            self.is_ready = self.leads
            await asyncio.sleep(lease.BEAT_SECONDS)

    async def join(self) -> None:
        """Make sure that the keys are those of the leading replica; raises KeysApart.

        The leader may have made a new key and not told of it yet. Where it stopped just then, what
        it said before stands until its lease has run out.
        """
        until = _seconds() + lease.LEASE_SECONDS + 2 * lease.BEAT_SECONDS
        async with self._source.line(self._heard) as line:
            while _seconds() < until:
                seal = await lease.seal_of_leader(line.connection)
                if seal is None or self._database.keys.has(seal):
                    return
                await asyncio.sleep(lease.BEAT_SECONDS)
        raise KeysApart(str(self._database.keys.path))

    async def leave(self) -> None:
        """Let another one lead, and be gone."""
        term, self._term = self._term, None
        with suppress(StorageError, TimeoutError):
            async with (
                asyncio.timeout(lease.LEASE_SECONDS),
                self._source.line(self._heard) as line,
            ):
                if term is not None:
                    await lease.release(line.connection, term.number)
                await lease.leave(line.connection, self.name)
                await line.ring()

    def _heard(self) -> None:
        self._look.set()
        if self._term is not None:
            self._woken()

    async def _beat_on(self, line: "PostgresLine") -> None:
        while True:
            async with asyncio.timeout(lease.LEASE_SECONDS):
                await self._beat(line)
            if self._term is None and await lease.is_free(line.connection):
                await self._take(line)
            self.is_ready = True
            await line.free_the_lock()
            self._look.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(lease.BEAT_SECONDS):
                    await self._wait(line)

    async def _wait(self, line: "PostgresLine") -> None:
        """Wait for the next beat; without a term also for a bell, which may say that one ended."""
        if self._term is None:
            await self._look.wait()
        await line.broken.wait()

    async def _beat(self, line: "PostgresLine") -> None:
        begun, term = _seconds(), self._term
        await lease.note(line.connection, self.name)
        if term is None:
            return
        if await lease.renew(line.connection, term.number, self._database.keys.mark()):
            self._sure_for(begun)
        else:
            self._end()

    async def _take(self, line: "PostgresLine") -> None:
        """Lead; the earlier leader may have stood still with the writers' lock."""
        begun, taking = _seconds(), asyncio.create_task(self._leased())
        try:
            while not (await asyncio.wait({taking}, timeout=lease.BEAT_SECONDS))[0]:
                await line.free_the_lock()
        finally:
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)
        number = taking.result()
        if number is not None:
            self._sure_for(begun)
            if not self._database.keys.are_there:  # whoever joins must have the same ones
                await asyncio.to_thread(self._database.keys.renew)
            led = self._database.fenced(self._source.fence_of(number))
            self._term = LeadTerm(led, number, asyncio.Event(), self._is_sure)
            self._taken.set()

    async def _leased(self) -> int | None:
        async with self._database.transaction() as tx:
            return await lease.take(tx, self.name)

    def _sure_for(self, begun: float) -> None:
        self._sure_until = begun + lease.LEASE_SECONDS - lease.MARGIN_SECONDS

    def _is_sure(self) -> bool:
        return self._term is not None and _seconds() < self._sure_until

    def _end(self) -> None:
        if self._term is not None:
            self._term.over.set()
            self._term = None
            self._taken.clear()


def own_name() -> str:
    """Return this program's name among the replicas: its machine and process."""
    return f"{socket.gethostname()}:{os.getpid()}"


@asynccontextmanager
async def seated(
    database: Database, woken: Callable[[], None], name: str | None = None
) -> AsyncIterator[Seat]:
    """Take part while the block lasts; `woken` is called when another program has written.

    Raises KeysApart.
    """
    if database.shared is None:
        yield OnlySeat(database)
        return
    from storage.engine.postgres.source import PostgresSource  # noqa: PLC0415 (SQLite never needs it)

    source = database.shared
    assert isinstance(source, PostgresSource)  # noqa: S101 (nothing else is shared)
    seat = SharedSeat(database, source, name or own_name(), woken)
    await seat.join()
    keeping = asyncio.create_task(seat.keep())
    try:
        yield seat
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await seat.leave()
