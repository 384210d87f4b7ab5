"""The stage of a demo: the local Telegram, the bot's database, the people and their time."""

import asyncio
import contextlib
import math
import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.demo.comments import quarter, shuffled
from bot.demo.company import Company, Customer
from bot.demo.person import DemoPerson
from bot.demo.temper import Temper
from bot.sandbox.sandbox import Sandbox
from bot.settings import ADMIN_LINK, SQLITE
from storage import work
from storage.database import Database

START = datetime(2026, 9, 15, 7, 0, tzinfo=UTC)
"""When the demo's campaign begins; fixed, so that a seed gives the same figures any day."""
STEP = timedelta(hours=2)
_SITTINGS = 24
_PATIENCE = 60.0
_LOOK_AGAIN = 0.02

Arrival = tuple[datetime, int, str]
"""Moment, Telegram id, token of the personal link."""


class DemoStage:
    """What a campaign is played on. `guests` (Telegram ids) act only when a visitor makes them.

    `links` are those of customers outside Telegram, by their external ids.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        database: Database,
        company: Company,
        guests: Collection[int] = (),
    ) -> None:
        self.sandbox = sandbox
        self.database = database
        self.company = company
        self.newcomers: list[Arrival] = []
        self.links: dict[str, str] = {}
        _, comments = shuffled(company.language, quarter(START))
        self.admin = DemoPerson(sandbox, company.admin_telegram_id, Temper(0, 8), comments)
        clients = [
            DemoPerson(sandbox, client.telegram_id, Temper(client.temper, client.mood), comments)
            for client in company.customers
        ]
        managers = [
            DemoPerson(
                sandbox,
                one.telegram_id,
                Temper(one.telegram_id, one.self_view * 2),
                comments,
                "manager",
            )
            for one in company.managers
        ]
        self.guests = frozenset(guests)
        self.people = [one for one in (*clients, *managers) if one.telegram_id not in guests]

    async def settle(self, *, staff: bool = True) -> None:
        """Wait until the bot has done what is due by now; without `staff`, what customers get."""
        await self.sandbox.settled(_PATIENCE)
        async with asyncio.timeout(_PATIENCE):
            while await self._unfinished(staff=staff):
                with contextlib.suppress(TimeoutError):
                    seen = self.sandbox.version(None)
                    await self.sandbox.changed(None, seen, _LOOK_AGAIN)

    async def _unfinished(self, *, staff: bool) -> int:
        async with self.database.reading() as reader:
            return await work.unfinished(reader, self.sandbox.clock.now(), staff=staff)

    async def next_hour(self, end: datetime) -> datetime:
        """Return the first whole step in which somebody acts or the bot has work due."""
        now = self.sandbox.clock.now()
        planned = [person.act_at for person in self.people if person.act_at]
        planned += [arrival[0] for arrival in self.newcomers[:1]]
        async with self.database.reading() as reader:
            due = await work.next_due(reader)
        first = min([*planned, due or end, end])
        return min(now + max(1, math.ceil((first - now) / STEP)) * STEP, end)

    def let_newcomers_come(self) -> None:
        """Let those open their links who planned it by now."""
        while self.newcomers and self.newcomers[0][0] <= self.sandbox.clock.now():
            _, telegram_id, token = self.newcomers.pop(0)
            self.sandbox.start(telegram_id, token)

    async def live_until(self, moment: datetime) -> None:
        """Move the clock and let everybody do what they planned by then."""
        await self.sandbox.clock.set(moment)
        self.let_newcomers_come()
        await self.settle(staff=False)
        due = [person for person in self.people if person.act_at and person.act_at <= moment]
        places = asyncio.Semaphore(_SITTINGS)
        await asyncio.gather(*(_sit(person, places) for person in due))
        if due:
            await self.settle(staff=False)
        for person in self.people:
            person.look()


async def _sit(person: DemoPerson, places: asyncio.Semaphore) -> None:
    async with places:
        await person.act()


def database_url(out: Path) -> str:
    """Return where the demo's bot keeps its things."""
    return f"{SQLITE}{(out / 'otklik.db').absolute()}"


def claim_token(out: Path) -> str:
    """Return the first admin's token from the link that the bot left beside its database."""
    path = out / ADMIN_LINK
    said = path.read_text(encoding="utf-8") if path.exists() else ""
    claim = re.search(r"\?start=([\w-]+)", said)
    return claim[1] if claim else ""


def populate(
    sandbox: Sandbox,
    company: Company,
    without: Collection[Customer] = (),
    first: Collection[int] = (),
) -> None:
    """Give everybody of the company an account; who is in Telegram has written before.

    `without`: customers who have none at all. The page shows the `first` (Telegram ids) before
    all others of their role.
    """
    admin_name = {"ru": "Вера Администратор", "en": "Vera Admin"}[company.language]
    everybody = [
        (company.admin_telegram_id, admin_name, False),
        *((manager.telegram_id, manager.name, True) for manager in company.managers),
        *(
            (client.telegram_id, client.name, client.in_telegram)
            for client in company.customers
            if client not in without
        ),
    ]
    for telegram_id, name, started in sorted(everybody, key=lambda one: one[0] not in first):
        given, _, family = name.partition(" ")
        sandbox.add_user(
            given,
            user_id=telegram_id,
            last_name=family,
            language_code=company.language,
            started=started,
        )
