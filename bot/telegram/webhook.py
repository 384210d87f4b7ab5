"""Getting updates by webhook, with the promise of polling: 200 only after the inbox has them.

Meant to stand behind a proxy that speaks TLS. Whoever does not know the secret is turned away.
"""

import asyncio
import hmac
import json
import re
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.clock import Clock
from bot.rights import Action, Role
from bot.serving import Addresses, HttpRoute, arriving
from bot.telegram.receive import keep
from storage.database import Database
from storage.errors import StorageError

log = structlog.get_logger()

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name)


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """Where Telegram finds us (`url`), and where the proxy does."""

    url: str
    secret: str
    host: str
    port: int


async def _without_secret(_: web.Request) -> web.Response:
    log.warning("webhook_without_secret")
    return web.Response(status=401)


class WebhookReceiver:
    """Takes updates by HTTP while there is `room`; `arrived`: the inbox has got something new."""

    def __init__(
        self,
        address: WebhookAddress,
        database: Database,
        clock: Clock,
        arrived: asyncio.Event,
        room: asyncio.Event,
    ) -> None:
        self._address = address
        self._database = database
        self._clock = clock
        self._arrived = arrived
        self._room = room

    @asynccontextmanager
    async def listening(self, addresses: Addresses) -> AsyncIterator[None]:
        """Listen until the block is left; requests being handled are finished."""
        where = self._address
        path = re.compile(re.escape(urlsplit(where.url).path or "/"))
        route = HttpRoute(
            frozenset({"POST"}),
            path,
            Action.BRING_UPDATES,
            self._take,
            self._caller,
            refused=_without_secret,
        )
        async with addresses.serving([route], where.host, where.port, "OTKLIK_WEBHOOK_PORT"):
            yield

    async def _caller(self, request: web.Request) -> Collection[Role]:
        given = request.headers.get(SECRET_HEADER, "")
        known = hmac.compare_digest(given.encode(), self._address.secret.encode())
        return (Role.TELEGRAM if known else Role.STRANGER,)

    async def _take(self, request: web.Request) -> web.Response:
        if not self._room.is_set():
            return web.Response(status=503)
        try:
            async with arriving():
                body = await request.read()
            await keep(self._database, [json.loads(body)], self._clock)
        except (ValueError, KeyError, TypeError, AttributeError):
            return web.Response(status=400)
        except StorageError as error:
            log.error("inbox_not_writable", error=type(error).__name__)
            return web.Response(status=503)
        self._arrived.set()
        return web.Response()
