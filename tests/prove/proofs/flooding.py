"""How long honest people wait while one sends without end: in Telegram, on pages, by events."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import aiohttp

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from storage.database import open_database
from storage.people import links, people
from storage.people.addresses import of_telegram
from tests.bot.web.browser import free_port
from tests.prove.company import FIRST_ID, START, invite
from tests.prove.crowd import Crowd
from tests.prove.lives import environment, life

HONEST = 50
_SECONDS = 12
_AT_ONCE = 20
_STRANGER = "10.9.9.9"


async def flooded(folder: Path) -> Mapping[str, list[float]]:
    """Return the sorted waits of the honest, by where they came."""
    flooder = FIRST_ID + HONEST
    web, events, secret = free_port(), free_port(), secrets.token_hex(16)
    ways = {
        "OTKLIK_WEB_URL": f"http://127.0.0.1:{web}",
        "OTKLIK_WEB_PORT": f"{web}",
        "OTKLIK_TRUSTED_PROXIES": "127.0.0.1",
        "OTKLIK_EVENTS_PORT": f"{events}",
        "OTKLIK_EVENTS_TOKEN": secret,
    }
    async with run_sandbox(now=START, journal=folder / "journal.jsonl") as sandbox:
        url = await invite(sandbox, folder, HONEST + 1)
        pages = [f"{ways['OTKLIK_WEB_URL']}/a/{token}" for token in await _tokens(url)]
        deal = f"http://127.0.0.1:{events}/events/deal-closed"
        settings = environment(sandbox, url) | ways
        async with life(settings, folder / "bot.log") as running:
            async with asyncio.timeout(60):
                while sandbox.rates.total < HONEST + 1:
                    await asyncio.sleep(0.05)
            crowd = asyncio.create_task(Crowd(sandbox, gap=0.05).run())
            writing = asyncio.create_task(_write(sandbox, flooder))
            found = {
                "pages": await _beside(pages[0], lambda n: _open(pages[n], n)),
                "events": await _beside(f"{deal}?token=wrong", lambda n: _tell(deal, secret, n)),
            }
            for task in (writing, crowd):
                task.cancel()
            await running.stop()
        return {"Telegram": sorted(_waits(sandbox, flooder)), **found}


async def _tokens(url: str) -> list[str]:
    async with open_database(url) as database, database.transaction() as tx:
        found = []
        for number in range(HONEST):
            person = await people.by_address(tx, of_telegram(FIRST_ID + number))
            assert person is not None
            found.append(await links.issue(tx, "personal", person.id, START))
        return found


async def _write(sandbox: Sandbox, who: int) -> None:
    """Write two hundred messages a second."""
    while True:
        for _ in range(10):
            sandbox.say(who, "flood " * 50)
        await asyncio.sleep(0.05)


Honest = Callable[[int], Awaitable[float]]


async def _beside(flooded_url: str, honest: Honest) -> list[float]:
    """Flood an address by twenty connections; return how long each honest call took."""
    flood = [asyncio.create_task(_call_for_ever(flooded_url)) for _ in range(_AT_ONCE)]
    waits = []
    try:
        over = time.monotonic() + _SECONDS
        number = 0
        while time.monotonic() < over or number < HONEST:
            waits.append(await honest(number % HONEST))
            number += 1
            await asyncio.sleep(0.05)
    finally:
        for one in flood:
            one.cancel()
        await asyncio.gather(*flood, return_exceptions=True)
    return sorted(waits)


async def _call_for_ever(url: str) -> None:
    async with aiohttp.ClientSession(headers={"X-Forwarded-For": _STRANGER}) as session:
        while True:
            try:
                async with session.get(url) as answer:
                    await answer.read()
            except aiohttp.ClientError:
                await asyncio.sleep(0)


async def _open(url: str, number: int) -> float:
    return await _timed("GET", url, number, 200)


async def _tell(url: str, secret: str, number: int) -> float:
    told = f"{url}?token={secret}&customer=C{number}&deal=D{time.monotonic_ns()}"
    return await _timed("POST", told, number, 200)


async def _timed(method: str, url: str, number: int, status: int) -> float:
    began = time.monotonic()
    headers = {"X-Forwarded-For": f"10.0.0.{number + 1}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, url) as answer,
    ):
        await answer.read()
        assert answer.status == status, answer.status
    return time.monotonic() - began


def _waits(sandbox: Sandbox, flooder: int) -> list[float]:
    """Return how long each tap of the others waited until its screen changed."""
    tapped: dict[int, float] = {}
    waits = []
    for entry in sandbox.journal.entries():
        if entry.get("chat_id") == flooder:
            continue
        if entry["kind"] == "person" and entry["action"] == "tap":
            tapped.setdefault(entry["chat_id"], entry["mono"])
        elif entry["kind"] == "call" and entry["method"] == "editMessageText":
            begun = tapped.pop(entry["chat_id"], None)
            if begun is not None:
                waits.append(entry["arrived"] - begun)
    return waits
