"""Our own programs that the bot starts: none outlives the work it was started for.

What reads a file imports this as well, so it loads neither the settings nor the log.
"""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.settings import Settings

_SOURCE_TREE = Path(__file__).parents[1]
_PATIENT = 10
"""How nice a program is that makes something while the bot answers people."""


@asynccontextmanager
async def child(module: str, *arguments: str, **options: Any) -> AsyncIterator[Process]:
    """Run `python -m module`; it is killed where it still runs when the block is left.

    So it ends with a task that fails or is cancelled. `options` are those of
    `asyncio.create_subprocess_exec`.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, **{"cwd": _SOURCE_TREE, **options}
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            # process.kill() would reap the child, and the loop's watcher would not see its end.
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        await process.wait()


async def printed(
    settings: "Settings", *command: str, language: str, now: datetime, given: bytes | None = None
) -> bytes | None:
    """Return what a command of our command line prints, None where it fails.

    `given` is what it reads: unlike its arguments, no other account of this machine sees it. The
    child gets the database and never the token.
    """
    kept = {key: value for key, value in os.environ.items() if key != "OTKLIK_BOT_TOKEN"}
    async with child(
        "bot.cli.main", *command, "--language", language, "--now", now.isoformat(),
        cwd=None,
        env={**kept, "OTKLIK_DATABASE_URL": settings.database_url},
        stdin=asyncio.subprocess.DEVNULL if given is None else asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    ) as process:  # fmt: skip
        _be_patient(process)
        told, _ = await process.communicate(given)
    if process.returncode != 0:
        import structlog  # noqa: PLC0415 (see above)

        log = structlog.get_logger()
        log.error("process_failed", command=command[0], code=process.returncode)
        return None
    return told


def _be_patient(process: Process) -> None:
    """Let whoever answers people go first on this machine."""
    with contextlib.suppress(OSError):
        nice = max(_PATIENT, os.getpriority(os.PRIO_PROCESS, process.pid))
        os.setpriority(os.PRIO_PROCESS, process.pid, nice)


def without_settings() -> dict[str, str]:
    """Return an environment for children that need neither the token nor the database."""
    return {key: value for key, value in os.environ.items() if not key.startswith("OTKLIK_")}
