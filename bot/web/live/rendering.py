"""Pages of figures, made by our own command in a process of its own and kept for the next request.

One is made at a time, since each takes a core for seconds; a few may wait. What was made is shown
again while the figures' version is the same, and for a minute at most: what leaves no mark in the
version is a minute old at worst.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

from bot.children import printed
from bot.errors import BotError
from bot.operations.reports.live import LiveAsked
from bot.settings import Settings
from storage.counting.answered import figures_version
from storage.database import Database
from surveys.messages import Language, mark

SECONDS: Final = 60.0
_PATIENCE: Final = 120.0
_MOST_KEPT: Final = 40
_MOST_WAITING: Final = 8


class TooBusy(BotError):
    """Too many pages are being made already: one more must come later."""

    template = mark("Many pages are being made just now. Please try again in a minute.")


class FiguresUnmade(BotError):
    """The process that makes a page has failed, or there is nobody and nothing of that number."""

    template = mark("The page could not be made. Please try another period or filter.")


class Renderer:
    """What was made; `clock` tells seconds that only grow."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._database = database
        self._now = now
        self._clock = clock
        self._version = ""
        self._kept: OrderedDict[Hashable, tuple[float, str]] = OrderedDict()
        self._making: dict[Hashable, asyncio.Task[str]] = {}
        self._turn = asyncio.Semaphore(1)

    async def digest(self, asked: LiveAsked, language: Language) -> str:
        """Return the digest as a page. Raises TooBusy, FiguresUnmade."""
        return await self._made(language, ("digest", "--live"), asked.written())

    async def criteria(self, period: str | None, language: Language) -> str:
        """Return the criteria of a period as JSON. Raises TooBusy, FiguresUnmade."""
        chosen = () if period is None else ("--period", period)
        return await self._made(language, ("criteria", "--json", *chosen), None)

    async def _made(self, language: Language, command: tuple[str, ...], given: bytes | None) -> str:
        async with self._database.reading() as reader:
            found = await figures_version(reader)
        if found != self._version:  # what is out of date may quote somebody who was erased
            self._kept.clear()
            self._version = found
        key = (found, language, command, given)
        made = self._kept.get(key)
        if made is not None and self._clock() - made[0] <= SECONDS:
            return made[1]
        task = self._making.get(key)
        if task is None:
            if len(self._making) >= _MOST_WAITING:
                raise TooBusy
            task = asyncio.create_task(self._make(key, found, command, language, given))
            self._making[key] = task
            task.add_done_callback(lambda done: self._done(key, done))
        return await asyncio.shield(task)

    def _done(self, key: Hashable, task: asyncio.Task[str]) -> None:
        self._making.pop(key, None)
        if not task.cancelled():
            task.exception()  # whoever asked has it; where nobody waits any more it is dropped

    async def _make(
        self,
        key: Hashable,
        seen: str,
        command: tuple[str, ...],
        language: Language,
        given: bytes | None,
    ) -> str:
        begun = self._clock()
        async with self._turn:
            try:
                async with asyncio.timeout(_PATIENCE):
                    told = await printed(
                        self._settings, *command, language=language, now=self._now(), given=given
                    )
            except TimeoutError as error:
                raise FiguresUnmade from error
        if told is None:
            raise FiguresUnmade
        page = told.decode()
        if seen == self._version:
            self._kept[key] = (begun, page)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return page

    async def close(self) -> None:
        """End what is being made."""
        making = list(self._making.values())
        for task in making:
            task.cancel()
        await asyncio.gather(*making, return_exceptions=True)


@asynccontextmanager
async def rendering(
    settings: Settings,
    database: Database,
    now: Callable[[], datetime],
    clock: Callable[[], float],
) -> AsyncIterator[Renderer]:
    """Yield what makes pages; what is being made ends with the block."""
    renderer = Renderer(settings, database, now, clock)
    try:
        yield renderer
    finally:
        await renderer.close()
