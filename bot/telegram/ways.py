"""The ways to Telegram, tried in turn: the next one where a proxy refuses, fails or is silent.

A way is left only for a call that was certainly not written, so the next one may make it too. It
is kept as long as it works: nobody waits for a broken proxy with each message.
"""

from collections.abc import AsyncGenerator, Sequence
from typing import Any

import structlog
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType

from bot.proxies import shown
from bot.telegram.session import DirectSession, NotReached

log = structlog.get_logger()


class Ways(BaseSession):
    """A session through the first of several proxies that works; direct where none is named."""

    def __init__(self, api_url: str, proxies: Sequence[str]) -> None:
        api = TelegramAPIServer.from_base(api_url)
        super().__init__(api=api)
        self._proxies = proxies
        ways: Sequence[str | None] = proxies or (None,)
        self._ways = [DirectSession(api=api, proxy=proxy) for proxy in ways]
        self._current = 0
        self._told: int | None = None

    @property
    def in_use(self) -> str | None:
        """The proxy that is tried first now, without its password."""
        return shown(self._proxies[self._current]) if self._proxies else None

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 (aiogram's)
    ) -> TelegramType:
        """Make a call by the way in use, or by the next one that works."""
        failures = []
        first = self._current
        for step in range(len(self._ways)):
            number = (first + step) % len(self._ways)
            try:
                return await self._by(number, bot, method, timeout)
            except NotReached as error:
                self._leave(number, error)
                failures.append(error)
        raise failures[-1]

    async def _by(
        self, number: int, bot: Bot, method: TelegramMethod[TelegramType], seconds: int | None
    ) -> TelegramType:
        result = await self._ways[number].make_request(bot, method, seconds)
        if self._proxies and self._told != number:
            self._told = number
            log.info("telegram_reached", proxy=shown(self._proxies[number]))
        return result

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109 (aiogram's)
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """Yield a file's bytes by the way in use, which has just answered about the file."""
        number = self._current
        try:
            async for chunk in self._ways[number].stream_content(
                url, headers, timeout, chunk_size, raise_for_status
            ):
                yield chunk
        except NotReached as error:
            self._leave(number, error)
            raise

    def _leave(self, number: int, error: NotReached) -> None:
        """Go on to the next way, unless another call has done so."""
        if self._proxies:
            log.warning("proxy_failed", proxy=shown(self._proxies[number]), error=error.kind)
        if self._current == number:
            self._current = (number + 1) % len(self._ways)

    async def close(self) -> None:
        """Close the connections of every way."""
        for way in self._ways:
            await way.close()
