"""Delivering updates to the bot's webhook: in order within a queue, again and again until 2xx.

Queues are Telegram's: a chat's messages are one, a person's taps another. Addresses without TLS
are taken on the loopback only; Telegram takes none.
"""

import asyncio
import json
import random
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.chats import Body
from bot.sandbox.errors import refuse, refuse_unmodelled
from bot.sandbox.updates import Update, kind_of, sender_of
from bot.sandbox.world import World

FIRST_RETRY = 1.0
LONGEST_RETRY = 60.0
LONGEST_ASKED_RETRY = 3600.0
TAPS = 3 << 33
MOST_CONNECTIONS = 100
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
MakeCall = Callable[[str, Mapping[str, Any]], Awaitable[Any]]


class Webhook:
    """The bot's webhook, if it has set one."""

    def __init__(self, world: World, call: MakeCall) -> None:
        self._world = world
        self._call = call
        self._url = ""
        self._secret = ""
        self._most = 40
        self._error: tuple[int, str] | None = None
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._feeder: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None
        self.first_retry = FIRST_RETRY

    def set(self, params: Mapping[str, Any]) -> bool:
        """Do setWebhook; an empty address removes it."""
        url = params["url"]
        if not url:
            return self.delete(params)
        _check_url(url)
        for name in ("certificate", "ip_address"):
            if name in params:
                refuse_unmodelled(f"the parameter {name}")
        if not 1 <= params.get("max_connections", 40) <= MOST_CONNECTIONS:
            refuse(f"max_connections must be between 1 and {MOST_CONNECTIONS}")
        if "secret_token" in params and not _SECRET.fullmatch(params["secret_token"]):
            refuse("secret token contains unallowed characters")
        self._world.updates.allow(params.get("allowed_updates"))
        self.stop()
        self._url, self._secret = url, params.get("secret_token", "")
        self._most = params.get("max_connections", 40)
        self._error = None
        if params.get("drop_pending_updates"):
            self._world.updates.drop_all()
        self._world.updates.webhook = True
        self._feeder = asyncio.create_task(self._feed())
        return True

    def delete(self, params: Mapping[str, Any]) -> bool:
        """Do deleteWebhook."""
        self.stop()
        self._url = ""
        self._world.updates.webhook = False
        if params.get("drop_pending_updates"):
            self._world.updates.drop_all()
        return True

    def info(self) -> Body:
        """Do getWebhookInfo."""
        updates = self._world.updates
        body: Body = {
            "url": self._url,
            "has_custom_certificate": False,
            "pending_update_count": len(updates.pending()),
        }
        if self._url:
            body["max_connections"] = self._most
        if self._error:
            body["last_error_date"], body["last_error_message"] = self._error
        if updates.allowed is not None:
            body["allowed_updates"] = sorted(updates.allowed)
        return body

    def stop(self) -> None:
        """Deliver no more."""
        for task in [self._feeder, *self._tasks.values()]:
            if task is not None:
                task.cancel()
        self._feeder = None
        self._tasks.clear()

    async def close(self) -> None:
        """Stop and let go of connections."""
        self.stop()
        if self._session is not None:
            await self._session.close()

    async def _feed(self) -> None:
        """Start a task for every queue that has something to deliver."""
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=60)
            self._session = aiohttp.ClientSession(timeout=timeout)
        arrived = self._world.updates.arrived
        places = asyncio.Semaphore(self._most)
        while True:
            seen = arrived.version
            for update in self._world.updates.pending():
                key = _queue(update)
                task = self._tasks.get(key)
                if task is None or task.done():
                    self._tasks[key] = asyncio.create_task(self._drain(key, places))
            if seen == arrived.version:
                await _next(arrived.changed, seen)

    async def _drain(self, key: int, places: asyncio.Semaphore) -> None:
        wait = self.first_retry
        while update := self._first(key):
            async with places:
                asked = await self._delivered(update)
            if asked is None:
                self._world.updates.confirm([update.update_id], webhook=True)
                wait = self.first_retry
                continue
            await asyncio.sleep(asked or wait)
            wait = min(wait * 2, random.uniform(LONGEST_RETRY, 2 * LONGEST_RETRY))  # noqa: S311 (as Telegram)

    def _first(self, key: int) -> Update | None:
        return next((u for u in self._world.updates.pending() if _queue(u) == key), None)

    async def _delivered(self, update: Update) -> float | None:
        """Post an update; None when it was taken, else the seconds asked for (0: none)."""
        if self._session is None:
            return 0.0
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret} if self._secret else {}
        try:
            async with self._session.post(
                self._url, json=update.whole(), headers=headers
            ) as response:
                if response.ok:
                    await self._reply(await response.read())
                    return None
                self._failed(
                    f"Wrong response from the webhook: {response.status} {response.reason}"
                )
                return _seconds(response.headers.get("Retry-After"))
        except (aiohttp.ClientError, TimeoutError) as error:
            self._failed(f"Connection failed: {type(error).__name__}")
            return 0.0

    async def _reply(self, body: bytes) -> None:
        """Do the one call that a webhook may answer with: {"method": …, parameters}."""
        try:
            given = json.loads(body) if body else {}
        except ValueError:
            return
        if isinstance(given, dict) and isinstance(given.get("method"), str):
            await self._call(given.pop("method"), given)

    def _failed(self, message: str) -> None:
        self._error = (self._world.seconds(), message)


async def _next(changed: Callable[[int, float], Awaitable[int]], seen: int) -> None:
    try:
        await changed(seen, 3600.0)
    except TimeoutError:
        return


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return
    if parts.scheme != "https" or not parts.hostname:
        refuse("bad webhook: An HTTPS URL must be provided for webhook")


def _queue(update: Update) -> int:
    user_id, chat_id = sender_of(update.body)
    return user_id + TAPS if kind_of(update.body) == "callback_query" else chat_id or user_id


def _seconds(header: str | None) -> float:
    try:
        return min(float(header or 0), LONGEST_ASKED_RETRY)
    except ValueError:
        return 0.0
