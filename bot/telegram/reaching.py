"""Reaching Telegram at the start, when it may not be there yet, or never.

A command that somebody waits for gives up soon; the running bot never does.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeVar

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetMe, TelegramMethod

from bot.errors import BotError, TokenRefused
from bot.operations.remote import Operation, Result
from bot.settings import Settings
from bot.telegram.ways import Ways
from storage.database import Database
from surveys.messages import Message, mark

log = structlog.get_logger()

T = TypeVar("T")

UNREACHABLE = mark(
    "Telegram cannot be reached; check the network, OTKLIK_API_URL and OTKLIK_PROXY."
)
SHORT = (0.5, 1.0, 2.0, 4.0)
"""Seconds between the tries of a command that somebody waits for."""
LONGEST_WAIT = 60.0
_FIRST_WAIT = 0.5
_TRY_SECONDS = 15
"""Seconds after which a try is given up: a network that drops everything holds it for a minute."""


@asynccontextmanager
async def connected_bot(settings: Settings) -> AsyncIterator[Bot]:
    """Yield a Bot API client for the settings' server, token and proxies."""
    bot = Bot(settings.token(), session=Ways(settings.api_url, settings.proxies))
    try:
        yield bot
    finally:
        await bot.session.close()


def way_in_use(bot: Bot) -> Operation:
    """Return the operation that says by which proxy the running bot reaches Telegram."""

    async def tell(_: Database, __: datetime) -> Result:
        return {"proxy": bot.session.in_use if isinstance(bot.session, Ways) else None}

    return tell


def unending(say: Callable[[Message], None]) -> Iterator[float]:
    """Yield longer and longer waits for ever; `say` is told once, after the first try failed."""
    seconds = _FIRST_WAIT
    yield seconds
    values = {"problem": Message(UNREACHABLE)}
    say(Message("{problem} Trying again until it answers; Ctrl+C stops.", values))
    while True:
        seconds = min(2 * seconds, LONGEST_WAIT)
        yield seconds


async def introduce(bot: Bot, waits: Iterable[float] = SHORT) -> str:
    """Return the bot's username; raise `TokenRefused` where Telegram does not know the token."""
    me = await ask(bot, GetMe(), waits)
    return me.username or ""


async def ask(bot: Bot, method: TelegramMethod[T], waits: Iterable[float] = SHORT) -> T:
    """Make a call that a start needs, again after each of `waits`; raise the rest."""
    for seconds in waits:
        try:
            return await bot(method, request_timeout=_TRY_SECONDS)
        except TelegramUnauthorizedError as error:
            raise TokenRefused from error
        except (TelegramAPIError, ClientDecodeError) as error:
            log.warning("telegram_unreachable", error=type(error).__name__)
            asked = error.retry_after if isinstance(error, TelegramRetryAfter) else 0
            await asyncio.sleep(max(seconds, asked))
    raise BotError(UNREACHABLE)
