"""The clock that the local Telegram and the bot share: it can be set, moved and sped up.

It may be set backwards; that is for tests of clocks that jump.
"""

import contextlib
import time
from asyncio import BaseTransport
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.sandbox.errors import SandboxError
from bot.sandbox.signal import Signal

MORNING = 10
"""The local hour to which a button of the page moves the clock."""
FOLLOWERS_HAVE = 2.0
"""Seconds that a change waits for those who follow the clock."""
FASTEST = 1_000_000
"""The highest speed, in times of real time."""


class SandboxClock:
    """Virtual time: an anchor plus the real time since, times the speed.

    `zone` is the company's, in which the page shows it.
    """

    def __init__(
        self, start: datetime | None = None, speed: float = 1.0, zone: str = "UTC"
    ) -> None:
        self.zone = zone
        self._anchor = start or datetime.now(UTC)
        self._since = time.monotonic()
        self.speed = speed
        self.signal = Signal()
        self.signal.bump()
        self._lived = 0.0
        self._followers: dict[BaseTransport, int] = {}
        self._caught_up = Signal()
        self.on_change: Callable[[], object] = lambda: None

    @property
    def version(self) -> int:
        """Grows with every change; never 0, so that a poll after 0 returns at once."""
        return self.signal.version

    def now(self) -> datetime:
        """Return the present virtual moment, aware, in UTC."""
        return self._anchor + timedelta(seconds=self._elapsed() * self.speed)

    def lived(self) -> float:
        """Return seconds for ages and deadlines: jumps in full, running time at most real time.

        So a clock at speed 3600 does not make the network slower than it is.
        """
        return self._lived + self._elapsed() * min(self.speed, 1.0)

    async def set(self, moment: datetime) -> None:
        """Go to a moment."""
        if moment.tzinfo is None:
            message = "The clock takes a moment with its zone, like 2026-09-01T09:00:00+00:00."
            raise SandboxError(message)
        self._change((moment.astimezone(UTC) - self.now()).total_seconds(), self.speed)
        await self._known_by_followers()

    async def go_to(self, day: Literal["tomorrow", "next_month"]) -> None:
        """Go to the morning of the next day, or of the first day of the next month."""
        today = self.now().astimezone(ZoneInfo(self.zone)).date()
        if day == "tomorrow":
            then = today + timedelta(days=1)
        else:
            then = date(today.year + today.month // 12, today.month % 12 + 1, 1)
        morning = datetime(then.year, then.month, then.day, MORNING, tzinfo=ZoneInfo(self.zone))
        await self.set(morning)

    async def advance(self, by: float | timedelta) -> None:
        """Go forward by so many seconds."""
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        self._change(seconds, self.speed)
        await self._known_by_followers()

    async def set_speed(self, speed: float) -> None:
        """Run that many times as fast as real time; 0 stands still."""
        if not 0 <= speed <= FASTEST:
            message = f"The speed is a number from 0 to {FASTEST}."
            raise SandboxError(message)
        self._change(0.0, speed)
        await self._known_by_followers()

    def follows(self, follower: BaseTransport, version: int) -> None:
        """Note that whoever polls over this connection has learned this version."""
        self._followers[follower] = version
        self._caught_up.bump()

    def told(self) -> dict[str, object]:
        """Return what followers are told."""
        return {
            "now": self.now().isoformat(),
            "speed": self.speed,
            "version": self.version,
            "zone": self.zone,
        }

    def _elapsed(self) -> float:
        return time.monotonic() - self._since

    def _change(self, jump: float, speed: float) -> None:
        moment, lived = self.now() + timedelta(seconds=jump), self.lived() + max(jump, 0.0)
        self._anchor, self._lived = moment, lived
        self._since, self.speed = time.monotonic(), speed
        self.signal.bump()
        self.on_change()

    async def _known_by_followers(self) -> None:
        alive = {f: v for f, v in self._followers.items() if not f.is_closing()}
        self._followers = alive
        deadline = time.monotonic() + FOLLOWERS_HAVE
        wanted = self.version
        while any(version < wanted for version in self._followers.values()):
            seen = self._caught_up.version
            try:
                await self._caught_up.changed(seen, max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                return


async def told_after(clock: SandboxClock, after: int, seconds: float) -> dict[str, object]:
    """Return what the clock says once its version differs from `after`, or after `seconds`."""
    if after == clock.version:
        with contextlib.suppress(TimeoutError):
            await clock.signal.changed(after, seconds)
    return clock.told()
