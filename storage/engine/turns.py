"""Turns: one at a time, in the order of arrival; who is urgent passes the others.

Not without end: where somebody urgent comes again and again, some of the others go in between.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_Queue = deque[asyncio.Future[None]]


class Turns:
    """Gives turns; one that ends goes straight to the next in line, so nobody slips in between."""

    def __init__(self) -> None:
        self._taken = False
        self._urgent: _Queue = deque()
        self._others: _Queue = deque()
        self._promised = 0

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits for a turn."""
        return any(not turn.done() for queue in (self._urgent, self._others) for turn in queue)

    def promise(self, turns: int) -> None:
        """Let so many of those who wait go before anybody urgent: they have been passed."""
        self._promised = min(turns, len(self._others))

    @asynccontextmanager
    async def one(self, *, urgent: bool) -> AsyncIterator[None]:
        """Wait for a turn; it lasts as long as the block."""
        if self._taken:
            await self._wait(self._urgent if urgent else self._others)
        self._taken = True
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, queue: _Queue) -> None:
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                with suppress(ValueError):  # whoever passed the turn on skipped it already
                    queue.remove(turn)
            else:
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        queues = (self._urgent, self._others)
        if self._promised:
            self._promised -= 1
            queues = queues[::-1]
        for queue in queues:
            while queue:
                turn = queue.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        self._taken = False
