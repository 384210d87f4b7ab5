"""Telegram as delivery's channel."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramUnauthorizedError
from aiogram.methods import TelegramMethod

from bot.delivery.outcomes import Delivered, NotTried, Outcome, Rejected
from bot.errors import TokenRefused
from bot.says.heard import Heard
from bot.says.said import Now
from bot.telegram import hear, speak
from bot.telegram.calls import deliver, sent
from bot.telegram.outcomes import attempt
from bot.telegram.pacing import Pacer
from bot.telegram.session import Call
from storage.people.addresses import Address, of_telegram
from storage.sending.outbox import Claimed


def _always() -> bool:
    return True


class Telegram:
    """One bot account: what it hears, and what it says at Telegram's pace."""

    def __init__(
        self,
        bot: Bot,
        messages_per_second: float,
        may_send: Callable[[], bool] = _always,
        begins_in: float = 0.0,
    ) -> None:
        """Say nothing for some seconds, and nothing at all while another program may be sending."""
        self.bot = bot
        self._rate = messages_per_second
        self._may_send = may_send
        self._pacer = Pacer(messages_per_second, begins_in)

    def of_term(self, may_send: Callable[[], bool], begins_in: float) -> "Telegram":
        """Return the same account for one term of a replica that leads."""
        return Telegram(self.bot, self._rate, may_send, begins_in)

    def hear(self, told: dict[str, Any], now: datetime) -> Heard | None:
        """Return what an update says; raises ValidationError for anything Telegram never sends."""
        return hear.heard(told, now)

    async def say(self, said: Now, heard: Heard) -> Outcome:
        """Say it before any broadcast; markup that Telegram refuses is sent as plain text."""
        method = speak.reply(said, heard)
        with refusing_token():
            outcome = await self._call(method)
            if isinstance(outcome, Rejected) and outcome.formatting:
                outcome = await self._call(speak.plain(method))
        return Delivered(sent(outcome.result)) if isinstance(outcome, Delivered) else outcome

    async def _call(self, method: TelegramMethod[Any]) -> Outcome:
        if isinstance(method, Call) and method.name == "sendMessage":
            await self._pacer.reply_turn(of_telegram(method.content["chat_id"]))
        if not self._may_send():
            return NotTried()
        return await attempt(self.bot(method))

    async def deliver(self, claimed: Claimed) -> Outcome:
        """Send an outbox row, once."""
        if not self._may_send():
            return NotTried()
        with refusing_token():
            return await deliver(self.bot, claimed)

    async def broadcast_turn(self, address: Address) -> None:
        """Wait for the chat's turn, and then for one among all messages."""
        await self._pacer.chat_turn(address)
        await self._pacer.broadcast_turn()

    def resting(self) -> dict[Address, float]:
        """Return the chats that spoke less than a second ago, and when they may again."""
        return self._pacer.resting()


@contextmanager
def refusing_token() -> Iterator[None]:
    """Raise aiogram's error about a token as our own."""
    try:
        yield
    except TelegramUnauthorizedError as error:
        raise TokenRefused from error
