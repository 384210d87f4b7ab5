"""Whether the program lives and serves, for systemd, a container engine and Prometheus.

`/healthz`: the loop turns and the database answers. `/readyz`: it serves, too. `/metrics`: how the
queues stand. Figures alone, no names: still the port is meant for the loopback.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import datetime

import structlog
from aiohttp import web

from bot.operations.copies.backups import shelf_of
from bot.rights import Action, Role
from bot.serving import HttpRoute, dispatcher, serving
from bot.settings import Settings
from storage.database import Database
from storage.errors import StorageError
from storage.vitals import Vitals, vitals

log = structlog.get_logger()

PATIENCE = 5.0
"""Seconds in which the database must answer."""


@asynccontextmanager
async def listening(
    settings: Settings, database: Database, now: Callable[[], datetime], ready: Callable[[], bool]
) -> AsyncIterator[int | None]:
    """Serve while the block lasts and yield the port; where the settings name none do nothing."""
    if settings.health_port is None:
        yield None
        return
    app = web.Application()
    checks = _Checks(settings, database, now, ready)
    app.router.add_route("*", "/{anything:.*}", dispatcher(checks.routes()))
    host, port = settings.health_host, settings.health_port
    async with serving(app, host, port, "OTKLIK_HEALTH_PORT") as bound:
        log.info("health_endpoint", host=host, port=bound)
        yield bound


async def _probe(_: web.Request) -> Collection[Role]:
    """Admits whoever reaches the port: only this machine, unless the operator says otherwise."""
    return (Role.PROBE,)


class _Checks:
    """Answers one call."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        now: Callable[[], datetime],
        ready: Callable[[], bool],
    ) -> None:
        self._settings = settings
        self._database = database
        self._now = now
        self._ready = ready

    def routes(self) -> tuple[HttpRoute, ...]:
        """Return what answers which address."""
        found = {"/healthz": self.healthy, "/readyz": self.ready, "/metrics": self.metrics}
        looks = frozenset({"GET", "HEAD"})
        return tuple(
            HttpRoute(looks, re.compile(path), Action.READ_HEALTH, answer, _probe)
            for path, answer in found.items()
        )

    async def healthy(self, _: web.Request) -> web.Response:
        """Say whether the database answers."""
        if await self._vitals() is None:
            return _problem("the database does not answer")
        return web.Response(text="ok\n")

    async def ready(self, _: web.Request) -> web.Response:
        """Say whether the bot serves."""
        if self._ready():
            return await self.healthy(_)
        return _problem("not serving: it starts, waits for Telegram, or ends")

    async def metrics(self, _: web.Request) -> web.Response:
        """Return the figures in Prometheus' format."""
        found = await self._vitals()
        from bot.health import metrics  # noqa: PLC0415 (loaded only if somebody asks)

        shelf = self._database.shelf or shelf_of(self._settings)
        shown = (found, self._now(), self._settings.data_directory, shelf)
        text = await asyncio.to_thread(metrics.rendered, *shown, ready=self._ready())
        return web.Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4"})

    async def _vitals(self) -> Vitals | None:
        try:
            async with asyncio.timeout(PATIENCE), self._database.reading() as reader:
                return await vitals(reader, self._now())
        except (StorageError, TimeoutError) as error:
            log.error("database_does_not_answer", error=type(error).__name__)
            return None


def _problem(said: str) -> web.Response:
    return web.Response(text=f"{said}\n", status=503)
