"""The program in a process of its own, to be killed at any moment and started again quickly.

The process is forked from one that has imported everything: a life begins in a moment instead of
seconds, and is otherwise the one that `otklik run` starts.
"""

import asyncio
import multiprocessing
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.cli.main import app
from bot.sandbox.sandbox import Sandbox
from tests.prove.guards import take_off

GRACE = 15.0


def environment(sandbox: Sandbox, database_url: str) -> dict[str, str]:
    """Return the settings with which a life serves the local Telegram."""
    return {
        "OTKLIK_BOT_TOKEN": sandbox.token,
        "OTKLIK_API_URL": sandbox.base_url,
        "OTKLIK_CLOCK_URL": sandbox.clock_url,
        "OTKLIK_DATABASE_URL": database_url,
    }


def _live(settings: Mapping[str, str], log: str, without: Sequence[str]) -> None:
    lines = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(lines, 1)
    os.dup2(lines, 2)
    os.environ.update(settings)
    take_off(without)
    app(["run"])


class Life:
    """One run of the program, from its start to its end."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    @property
    def is_over(self) -> bool:
        """Whether the process has ended."""
        return not self._process.is_alive()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid or 0

    @property
    def exit_code(self) -> int | None:
        """How it ended: −9 after a kill."""
        return self._process.exitcode

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()

    async def ended(self) -> None:
        """Wait for its end."""
        while not self.is_over:
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Ask it to stop, as an operator would; kill it where it does not."""
        self._process.terminate()
        try:
            await asyncio.wait_for(self.ended(), GRACE)
        except TimeoutError:
            self.kill()
            await self.ended()
            raise


@asynccontextmanager
async def life(
    settings: Mapping[str, str], log: Path, without: Sequence[str] = ()
) -> AsyncIterator[Life]:
    """Run the program until the block is left; `without` names guards to take off."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bot.app", "bot.cli.main", "tests.prove.guards"])
    process = context.Process(target=_live, args=(dict(settings), str(log), tuple(without)))
    process.daemon = True
    process.start()
    running = Life(process)
    try:
        yield running
    finally:
        if not running.is_over:
            running.kill()
        await running.ended()
        process.close()
