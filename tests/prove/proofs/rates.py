"""How fast a broadcast arrives, and how long a tapping customer waits meanwhile."""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from tests.prove.company import START, invite
from tests.prove.crowd import Crowd
from tests.prove.lives import environment, life

GAP = 0.1
"""Seconds between two taps of the crowd."""
_WARM_UP = 60
_SLOWEST = 20.0


@dataclass(frozen=True, slots=True)
class Rates:
    """Counted where messages arrive; seconds."""

    most_in_a_second: int
    most_in_a_chat: int
    sustained: float
    p95: float
    replies: int


async def measure(folder: Path, people: int) -> Rates:
    """Broadcast to `people`: nobody taps in the first half, everybody in the second."""
    async with run_sandbox(now=START, journal=folder / "journal.jsonl") as sandbox:
        database_url = await invite(sandbox, folder, people)
        sandbox.rates.reset()
        settings = environment(sandbox, database_url)
        async with AsyncExitStack() as stack:
            stack.enter_context(_clear_sight())
            running = await stack.enter_async_context(life(settings, folder / "bot.log"))
            await _until_arrived(sandbox, people // 2)
            quiet = [entry["arrived"] for entry in _sent(sandbox)][_WARM_UP:]
            sustained = (len(quiet) - 1) / (quiet[-1] - quiet[0])
            answering = asyncio.create_task(Crowd(sandbox, GAP).run())
            await _until_arrived(sandbox, people)
            answering.cancel()
            waits = sorted(_waits(sandbox))
            await running.stop()
        return Rates(
            sandbox.rates.most_in_a_second,
            sandbox.rates.most_in_a_chat,
            sustained,
            waits[len(waits) * 95 // 100],
            len(waits),
        )


@contextmanager
def _clear_sight() -> Iterator[None]:
    """Collect garbage now: a collection during the measurement would bunch even arrivals."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _sent(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [
        entry
        for entry in sandbox.journal.entries()
        if entry["kind"] == "call" and entry["method"] == "sendMessage" and entry["delivered"]
    ]


async def _until_arrived(sandbox: Sandbox, count: int) -> None:
    async with asyncio.timeout(_SLOWEST + count / 10):
        while sandbox.rates.total < count:
            await asyncio.sleep(0.05)


def _waits(sandbox: Sandbox) -> list[float]:
    """Return how long each tap waited until its screen changed."""
    tapped: dict[int, float] = {}
    waits = []
    for entry in sandbox.journal.entries():
        if entry["kind"] == "person" and entry["action"] == "tap":
            tapped.setdefault(entry["chat_id"], entry["mono"])
        elif entry["kind"] == "call" and entry["method"] == "editMessageText":
            begun = tapped.pop(entry["chat_id"], None)
            if begun is not None:
                waits.append(entry["arrived"] - begun)
    return waits
