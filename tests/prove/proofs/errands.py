"""The program is killed while it makes what an admin asked for; each must be told, and once."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from bot.telegram.calls import REPEATED
from storage import work
from storage.database import open_database, open_reading
from storage.people import people
from storage.people.addresses import of_telegram
from storage.sending import errands
from storage.tables.delivery import outbox
from storage.tables.errands import errands as table
from tests.prove.company import START, invite
from tests.prove.lives import environment, life

ADMIN = 1
PATIENCE = 300.0
_PEOPLE = 3
_LONGEST_LIFE = 6.0
ASKED: Mapping[str, Mapping[str, Any]] = {
    "digest": {"period": "2026-09"},
    "comparison": {"before": 1, "after": 1},
    "links": {"format": "xlsx", "wave": None},
    "backup": {},
}


@dataclass(frozen=True, slots=True)
class Made:
    """How many errands were never told of, or told of twice without a mark."""

    asked: int
    lost: int
    doubled: int
    tries: int


async def trial(folder: Path, kills: int, seed: int) -> Made:
    """Ask for one of each kind before each kill; let the last life finish."""
    chance = random.Random(seed)
    async with run_sandbox(now=START, journal=folder / "journal.jsonl") as sandbox:
        database_url = await invite(sandbox, folder, _PEOPLE)
        sandbox.add_user("Admin", user_id=ADMIN, started=True)
        settings, log = environment(sandbox, database_url), folder / "bot.log"
        for _ in range(kills):
            await _ask(database_url)
            async with life(settings, log) as running:
                await asyncio.sleep(chance.uniform(0.2, _LONGEST_LIFE))
                running.kill()
                await running.ended()
        async with life(settings, log) as running:
            await _done(sandbox, database_url)
            await running.stop()
        return await _judged(sandbox, database_url)


async def _ask(database_url: str) -> None:
    async with open_database(database_url) as database, database.transaction() as tx:
        admin = await people.add_admin(tx, of_telegram(ADMIN), "Admin", "ru", START)
        for kind, parameters in ASKED.items():
            await errands.ask(tx, kind, admin.id, START, parameters)


async def _done(sandbox: Sandbox, database_url: str) -> None:
    async with asyncio.timeout(PATIENCE), open_reading(database_url) as database:
        while True:
            async with database.reading() as reader:
                if not await work.unfinished(reader, sandbox.clock.now()):
                    return
            await asyncio.sleep(0.2)


async def _judged(sandbox: Sandbox, database_url: str) -> Made:
    async with open_reading(database_url) as database, database.reading() as reader:
        of_kinds = table.c.kind.in_(ASKED)
        rows = await reader.all(select(table.c.kind, table.c.id).where(of_kinds))
        tries = await reader.scalar(select(func.sum(table.c.attempts)).where(of_kinds))
        told = select(outbox.c.key).where(outbox.c.state.in_(("sent", "unknown")))
        keys = set(await reader.scalars(told))
        staff = select(func.count()).where(outbox.c.audience == "staff")
        said = await reader.scalar(staff.where(outbox.c.state.in_(("sent", "unknown"))))
    lost = [row for row in rows if f"{row['kind']}:{row['id']}" not in keys]
    unmarked = [one for one in sandbox.messages(ADMIN) if REPEATED not in one.text]
    arrived = sum(one.from_bot for one in unmarked)
    return Made(len(rows), len(lost), max(0, arrived - said), tries)
