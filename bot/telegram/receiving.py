"""Receiving by webhook where one is set, else by polling."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass

from aiogram import Bot
from aiogram.methods import DeleteWebhook, SetWebhook

from bot.clock import Clock
from bot.serving import Addresses
from bot.settings import Settings
from bot.telegram.reaching import ask, unending
from bot.telegram.receive import ALLOWED_UPDATES, Receiver
from bot.telegram.webhook import WebhookAddress, WebhookReceiver
from storage.database import Database
from storage.errors import StorageError
from storage.sending import inbox
from surveys.messages import Message

_LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Wakes:
    """The events to set: `arrived` for something new in the inbox, `filled` in the outbox."""

    room: asyncio.Event
    arrived: asyncio.Event
    filled: asyncio.Event


async def receive(
    settings: Settings,
    bot: Bot,
    database: Database,
    clock: Clock,
    told: Wakes,
    addresses: Addresses,
) -> None:
    """Receive until cancelled, while there is room for more."""
    address = _address_of(settings)
    if address is None:
        await ask(bot, DeleteWebhook(), unending(_untold))
        await Receiver(bot, database, clock, told.arrived, told.filled).run(told.room)
        return
    # Several replicas listen all the time, each under `taking`; only the leader tells Telegram.
    listening = database.shared is None
    async with taking(settings, database, clock, told, addresses) if listening else nullcontext():
        wanted = list(ALLOWED_UPDATES)
        setting = SetWebhook(url=address.url, secret_token=address.secret, allowed_updates=wanted)
        await ask(bot, setting, unending(_untold))
        await asyncio.Event().wait()


@asynccontextmanager
async def taking(
    settings: Settings, database: Database, clock: Clock, told: Wakes, addresses: Addresses
) -> AsyncIterator[None]:
    """Take what comes by webhook while the block lasts; where none is set do nothing."""
    address = _address_of(settings)
    if address is None:
        yield
        return
    webhook = WebhookReceiver(address, database, clock, told.arrived, told.room)
    async with webhook.listening(addresses):
        yield


async def look_for_room(
    database: Database,
    clock: Clock,
    room: asyncio.Event,
    has_room_beside: Callable[[Sequence[int]], bool],
) -> None:
    """Keep `room` set while there is room beside what waits, whichever replica took it.

    `has_room_beside` is told how many updates of each sender wait.
    """
    while True:
        with suppress(StorageError):
            async with database.reading() as reader:
                waiting = await inbox.of_each(reader, clock.now())
            if has_room_beside(waiting):
                room.set()
            else:
                room.clear()
        await asyncio.sleep(_LOOK_SECONDS)


def _address_of(settings: Settings) -> WebhookAddress | None:
    if settings.webhook_url is None or settings.webhook_secret is None:
        return None
    secret = settings.webhook_secret.get_secret_value()
    return WebhookAddress(
        settings.webhook_url, secret, settings.webhook_host, settings.webhook_port
    )


def _untold(_: Message) -> None:
    """Say nothing: the operator has already read that the bot serves, and the log has the rest."""
