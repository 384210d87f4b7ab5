"""A disk that refuses the running program (full, read-only, failing), and is well again."""

import asyncio
import resource
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from tests.prove.company import START, invite
from tests.prove.crowd import Crowd
from tests.prove.lives import Life, environment, life
from tests.prove.oracle import judge
from tests.prove.proofs.killing import until_done
from tests.prove.tracing import hindered

_PATIENCE = 30.0
Hindrance = Callable[[int], AbstractAsyncContextManager[None]]
"""`(process id)`: nothing can be written until the block is left."""


@asynccontextmanager
async def no_room(pid: int) -> AsyncIterator[None]:
    """Forbid a process to write files any further."""
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, most))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


def read_only(pid: int) -> AbstractAsyncContextManager[None]:
    """Let a process find its disk mounted read-only, as after an error of the file system."""
    return hindered(pid, "pwrite64,ftruncate,fdatasync,fsync:error=EROFS")


def failing(pid: int) -> AbstractAsyncContextManager[None]:
    """Let every flush to the disk fail."""
    return hindered(pid, "fdatasync,fsync:error=EIO")


@dataclass(frozen=True, slots=True)
class Filled:
    """What was confirmed while nothing could be written, and what was lost in the end."""

    confirmed_meanwhile: int
    answers: int
    lost: int


async def fill(folder: Path, people: int, hindrance: Hindrance = no_room) -> Filled:
    """Let the disk refuse the program while people tap, and be well again."""
    async with run_sandbox(now=START, journal=folder / "journal.jsonl") as sandbox:
        database_url = await invite(sandbox, folder, people)
        settings = environment(sandbox, database_url)
        crowd = Crowd(sandbox)
        async with life(settings, folder / "bot.log") as running:
            await _until(lambda: sandbox.rates.total >= people)
            meanwhile = await _tapping_in_vain(sandbox, running, crowd, hindrance)
            answering = asyncio.create_task(crowd.run())
            await until_done(sandbox, database_url, crowd)
            answering.cancel()
            await running.stop()
        verdict = await judge(sandbox, database_url, crowd.taps)
    return Filled(meanwhile, verdict.confirmed, verdict.lost + verdict.unhandled)


async def _tapping_in_vain(
    sandbox: Sandbox, running: Life, crowd: Crowd, hindrance: Hindrance
) -> int:
    """Return how many taps were confirmed although none could be kept."""
    async with hindrance(running.pid):
        answering = asyncio.create_task(crowd.run())
        try:
            await _until(lambda: len(crowd.taps) >= 3)
            handed = sandbox.journal.seq
            await _until(lambda: _attempts(sandbox, handed) >= 2)
            return sum(sandbox.confirmed(update_id) for update_id in crowd.taps)
        finally:
            answering.cancel()


def _attempts(sandbox: Sandbox, since: int) -> int:
    """Count how often the same updates have been handed out again."""
    entries = sandbox.journal.since(since, limit=100_000)
    return sum(bool(entry.get("handed")) for entry in entries)


async def _until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not reached():
            await asyncio.sleep(0.02)
