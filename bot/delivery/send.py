"""Sending what nobody has just asked for: invitations, reminders, digests, through the outbox.

Claim (committed) → send → settle. A send whose fate is unknown is never repeated to a customer; to
staff it is repeated once, marked. While the channel is in trouble the queue holds its breath, so
that an outage makes a handful of uncertain sends and not a whole wave of them.
"""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import structlog

from bot.clock import Clock
from bot.crashing import crash_point
from bot.delivery.channel import Channels
from bot.delivery.outcomes import NotSent, Outcome, Unknown
from bot.delivery.settle import LONGEST_RETRY, settle
from bot.errors import TokenRefused
from bot.operations.campaigns.control import postpone
from bot.roles import may_get
from storage.database import Database
from storage.errors import OUT_OF_SERVICE, StorageError
from storage.people.addresses import Address
from storage.sending import outbox
from storage.sending.outbox import Claimed

log = structlog.get_logger()

IN_FLIGHT = 16
_CLAIMED_AHEAD = 2
_RETRY_SECONDS = 1.0
_TROUBLES_ALLOWED = 2
_LONGEST_BREATH = 60.0
_LONG_BREATH = 32.0
"""After this many seconds an outage may last into the night, so waiting messages are put off."""


def breath(troubles: int) -> float:
    """Return how many seconds the queue pauses after that many failures in a row."""
    doublings = min(troubles - _TROUBLES_ALLOWED, 10)  # a long outage has thousands
    return min(2.0**doublings, _LONGEST_BREATH)


class Sender:
    """Empties the outbox at its channels' pace."""

    def __init__(self, channels: Channels, database: Database, clock: Clock) -> None:
        self._channels = channels
        self._database = database
        self._clock = clock
        self._places = asyncio.Semaphore(IN_FLIGHT)
        self._ahead = asyncio.Semaphore(_CLAIMED_AHEAD)
        self._tasks: set[asyncio.Task[None]] = set()
        self._writing_to: set[Address] = set()
        self._troubles = 0
        self._more = False
        self._broken: BaseException | None = None
        self._filled = asyncio.Event()

    async def run(self, filled: asyncio.Event) -> None:
        """Send until cancelled; `filled` says that something was put into the outbox.

        What no retry can mend (a revoked token) is raised.
        """
        self._filled = filled
        while True:
            try:
                if not await self._step():
                    await self._wait()
            except StorageError as error:
                log.error("outbox_out_of_service", error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)
            if self._broken is not None:
                raise self._broken

    async def drain(self) -> None:
        """Finish what is in flight."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _step(self) -> bool:
        """Start sending the next due message; False where none is due."""
        if not self._more and not await self._is_due():
            return False
        await self._places.acquire()
        started = asyncio.get_running_loop().create_future()
        self._start(self._claim_and_send(started))
        self._more = await asyncio.shield(started)
        return self._more

    async def _is_due(self) -> bool:
        """Look before claiming where the last claim was empty; else claim at once."""
        async with self._database.reading() as reader:
            due = await outbox.next_due(reader, without=self._busy())
        return due is not None and due <= self._clock.now()

    async def _wait(self) -> None:
        """Wait for a new message, a due one, or a chat that may be written to again."""
        loop = asyncio.get_running_loop()
        rests = self._resting().values()
        rested = loop.call_later(min(rests), self._filled.set) if rests else None
        async with self._database.reading() as reader:
            due = await outbox.next_due(reader, without=self._busy())
        try:
            await self._clock.wait(self._filled, due)
        finally:
            if rested is not None:
                rested.cancel()

    def _busy(self) -> set[Address]:
        """Return the addresses to which nothing may be sent at this moment."""
        return self._writing_to.union(self._resting())

    def _resting(self) -> dict[Address, float]:
        """Return the addresses that must not be written to yet, and for how many seconds."""
        rests = [channel.resting() for channel in self._channels.values()]
        return {address: seconds for resting in rests for address, seconds in resting.items()}

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run to the end even if the loop stops, since a claimed message must be settled."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._places.release()
        if not task.cancelled() and (error := task.exception()):
            log.error("send_failed", error=type(error).__name__)
            if isinstance(error, TokenRefused):
                self._broken = error
        self._filled.set()

    async def _claim_and_send(self, started: asyncio.Future[bool]) -> None:
        """Claim and wait for the turn, few at a time; then send beside the next ones.

        The turn comes last, so that what a busy disk does to a claim does not bunch the messages.
        """
        async with self._ahead:
            claimed = await self._claim(started)
            if claimed is None:
                return
            self._writing_to.add(claimed.address)
            await self._channels[claimed.address.channel].broadcast_turn(claimed.address)
        try:
            await self._send(claimed)
        finally:
            self._writing_to.discard(claimed.address)

    async def _claim(self, started: asyncio.Future[bool]) -> Claimed | None:
        try:
            async with self._database.transaction() as tx:
                now, busy = self._clock.now(), self._busy()
                rows = await outbox.claim(tx, now, without=busy, allowed=may_get)
        except Exception as error:  # noqa: BLE001 (the loop waits for it, and judges it)
            started.set_exception(error)
            return None
        started.set_result(bool(rows))
        if not rows:
            return None
        crash_point("claimed")
        return rows[0]

    async def _send(self, claimed: Claimed) -> None:
        outcome: Outcome
        try:
            outcome = await self._channels[claimed.address.channel].deliver(claimed)
        except TokenRefused:
            await self._settle(claimed, NotSent("the token was refused"))
            raise
        except Exception as error:
            await self._settle(claimed, Unknown(type(error).__name__))
            raise
        crash_point("delivered")
        await self._settle(claimed, outcome)

    async def _settle(self, claimed: Claimed, outcome: Outcome) -> None:
        """Note the outcome; while the database is out of service, wait until it is back."""
        troubled = isinstance(outcome, NotSent | Unknown)
        self._troubles = self._troubles + 1 if troubled else 0
        seconds = breath(self._troubles)
        while True:
            now = self._clock.now()
            try:
                async with self._database.transaction() as tx:
                    await settle(tx, claimed, outcome, now)
                    if self._troubles > _TROUBLES_ALLOWED:
                        await outbox.pause(tx, now + timedelta(seconds=seconds), now)
                    if seconds >= _LONG_BREATH:
                        await postpone(tx, now + 2 * LONGEST_RETRY)
            except OUT_OF_SERVICE as error:
                log.error("outcome_not_noted", error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                return
