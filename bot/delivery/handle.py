"""Handling what the inbox holds: in order within a chat, side by side across chats, bounded.

An update's row leaves the inbox in the transaction of its effect. A crash or an exception before
that commit repeats the update; one that keeps failing is parked and reported, and blocks nobody.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from datetime import timedelta

import structlog
from aiogram import Bot, Dispatcher
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import Update

from bot.clock import Clock
from bot.delivery.replies import Replier, Replies
from storage import inbox
from storage.database import Database
from storage.inbox import InboxRow

log = structlog.get_logger()

CONCURRENT_CHATS = 64
TRIES = 5
_BACKOFF = (1, 5, 30, 120)


class Handler:
    """Takes updates from the inbox, runs the dispatcher on them and gives its replies.

    `handled` is called after each commit: it may have put something into the outbox.
    """

    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        database: Database,
        clock: Clock,
        replier: Replier,
        handled: Callable[[], None],
    ) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._database = database
        self._clock = clock
        self._replier = replier
        self._handled = handled
        self._queues: dict[int, deque[InboxRow]] = {}
        self._known: set[int] = set()
        self._places = asyncio.Semaphore(CONCURRENT_CHATS)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, arrived: asyncio.Event) -> None:
        """Handle until cancelled."""
        while True:
            await self.start_pending()
            await self._clock.wait(arrived, None)

    async def start_pending(self) -> None:
        """Queue every inbox row not yet under way, each behind its chat's earlier ones."""
        async with self._database.reading() as reader:
            rows = await inbox.pending(reader)
        for row in rows:
            if row.update_id not in self._known:
                self._known.add(row.update_id)
                self._enqueue(row)

    def _enqueue(self, row: InboxRow) -> None:
        queue = self._queues.get(row.chat_key)
        if queue is not None:
            queue.append(row)
            return
        self._queues[row.chat_key] = deque([row])
        task = asyncio.create_task(self._handle_chat(row.chat_key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle_chat(self, chat_key: int) -> None:
        queue = self._queues[chat_key]
        while queue:
            async with self._places:
                await self._handle(queue[0])
            self._known.discard(queue.popleft().update_id)
        del self._queues[chat_key]

    async def drain(self) -> None:
        """Finish what is under way."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _handle(self, row: InboxRow) -> None:
        for attempt in range(row.attempts, TRIES):
            try:
                replies = await self._effect(row)
            except Exception as error:  # noqa: BLE001 (whatever a handler raises, nothing is lost)
                await self._failed(row, attempt, error)
            else:
                self._handled()
                await self._replier.give(replies)
                return

    async def _effect(self, row: InboxRow) -> Replies:
        update = Update.model_validate(json.loads(row.payload), context={"bot": self._bot})
        async with self._database.transaction() as tx:
            if not await inbox.done(tx, row.update_id):
                return []
            replies = await self._dispatcher.feed_update(
                self._bot, update, tx=tx, now=self._clock.now()
            )
        return [] if replies is None or replies is UNHANDLED else list(replies)

    async def _failed(self, row: InboxRow, attempt: int, error: Exception) -> None:
        park = attempt + 1 >= TRIES
        log.error("update_failed", update_id=row.update_id, error=type(error).__name__, parked=park)
        delay = _BACKOFF[min(attempt, len(_BACKOFF) - 1)]
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await inbox.failed(
                tx, row.update_id, type(error).__name__, now, now + timedelta(seconds=delay), park
            )
        if not park:
            await asyncio.sleep(delay)
