"""One whole campaign: the admin launches it, people answer or not, the digest comes by itself."""

import asyncio
import contextlib
import math
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.chat.callbacks import MenuTap
from bot.demo.company import Company
from bot.demo.person import Person
from bot.demo.temper import Temper
from bot.errors import Refused
from bot.operations import remote
from bot.operations.registry import OPERATIONS
from bot.sandbox.sandbox import Sandbox
from bot.settings import Settings
from storage import campaigns, waves, work
from storage.database import Database
from storage.waves import WaveFunnel

SURVEYS = ("nps", "manager_self_assessment")
STEP = timedelta(hours=2)
DIGEST_AT = timedelta(days=16)
"""From the launch to the first of the next quarter, when the digest is due."""
_SITTINGS = 24

Arrival = tuple[datetime, int, str]
"""Moment, Telegram id, token of the personal link."""
_PATIENCE = 60.0
_LOOK_AGAIN = 0.02


@dataclass
class Outcome:
    """What happened, for the summary. `late`: began only after the reminder."""

    waves: list[tuple[str, WaveFunnel]] = field(default_factory=list)
    taps: int = 0
    words: int = 0
    reminded: int = 0
    late: int = 0
    changed_mind: int = 0
    stopped: int = 0
    blocked: int = 0
    expired: int = 0
    came_by_link: int = 0


class Stage:
    """The campaign under way: the local Telegram, the bot's database, the people."""

    def __init__(self, sandbox: Sandbox, database: Database, company: Company) -> None:
        self.sandbox = sandbox
        self.database = database
        self.company = company
        self.newcomers: list[Arrival] = []
        self.admin = Person(sandbox, company.admin_telegram_id, Temper(0, 8, company.language))
        self.people = [
            Person(
                sandbox,
                client.telegram_id,
                Temper(client.temper, client.mood, company.language),
            )
            for client in company.customers
        ] + [
            Person(
                sandbox,
                manager.telegram_id,
                Temper(manager.telegram_id, manager.self_view * 2, company.language),
            )
            for manager in company.managers
        ]

    async def settle(self, *, staff: bool = True) -> None:
        """Wait until the bot has done all that is due by now; without `staff`, for customers."""
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
        """Return the first full step in which somebody acts or the bot has something to do."""
        now = self.sandbox.clock.now()
        planned = [person.act_at for person in self.people if person.act_at]
        planned += [arrival[0] for arrival in self.newcomers[:1]]
        async with self.database.reading() as reader:
            due = await work.next_due(reader)
        first = min([*planned, due or end, end])
        return min(now + max(1, math.ceil((first - now) / STEP)) * STEP, end)

    async def live_until(self, moment: datetime) -> None:
        """Move the clock and let everybody do what they planned by then."""
        await self.sandbox.clock.set(moment)
        while self.newcomers and self.newcomers[0][0] <= moment:
            _, telegram_id, token = self.newcomers.pop(0)
            self.sandbox.start(telegram_id, token)
        await self.settle(staff=False)
        due = [person for person in self.people if person.act_at and person.act_at <= moment]
        places = asyncio.Semaphore(_SITTINGS)
        await asyncio.gather(*(_sit(person, places) for person in due))
        if due:
            await self.settle(staff=False)
        for person in self.people:
            person.look()


async def _sit(person: Person, places: asyncio.Semaphore) -> None:
    async with places:
        await person.act()


async def play(stage: Stage, database_url: str, admin_token: str) -> Outcome:
    """Play the campaign to the digest; raise `Refused` where the bot does not do its part."""
    stage.sandbox.start(stage.admin.telegram_id, admin_token)
    await stage.settle()
    await stage.admin.say("/menu")
    await _admin_taps(stage, "schedule", MenuTap("subscribe", ("quarterly", "9")))
    for survey in SURVEYS:
        await _launch(stage, survey)
    await stage.settle()
    stage.newcomers = await _newcomers(stage, database_url)
    came_by_link = len(stage.newcomers)
    for person in stage.people:
        person.look()
    await _live(stage)
    await stage.settle()
    return await _outcome(stage, came_by_link)


async def _admin_taps(stage: Stage, *steps: str | MenuTap) -> None:
    for step in steps:
        tap = MenuTap(step) if isinstance(step, str) else step
        if not await stage.admin.tap(*await stage.admin.button(tap.pack())):
            problem = f"The admin's button {tap.pack()} does nothing."
            raise Refused(problem)


async def _launch(stage: Stage, survey: str) -> None:
    await stage.admin.say("/menu")
    await _admin_taps(stage, "campaign", MenuTap("segment", (survey,)))
    everybody = MenuTap("count", (survey, "all"))
    if any(button.data == everybody.pack() for button in stage.admin.buttons()):
        await _admin_taps(stage, everybody)
    await _admin_taps(stage, MenuTap("launch", (survey, "all")))


async def _newcomers(stage: Stage, database_url: str) -> list[Arrival]:
    """Make links for those not in Telegram yet; some of them come in the next days."""
    settings = Settings(_env_file=None, database_url=database_url)
    now = stage.sandbox.clock.now()

    async def clock() -> datetime:
        return now

    made = await remote.perform(settings, OPERATIONS, "issue_links", clock, {"role": "customer"})
    tokens = {row["id"]: row["link"].rpartition("=")[2] for row in made["links"]}
    dice = random.Random(len(tokens))  # noqa: S311 (an invention, no secret)
    coming = []
    for client in stage.company.customers:
        if client.external_id in tokens and dice.random() < 0.6:  # noqa: PLR2004 (the others never do)
            at = now + timedelta(hours=dice.randint(3, 120))
            coming.append((at, client.telegram_id, tokens[client.external_id]))
    return sorted(coming)


async def _live(stage: Stage) -> None:
    started = stage.sandbox.clock.now()
    end = started + DIGEST_AT
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    ) as bar:  # fmt: skip
        task = bar.add_task(f"{started:%d.%m.%Y}", total=(end - started) / STEP)
        while stage.sandbox.clock.now() < end:
            moment = await stage.next_hour(end)
            await stage.live_until(moment)
            done = (moment - started) / STEP
            bar.update(task, completed=done, description=f"{moment:%d.%m.%Y}")


async def _outcome(stage: Stage, came_by_link: int) -> Outcome:
    outcome = Outcome(came_by_link=came_by_link)
    async with stage.database.reading() as reader:
        for wave in await waves.latest(reader, limit=len(SURVEYS)):
            outcome.waves.append((wave.name, await waves.funnel(reader, wave.id)))
            reminded = await waves.reminded(reader, wave.id)
            outcome.reminded += reminded.reminded
            outcome.late += reminded.began_afterwards
            outcome.expired += (await campaigns.progress(reader, wave.id)).states.get("expired", 0)
    for person in stage.people:
        outcome.taps += person.taps
        outcome.words += person.words
        outcome.changed_mind += person.changed_mind
        outcome.stopped += person.stopped
        outcome.blocked += stage.sandbox.users[person.telegram_id].blocked
    return outcome
