"""Handling what the inbox holds: in order within a chat, side by side across chats, bounded.

Each chat has a share of what is taken up at once; what one person sends beyond it waits in the
inbox, so that a rush of theirs takes nobody's place.

An update leaves the inbox in the transaction of its effect. A crash or an exception before that
commit repeats the update; one that keeps failing is parked and reported, and blocks nobody. Where
it is the database that fails, nothing counts as tried: everything waits until it is back.
"""

import asyncio
import json
import re
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.clock import Clock
from bot.crashing import crash_point
from bot.delivery.channel import Channels
from bot.delivery.replies import Replier, Replies
from bot.operations.upkeep.trouble import tell_admins, update_parked
from bot.says.heard import Heard
from bot.says.said import Said
from storage.database import Database, Transaction
from storage.errors import OUT_OF_SERVICE, StorageError
from storage.people import people
from storage.people.addresses import Address
from storage.people.people import Person
from storage.sending import inbox
from storage.sending.inbox import InboxRow

log = structlog.get_logger()

Answerer = Callable[[Heard, Person | None, Transaction, datetime], Awaitable[Sequence[Said]]]
"""Does what the person at the sender's address wants; returns what to say after the commit."""

CONCURRENT_CHATS = 64
MOST_WAITING = 1_000
"""The most updates taken up at once; more wait at the channel: Telegram keeps them for a day."""
MOST_KEPT = 5_000
"""The most updates in the inbox, taken up or not: each look has to read past a rush."""
SHARE = 50
"""The most updates of one chat taken up at once."""
_FEW = 30
"""When no more than this many of a chat's updates are left, more are read."""
_ANSWERED = 20
"""How many messages of a burst from one chat, the last ones, get a reply: each takes a second."""
TRIES = 5
_BACKOFF = (1, 5, 30, 120)
_LONGEST_BACKOFF = timedelta(seconds=max(_BACKOFF))
_RETRY_SECONDS = 1.0
_UNSTORABLE = re.compile("[\0\ud800-\udfff]+")


def storable(told: Any) -> Any:  # noqa: ANN401 (JSON)
    """Return JSON with blanks in place of what no database stores: NUL and lone surrogates."""
    match told:
        case str():
            return _UNSTORABLE.sub(" ", told)
        case dict():
            return {name: storable(value) for name, value in told.items()}
        case list():
            return [storable(value) for value in told]
        case _:
            return told


def _told(payload: str) -> Any:  # noqa: ANN401 (JSON)
    """Read an update's JSON, which is ASCII: what is not storable is escaped in it."""
    told = json.loads(payload)
    return storable(told) if "\\u0000" in payload or "\\ud" in payload else told


def has_room(taken: int, kept: int) -> bool:
    """Tell whether more may be received, with `taken` updates taken up and `kept` in the inbox."""
    return taken < MOST_WAITING and kept < MOST_KEPT


def has_room_beside(of_each: Sequence[int]) -> bool:
    """Tell the same, where so many of each sender wait."""
    return has_room(sum(min(count, SHARE) for count in of_each), sum(of_each))


