"""Our own programs that the bot starts: none outlives the work it was started for."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

_SOURCE_TREE = Path(__file__).parents[1]


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


def without_settings() -> dict[str, str]:
    """Return an environment for children that need neither the token nor the database."""
    return {key: value for key, value in os.environ.items() if not key.startswith("OTKLIK_")}
