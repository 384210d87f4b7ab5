"""Telegram may not be there when the program starts: it waits, says so, and can be stopped."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import pytest

from bot.app import serve
from bot.errors import BotError, TokenRefused
from bot.operations import remote, sockets
from bot.sandbox.server import run as run_sandbox
from bot.settings import Settings
from bot.telegram import reaching
from bot.telegram.reaching import connected_bot, introduce, unending
from surveys.messages import Message
from tests.bot.delivery.faults import queue, states
from tests.bot.world import PATIENCE, START, World
from tests.engines import database_in, on_both

ROOT = Path(__file__).parents[3]
TOKEN = "1234567890:" + "A" * 35


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def test_waits_grow_to_a_minute_and_are_told_once() -> None:
    told: list[Message] = []
    waits = list(islice(unending(told.append), 10))
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (0.5, 60.0)
    (sentence,) = told
    assert "OTKLIK_PROXY" in str(sentence)
    quick: list[Message] = []
    next(unending(quick.append))
    assert not quick, "the first try had not failed yet"


@on_both
async def test_a_start_outlasts_an_outage_and_operations_work_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reaching, "_FIRST_WAIT", 0.001)
    monkeypatch.setattr(reaching, "LONGEST_WAIT", 0.02)
    port, told = _free_port(), list[Message]()
    settings = Settings(
        _env_file=None,
        bot_token=TOKEN,
        api_url=f"http://127.0.0.1:{port}",
        database_url=database_in(tmp_path),
    )
    running = asyncio.create_task(serve(settings, told.append))
    try:
        async with asyncio.timeout(PATIENCE):
            while not told:
                await asyncio.sleep(0.01)
        added = await remote._ask(
            sockets.sockets(settings)[0],
            {"operation": "add_admin", "arguments": {"telegram_id": 1 << 40}, "language": "en"},
        )
        assert added["telegram_id"] == 1 << 40
        async with run_sandbox(port=port, token=TOKEN, now=START) as sandbox:
            async with asyncio.timeout(PATIENCE):
                while not sandbox.polling:
                    assert not running.done()
                    await asyncio.sleep(0.01)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert len(told) == 1, told


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook"])
@pytest.mark.parametrize("fault", [{"kind": "5xx"}, {"kind": "cut_before"}])
async def test_a_start_outlasts_more_failures_than_a_command_would(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: Mapping[str, object], method: str
) -> None:
    monkeypatch.setattr(reaching, "_FIRST_WAIT", 0.001)
    monkeypatch.setattr(reaching, "LONGEST_WAIT", 0.002)
    await queue(world)
    times = 3 * len(reaching.SHORT)
    world.sandbox.faults.add({**fault, "method": method, "times": times})
    async with world.bot():
        await world.settle()
    assert world.sandbox.faults.rules[0].fired == times
    assert await states(world) == {"sent": 1}


async def test_a_command_gives_up_soon(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "SHORT", (0.0, 0.0))
    world.sandbox.faults.add({"kind": "5xx", "method": "getMe", "times": None})
    async with connected_bot(world.settings) as bot:
        with pytest.raises(BotError, match="OTKLIK_API_URL"):
            await introduce(bot, reaching.SHORT)


async def test_a_token_that_telegram_does_not_know_ends_the_start(world: World) -> None:
    world.sandbox.faults.add({"kind": "unauthorized", "method": "getMe"})
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(TokenRefused, match="BotFather"):
            await serve(world.settings, world.announce)


@pytest.mark.parametrize("output", ["a pipe", "/dev/full"])
async def test_a_waiting_program_stops_when_it_is_told_to(tmp_path: Path, output: str) -> None:
    environment = {key: value for key, value in os.environ.items() if "OTKLIK" not in key}
    environment |= {
        "OTKLIK_BOT_TOKEN": TOKEN,
        "OTKLIK_API_URL": f"http://127.0.0.1:{_free_port()}",
        "OTKLIK_DATABASE_URL": database_in(tmp_path),
    }
    with Path("/dev/full").open("wb") as full:  # noqa: ASYNC230 (it waits for nothing)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.cli.main", "run"),
            cwd=ROOT,
            env=environment,
            stdout=full if output == "/dev/full" else asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    assert process.stderr is not None
    log = b""
    async with asyncio.timeout(60):
        if process.stdout is not None:
            assert b"OTKLIK_API_URL" in await process.stdout.readline()
        while process.stdout is None and b"console_unwritable" not in log:
            log += await process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        _, rest = await process.communicate()
    assert b"telegram_unreachable" in log + rest
    assert b"Traceback" not in log + rest
    assert process.returncode == 0