class InboxHandler:
    """Takes updates from the inbox, has them answered and gives the replies.

    `handled` is called after each commit of which something may have become due. `room` is set
    while more updates may be received.
    """

    def __init__(
        self,
        channels: Channels,
        answer: Answerer,
        database: Database,
        clock: Clock,
        replier: Replier,
        handled: Callable[[], None],
    ) -> None:
        self._channels = channels
        self._answer = answer
        self._database = database
        self._clock = clock
        self._replier = replier
        self._handled = handled
        self.room = asyncio.Event()
        self._queues: dict[Address, deque[InboxRow]] = {}
        self._known: set[int] = set()
        self._beyond: set[Address] = set()
        self._kept = 0
        self._places = asyncio.Semaphore(CONCURRENT_CHATS)
        self._tasks: set[asyncio.Task[None]] = set()
        self._broken: BaseException | None = None
        self._stopping = asyncio.Event()

    async def run(self, arrived: asyncio.Event) -> None:
        """Handle until cancelled; errors that no retry can fix (a revoked token) are raised."""
        while True:
            try:
                await self._start_pending(arrived)
            except StorageError as error:
                log.error("inbox_not_readable", error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)
                continue
            await self._clock.wait(arrived, None)
            if self._broken is not None:
                raise self._broken

    async def _start_pending(self, arrived: asyncio.Event) -> None:
        """Queue what waits, behind earlier updates of its chat, and of each chat only its share."""
        full = {sender for sender, queue in self._queues.items() if len(queue) > _FEW}
        self._beyond |= full
        async with self._database.reading() as reader:
            rows = await inbox.pending(reader, self._known, full, SHARE)
            of_each = Counter(row.sender for row in rows)
            self._beyond |= {sender for sender, count in of_each.items() if count >= SHARE}
            now = self._clock.now()
            self._kept = sum(await inbox.of_each(reader, now)) if self._beyond else 0
        for row in rows:
            self._known.add(row.update_id)
            self._enqueue(row, arrived)
        self._look_for_room()

    def _look_for_room(self) -> None:
        if has_room(len(self._known), self._kept):
            self.room.set()
        else:
            self.room.clear()

    def _enqueue(self, row: InboxRow, arrived: asyncio.Event) -> None:
        queue = self._queues.get(row.sender)
        if queue is not None:
            queue.append(row)
            return
        self._queues[row.sender] = deque([row])

        def ended(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            if not task.cancelled() and (error := task.exception()):
                log.error("chat_given_up", error=type(error).__name__)
                self._broken = error
                arrived.set()

        task = asyncio.create_task(self._handle_chat(row.sender, arrived))
        self._tasks.add(task)
        task.add_done_callback(ended)

    async def _handle_chat(self, sender: Address, arrived: asyncio.Event) -> None:
        queue = self._queues[sender]
        while queue and not self._stopping.is_set():
            await self._handle(queue[0])
            self._known.discard(queue.popleft().update_id)
            self._look_for_room()
            if len(queue) <= _FEW and sender in self._beyond:
                self._beyond.discard(sender)
                arrived.set()
        del self._queues[sender]

    async def drain(self) -> None:
        """Finish the updates being handled; those that wait for a later try stay in the inbox."""
        self._stopping.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _handle(self, row: InboxRow) -> None:
        """Try an update until it is handled, parked, or the program stops."""
        trying: InboxRow | None = row
        while trying is not None and await self._its_time(trying):
            try:
                async with self._places:
                    replies, stirs = await self._effect(trying)
            except OUT_OF_SERVICE as error:
                log.error("database_out_of_service", error=type(error).__name__)
                await self._pause(_RETRY_SECONDS)
            except Exception as error:  # noqa: BLE001 (whatever a handler raises, nothing is lost)
                trying = await self._failed(trying, error)
            else:
                crash_point("handled")
                if stirs:
                    self._handled()
                if replies and len(self._queues[row.sender]) <= _ANSWERED:
                    await self._replier.give(replies)
                return

    async def _its_time(self, row: InboxRow) -> bool:
        """Wait until an update may be tried; False where the program stops before."""
        while not self._stopping.is_set():
            now = self._clock.now()
            if row.not_before is None or not now < row.not_before <= now + _LONGEST_BACKOFF:
                return True  # no wait is that long: the clock was set back
            await self._stop_or(self._clock.wait(asyncio.Event(), row.not_before))
        return False

    async def _pause(self, seconds: float) -> None:
        await self._stop_or(asyncio.sleep(seconds))

    async def _stop_or(self, waiting: Coroutine[Any, Any, None]) -> None:
        """Wait, but no longer than the program runs."""
        waits = [asyncio.ensure_future(waiting), asyncio.ensure_future(self._stopping.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()

    async def _effect(self, row: InboxRow) -> tuple[Replies | None, bool]:
        """Return what to say, and whether something may have become due."""
        async with self._database.transaction() as tx:
            payload, person = await inbox.take_with(tx, row.update_id, people.at(row.sender))
            if payload is None:
                return None, False
            now = self._clock.now()
            channel = self._channels[row.sender.channel]
            heard = channel.hear(_told(payload), now)
            replies = None
            if heard is not None:
                address = Address(*heard.who.at)
                if address != row.sender:
                    person = await people.by_address(tx, address)
                replies = Replies(heard, await self._answer(heard, person, tx, now))
            crash_point("effect")
        return replies, tx.stirs

    async def _failed(self, row: InboxRow, error: Exception) -> InboxRow | None:
        """Count a failure; return what to try again, None where it is parked."""
        kind, attempts, now = type(error).__name__, row.attempts + 1, self._clock.now()
        park = attempts >= TRIES
        log.error("update_failed", update_id=row.update_id, error=kind, parked=park)
        later = now + timedelta(seconds=_BACKOFF[min(attempts, len(_BACKOFF)) - 1])
        try:
            async with self._database.transaction() as tx:
                await inbox.failed(tx, row.update_id, kind, now, later, park)
                if park:
                    await tell_admins(tx, f"parked:{row.update_id}", update_parked, now)
        except StorageError:
            log.error("failure_not_noted", update_id=row.update_id)
            await self._pause(_RETRY_SECONDS)
            return row
        self._handled()
        return None if park else replace(row, attempts=attempts, not_before=later)
