"""The only place where the program learns the time.

`SystemClock` serves production. `SharedClock` follows the local Telegram's clock, so that half a
year of reminders, quiet hours and digests fits into a minute; nothing else differs.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol

import aiohttp

from bot.errors import BotError
from surveys.messages import mark

LONGEST_WAIT = 60.0
"""Seconds after which a wait looks at the clock again, so that a moved one is noticed."""


class ClockLost(BotError):
    """The shared clock does not answer."""


class Clock(Protocol):
    """Tells the time and waits for it."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""

    async def wait(self, wake: asyncio.Event, until: datetime | None) -> None:
        """Return when `wake` is set (and clear it), at `until`, or earlier: callers look again."""


async def _wait(wake: asyncio.Event, seconds: float) -> None:
    # Not wait_for: before Python 3.12 it swallows a cancellation that arrives together with the
    # event, and a task that was told to stop would go on for ever.
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, min(seconds, LONGEST_WAIT))):
            await wake.wait()
    wake.clear()


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def wait(self, wake: asyncio.Event, until: datetime | None) -> None:
        seconds = LONGEST_WAIT if until is None else (until - self.now()).total_seconds()
        await _wait(wake, seconds)


class SharedClock:
    """A clock kept elsewhere: `now` is its last answer plus the time since then, at its speed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._anchor = datetime.now(UTC)
        self._read_at = 0.0
        self._speed = 1.0
        self._version = 0
        self._waiting: set[asyncio.Event] = set()

    def now(self) -> datetime:
        elapsed = asyncio.get_running_loop().time() - self._read_at
        return self._anchor + timedelta(seconds=elapsed * self._speed)

    async def wait(self, wake: asyncio.Event, until: datetime | None) -> None:
        seconds = LONGEST_WAIT
        if until is not None and until <= self.now():
            seconds = 0.0  # the clock may have been moved while nobody waited
        elif until is not None and self._speed > 0:
            seconds = (until - self.now()).total_seconds() / self._speed
        self._waiting.add(wake)
        try:
            await _wait(wake, seconds)
        finally:
            self._waiting.discard(wake)

    async def read(self, session: aiohttp.ClientSession, seconds: float) -> None:
        """Ask for the time; with `seconds` wait that long for a change."""
        query = {"after": str(self._version), "timeout": str(seconds)}
        async with session.get(self._url, params=query) as response:
            response.raise_for_status()
            told = await response.json()
        self._anchor = datetime.fromisoformat(told["now"]).astimezone(UTC)
        self._read_at = asyncio.get_running_loop().time()
        self._speed = float(told["speed"])
        if told["version"] != self._version:
            self._version = told["version"]
            for wake in self._waiting:
                wake.set()

    async def follow(self, session: aiohttp.ClientSession) -> None:
        """Keep up with changes for ever; an unreachable clock is asked again."""
        while True:
            try:
                await self.read(session, 25)
            except (aiohttp.ClientError, TimeoutError):
                await asyncio.sleep(0.2)


@asynccontextmanager
async def running_clock(url: str | None) -> AsyncIterator[Clock]:
    """Yield the system's clock, or with `url` the shared one, kept up to date."""
    if url is None:
        yield SystemClock()
        return
    clock = SharedClock(url)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=40)) as session:
        try:
            await clock.read(session, 0)
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
            raise ClockLost(
                mark("The clock named by OTKLIK_CLOCK_URL does not answer; unset it or start it.")
            ) from error
        following = asyncio.create_task(clock.follow(session))
        try:
            yield clock
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
