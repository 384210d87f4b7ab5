"""Three hundred half requests to the events' port of a program that has 256 handles."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.sandbox.server import run as run_sandbox
from tests.prove.company import START, invite
from tests.prove.guards import BOUNDS
from tests.prove.lines import Line, Lines, none, some
from tests.prove.lives import environment
from tests.prove.tracing import ROOT

PATIENCE = 60.0
HANDLES = 256
_HALF = b"GET /events/deal?customer=C0 HTTP/1.1\r\nHost: x\r\nX-Long: "
_HALVES = 300
_CALLS = 10
_TOKEN = "t" * 32
_LIMITED = f'ulimit -n {HANDLES} && exec "$@"'
_LARGEST_LOG = 20_000


@dataclass(frozen=True, slots=True)
class Siege:
    """How many proper calls were not answered meanwhile, by how many bytes the log grew."""

    unanswered: int
    logged: int


async def proved(folder: Path, _kills: int, _seed: int) -> Lines:
    """Besiege the program, with its bounds and without."""
    behind = f"{_HALVES} half requests, {HANDLES} handles, {_CALLS} calls"
    siege = await _besiege(folder / "with")
    yield none("calls unanswered beside half-open ones", siege.unanswered, behind)
    small, kilobytes = siege.logged <= _LARGEST_LOG, f"{siege.logged / 1000:.1f} kB"
    yield Line("the log grew meanwhile by", "≤ 20 kB", kilobytes, behind, small)
    siege = await _besiege(folder / "without", BOUNDS)
    yield some("without bounds: calls unanswered", siege.unanswered, behind)


async def _besiege(folder: Path, *without: str) -> Siege:
    _make(folder)
    log = folder / "bot.log"
    async with run_sandbox(now=START, journal=folder / "journal.jsonl") as sandbox:
        url = await invite(sandbox, folder, 1)
        settings = environment(sandbox, url) | {
            "OTKLIK_EVENTS_PORT": "0",
            "OTKLIK_EVENTS_TOKEN": _TOKEN,
            "OTKLIK_LOG_LEVEL": "INFO",
        }
        with log.open("wb") as lines:
            process = await asyncio.create_subprocess_exec(
                *("sh", "-c", _LIMITED, "sh", sys.executable, "-m", "tests.prove.running"),
                *without,
                env={**os.environ, **settings},
                cwd=ROOT,
                stdout=lines,
                stderr=lines,
            )
        try:
            port = await _port(log)
            async with _half_open(port):
                before = log.stat().st_size
                answered = [await _call(port, number) for number in range(_CALLS)]
            return Siege(answered.count(False), log.stat().st_size - before)
        finally:
            process.kill()
            await process.wait()


async def _port(log: Path) -> int:
    """Return the port that the program has written to its log."""
    async with asyncio.timeout(PATIENCE):
        while b" port=" not in _read(log):
            await asyncio.sleep(0.05)
    return int(_read(log).partition(b" port=")[2].split()[0])


@asynccontextmanager
async def _half_open(port: int) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        with suppress(TimeoutError):  # enough, once the server takes no more
            for _ in range(_HALVES):
                async with asyncio.timeout(2):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                stack.callback(writer.close)
                writer.write(_HALF)
        await asyncio.sleep(1)
        yield


async def _call(port: int, number: int) -> bool:
    """Tell an event; return whether it was answered in two seconds."""
    address = f"http://127.0.0.1:{port}/events/visit?customer=C0&deal={number}&token={_TOKEN}"
    limit = aiohttp.ClientTimeout(total=2)
    try:
        async with aiohttp.ClientSession(timeout=limit) as session, session.get(address) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


def _make(folder: Path) -> None:
    folder.mkdir()


def _read(log: Path) -> bytes:
    return log.read_bytes()
