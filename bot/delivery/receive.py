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
    TelegramAPIError,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

from bot.clock import Clock
from storage import inbox
from storage.database import Database
from storage.errors import StorageError

log = structlog.get_logger()

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
POLL_SECONDS = 30
_BATCH = 100
_RETRY_SECONDS = 1.0
_CONFLICT_SECONDS = 15.0


class GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """`getUpdates`, unparsed: an update that no model fits must reach the inbox too."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int = _BATCH
    timeout: int = POLL_SECONDS
    allowed_updates: list[str]


def chat_key(update: dict[str, Any]) -> int:
    """Return what orders an update: its sender's id, so that taps and words of one person queue."""
    for body in update.values():
        if isinstance(body, dict):
            sender = body.get("from") or body.get("chat") or {}
            return int(sender.get("id", 0))
    return 0


def inbox_rows(updates: Sequence[dict[str, Any]]) -> list[tuple[int, int, str]]:
    """Return updates as the inbox keeps them: id, ordering key, JSON (ASCII: always storable)."""
    return [(int(update["update_id"]), chat_key(update), json.dumps(update)) for update in updates]


class Receiver:
    """Polls Telegram; `arrived` is set whenever the inbox has got something new."""

    def __init__(self, bot: Bot, database: Database, clock: Clock, arrived: asyncio.Event) -> None:
        self._bot = bot
        self._database = database
        self._clock = clock
        self._arrived = arrived
        self._offset: int | None = None

    async def run(self) -> None:
        """Receive until cancelled. A refused token ends it; anything passing is waited out."""
        while True:
            try:
                await self._receive()
            except TelegramUnauthorizedError:
                raise
            except TelegramConflictError:
                log.warning("another_program_polls_with_this_token")
                await asyncio.sleep(_CONFLICT_SECONDS)
            except StorageError as error:
                log.error("inbox_not_writable", error=type(error).__name__)  # noqa: TRY400 (no values)
                await asyncio.sleep(_RETRY_SECONDS)
            except TelegramRetryAfter as error:
                await asyncio.sleep(error.retry_after)
            except TelegramAPIError as error:
                log.warning("telegram_unreachable", error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)

    async def _receive(self) -> None:
        method = GetRawUpdates(offset=self._offset, allowed_updates=list(ALLOWED_UPDATES))
        updates = await self._bot(method, request_timeout=POLL_SECONDS + 15)
        if not updates:
            return
        async with self._database.transaction() as tx:
            await inbox.add(tx, inbox_rows(updates), self._clock.now())
        self._offset = max(update["update_id"] for update in updates) + 1
        self._arrived.set()
