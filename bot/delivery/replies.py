"""Replies: what a handler wants said, given after its transaction was committed.

A reply that fails is not kept: the person's next tap or message shows the present screen again.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from aiogram import Bot
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageReplyMarkup,
    EditMessageText,
    SendMessage,
    TelegramMethod,
)

from bot.clock import Clock
from bot.delivery.outcomes import (
    Delivered,
    NotSent,
    Outcome,
    Rejected,
    SlowDown,
    Unknown,
    Unreachable,
    attempt,
)
from bot.delivery.pacing import Pacer
from storage.asking import invitations
from storage.database import Database, Reader
from storage.errors import StorageError
from storage.people import people
from storage.sending import outbox

log = structlog.get_logger()

_TRIES = 3
_RETRY_SECONDS = 0.5
_LONGEST_PAUSE = 30.0
_REPEATABLE = (EditMessageText, EditMessageReplyMarkup, AnswerCallbackQuery)


@dataclass(frozen=True, slots=True)
class Reply:
    """One Bot API call. With `invitation_id` the message it sends is where that survey stands."""

    method: TelegramMethod[Any]
    invitation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """A reply that takes much reading: made after the commit, so that nobody waits for it."""

    make: Callable[[Reader], Awaitable[Reply]]


Replies = Sequence[Reply | Later]


class Replier:
    """Gives replies, ahead of any broadcast."""

    def __init__(self, bot: Bot, database: Database, clock: Clock, pacer: Pacer) -> None:
        self._bot = bot
        self._database = database
        self._clock = clock
        self._pacer = pacer

    async def give(self, replies: Replies) -> None:
        """Give the replies in order; what cannot be delivered is logged by kind and let go."""
        for one in replies:
            reply = await self._made(one)
            if reply is None:
                continue
            outcome = await self._deliver(reply.method)
            try:
                await self._note(reply, outcome)
            except StorageError as error:
                log.error("reply_not_noted", error=type(error).__name__)

    async def _made(self, one: Reply | Later) -> Reply | None:
        if isinstance(one, Reply):
            return one
        try:
            async with self._database.reading() as reader:
                return await one.make(reader)
        except Exception as error:  # noqa: BLE001 (the update is handled; the next tap asks again)
            log.error("reply_not_made", error=type(error).__name__)
            return None

    async def _deliver(self, method: TelegramMethod[Any]) -> Outcome:
        outcome: Outcome = NotSent("not tried")
        for _ in range(_TRIES):
            if isinstance(method, SendMessage) and isinstance(method.chat_id, int):
                await self._pacer.reply_turn(method.chat_id)
            outcome = await attempt(self._bot(method))
            match outcome:
                case SlowDown(seconds):
                    await self._hold_broadcast(seconds)
                    if seconds > _LONGEST_PAUSE:
                        return outcome
                    await asyncio.sleep(seconds)
                case NotSent():
                    await asyncio.sleep(_RETRY_SECONDS)
                case Unknown() if isinstance(method, _REPEATABLE):
                    await asyncio.sleep(_RETRY_SECONDS)
                case Rejected(formatting=True) if getattr(method, "parse_mode", None) != "":
                    method = method.model_copy(update={"parse_mode": None})
                case _:
                    return outcome
        return outcome

    async def _hold_broadcast(self, seconds: float) -> None:
        until = self._clock.now() + timedelta(seconds=seconds)
        with contextlib.suppress(StorageError):  # the next message is told the same
            async with self._database.transaction() as tx:
                await outbox.pause(tx, until)

    async def _note(self, reply: Reply, outcome: Outcome) -> None:
        match outcome:
            case Delivered(result) if reply.invitation_id is not None:
                message_id = getattr(result, "message_id", None)
                if message_id is not None:
                    async with self._database.transaction() as tx:
                        await invitations.set_message(tx, reply.invitation_id, message_id)
            case Unreachable():
                chat_id = getattr(reply.method, "chat_id", None)
                if isinstance(chat_id, int):
                    async with self._database.transaction() as tx:
                        await people.unreachable(tx, chat_id, self._clock.now())
            case Delivered() | Rejected(unchanged=True) | Rejected(too_old=True):
                pass
            case _:
                log.warning(
                    "reply_not_delivered",
                    method=reply.method.__api_method__,
                    outcome=type(outcome).__name__,
                )
