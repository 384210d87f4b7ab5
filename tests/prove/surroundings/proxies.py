"""A proxy that refuses, hangs, babbles or hangs up: at the start and while a broadcast goes out."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import get_args
from unittest.mock import patch

from aiogram.client.session.aiohttp import AiohttpSession

from bot.app import serve
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from bot.settings import Settings
from bot.telegram import session
from bot.telegram.session import DirectSession
from storage.database import open_reading
from storage.sending import tally
from tests.bot.telegram.proxy import Mood, Proxy, proxy
from tests.prove.company import START, invite
from tests.prove.lines import Lines, none, some

PATIENCE = 60.0
_TROUBLES = 3
"""So many connections fail before the proxy works."""
_PEOPLE = 20
_CASES: Sequence[tuple[Mood, str]] = [
    (mood, scheme)
    for mood, scheme in product(get_args(Mood), ("http", "socks5"))
    if mood != "works"
]


@dataclass(slots=True)
class Found:
    """What became of the broadcasts: how often the program ended, how many sends are doubtful."""

    ended: int = 0
    doubtful: int = 0
    sent: int = 0


async def proved(folder: Path, kills: int, _seed: int) -> Lines:
    """Broadcast through proxies out of order, with our session and with the framework's own."""
    cases = _CASES[: max(1, kills)]
    found = await _broadcast_all(folder / "with", cases)
    behind = f"{len(cases)} proxies out of order, {found.sent} messages"
    yield none("broken proxies that ended the program", found.ended, behind)
    yield none("sends made doubtful by a broken proxy", found.doubtful, behind)
    missing = _PEOPLE * len(cases) - found.sent
    yield none("of these messages not sent afterwards", missing, behind)
    with patch.object(DirectSession, "make_request", AiohttpSession.make_request):
        found = await _broadcast_all(folder / "without", cases[:2])
    yield some("the framework's own session: program ended", found.ended, f"{len(cases[:2])} cases")


async def _broadcast_all(folder: Path, cases: Sequence[tuple[Mood, str]]) -> Found:
    found = Found()
    with patch.object(session, "CONNECT_SECONDS", 0.2):
        for number, (mood, scheme) in enumerate(cases):
            within = folder / f"{number}"
            within.mkdir(parents=True)
            await _broadcast(within, mood, scheme, found)
    return found


async def _broadcast(folder: Path, mood: Mood, scheme: str, found: Found) -> None:
    async with (
        run_sandbox(now=START, speed=60, journal=folder / "journal.jsonl") as sandbox,
        proxy(mood) as one,
    ):
        settings = Settings(
            _env_file=None,
            bot_token=sandbox.token,
            api_url=sandbox.base_url,
            clock_url=sandbox.clock_url,
            database_url=await invite(sandbox, folder, _PEOPLE),
            proxy=one.url(scheme),
            backups_hour=None,
        )
        running = asyncio.create_task(serve(settings, lambda _: None))
        try:
            async with asyncio.timeout(PATIENCE):
                await _fail_twice(sandbox, one, running)
                while not running.done() and await _unsent(settings):
                    await asyncio.sleep(0.05)
        finally:
            found.ended += running.done()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        counts = await _counts(settings)
        found.doubtful += counts.get("unknown", 0)
        found.sent += counts.get("sent", 0)


async def _fail_twice(sandbox: Sandbox, one: Proxy, running: asyncio.Task[None]) -> None:
    """Let the proxy fail at the start, and again when the broadcast goes out."""
    mood = one.mood
    for _ in ("start", "broadcast"):
        one.mood, before = mood, one.asked
        while one.asked < before + _TROUBLES and not running.done():
            await asyncio.sleep(0.01)
        one.mood = "works"
        while not sandbox.polling and not running.done():
            await asyncio.sleep(0.01)


async def _counts(settings: Settings) -> dict[str, int]:
    async with open_reading(settings.database_url) as database, database.reading() as reader:
        return await tally.by_state(reader)


async def _unsent(settings: Settings) -> bool:
    counts = await _counts(settings)
    return bool(counts.get("queued") or counts.get("sending"))
