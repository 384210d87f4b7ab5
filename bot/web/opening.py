"""Opening the pages where the settings ask for them."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from urllib.parse import urlsplit

import structlog

from bot.chat.surveys.sheets import Handles
from bot.proxies import networks
from bot.serving import Addresses
from bot.settings import Settings
from bot.web.callers import Callers
from bot.web.kept import KeptPages
from bot.web.limits import Limits
from bot.web.live.fetching import Fetcher
from bot.web.live.rendering import rendering
from bot.web.live.site import LiveDigest
from bot.web.live.surroundings import Surroundings
from bot.web.signing import signer_of
from bot.web.site import Pages, Site
from storage.database import Database

log = structlog.get_logger()


def site_of(settings: Settings) -> Site | None:
    """Return the site that the settings ask for, or None.

    Only the local Telegram's pages may frame its pages: the demo shows them so.
    """
    if settings.web_url is None:
        return None
    url = urlsplit(settings.web_url)
    return Site(
        path=url.path.rstrip("/"),
        signer=signer_of(settings.token()),
        trusted=networks(settings.trusted_proxies),
        framed_by="'none'" if settings.clock_url is None else _origin(settings.clock_url),
        is_secure=url.scheme == "https",
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@asynccontextmanager
async def listening(
    settings: Settings,
    database: Database,
    now: Callable[[], datetime],
    done: Callable[[], None],
    handles: Handles,
    addresses: Addresses,
) -> AsyncIterator[int | None]:
    """Serve the pages while the block lasts and yield the port; without an address do nothing.

    `done` is called after each commit that may have filled the outbox.
    """
    site = site_of(settings)
    if site is None:
        yield None
        return
    callers = Callers(Limits(time.monotonic), site.trusted)
    pages = Pages(site, database, now, done, handles, callers, KeptPages(time.monotonic))
    around = Surroundings(site, database, now, done, callers)
    where = settings.web_host, settings.web_port
    async with rendering(settings, database, now, time.monotonic) as renderer:
        live = LiveDigest(around, renderer, Fetcher(settings))
        routes = (*pages.routes(), *live.routes())
        async with addresses.serving(routes, *where, "OTKLIK_WEB_PORT") as port:
            log.info("pages", host=settings.web_host, port=port)
            yield port
