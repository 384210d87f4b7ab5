"""Loops that run side by side and end together."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def until(stop: asyncio.Event, *loops: Coroutine[Any, Any, None]) -> None:
    """Run these until one ends or the program is told to stop; raise the error that ended one."""
    tasks = [asyncio.create_task(loop) for loop in loops]
    waiting = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({*tasks, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (*tasks, waiting):
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
