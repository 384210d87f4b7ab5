"""The order of the disk and the network: an update is flushed before Telegram hears of it."""

import asyncio
import os
import re
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from tests.prove.company import FIRST_ID, START, invite
from tests.prove.lives import environment
from tests.prove.tracing import ROOT, Call, read

_CALLS = "sendto,sendmsg,write,writev,pwrite64,fdatasync"
_CONFIRMING = re.compile(rb'\boffset(?:=|": ?)(\d+)')
"""As our own calls say it, in JSON, and the framework's polling, as a form."""
_UPDATE = re.compile(rb'"update_id": (\d+)')
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Order:
    """How many updates were confirmed, and how many of them before they were flushed."""

    confirmed: int
    too_early: int


async def watch(folder: Path, people: int, *without: str) -> Order:
    """Let `people` write to the real bot under strace; read its log."""
    log = folder / "strace.log"
    async with run_sandbox(now=START, speed=0, journal=folder / "journal.jsonl") as sandbox:
        database_url = await invite(sandbox, folder, people)
        process = await asyncio.create_subprocess_exec(
            *("strace", "-f", "-qq", "-xx", "-s", "20000", "-o", str(log), "-e", f"trace={_CALLS}"),
            *(sys.executable, "-m", "tests.prove.running", *without),
            env={**os.environ, **environment(sandbox, database_url)},
            cwd=ROOT,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            for number in range(people):
                await _said(sandbox, FIRST_ID + number)
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # strace, and the process it watches
            await process.wait()
    return _judge(read(log))


async def _said(sandbox: Sandbox, person: int) -> None:
    update_id = sandbox.say(person, "/help")
    async with asyncio.timeout(_PATIENCE):
        while not sandbox.confirmed(update_id):
            await asyncio.sleep(0.01)


def _judge(calls: list[Call]) -> Order:
    unflushed: dict[int, set[int]] = {}
    flushed: set[int] = set()
    seen: set[int] = set()
    early: set[int] = set()
    confirmations = 0
    for call in calls:
        if call.name == "pwrite64":
            written = {int(number) for number in _UPDATE.findall(call.data)}
            unflushed.setdefault(call.descriptor, set()).update(written)
            seen |= written
        elif call.name == "fdatasync":
            flushed |= unflushed.pop(call.descriptor, set())
        elif found := _CONFIRMING.search(call.data):
            confirmations += 1
            early |= {number for number in seen if number < int(found[1])} - flushed
    assert confirmations, "no confirmation was seen in the network traffic"
    return Order(len(seen), len(early))
