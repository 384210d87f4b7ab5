"""Getting updates from Telegram: committed to the inbox first, confirmed after.

aiogram's own polling confirms an update before its handler ended; a crash then loses the answer.
"""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from bot.clock import Clock
from bot.crashing import crash_point
from bot.errors import TokenRefused
from bot.operations.upkeep.trouble import second_poller, tell_admins
from bot.telegram.session import Call
from storage.database import Database
from storage.errors import StorageError
from storage.people.addresses import Address, of_telegram
from storage.sending import inbox

log = structlog.get_logger()

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
POLL_SECONDS = 30
_BATCH = 100
_LONGEST_RETRY = 30.0
_CONFLICT_SECONDS = 15.0


def sender_of(update: dict[str, Any]) -> Address:
    """Return what orders an update: its sender, so that taps and words of one person queue."""
    for body in update.values():
        if isinstance(body, dict):
            sender = body.get("from") or body.get("chat") or {}
            return of_telegram(int(sender.get("id", 0)))
    return of_telegram(0)


def inbox_rows(updates: Sequence[dict[str, Any]]) -> list[tuple[int, Address, str]]:
    """Return updates as the inbox keeps them: id, sender, JSON (ASCII: always storable)."""
    return [(int(update["update_id"]), sender_of(update), json.dumps(update)) for update in updates]


async def keep(database: Database, updates: Sequence[dict[str, Any]], clock: Clock) -> None:
    """Commit updates to the inbox; when this returns, Telegram may be told that we have them.

    It passes the handlers that wait: Telegram waits for it, and they for nobody.
    """
    crash_point("received")
    async with database.transaction(urgent=True) as tx:
        await inbox.add(tx, inbox_rows(updates), clock.now())
    crash_point("kept")


class Receiver:
    """Polls Telegram; `arrived` is set whenever the inbox has got something new."""

    def __init__(
        self,
        bot: Bot,
        database: Database,
        clock: Clock,
        arrived: asyncio.Event,
        filled: asyncio.Event,
    ) -> None:
        self._bot = bot
        self._database = database
        self._clock = clock
        self._arrived = arrived
        self._filled = filled
        self._offset: int | None = None
        self._failures = 0

    async def run(self, room: asyncio.Event) -> None:
        """Receive until cancelled, while there is room for more.

        A refused token ends it; anything passing is waited out.
        """
        while True:
            try:
                await room.wait()
                await self._receive()
                self._failures = 0
            except TelegramUnauthorizedError as error:
                raise TokenRefused from error
            except TelegramConflictError:
                await self._report_conflict()
                await asyncio.sleep(_CONFLICT_SECONDS)
            except TelegramRetryAfter as error:
                await asyncio.sleep(error.retry_after)
            except (StorageError, TelegramAPIError, ClientDecodeError) as error:
                log.warning("updates_wait", error=type(error).__name__)
                await asyncio.sleep(min(2.0**self._failures, _LONGEST_RETRY))
                self._failures = min(self._failures + 1, 10)

    async def _receive(self) -> None:
        asked = {"limit": _BATCH, "timeout": POLL_SECONDS, "allowed_updates": ALLOWED_UPDATES}
        if self._offset is not None:
            asked["offset"] = self._offset
        # Unparsed: an update that no model fits must reach the inbox too.
        updates = await self._bot(Call.of("getUpdates", asked), request_timeout=POLL_SECONDS + 15)
        if not updates:
            return
        await keep(self._database, updates, self._clock)
        self._offset = max(update["update_id"] for update in updates) + 1
        self._arrived.set()

    async def _report_conflict(self) -> None:
        """Tell the admins, once a day; the other program may be the right one."""
        log.error("another_program_polls_with_this_token")
        now = self._clock.now()
        try:
            async with self._database.transaction() as tx:
                await tell_admins(tx, f"conflict:{now.date()}", second_poller, now)
        except StorageError as error:
            log.warning("conflict_not_reported", error=type(error).__name__)
        self._filled.set()
