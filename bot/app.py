"""The composition root: everything is built here once and handed to whoever needs it."""

import asyncio
import contextlib
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog

from bot.chat.conversation import answer
from bot.chat.surveys.sheets import Handles
from bot.clock import Clock, running_clock
from bot.crm import channel as crm
from bot.crm.channel import Crm
from bot.delivery.channel import Channels
from bot.delivery.handle import InboxHandler
from bot.delivery.replies import Replier
from bot.delivery.send import OutboxSender
from bot.events import endpoint
from bot.health import endpoint as health
from bot.jobs.loop import Jobs
from bot.jobs.restoring import hold_copy
from bot.operations.campaigns.control import postpone
from bot.operations.cases.crm import CRM
from bot.operations.copies.backups import plan_copies
from bot.operations.copies.holding import tell_of_hold
from bot.operations.registry import OPERATIONS
from bot.operations.remote import Offered, listening
from bot.operations.surveys import save_catalog
from bot.operations.trouble import fate_unknown, tell_admins
from bot.operations.ways_in.admins import claim_link
from bot.rights import Action
from bot.serving import Addresses
from bot.settings import Settings
from bot.telegram.channel import Telegram
from bot.telegram.commands import menus, publish_commands
from bot.telegram.fetch import downloader
from bot.telegram.reaching import connected_bot, introduce, unending, way_in_use
from bot.telegram.receiving import Wakes, receive
from bot.together import until
from bot.waiting import awaited_database
from bot.web import opening
from storage.database import Database
from storage.people import workspace
from storage.people.addresses import TELEGRAM
from storage.sending import outbox, pruning, uncertain
from surveys.messages import Message

log = structlog.get_logger()

GRACE_SECONDS = 8.0
"""Seconds for unfinished work after SIGTERM; container engines wait for ten."""


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


async def serve(
    settings: Settings, announce: Callable[[Message], None], *, new: bool = False
) -> None:
    """Run the bot until it is told to stop by SIGINT or SIGTERM; wait for Telegram as long.

    `announce` gets what only the operator at the console may read: the first admin's link. `new`:
    begin an empty database also where one is missing.
    """
    stop = _stopping()
    async with (
        connected_bot(settings) as bot,
        awaited_database(settings, stop, announce, new=new) as database,
    ):
        if database is not None:
            telegram = Telegram(bot, settings.messages_per_second)
            await _serve(settings, announce, telegram, database, stop)
    log.info("stopped")


async def _serve(
    settings: Settings,
    announce: Callable[[Message], None],
    telegram: Telegram,
    database: Database,
    stop: asyncio.Event,
) -> None:
    begun = asyncio.Event()
    async with (
        running_clock(settings.clock_url) as clock,
        crm.connected(settings, clock.now) as told,
    ):
        if await hold_copy(database, clock.now()):
            log.warning("a_copy_was_put_here_and_is_held")
        await save_catalog(database, clock.now())
        async with database.transaction() as tx:
            await pruning.drop_abandoned_lists(tx)
            await plan_copies(tx, settings, clock.now())
            await workspace.set_web_url(tx, settings.web_url)
            await workspace.set_tells_crm(tx, tells=settings.crm_url is not None)
        events = Events(asyncio.Event(), asyncio.Event(), asyncio.Event())
        handles, addresses = Handles(), Addresses()
        operations = {**OPERATIONS, "way_in_use": Offered(Action.OPERATE, way_in_use(telegram.bot))}
        async with (
            listening(settings, operations, database, clock.now, events.wake_all),
            endpoint.listening(
                endpoint.of(settings), database, clock.now, events.wake_all, addresses
            ),
            opening.listening(settings, database, clock.now, events.wake_all, handles, addresses),
            health.listening(
                settings, database, clock.now, lambda: begun.is_set() and not stop.is_set()
            ),
        ):
            await until(stop, _begin(database, clock, telegram, announce), database.lost())
            begun.set()
            if not stop.is_set():
                run = Run(settings, database, clock, handles, addresses, told)
                await _work(run, telegram, events, stop)


async def _begin(
    database: Database, clock: Clock, telegram: Telegram, announce: Callable[[Message], None]
) -> None:
    """Wait for Telegram, then settle what an earlier run left unfinished."""
    username = await introduce(telegram.bot, unending(announce))
    now = clock.now()
    async with database.transaction() as tx:
        await outbox.recover(tx, now)
        await postpone(tx, now)
        await workspace.set_username(tx, username)
        if await uncertain.count(tx):
            await tell_admins(tx, f"unknown:{now.date()}", fate_unknown, now)
        await tell_of_hold(tx, now)
    await publish_commands(telegram.bot, database)
    link = await claim_link(database, now)
    if link is not None:
        announce(Message("To become the first admin, open this link once: {link}", {"link": link}))
    log.info("serving", bot=username)


@dataclass(frozen=True, slots=True)
class Run:
    """What lives as long as the program, for those who work in it."""

    settings: Settings
    database: Database
    clock: Clock
    handles: Handles
    addresses: Addresses
    crm: Crm


async def _work(run: Run, telegram: Telegram, events: Events, stop: asyncio.Event) -> None:
    settings, database, clock = run.settings, run.database, run.clock
    bot, answering = telegram.bot, partial(answer, handles=run.handles)
    channels: Channels = {TELEGRAM: telegram, CRM: run.crm}
    replier = Replier(channels, database, clock)
    handler = InboxHandler(channels, answering, database, clock, replier, events.wake_all)
    sender = OutboxSender(channels, database, clock)
    jobs = Jobs(settings, database, clock, events.filled, downloader(bot), menus(bot))
    told = Wakes(handler.room, events.arrived, events.filled)
    try:
        await until(
            stop,
            receive(settings, bot, database, clock, told, run.addresses),
            handler.run(events.arrived),
            sender.run(events.filled),
            jobs.run(events.changed),
            database.lost(),
        )
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS):
                await asyncio.gather(handler.drain(), sender.drain())


def _stopping() -> asyncio.Event:
    """Return what SIGINT and SIGTERM set from now on."""
    stop = asyncio.Event()
    running = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            running.add_signal_handler(number, stop.set)
    return stop
