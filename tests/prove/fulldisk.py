"""A disk that fills up under the running program, and has room again."""

import asyncio
import resource
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from tests.prove.company import START, invite
from tests.prove.crowd import Crowd
from tests.prove.killing import until_done
from tests.prove.lives import Life, environment, life
from tests.prove.oracle import judge

_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Filled:
    """What was confirmed while nothing could be written, and what was lost in the end."""

    confirmed_meanwhile: int
    answers: int
    lost: int


async def fill(folder: Path, people: int) -> Filled:
    """Forbid the program to write files any further while people tap, then allow it again."""
    async with run_sandbox(now=START, journal=folder / "journal.jsonl") as sandbox:
        database_url = await invite(sandbox, folder, people)
        settings = environment(sandbox, database_url)
        crowd = Crowd(sandbox)
        async with life(settings, folder / "bot.log") as running:
            await _until(lambda: sandbox.rates.total >= people)
            meanwhile = await _tapping_in_vain(sandbox, running, crowd)
            answering = asyncio.create_task(crowd.run())
            await until_done(sandbox, database_url, crowd)
            answering.cancel()
            await running.stop()
        verdict = await judge(sandbox, database_url, crowd.taps)
    return Filled(meanwhile, verdict.confirmed, verdict.lost + verdict.unhandled)


async def _tapping_in_vain(sandbox: Sandbox, running: Life, crowd: Crowd) -> int:
    """Return how many taps were confirmed although none could be kept."""
    _, most = resource.prlimit(running.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (1, most))
    answering = asyncio.create_task(crowd.run())
    try:
        await _until(lambda: len(crowd.taps) >= 3)
        handed = sandbox.journal.seq
        await _until(lambda: _attempts(sandbox, handed) >= 2)
        return sum(sandbox.confirmed(update_id) for update_id in crowd.taps)
    finally:
        answering.cancel()
        resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (most, most))


def _attempts(sandbox: Sandbox, since: int) -> int:
    """Count how often the same updates have been handed out again."""
    entries = sandbox.journal.since(since, limit=100_000)
    return sum(bool(entry.get("handed")) for entry in entries)


async def _until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not reached():
            await asyncio.sleep(0.02)
