"""A small company, the local Telegram and the real bot, for whole paths over HTTP."""

import asyncio
import contextlib
import gc
import os
import secrets
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from bot.app import serve
from bot.delivery.handle import InboxHandler
from bot.jobs.upkeep.marked import hold_copy
from bot.operations import remote
from bot.operations.registry import OPERATIONS
from bot.operations.surveys import save_catalog
from bot.sandbox.chats import ChatMessage
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from bot.settings import SQLITE, Settings
from storage import work
from storage.asking import definitions
from storage.database import Database, open_database, open_reading
from storage.engine.sqlite import place
from storage.people import links, people, workspace
from storage.people.addresses import Address
from storage.people.lists import people_import
from storage.people.lists.listed import PersonRow
from storage.people.workspace import Workspace
from surveys import messages
from surveys.survey.loading import parse_survey
from tests import postgres
from tests.engines import database_in, on_postgres

START = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
ADMIN, MANAGER, ANNA, BORIS, STRANGER = 1, 2, 11, 12, 99
PATIENCE = 20.0
BRIEF = 2.0
_WATCHED = 6
"""For a change of the screen after a toast that says why there is none, at most."""

PEOPLE = (
    PersonRow(role="manager", external_id="M1", name="Мария Менеджер", team="Север"),
    PersonRow(
        role="customer", external_id="C1", name="Анна", manager_external_id="M1", segment="опт"
    ),
    PersonRow(
        role="customer", external_id="C2", name="Борис", manager_external_id="M1", segment="сети"
    ),
    PersonRow(role="customer", external_id="C3", name="Вера", segment="опт"),
)
TELEGRAM = {"M1": MANAGER, "C1": ANNA, "C2": BORIS}


