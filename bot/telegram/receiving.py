"""Receiving by webhook where one is set, else by polling."""

import asyncio
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
from surveys.messages import Message


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
    if settings.webhook_url is None or settings.webhook_secret is None:
        await ask(bot, DeleteWebhook(), unending(_untold))
        await Receiver(bot, database, clock, told.arrived, told.filled).run(told.room)
        return
    secret = settings.webhook_secret.get_secret_value()
    address = WebhookAddress(
        settings.webhook_url, secret, settings.webhook_host, settings.webhook_port
    )
    webhook = WebhookReceiver(address, database, clock, told.arrived, told.room)
    async with webhook.listening(addresses):
        wanted = list(ALLOWED_UPDATES)
        setting = SetWebhook(url=address.url, secret_token=secret, allowed_updates=wanted)
        await ask(bot, setting, unending(_untold))
        await asyncio.Event().wait()


def _untold(_: Message) -> None:
    """Say nothing: the operator has already read that the bot serves, and the log has the rest."""
