"""Answers posted on pages while the program is killed again and again.

What a browser was told is there afterwards, and a consent that was pressed twice made one customer.
"""

import asyncio
import contextlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from sqlalchemy import func, select

from bot.sandbox.server import run as run_sandbox
from storage.answering import answers, invitations
from storage.asking import definitions
from storage.database import Reader, open_database, open_reading
from storage.people import links
from storage.tables.people import links as link_rows
from storage.tables.people import people
from storage.tables.surveys import invitations as invitation_rows
from surveys.survey import answers as codec
from tests.bot.web.browser import Browser, free_port
from tests.prove.company import START, SURVEY, invite
from tests.prove.guards import ONCE, POSTS
from tests.prove.lines import Lines, none, some
from tests.prove.lives import environment, life

GUESTS = 12
PATIENCE = 60.0
_NUMBERS = 3
"""The survey's questions that are answered by a number; words follow."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a trial showed: how many answers a browser was told are kept, and what is wrong."""

    confirmed: int
    lost: int
    doubled: int


@dataclass
class Guest:
    """Somebody who came by an open link, answers, and begins anew with other answers."""

    number: int
    url: str
    chance: random.Random
    path: str
    confirmed: dict[int, str] = field(default_factory=dict)
    posts: int = 0
    has_come: bool = False
    rounds: int = 0

    async def live(self, enough: asyncio.Event) -> None:
        """Answer until there was enough, and then to the end of a survey."""
        headers = {"X-Forwarded-For": f"10.0.0.{self.number + 1}"}
        jar = aiohttp.CookieJar(unsafe=True)
        limit = aiohttp.ClientTimeout(total=PATIENCE)
        async with aiohttp.ClientSession(cookie_jar=jar, headers=headers, timeout=limit) as session:
            device = Browser(session, self.url)
            while not (enough.is_set() and self.rounds and self.has_come):
                try:
                    await self._step(device)
                except (aiohttp.ClientError, OSError):
                    await asyncio.sleep(0.02)

    async def _step(self, device: Browser) -> None:
        page = await device.open(self.path)
        if page.status != 200:
            await asyncio.sleep(0.05)
        elif "Согласен" in page.buttons:
            pressed = await asyncio.gather(
                *(device.press("Согласен", page=page) for _ in range(2)), return_exceptions=True
            )
            arrived = [one for one in pressed if not isinstance(one, BaseException)]
            if arrived and device.place:
                self.path, self.has_come = device.place, True
        elif "Изменить ответы" in page.buttons:
            self.rounds += 1
            await device.press("Изменить ответы")
        elif "Отправить" in page.buttons:
            await self._answer(device, _NUMBERS, "Отправить", f"слова {self.chance.random()}")
        else:
            place = int(page.text.partition(" из ")[0].split()[-1]) - 1
            scale = [label for label in page.buttons if label.isdecimal()]
            await self._answer(device, place, self.chance.choice(scale))

    async def _answer(
        self, device: Browser, place: int, label: str, words: str | None = None
    ) -> None:
        """Press a button; where no page confirms it, the answer may have been kept or not."""
        self.confirmed.pop(place, None)
        page = await device.press(label, words)
        if page.status == 200 and not page.note:
            self.confirmed[place] = label if words is None else words
            self.posts += 1


async def proved(folder: Path, kills: int, seed: int) -> Lines:
    """Kill the program while answers are posted; then without a guard, which must show."""
    for name in ("with", POSTS, ONCE):
        (folder / name).mkdir()
    verdict = await trial(folder / "with", kills, seed)
    behind = f"{kills} kills, {verdict.confirmed} answers on pages"
    yield none("posted answers lost", verdict.lost, behind)
    yield none("customers, invitations made twice", verdict.doubled, behind)
    verdict = await trial(folder / POSTS, kills, seed, (POSTS,))
    behind = f"{kills} kills, {verdict.confirmed} answers on pages"
    yield some("answered before the commit: lost", verdict.lost, behind)
    kills = min(3, kills)
    verdict = await trial(folder / ONCE, kills, seed, (ONCE,))
    behind = f"{kills} kills, {verdict.confirmed} answers on pages"
    yield some("a new link for each consent: made twice", verdict.doubled, behind)


async def trial(folder: Path, kills: int, seed: int, without: Sequence[str] = ()) -> Verdict:
    """Let guests answer through so many kills, and judge."""
    chance = random.Random(seed)
    async with run_sandbox(now=START, journal=folder / "journal.jsonl") as sandbox:
        database_url = await invite(sandbox, folder, 1)
        async with open_database(database_url) as database, database.transaction() as tx:
            token = await links.issue_open(tx, "касса", START, None)
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        settings = environment(sandbox, database_url) | {
            "OTKLIK_WEB_URL": url,
            "OTKLIK_WEB_PORT": str(port),
            "OTKLIK_TRUSTED_PROXIES": "127.0.0.1",
        }
        guests = [
            Guest(number, url, random.Random(seed + number), f"/a/{token}")
            for number in range(GUESTS)
        ]
        enough = asyncio.Event()
        living = asyncio.gather(*(guest.live(enough) for guest in guests))
        try:
            for _ in range(kills):
                async with life(settings, folder / "bot.log", without) as running:
                    await _until(guests, chance.randint(1, 3 * GUESTS))
                    running.kill()
            if not without:
                async with life(settings, folder / "bot.log") as running:
                    enough.set()
                    async with asyncio.timeout(PATIENCE):
                        await living
                    await running.stop()
        finally:
            living.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await living
        async with open_reading(database_url) as database, database.reading() as reader:
            return await _judged(reader, guests)


async def _until(guests: Sequence[Guest], more: int) -> None:
    """Wait until so many more answers were confirmed."""
    goal = sum(guest.posts for guest in guests) + more
    async with asyncio.timeout(PATIENCE):
        while sum(guest.posts for guest in guests) < goal:
            await asyncio.sleep(0.001)


async def _judged(reader: Reader, guests: Sequence[Guest]) -> Verdict:
    definition = await definitions.latest(reader, SURVEY)
    assert definition is not None
    by_token: dict[int, Mapping[str, str]] = {}
    for guest in guests:
        person = await links_person(reader, guest.path.rpartition("/")[2])
        found = [] if person is None else await invitations.of_person(reader, person)
        given = [await answers.given(reader, one.id) for one in found]
        by_token[guest.number] = given[0] if given else {}
    questions = definition.survey.questions
    lost = sum(
        by_token[guest.number].get(questions[place].key) is None
        or str(
            codec.from_json(questions[place], by_token[guest.number][questions[place].key])
        ) != said
        for guest in guests
        for place, said in guest.confirmed.items()
    )  # fmt: skip
    persons = await reader.scalar(select(func.count()).select_from(people))
    asked = await reader.scalar(select(func.count()).select_from(invitation_rows))
    doubled = max(persons, asked) - 1 - GUESTS
    return Verdict(sum(guest.posts for guest in guests), lost, doubled)


async def links_person(reader: Reader, token: str) -> int | None:
    """Return whose link a token is."""
    which = link_rows.c.token_hash == links.hash_of(token)
    person: int | None = await reader.scalar(select(link_rows.c.person_id).where(which))
    return person
