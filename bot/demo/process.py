"""The demo's bot: a process of its own, kept running, or stopped and started on request."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import Refused
from bot.private_files import append_privately
from bot.sandbox.sandbox import Sandbox
from surveys.messages import Message, mark

_STARTUP_SECONDS = 60
_STOP_SECONDS = 10
_BREATH = 1.0


async def start_bot(sandbox: Sandbox, database_url: str, log: Path) -> Process:
    """Run `otklik run` against the local Telegram; return when it listens.

    It serves pages where the chat page may show them.
    """
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("OTKLIK_")},
        "OTKLIK_BOT_TOKEN": sandbox.token,
        "OTKLIK_API_URL": sandbox.base_url,
        "OTKLIK_CLOCK_URL": sandbox.clock_url,
        "OTKLIK_DATABASE_URL": database_url,
        "OTKLIK_BACKUPS_HOUR": "off",
    }
    if sandbox.pages_at:
        pages = urlsplit(sandbox.pages_at)
        environment |= {
            "OTKLIK_WEB_URL": sandbox.pages_at,
            "OTKLIK_WEB_HOST": pages.hostname or "",
            "OTKLIK_WEB_PORT": str(pages.port),
        }
    with append_privately(log) as lines:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.cli.main", "run", env=environment, stdout=lines, stderr=lines
        )
    try:
        await _until_polling(sandbox, process, log)
    except BaseException:
        await stop_bot(process)
        raise
    return process


async def stop_bot(process: Process) -> None:
    """Ask the bot to stop; end it where it does not."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
    if process.returncode is None:
        process.kill()
        await process.wait()


@asynccontextmanager
async def running_bot(sandbox: Sandbox, database_url: str, log: Path) -> AsyncIterator[Process]:
    """Run the bot until the block is left."""
    process = await start_bot(sandbox, database_url, log)
    try:
        yield process
    finally:
        await stop_bot(process)


async def _until_polling(sandbox: Sandbox, process: Process, log: Path) -> None:
    for _ in range(_STARTUP_SECONDS * 20):
        if sandbox.polling:
            return
        if process.returncode is not None:
            break
        await asyncio.sleep(0.05)
    raise Refused(mark("The bot did not start; its last words are in {log}."), log=log)


class Keeper:
    """Keeps the bot running: restarts it when it died, or on request."""

    def __init__(
        self, sandbox: Sandbox, database_url: str, log: Path, say: Callable[[Message], None]
    ) -> None:
        self.up = asyncio.Event()
        self._sandbox = sandbox
        self._database_url = database_url
        self._log = log
        self._say = say
        self._process: Process | None = None
        self._wanted = asyncio.Event()
        self._wanted.set()

    def toggle(self) -> None:
        """Stop the bot where it runs, start it where it does not."""
        if not self._wanted.is_set():
            self._wanted.set()
        elif self._process is not None and self._process.returncode is None:
            self._wanted.clear()
            self._process.terminate()

    async def run(self) -> None:
        """Keep the bot running until cancelled; raise `Refused` where it does not start."""
        while True:
            await self._wanted.wait()
            async with running_bot(self._sandbox, self._database_url, self._log) as process:
                self._process = process
                self.up.set()
                code = await process.wait()
            if self._wanted.is_set():
                await asyncio.sleep(_BREATH)
                self._say(
                    Message(
                        "The bot stopped by itself (exit code {code}); it is started again.",
                        {"code": code},
                    )
                )
            else:
                self._say(Message("The bot is stopped: what people send waits. Enter starts it."))
