"""What the leading program does: it sends, handles what came in and does what falls due.

On SQLite the one program always leads; of several replicas on PostgreSQL one does at a time, and
begins its term by settling what the one before it left unfinished.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog

from bot.chat.conversation import answer
from bot.chat.surveys.sheets import Handles
from bot.clock import Clock
from bot.crm.channel import Crm
from bot.delivery.channel import Channels
from bot.delivery.handle import InboxHandler
from bot.delivery.replies import Replier
from bot.delivery.send import OutboxSender
from bot.jobs.loop import Jobs
from bot.jobs.upkeep.marked import hold_copy
from bot.operations.campaigns.control import postpone
from bot.operations.cases.crm import CRM
from bot.operations.copies.backups import plan_copies
from bot.operations.copies.holding import tell_of_hold
from bot.operations.surveys import save_catalog
from bot.operations.upkeep.trouble import fate_unknown, tell_admins
from bot.operations.ways_in.admins import claim_link
from bot.serving import Addresses
from bot.settings import Settings
from bot.telegram.channel import Telegram
from bot.telegram.commands import menus, publish_commands
from bot.telegram.fetch import downloader
from bot.telegram.reaching import introduce, unending
from bot.telegram.receiving import Wakes, receive
from bot.together import until
from storage.copies import making
from storage.database import Database
from storage.dumps.errors import CannotDump
from storage.errors import NotLeading, StorageError
from storage.people import workspace
from storage.people.addresses import TELEGRAM
from storage.replicas.seat import LeadTerm, Seat
from storage.sending import outbox, pruning, uncertain
from surveys.messages import Message

log = structlog.get_logger()

GRACE_SECONDS = 8.0
"""Seconds for unfinished work after SIGTERM; container engines wait for ten."""
_BEGINS_IN = 1.1
"""Seconds before a term begins: the replica before may have used up this second's messages."""


@dataclass(frozen=True, slots=True)
class Events:
    """Events that wake a part: `arrived` the handler, `filled` the sender, `changed` the jobs."""

    arrived: asyncio.Event
    filled: asyncio.Event
    changed: asyncio.Event

    def wake_everybody(self) -> None:
        """Let all look again: another program has written."""
        self.arrived.set()
        self.wake_all()

    def wake_all(self) -> None:
        """Let sender and jobs look again."""
        self.filled.set()
        self.changed.set()


@dataclass(frozen=True, slots=True)
class Run:
    """What lives as long as the program, for those who work in it."""

    settings: Settings
    database: Database
    clock: Clock
    handles: Handles
    addresses: Addresses
    crm: Crm


@dataclass(frozen=True, slots=True)
class Terms:
    """One term after another, until `stop` is set; `begun` is while one serves."""

    run: Run
    seat: Seat
    telegram: Telegram
    announce: Callable[[Message], None]
    events: Events
    begun: asyncio.Event
    stop: asyncio.Event

    async def served(self) -> None:
        """Lead whenever nobody else does; on SQLite that is at once and to the end."""
        while not self.stop.is_set():
            await until(self.stop, self._seated(), self.run.database.lost())
            if self.stop.is_set():
                return
            term = await self.seat.taken()
            with contextlib.suppress(NotLeading):
                await self._serve(term)
            self.begun.clear()
            if not term.number:
                return
            log.warning("another_replica_leads" if term.over.is_set() else "term_over")

    async def _seated(self) -> None:
        await self.seat.taken()

    async def _serve(self, term: LeadTerm) -> None:
        if term.number:
            log.info("leads", replica=self.seat.name, term=term.number)
            await prepare(self.run, term.database)
        begins_in = _BEGINS_IN if term.number > 1 else 0.0
        telegram = self.telegram.of_term(term.may_send, begins_in)
        await _say_of_copies(term.database, self.announce)
        beginning = _begin(term.database, self.run.clock, telegram, self.announce)
        await until(self.stop, beginning, self.run.database.lost(), _over(term))
        if not (self.stop.is_set() or term.over.is_set()):
            self.begun.set()
            await _work(self.run, term, telegram, self.events, self.stop)


async def _over(term: LeadTerm) -> None:
    await term.over.wait()


async def prepare(run: Run, database: Database) -> None:
    """Bring the database to what the settings say, before anything else is done with it."""
    now = run.clock.now()
    if await hold_copy(database, now):
        log.warning("a_copy_was_put_here_and_is_held")
    await save_catalog(database, now)
    async with database.transaction() as tx:
        await pruning.drop_abandoned_lists(tx)
        await plan_copies(tx, run.settings, now)
        await workspace.set_web_url(tx, run.settings.web_url)
        await workspace.set_tells_crm(tx, tells=run.settings.crm_url is not None)


async def _say_of_copies(database: Database, announce: Callable[[Message], None]) -> None:
    """Say where this machine cannot copy the server's database, though it should."""
    shelf = database.shelf
    if shelf is None or shelf.server is None or shelf.alone:
        return
    try:
        await making.version_here(shelf)
    except CannotDump as error:
        log.warning("no_copies_can_be_made", error=type(error).__name__)
        announce(Message("{said}", {"said": error}))
    except StorageError as error:
        log.warning("server_not_asked", error=type(error).__name__)


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


async def _work(
    run: Run, term: LeadTerm, telegram: Telegram, events: Events, stop: asyncio.Event
) -> None:
    settings, database, clock = run.settings, term.database, run.clock
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
            run.database.lost(),
            _over(term),
        )
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS):
                await asyncio.gather(handler.drain(), sender.drain())
