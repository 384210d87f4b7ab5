"""A number that grows with every change, and a way to wait for the next one."""

import asyncio


class Signal:
    """Counts changes; any number of tasks wait for one."""

    __slots__ = ("_waiting", "version")

    def __init__(self) -> None:
        self.version = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def bump(self) -> None:
        """Count one change and wake whoever waits."""
        self.version += 1
        if self._waiting:
            waiting, self._waiting = self._waiting, set()
            for future in waiting:
                if not future.done():
                    future.set_result(None)

    async def changed(self, after: int, seconds: float) -> int:
        """Return the version once it is above `after`; raise TimeoutError after `seconds`."""
        async with asyncio.timeout(seconds):
            while self.version <= after:
                future = asyncio.get_running_loop().create_future()
                self._waiting.add(future)
                try:
                    await future
                finally:
                    self._waiting.discard(future)
        return self.version
