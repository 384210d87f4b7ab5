"""The composition root: everything is built here once and handed to whoever needs it."""

import asyncio
import contextlib
import signal
from collections.abc import Callable
from contextlib import nullcontext

import structlog

from bot.chat.surveys.sheets import Handles
from bot.clock import running_clock
from bot.crm import channel as crm
from bot.delivery.handle import has_room_beside
from bot.events import endpoint
from bot.health import endpoint as health
from bot.leading import Events, Run, Terms, prepare
from bot.operations.registry import OPERATIONS
from bot.operations.remote import Offered, listening
from bot.rights import Action
from bot.serving import Addresses
from bot.settings import Settings
from bot.telegram.channel import Telegram
from bot.telegram.reaching import connected_bot, way_in_use
from bot.telegram.receiving import Wakes, look_for_room, taking
from bot.together import until
from bot.waiting import awaited_database, is_waited_for
from bot.web import opening
from storage.database import Database
from storage.errors import DatabaseUnavailable
from storage.replicas.seat import seated
from surveys.messages import Message

log = structlog.get_logger()

_AGAIN_SECONDS = 1.0
"""Seconds before the database is opened again whose server went away."""


async def serve(
    settings: Settings, announce: Callable[[Message], None], *, new: bool = False
) -> None:
    """Run the bot until SIGINT or SIGTERM; until Telegram can be reached, wait for it.

    `announce` gets what only the operator at the console may read: the first admin's link. With
    `new` a database that is missing is created.
    """
    stop = _stopping()
    async with connected_bot(settings) as bot:
        telegram = Telegram(bot, settings.messages_per_second)
        while not stop.is_set():
            try:
                async with awaited_database(settings, stop, announce, new=new) as database:
                    if database is not None:
                        await _serve(settings, announce, telegram, database, stop)
                break
            except DatabaseUnavailable as error:  # it went away while the program was starting
                if not is_waited_for(settings, error):
                    raise
                log.warning("database_unreachable", detail=error.detail)
                await until(stop, asyncio.sleep(_AGAIN_SECONDS))
    log.info("stopped")


async def _serve(
    settings: Settings,
    announce: Callable[[Message], None],
    telegram: Telegram,
    database: Database,
    stop: asyncio.Event,
) -> None:
    begun, room = asyncio.Event(), asyncio.Event()
    room.set()
    async with (
        running_clock(settings.clock_url) as clock,
        crm.connected(settings, clock.now) as told,
    ):
        events = Events(asyncio.Event(), asyncio.Event(), asyncio.Event())
        handles, addresses = Handles(), Addresses()
        run = Run(settings, database, clock, handles, addresses, told)
        if database.shared is None:
            await prepare(run, database)
        operations = {**OPERATIONS, "way_in_use": Offered(Action.OPERATE, way_in_use(telegram.bot))}
        async with (
            seated(database, events.wake_everybody) as seat,
            listening(settings, operations, database, clock.now, events.wake_all),
            endpoint.listening(
                endpoint.of(settings), database, clock.now, events.wake_all, addresses
            ),
            opening.listening(settings, database, clock.now, events.wake_all, handles, addresses),
            health.listening(
                settings,
                database,
                clock.now,
                lambda: (
                    (begun.is_set() or (seat.is_ready and not seat.leads)) and not stop.is_set()
                ),
            ),
        ):
            shared = database.shared is not None
            wakes = Wakes(room, events.arrived, events.filled)
            async with (
                taking(settings, database, clock, wakes, addresses) if shared else nullcontext()
            ):
                terms = Terms(run, seat, telegram, announce, events, begun, stop)
                if not shared:
                    await terms.served()
                    return
                room_kept = look_for_room(database, clock, room, has_room_beside)
                await until(stop, room_kept, terms.served())


def _stopping() -> asyncio.Event:
    """Return an event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    running = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            running.add_signal_handler(number, stop.set)
    return stop
