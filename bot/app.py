"""The composition root: everything is built here once and handed to whoever needs it."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError, TelegramUnauthorizedError
from aiogram.methods import DeleteWebhook, GetMe

from bot.chat.commands import publish_commands
from bot.chat.routing import build_dispatcher
from bot.clock import Clock, running_clock
from bot.delivery.handle import Handler
from bot.delivery.pacing import Pacer
from bot.delivery.receive import Receiver
from bot.delivery.replies import Replier
from bot.delivery.send import Sender
from bot.errors import BotError
from bot.jobs.loop import Jobs
from bot.operations.admins import claim_link
from bot.operations.registry import OPERATIONS
from bot.operations.remote import listening
from bot.operations.surveys import save_catalog
from bot.settings import Settings
from storage import outbox, workspace
from storage.database import Database, open_database

log = structlog.get_logger()


class TokenRefused(BotError):
    """Telegram does not know the token."""


@dataclass(frozen=True, slots=True)
class Events:
    """Who wakes whom: `arrived` the handler, `filled` the sender, `changed` the jobs."""

    arrived: asyncio.Event
    filled: asyncio.Event
    changed: asyncio.Event

    def wake_all(self) -> None:
        """Let sender and jobs look again."""
        self.filled.set()
        self.changed.set()


@asynccontextmanager
async def connected_bot(settings: Settings) -> AsyncIterator[Bot]:
    """Yield a Bot API client for the settings' server, token and proxy."""
    session = AiohttpSession(
        api=TelegramAPIServer.from_base(settings.api_url), proxy=settings.proxy
    )
    bot = Bot(settings.token(), session=session)
    try:
        yield bot
    finally:
        await bot.session.close()


async def introduce(bot: Bot) -> str:
    """Return the bot's username; raise `TokenRefused` where Telegram does not know the token."""
    try:
        me = await bot(GetMe())
    except TelegramUnauthorizedError as error:
        message = "Telegram refuses the token in OTKLIK_BOT_TOKEN; take a new one from @BotFather."
        raise TokenRefused(message) from error
    except TelegramAPIError as error:
        message = "Telegram cannot be reached; check the network, OTKLIK_API_URL and OTKLIK_PROXY."
        raise BotError(message) from error
    return me.username or ""


async def _prepare(
    database: Database, clock: Clock, bot: Bot, username: str, announce: Callable[[str], None]
) -> None:
    now = clock.now()
    await save_catalog(database, now)
    async with database.transaction() as tx:
        await outbox.recover(tx, now)
        await workspace.set_username(tx, username)
    await bot(DeleteWebhook())
    await publish_commands(bot, database)
    link = await claim_link(database, now)
    if link is not None:
        announce(f"To become the first admin, open this link once: {link}")


async def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Run the bot until it is told to stop by SIGINT or SIGTERM.

    `announce` gets what only the operator at the console may read: the first admin's link.
    """
    async with (
        connected_bot(settings) as bot,
        open_database(settings.database_url) as database,
        running_clock(settings.clock_url) as clock,
    ):
        username = await introduce(bot)
        await _prepare(database, clock, bot, username, announce)
        events = Events(asyncio.Event(), asyncio.Event(), asyncio.Event())
        async with listening(settings, OPERATIONS, database, clock.now, events.wake_all):
            log.info("serving", bot=username)
            await _work(settings, bot, database, clock, events)
    log.info("stopped")


async def _work(
    settings: Settings, bot: Bot, database: Database, clock: Clock, events: Events
) -> None:
    pacer = Pacer(settings.messages_per_second)
    replier = Replier(bot, database, clock, pacer)
    receiver = Receiver(bot, database, clock, events.arrived)
    handler = Handler(bot, build_dispatcher(), database, clock, replier, events.wake_all)
    sender = Sender(bot, database, clock, pacer)
    jobs = Jobs(settings, database, clock, events.filled)
    await _until_stopped(
        receiver.run(),
        handler.run(events.arrived),
        sender.run(events.filled),
        jobs.run(events.changed),
    )
    await handler.drain()
    await sender.drain()


async def _until_stopped(*loops: Coroutine[Any, Any, None]) -> None:
    stop = asyncio.Event()
    running = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            running.add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(loop) for loop in loops]
    waiting = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({*tasks, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (*tasks, waiting):
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, TelegramUnauthorizedError):
            message = "Telegram revoked the token; set a new OTKLIK_BOT_TOKEN and start again."
            raise TokenRefused(message)
        if isinstance(result, Exception):
            raise result
