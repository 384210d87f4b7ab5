"""Waiting: woken, at its time, and never deaf to being told to stop."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SystemClock


async def test_a_wait_ends_when_it_is_woken_and_when_its_time_has_come() -> None:
    clock, wake = SystemClock(), asyncio.Event()
    waiting = asyncio.create_task(clock.wait(wake, None))
    await asyncio.sleep(0)
    wake.set()
    await waiting
    assert not wake.is_set()
    await clock.wait(wake, datetime.now(UTC) - timedelta(days=1))


async def test_who_is_woken_and_told_to_stop_at_once_stops() -> None:
    clock, wake = SystemClock(), asyncio.Event()

    async def for_ever() -> None:
        while True:
            await clock.wait(wake, None)

    for turns in range(6):
        running = asyncio.create_task(for_ever())
        await asyncio.sleep(0)
        wake.set()
        for _ in range(turns):
            await asyncio.sleep(0)
        running.cancel()
        done, _ = await asyncio.wait({running}, timeout=1)
        assert done, f"deaf {turns} turns after it was woken"
        with pytest.raises(asyncio.CancelledError):
            await running
