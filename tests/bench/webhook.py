"""How long the webhook's 200 takes, against aiogram's handler that does nothing, at equal pace."""

import asyncio
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import ClientSession, TCPConnector

from bot.telegram.webhook import SECRET_HEADER
from tests.bench.bots import Service, free_port, listening, process, telegram
from tests.bench.scale import Scale
from tests.bench.taps import asked, running, sqlite
from tests.bench.timing import Ratio, of_rounds

PACE = 100.0
SECRET = "bench-bench-bench-bench"
_SHARE = 0.99
_FULL = 503
_AGAIN_SECONDS = 0.2


def bench(scale: Scale) -> Iterator[Ratio]:
    """Compare the p99 of the answers to taps, a hundred a second over 64 connections."""
    with TemporaryDirectory() as folder, telegram() as service:
        url, port, bare_port = sqlite(Path(folder) / "otklik.db"), free_port(), free_port()
        asked(url, scale.chats)
        bare = process("tests.bench.bare.webhook", service.url, str(bare_port))
        with running(service, url, **webhook_at(port)), bare:
            service.wait_for_chats(scale.chats)
            listening(port)
            listening(bare_port)
            ids = count(1)
            rounds = [
                [asyncio.run(pushed(service, one, scale.pushed, ids)) for one in (port, bare_port)]
                for _ in range(scale.rounds)
            ]
    ours, theirs = zip(*rounds, strict=True)
    what = f"p99 of the webhook's 200, {PACE:.0f} a second, 64 connections"
    yield of_rounds(what, ours, "SimpleRequestHandler, no-op", theirs, "≤ 10")


def webhook_at(port: int) -> dict[str, str]:
    """Return the settings of a bot that is told of taps at a port."""
    return {
        "OTKLIK_WEBHOOK_URL": "https://bench.example/",
        "OTKLIK_WEBHOOK_SECRET": SECRET,
        "OTKLIK_WEBHOOK_PORT": str(port),
    }


async def pushed(service: Service, port: int, updates: int, ids: Iterator[int]) -> float:
    """Push so many taps at an even pace; return the p99 of the seconds until the answer."""
    taken: list[float] = []
    async with ClientSession(connector=TCPConnector(limit=64)) as session:
        waiting = []
        begun = time.monotonic()
        screens = list(service.screens().items())
        for number in range(updates):
            await asyncio.sleep(begun + number / PACE - time.monotonic())
            chat, (message, buttons) = screens[number % len(screens)]
            update = _tap(next(ids), chat, message, buttons[number % len(buttons)])
            waiting.append(asyncio.create_task(_push(session, port, update, taken)))
            if number % len(screens) == len(screens) - 1:
                screens = list((await asyncio.to_thread(service.screens)).items())
        await asyncio.gather(*waiting)
    return sorted(taken)[min(int(_SHARE * len(taken)), len(taken) - 1)]


async def _push(
    session: ClientSession, port: int, update: dict[str, Any], taken: list[float]
) -> None:
    """Push until it is taken, as Telegram does: a bot with a thousand at hand says 503."""
    begun = time.perf_counter()
    headers = {SECRET_HEADER: SECRET}
    status = _FULL
    while status == _FULL:
        async with session.post(f"http://127.0.0.1:{port}/", json=update, headers=headers) as told:
            await told.read()
            status = told.status
            if status == _FULL:
                await asyncio.sleep(_AGAIN_SECONDS)
            else:
                told.raise_for_status()
    taken.append(time.perf_counter() - begun)


def _tap(number: int, chat: int, message: int, data: str) -> dict[str, Any]:
    user = {"id": chat, "is_bot": False, "first_name": "Клиент", "language_code": "ru"}
    where = {"id": chat, "type": "private", "first_name": "Клиент"}
    markup = {"inline_keyboard": [[{"text": data, "callback_data": data}]]}
    shown = {"message_id": message, "date": 1, "chat": where, "text": "…", "reply_markup": markup}
    tap = {"id": str(number), "from": user, "chat_instance": "1", "message": shown, "data": data}
    return {"update_id": number, "callback_query": tap}
