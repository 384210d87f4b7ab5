"""A broadcast with answers streaming in, while the program is killed again and again."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.crashing import POINTS, VARIABLE
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from storage import work
from storage.database import Database, open_reading
from tests.prove.company import START, invite
from tests.prove.crowd import Crowd
from tests.prove.lives import Life, environment, life
from tests.prove.oracle import Verdict, judge

PATIENCE = 60.0
"""Seconds in which something must happen."""
_LONGEST_LIFE = 10.0
ANSWERS = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """How many are invited, how often the program dies, what else goes wrong."""

    people: int
    kills: int
    seed: int
    faults: Sequence[Mapping[str, Any]] = ()
    answering: bool = True
    without: Sequence[str] = ()
    points: Sequence[str] = POINTS


async def trial(folder: Path, plan: Plan, database_url: str | None = None) -> Verdict:
    """Run a plan to its end and judge it; on SQLite, unless another database is given."""
    journal = folder / "journal.jsonl"
    async with run_sandbox(now=START, faults=plan.faults, journal=journal) as sandbox:
        database_url = await invite(sandbox, folder, plan.people, database_url)
        crowd = await endure(sandbox, folder, database_url, plan)
        return await judge(sandbox, database_url, crowd.taps)


async def _nothing() -> None:
    """Look at nothing between two lives."""


async def endure(
    sandbox: Sandbox,
    folder: Path,
    database_url: str,
    plan: Plan,
    dead: Callable[[], Awaitable[None]] = _nothing,
) -> Crowd:
    """Kill the program as often as a plan says while people answer, then let it finish.

    `dead` is called after each kill, before the program lives again.
    """
    chance = random.Random(plan.seed)
    crowd = Crowd(sandbox)
    answering = asyncio.create_task(crowd.run()) if plan.answering else None
    settings = environment(sandbox, database_url)
    log = folder / "bot.log"
    try:
        for left in range(plan.kills, 0, -1):
            step = chance.randint(1, max(1, 2 * _to_come(sandbox, plan, crowd) // (left + 1)))
            named = _crash_point(chance, plan.points) if left % 2 else {}
            async with life(settings | named, log, plan.without) as running:
                await _until_killed(sandbox, crowd, running, step)
            await dead()
        async with life(settings, log, plan.without) as running:
            await until_done(sandbox, database_url, crowd if plan.answering else None)
            await running.stop()
            assert running.exit_code == 0, running.exit_code
    finally:
        if answering is not None:
            answering.cancel()
    return crowd


def _crash_point(chance: random.Random, points: Sequence[str]) -> dict[str, str]:
    """Choose where the program ends itself; if it never gets there, it is killed."""
    return {VARIABLE: f"{chance.choice(points)}:{chance.randint(1, 5)}"}


def _happened(sandbox: Sandbox, crowd: Crowd) -> int:
    """Count what moves a trial on: messages that arrived, and taps."""
    return sandbox.rates.total + len(crowd.taps)


def _to_come(sandbox: Sandbox, plan: Plan, crowd: Crowd) -> int:
    """Guess how much is still to happen."""
    each = 1 + ANSWERS if plan.answering else 1
    return max(0, each * plan.people - _happened(sandbox, crowd))


async def _until_killed(sandbox: Sandbox, crowd: Crowd, running: Life, step: int) -> None:
    """Let a life go on until `step` more things have happened, or it ends by itself."""
    goal = _happened(sandbox, crowd) + step
    with suppress(TimeoutError):
        async with asyncio.timeout(_LONGEST_LIFE):
            while _happened(sandbox, crowd) < goal and not running.is_over:
                await asyncio.sleep(0.001)
    running.kill()


async def until_done(sandbox: Sandbox, database_url: str, crowd: Crowd | None) -> None:
    """Wait until a new life has polled and nothing is left to do for it, nor for the crowd."""
    before = sandbox.world.updates._poller
    async with open_reading(database_url) as database:
        async with asyncio.timeout(PATIENCE):
            while sandbox.world.updates._poller is before:
                await asyncio.sleep(0.02)
        await until_quiet(sandbox, database, crowd)


async def until_quiet(sandbox: Sandbox, database: Database, crowd: Crowd | None) -> None:
    """Wait until nothing is left to do, for the program nor for the crowd.

    The crowd is asked first: its last tap would else come after the look at what is left.
    """
    loop, arrived = asyncio.get_running_loop(), 0
    async with asyncio.timeout(PATIENCE) as patience:
        while not (crowd is None or crowd.is_done) or await _is_left(sandbox, database):
            if sandbox.rates.total > arrived:
                arrived = sandbox.rates.total
                patience.reschedule(loop.time() + PATIENCE)
            await asyncio.sleep(0.02)


async def _is_left(sandbox: Sandbox, database: Database) -> bool:
    if sandbox.pending():
        return True
    async with database.reading() as reader:
        return bool(await work.unfinished(reader, sandbox.clock.now()))