@dataclass
class World:
    """Everything a test touches.

    `announced` is what the operator's console showed, `answering` how many chats a bot of this
    process answers at the moment, None where none runs, `beside` its database, open for reading.
    """

    sandbox: Sandbox
    settings: Settings
    tokens: dict[str, str] = field(default_factory=dict)
    announced: list[str] = field(default_factory=list)
    answering: int | None = None
    beside: Database | None = None

    def announce(self, said: messages.Message) -> None:
        self.announced.append(str(said))

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[None]:
        """Run the real bot in this process until the block is left."""
        updates = self.sandbox.world.updates
        earlier = updates._poller

        async def polls() -> bool:
            return updates._poller is not earlier

        with self._counting_answers():
            try:
                async with self.serving(polls), self._looking_on():
                    yield
            finally:
                gc.collect()  # what a bot left behind warns here, not in a later test
                _spare_the_collector()

    @asynccontextmanager
    async def serving(self, is_up: Callable[[], Awaitable[bool]]) -> AsyncIterator[None]:
        """Run one program, from when it is up until the block is left."""
        running = asyncio.create_task(serve(self.settings, self.announce))
        try:
            async with asyncio.timeout(PATIENCE):
                while not (await is_up() or running.done()):
                    await asyncio.sleep(0.01)
            if running.done():
                await running
            yield
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    @contextlib.contextmanager
    def _counting_answers(self) -> Iterator[None]:
        answer, self.answering = InboxHandler._handle_chat, 0

        async def counted(handler: InboxHandler, sender: Address, arrived: asyncio.Event) -> None:
            self.answering = (self.answering or 0) + 1
            try:
                await answer(handler, sender, arrived)
            finally:
                self.answering = (self.answering or 1) - 1

        with patch.object(InboxHandler, "_handle_chat", counted):
            yield
        self.answering = None

    @asynccontextmanager
    async def _looking_on(self) -> AsyncIterator[None]:
        """Open the bot's database once for all that is read while it runs."""
        async with self.database() as database:
            self.beside = database
            try:
                yield
            finally:
                self.beside = None

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """Read the bot's database beside it."""
        if self.beside is not None:
            yield self.beside
            return
        async with open_reading(self.settings.database_url) as database:
            yield database

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Database]:
        """Work with the database while no bot runs."""
        async with open_database(self.settings.database_url) as database:
            yield database

    async def settle(self) -> None:
        """Wait until the bot has done all that is due and said all it has to say."""
        await self.sandbox.settled(PATIENCE)
        async with self.database() as database, asyncio.timeout(PATIENCE):
            while True:
                async with database.reading() as reader:
                    if not await work.unfinished(reader, self.sandbox.clock.now()):
                        break
                await asyncio.sleep(0.01)
        await self._brief()  # what an update is answered goes out after it is done

    async def pass_time(self, **how_long: float) -> None:
        """Move the shared clock on and let the bot do what falls due."""
        await self.sandbox.clock.advance(timedelta(**how_long))
        await self.settle()

    def screen(self, telegram_id: int) -> ChatMessage:
        """Return the bot's newest message in a chat."""
        message = self.sandbox.last(telegram_id)
        assert message is not None, "the bot has not said anything"
        return message

    def labels(self, telegram_id: int) -> list[str]:
        """Return the buttons below the bot's newest message."""
        return [button.label for button in self.screen(telegram_id).buttons]

    def _shown(self, telegram_id: int) -> tuple[object, ...]:
        """Return what the bot's latest messages look like: an earlier one may be tapped, too."""
        said = [one for one in self.sandbox.messages(telegram_id) if one.from_bot]
        return tuple(
            (one.message_id, one.text, *(button.label for button in one.buttons))
            for one in said[-_WATCHED:]
        )

    async def _reply(self, telegram_id: int, before: object, patience: float) -> ChatMessage:
        """Wait for the screen to change; a tap that changes nothing has only its toast."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self._shown(telegram_id) == before:
                    version = self.sandbox.version(telegram_id)
                    if self._shown(telegram_id) == before:
                        await self.sandbox.changed(telegram_id, version, patience)
        await self.settle()
        return self.screen(telegram_id)

    async def say(self, telegram_id: int, text: str) -> ChatMessage:
        """Type a message; return what the bot shows then."""
        before = self._shown(telegram_id)
        self.sandbox.say(telegram_id, text)
        return await self._reply(telegram_id, before, PATIENCE)

    async def start(self, telegram_id: int, payload: str = "") -> ChatMessage:
        """Open the bot by a deep link; return what it shows then."""
        before = self._shown(telegram_id)
        self.sandbox.start(telegram_id, payload)
        return await self._reply(telegram_id, before, PATIENCE)

    async def tap(self, telegram_id: int, label: str) -> ChatMessage:
        """Tap a button by its label; return what the bot shows then."""
        before = self._shown(telegram_id)
        tap = self.sandbox.tap(telegram_id, label=label)
        async with asyncio.timeout(PATIENCE):
            while not self.sandbox.answered(tap.query_id) and self._shown(telegram_id) == before:
                await asyncio.sleep(0.005)
        toasts = self.sandbox.toasts(telegram_id)
        only = bool(toasts and toasts[-1].query_id == tap.query_id and toasts[-1].text)
        return await self._reply(telegram_id, before, await self._brief() if only else PATIENCE)

    async def _brief(self) -> float:
        """Return how long a change may be awaited after a toast: not at all once all is said."""
        if self.answering is None:
            return BRIEF
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BRIEF):
                while self.answering:
                    await asyncio.sleep(0.005)
        return 0.0

    async def forge(self, telegram_id: int, data: str, message_id: int | None = None) -> str:
        """Send a tap that no button offers; return the toast."""
        before = self._shown(telegram_id)
        tap = self.sandbox.tap(telegram_id, data=data, message_id=message_id, forged=True)
        async with asyncio.timeout(PATIENCE):
            while not self.sandbox.answered(tap.query_id):
                await asyncio.sleep(0.005)
        await self._reply(telegram_id, before, min(0.1, await self._brief()))
        toasts = self.sandbox.toasts(telegram_id)
        return toasts[-1].text if toasts else ""

    async def arrive(self, *external_ids: str) -> None:
        """Let people come by their personal links and agree."""
        for external_id in external_ids:
            telegram_id = TELEGRAM[external_id]
            await self.start(telegram_id, self.tokens[external_id])
            await self.tap(telegram_id, "Согласен")

    async def operate(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """Do what the command line would, through the running bot or without it."""

        async def now() -> datetime:
            return self.sandbox.clock.now()

        return await remote.perform(
            self.settings, OPERATIONS, name, now, arguments, first=hold_copy
        )

    async def launch(self, survey: str, segment: str | None = None) -> dict[str, Any]:
        """Start a campaign as the command line does; let the invitations arrive."""
        launched = await self.operate("start_campaign", survey=survey, segment=segment)
        if self.sandbox.polling:
            await self.settle()
        return launched


@asynccontextmanager
async def small_world(
    folder: Path, surveys: Sequence[str] = (), database_url: str | None = None
) -> AsyncIterator[World]:
    """Yield a company of one manager and three customers, with links; nobody has come yet.

    Its database is a copy of the first one that a process made with these surveys.
    """
    async with run_sandbox(now=START, speed=0, journal=folder / "journal.jsonl") as sandbox:
        if database_url is None:
            database_url, tokens = await _company(folder, tuple(surveys))
        else:
            tokens = await _prepared(database_url, surveys)
        settings = Settings(
            _env_file=None,
            bot_token=sandbox.token,
            api_url=sandbox.base_url,
            clock_url=sandbox.clock_url,
            database_url=database_url,
            backups_hour=None,
        )
        for telegram_id in (ADMIN, MANAGER, ANNA, BORIS, STRANGER):
            sandbox.add_user(f"User{telegram_id}", user_id=telegram_id)
        if not database_url.startswith(SQLITE):
            os.chdir(folder)  # where the keys are
        yield World(sandbox, settings, tokens)


class Made(NamedTuple):
    """A company's database (its file, or its name on PostgreSQL), and its people's tokens."""

    content: bytes | str
    tokens: Mapping[str, str]


_MADE: dict[tuple[str, ...], Made] = {}


async def _company(folder: Path, surveys: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """Return the URL of a company's own database, and the tokens by people's external ids."""
    which = "postgresql" if on_postgres() else "sqlite", *surveys
    made = _MADE.get(which)
    if on_postgres():
        server = postgres.started()
        if made is None:
            name = await server.create()
            made = _MADE[which] = Made(name, await _prepared(server.url(name), surveys))
        return await server.of_folder(str(folder), str(made.content)), dict(made.tokens)
    url, path = database_in(folder), folder / "otklik.db"
    if made is None:
        tokens = await _prepared(url, surveys)
        made = _MADE[which] = Made(path.read_bytes(), tokens)
    elif isinstance(made.content, bytes):
        _copy(made.content, path)
    return url, dict(made.tokens)


def _copy(content: bytes, path: Path) -> None:
    """Write a company's database as a new one is: private, with a key, noted in the lock file."""
    key = secrets.token_hex(4)
    path.touch(mode=0o600)
    path.write_bytes(content)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("UPDATE installation SET key = ?", (key,))
    with place.held(path) as held:
        held.note(key)


async def _prepared(url: str, surveys: Sequence[str]) -> dict[str, str]:
    """Fill a new database; return the tokens."""
    tokens = {}
    async with open_database(url) as database:
        await save_catalog(database, START)
        async with database.transaction() as tx:
            await workspace.save(tx, Workspace(company="Ромашка <и Ко>", bot_username="bot"))
            await people_import.apply(tx, PEOPLE, START)
            for text in surveys:
                await definitions.save(tx, parse_survey(text), START)
            for row in PEOPLE:
                person = await people.by_external(tx, row.external_id, row.role)
                assert person is not None
                tokens[row.external_id] = await links.issue(tx, "personal", person.id, START)
    return tokens


@cache
def _spare_the_collector() -> None:
    """Let it pass by all that a process has imported and built when its first bot ends."""
    gc.freeze()
