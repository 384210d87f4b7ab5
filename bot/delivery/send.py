"""Sending what nobody has just asked for: invitations, reminders, digests, through the outbox.

Claim (committed) → send → settle. A send whose fate is unknown is never repeated to a customer; to
staff it is repeated once, marked.
"""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from aiogram import Bot, methods
from aiogram.methods import TelegramMethod
from aiogram.types import FSInputFile

from bot.clock import Clock
from bot.delivery.outcomes import (
    Delivered,
    Migrated,
    NotSent,
    Outcome,
    Rejected,
    SlowDown,
    Unknown,
    Unreachable,
    attempt,
)
from bot.delivery.pacing import Pacer
from storage import invitations, outbox, people
from storage.database import Database, Transaction
from storage.outbox import Claimed

log = structlog.get_logger()

IN_FLIGHT = 16
TRIES = 8
_METHODS: dict[str, type[TelegramMethod[Any]]] = {
    "sendMessage": methods.SendMessage,
    "sendDocument": methods.SendDocument,
    "sendPhoto": methods.SendPhoto,
    "editMessageText": methods.EditMessageText,
    "editMessageReplyMarkup": methods.EditMessageReplyMarkup,
}
_WORDS = ("text", "caption")
REPEATED = "↻"
"""Marks a message to staff that may have arrived before."""
_FILE_PARAMETER = {"sendDocument": "document", "sendPhoto": "photo"}


def build(claimed: Claimed) -> TelegramMethod[Any]:
    """Return the Bot API call that an outbox row describes."""
    parameters = dict(claimed.params)
    if claimed.repeat and claimed.audience == "staff":
        parameters |= {
            name: f"{REPEATED} {parameters[name]}" for name in _WORDS if name in parameters
        }
    if claimed.file_path is not None:
        path = Path(claimed.file_path).resolve(strict=True)
        parameters[_FILE_PARAMETER[claimed.method]] = FSInputFile(path, filename=path.name)
    return _METHODS[claimed.method](chat_id=claimed.chat_id, **parameters)


class Sender:
    """Empties the outbox at Telegram's pace."""

    def __init__(self, bot: Bot, database: Database, clock: Clock, pacer: Pacer) -> None:
        self._bot = bot
        self._database = database
        self._clock = clock
        self._pacer = pacer
        self._places = asyncio.Semaphore(IN_FLIGHT)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, filled: asyncio.Event) -> None:
        """Send until cancelled; `filled` says that something was put into the outbox."""
        while True:
            if not await self.step():
                async with self._database.reading() as reader:
                    due = await outbox.next_due(reader)
                await self._clock.wait(filled, due)

    async def step(self) -> bool:
        """Start sending the next due message; False where none is due."""
        await self._places.acquire()
        claimed: Claimed | None = None
        try:
            async with self._database.reading() as reader:
                due = await outbox.next_due(reader)
            if due is None or due > self._clock.now():
                return False
            await self._pacer.broadcast_turn()
            async with self._database.transaction() as tx:
                rows = await outbox.claim(tx, self._clock.now(), limit=1)
            claimed = rows[0] if rows else None
        finally:
            if claimed is None:
                self._places.release()
        if claimed is None:
            return False
        task = asyncio.create_task(self._send(claimed))
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return True

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._places.release()
        if not task.cancelled() and (error := task.exception()):
            log.error("send_failed", error=type(error).__name__)

    async def drain(self) -> None:
        """Finish what is in flight."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _send(self, claimed: Claimed) -> None:
        await self._pacer.chat_turn(claimed.chat_id)
        outcome = await self._attempt(claimed)
        async with self._database.transaction() as tx:
            await self._settle(tx, claimed, outcome)

    async def _attempt(self, claimed: Claimed) -> Outcome:
        try:
            method = build(claimed)
        except (OSError, ValueError, KeyError, TypeError) as error:
            return Rejected(f"unusable row: {type(error).__name__}")
        outcome = await attempt(self._bot(method))
        if isinstance(outcome, Rejected) and outcome.formatting:
            outcome = await attempt(self._bot(method.model_copy(update={"parse_mode": None})))
        return outcome

    async def _settle(self, tx: Transaction, row: Claimed, outcome: Outcome) -> None:
        now = self._clock.now()
        match outcome:
            case NotSent(error) if row.attempts < TRIES:
                delay = timedelta(seconds=min(2**row.attempts, 300))
                await outbox.retry(tx, row.id, now + delay, error)
            case Migrated(chat_id):
                await outbox.migrate(tx, row.chat_id, chat_id)
                await outbox.retry(tx, row.id, now, "migrated")
            case SlowDown(seconds):
                until = now + timedelta(seconds=seconds)
                await outbox.pause(tx, until)
                await outbox.retry(tx, row.id, until, "slow down")
            case _:
                await self._conclude(tx, row, outcome, now)

    async def _conclude(
        self, tx: Transaction, row: Claimed, outcome: Outcome, now: datetime
    ) -> None:
        match outcome:
            case Delivered(result):
                message_id = getattr(result, "message_id", None)
                await outbox.sent(tx, row.id, message_id, now)
                if row.invitation_id is not None and message_id is not None:
                    await invitations.sent(tx, row.invitation_id, message_id, now)
            case Unreachable(error):
                await outbox.failed(tx, row.id, error, now)
                await people.unreachable(tx, row.chat_id, now)
                if row.invitation_id is not None:
                    await invitations.failed(tx, row.invitation_id, now)
            case Rejected(error) | NotSent(error):
                await outbox.failed(tx, row.id, error, now)
                if row.invitation_id is not None:
                    await invitations.failed(tx, row.invitation_id, now)
            case Unknown(error):
                await outbox.unknown(tx, row.id, error, now)
