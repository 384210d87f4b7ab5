"""A small HTTP server that strangers may reach: whatever they do, it stays small.

A request has so many seconds to arrive with its headers and so many more for its body; there are
only so many connections. Where one comes too many, the one that has been without a request for
longest is closed: half-open connections take the place of each other and of nobody else.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

from bot.errors import BotError
from surveys.messages import mark

HEADER_SECONDS = 10.0
"""For a request's headers, and for how long a connection may idle between two requests."""
BODY_SECONDS = 10.0
MOST_CONNECTIONS = 64
_ACCEPTED_AT_ONCE = 16
"""Each second or so; by so many the bound may be exceeded for a moment."""
_LINGERING_SECONDS = 1.0


class BodyUnreadable(ValueError):
    """A body that is not what its headers say."""


@asynccontextmanager
async def arriving() -> AsyncIterator[None]:
    """Read a request's body in this block: late, it is answered 408; broken, BodyUnreadable."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            yield
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except (web.RequestPayloadError, HttpProcessingError, zlib.error) as error:
        raise BodyUnreadable from error


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int, setting: str) -> AsyncIterator[int]:
    """Serve while the block lasts and yield the port; requests under way are finished.

    `setting` names the port where it cannot be listened on.
    """
    busy: set[object] = set()
    app.middlewares.append(_noting(busy))
    runner = web.AppRunner(
        app,
        access_log=None,  # it would hold tokens
        keepalive_timeout=HEADER_SECONDS,  # it runs from the connection's first moment
        lingering_time=_LINGERING_SECONDS,
        shutdown_timeout=1,
    )
    await runner.setup()
    try:
        listener = await _listen(runner, host, port, busy, setting)
        try:
            bound: int = listener.sockets[0].getsockname()[1]
            yield bound
        finally:
            listener.close()
    finally:
        await runner.cleanup()


async def _listen(
    runner: web.AppRunner, host: str, port: int, busy: set[object], setting: str
) -> asyncio.Server:
    server = runner.server
    if server is None:
        message = "the runner is not set up"
        raise RuntimeError(message)

    def take() -> asyncio.Protocol:
        waiting = [one for one in server.connections if one not in busy]
        excess = len(server.connections) + 1 - MOST_CONNECTIONS
        for one in waiting[: max(0, excess)]:
            one.force_close()
        return server()

    loop = asyncio.get_running_loop()
    try:
        return await loop.create_server(take, host, port, backlog=_ACCEPTED_AT_ONCE)
    except OSError as error:
        raise BotError(
            mark("{setting} cannot be listened on; is it in use?"), setting=setting
        ) from error


def _noting(busy: set[object]) -> Middleware:
    """Return a middleware that keeps in `busy` the connections whose request is being handled."""

    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        connection = request.protocol
        busy.add(connection)
        try:
            return await handler(request)
        finally:
            busy.discard(connection)

    return note
