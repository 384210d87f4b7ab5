"""Who tries what is not theirs: rights, links, floods, logs, erased people, bombs."""

import asyncio
import io
import json
import random
import secrets
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from unittest import mock

from bot.rights import RIGHTS, Action, Reach
from storage.database import Database, open_database
from storage.errors import StorageError
from storage.people import erasing as erasing_rows
from storage.people import links, people
from storage.people.addresses import of_telegram
from storage.people.link_errors import LinkTaken
from tests.bot import test_forgetting
from tests.bot.chat.test_rights import tried_by_everybody
from tests.bot.world import ANNA, START, small_world
from tests.prove.lines import Line, Lines, none, some
from tests.prove.proofs import flooding

GUESSES, RACES, CLAIMS = 10_000, 50, 50
SLOWEST = 2.0
_MOST_MEGABYTES = 300


async def rights(folder: Path, _kills: int, _seed: int) -> Lines:
    """Let everybody try everything with what is another's; then with a table that allows it."""
    async with small_world(folder) as world:
        tried, successes = await tried_by_everybody(world)
    yield none("strangers' successful actions", len(successes), f"{tried} tried, 4 people")
    (folder / "without").mkdir()
    wide = {Action.SEE_CUSTOMERS: dict.fromkeys(RIGHTS[Action.SEE_CUSTOMERS], Reach.ALL)}
    with mock.patch.dict(cast("dict[Action, Any]", RIGHTS), wide):
        async with small_world(folder / "without") as world:
            tried, successes = await tried_by_everybody(world)
    yield some("without the reach of rights: succeeded", len(successes), f"{tried} tried")


async def tokens(folder: Path, _kills: int, seed: int) -> Lines:
    """Guess links, replay them, and race for them."""
    chance, won = random.Random(seed), Counter[int]()
    async with open_database(f"sqlite:///{folder}/otklik.db") as database:
        real = await _issued(database, RACES)
        hits = 0
        for number in range(GUESSES):
            guess = _near(chance.choice(real), chance)
            hits += guess not in real and await _claims(database, guess, number)
        yield none("guessed links that opened", hits, f"{GUESSES} guesses near {RACES} links")
        for place, token in enumerate(real):
            claims = (_claims(database, token, 10**6 * place + one) for one in range(CLAIMS))
            won[sum(await asyncio.gather(*claims))] += 1
    behind = f"{RACES} races of {CLAIMS}"
    yield none("races that not exactly one won", RACES - won[1], behind)


async def _issued(database: Database, count: int) -> list[str]:
    async with database.transaction() as tx:
        new = [await people.add(tx, START, name=f"{n}", is_customer=True) for n in range(count)]
        return [await links.issue(tx, "personal", one.id, START) for one in new]


async def _claims(database: Database, token: str, account: int) -> bool:
    try:
        async with database.transaction() as tx:
            await links.redeem(tx, token, of_telegram(10**9 + account), "X", "ru", START)
    except (LinkTaken, StorageError):
        return False
    return True


def _near(token: str, chance: random.Random) -> str:
    place = chance.randrange(len(token))
    letter = secrets.choice("abcdefghijklmnopqrstuvwxyz0123456789-_")
    return f"{token[:place]}{letter}{token[place + 1 :]}"


async def flood(folder: Path, _kills: int, _seed: int) -> Lines:
    """Let one person send without end, over Telegram, pages and events, while fifty are honest."""
    for where, waits in (await flooding.flooded(folder)).items():
        slowest = waits[len(waits) * 95 // 100]
        behind = f"{flooding.HONEST} honest people, {len(waits)} waits"
        figure = f"honest wait beside a flooder, {where}, p95"
        yield Line(figure, "< 2 s", f"{slowest:.2f} s", behind, slowest < SLOWEST)


@dataclass
class Erasing:
    """Where a mark was found after somebody was erased, and in what was logged before."""

    left: set[str]
    logged: int
    told: int


async def erasing(folder: Path, _kills: int, _seed: int) -> Lines:
    """Plant a mark in every field, erase, and search; the log is searched, too."""
    (folder / "with").mkdir()
    found = await _erased(folder / "with")
    behind = f"{len(test_forgetting.HOLDS)} columns at least, all files"
    yield none("places that hold an erased person", len(found.left), behind)
    behind = f"{found.logged} characters of log"
    yield none("words, names and tokens in the log", found.told, behind)
    (folder / "without").mkdir()
    with mock.patch.object(erasing_rows, "erase_quotes", _nothing):
        found = await _erased(folder / "without")
    yield some("without erasing quotes: places", len(found.left), "the same")


async def _nothing(*_: object) -> None:
    """Erase no quotes."""


async def _erased(folder: Path) -> Erasing:
    with _logged() as log:
        async with small_world(folder) as world:
            async with world.bot():
                await test_forgetting.plant(world)
            await test_forgetting.plant_below(world)
            async with world.bot():
                await world.settle()
                await world.say(ANNA, "/forget")
                await world.tap(ANNA, "Да, стереть всё")
                await world.pass_time(seconds=30)
            left = test_forgetting.found_in(world) | await test_forgetting.columns(world)
            secret = (test_forgetting.CANARY, world.sandbox.token, *world.tokens.values())
    said = log.getvalue()
    return Erasing(left, len(said), sum(said.count(one) for one in secret))


@contextmanager
def _logged() -> Iterator[io.StringIO]:
    """Keep what the bot writes to its log within the block."""
    kept = io.StringIO()
    with mock.patch.object(sys, "stdout", kept), mock.patch.object(sys, "stderr", kept):
        yield kept


async def bombs(folder: Path, _kills: int, _seed: int) -> Lines:
    """Bring in what is no list, or unpacks to far too much."""
    command = (sys.executable, "-m", "tests.prove.proofs.bombing", str(folder))
    running = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    told, _ = await running.communicate()
    taken, files, peak = json.loads(told)
    yield none("bombs and broken files taken", taken, f"{files} files")
    fits = peak < _MOST_MEGABYTES
    yield Line("memory of the processes that read", "< 300 MB", f"{peak} MB", "the largest", fits)
