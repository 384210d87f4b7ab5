"""Sending what nobody has just asked for: invitations, reminders, digests, through the outbox.

Claim (committed) → send → settle. A send whose fate is unknown is never repeated to a customer; to
staff it is repeated once, marked. While the channel is in trouble the queue pauses, so that an
outage makes a handful of uncertain sends and not a whole wave of them.

One transaction claims the next few messages and notes which of the earlier ones arrived. A claimed
message waits for its turn; where there is trouble meanwhile it goes back into the queue.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog

from bot.clock import Clock
from bot.crashing import crash_point
from bot.delivery.channel import Channels
from bot.delivery.outcomes import (
    Delivered,
    NotSent,
    NotTaken,
    NotTried,
    Outcome,
    SlowDown,
    Unknown,
)
from bot.delivery.settle import LONGEST_RETRY, settle, settle_delivered
from bot.errors import TokenRefused
from bot.operations.campaigns.control import postpone
from bot.roles import may_get
from storage.database import Database, Transaction
from storage.errors import OUT_OF_SERVICE, NotLeading, StorageError
from storage.people.addresses import Address
from storage.sending import outbox, pauses
from storage.sending.outbox import Claimed

T = TypeVar("T")

log = structlog.get_logger()

IN_FLIGHT = 16
AHEAD = 6
"""How many messages are claimed ahead at most: after a kill their fate is unknown."""
_FEW = 2
"""When this few are left, the next messages are claimed: sending never waits for the disk."""
_RETRY_SECONDS = 1.0
_TROUBLES_ALLOWED = 2
_LONGEST_BREATH = 60.0
_LONG_BREATH = 32.0
"""An outage of more seconds than this may last into the night, so waiting messages are put off."""


def breath(troubles: int) -> float:
    """Return how many seconds the queue pauses after that many failures in a row."""
    doublings = min(troubles - _TROUBLES_ALLOWED, 10)  # a long outage has thousands
    return min(2.0**doublings, _LONGEST_BREATH)


class OutboxSender:
    """Empties the outbox at its channels' pace."""

    def __init__(self, channels: Channels, database: Database, clock: Clock) -> None:
        self._channels = channels
        self._database = database
        self._clock = clock
        self._tasks: set[asyncio.Task[Any]] = set()
        self._unsettled: set[Address] = set()
        self._arrived: list[tuple[Claimed, Delivered]] = []
        self._ahead = 0
        self._few_ahead = asyncio.Event()
        self._troubles = 0
        self._holds = 0
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
                await self._step()
            except StorageError as error:
                log.error("outbox_out_of_service", error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)
            if self._broken is not None:
                raise self._broken

    async def drain(self) -> None:
        """Finish what is in flight; what still waits for its turn goes back into the queue."""
        self._holds += 1
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        for claimed, outcome in self._arrived:
            await self._settle(claimed, outcome)

    async def _step(self) -> None:
        """Note what arrived and claim the next due messages, or wait for one.

        Where the last claim was empty it looks before it claims.
        """
        if not self._arrived and not self._more:
            rests = list(self._resting().values())
            async with self._database.reading() as reader:
                due = await outbox.next_due(reader, without=self._busy())
            if due is None or due > self._clock.now():
                await self._wait(due, rests)
                return
        self._few_ahead.clear()
        # Shielded: a claimed message must be settled, even if the loop stops.
        self._more = await asyncio.shield(self._start(self._exchange()))
        if self._more and self._ahead > _FEW:
            await self._few_ahead.wait()

    async def _wait(self, due: datetime | None, rests: Sequence[float]) -> None:
        """Wait for a new message, a due one, or a chat that may be written to again."""
        loop = asyncio.get_running_loop()
        rested = loop.call_later(min(rests), self._filled.set) if rests else None
        try:
            await self._clock.wait(self._filled, due)
        finally:
            if rested is not None:
                rested.cancel()

    def _busy(self) -> set[Address]:
        """Return the addresses to which nothing may be sent at this moment."""
        return self._unsettled.union(self._resting())

    def _resting(self) -> dict[Address, float]:
        """Return the addresses that must not be written to yet, and for how many seconds."""
        rests = [channel.resting() for channel in self._channels.values()]
        return {address: seconds for resting in rests for address, seconds in resting.items()}

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run to the end even if the loop stops, since a claimed message must be settled."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("send_failed", error=type(error).__name__)
            if isinstance(error, TokenRefused):
                self._broken = error
        self._filled.set()

    async def _exchange(self) -> bool:
        """Note what arrived, claim the next and start sending; tell whether there was any."""
        holds, arrived = self._holds, list(self._arrived)
        room = min(AHEAD - self._ahead, IN_FLIGHT + len(arrived) - len(self._unsettled))
        now = self._clock.now()
        try:
            async with self._database.transaction() as tx:
                if arrived:
                    await settle_delivered(tx, arrived, now)
                found = await self._claimed(tx, now, room) if room > 0 else []
        except StorageError as error:
            if not isinstance(error, OUT_OF_SERVICE):  # apart, one of them spoils no other
                del self._arrived[: len(arrived)]
                for claimed, outcome in arrived:
                    self._start(self._settle(claimed, outcome))
            raise
        del self._arrived[: len(arrived)]
        self._unsettled.difference_update(claimed.address for claimed, _ in arrived)
        if found:
            crash_point("claimed")
        for claimed in found:
            self._unsettled.add(claimed.address)
            self._ahead += 1
            self._start(self._send(claimed, holds))
        return bool(found)

    async def _claimed(self, tx: Transaction, now: datetime, room: int) -> Sequence[Claimed]:
        return await outbox.claim(tx, now, room, without=self._busy(), allowed=may_get)

    async def _send(self, claimed: Claimed, holds: int) -> None:
        try:
            outcome = await self._delivered(claimed, holds)
        except TokenRefused:
            await self._settle(claimed, NotSent("the token was refused"))
            raise
        except Exception as error:
            await self._settle(claimed, Unknown(type(error).__name__))
            raise
        crash_point("delivered")
        if isinstance(outcome, Delivered):
            if claimed.kind != "event":
                self._troubles = 0
            self._arrived.append((claimed, outcome))
        else:
            await self._settle(claimed, outcome)

    async def _delivered(self, claimed: Claimed, holds: int) -> Outcome:
        """Wait for the turn and send, unless the queue was told to hold since the claim."""
        try:
            channel = self._channels[claimed.address.channel]
            await channel.broadcast_turn(claimed.address)
        finally:
            self._ahead -= 1
            if self._ahead <= _FEW:
                self._few_ahead.set()
        return NotTried() if self._holds != holds else await channel.deliver(claimed)

    async def _settle(self, claimed: Claimed, outcome: Outcome) -> None:
        """Note an outcome by itself; while the database is out of service, wait for it."""
        if isinstance(outcome, NotSent | Unknown):
            self._troubles += 1
        elif not isinstance(outcome, NotTried | NotTaken):
            self._troubles = 0
        seconds = breath(self._troubles)
        if self._troubles > _TROUBLES_ALLOWED or isinstance(outcome, SlowDown):
            self._holds += 1
        try:
            await self._note(claimed, outcome, seconds)
        finally:
            self._unsettled.discard(claimed.address)

    async def _note(self, claimed: Claimed, outcome: Outcome, seconds: float) -> None:
        while True:
            now = self._clock.now()
            try:
                async with self._database.transaction() as tx:
                    await settle(tx, claimed, outcome, now)
                    if self._troubles > _TROUBLES_ALLOWED:
                        await pauses.pause(tx, now + timedelta(seconds=seconds), now)
                    if seconds >= _LONG_BREATH:
                        await postpone(tx, now + 2 * LONGEST_RETRY)
            except NotLeading:
                # Who leads now has counted it among those of unknown fate.
                log.warning("outcome_left_to_who_leads", outcome=type(outcome).__name__)
                return
            except OUT_OF_SERVICE as error:
                log.error("outcome_not_noted", error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                return
