"""A small HTTP server that strangers may reach: whatever they do, it stays small.

A request has so many seconds to arrive with its headers and so many more for its body; there are
only so many connections. Where one comes too many, the one that has been without a request for
longest is closed: half-open connections take the place of each other and of nobody else.
"""

import asyncio
import re
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

from bot.errors import BotError
from bot.rights import Action, Role, may
from surveys.messages import mark

HEADER_SECONDS = 10.0
"""Seconds for a request's headers, and for an idle connection between two requests."""
BODY_SECONDS = 10.0
MOST_CONNECTIONS = 64
_ACCEPTED_AT_ONCE = 16
"""How many connections may briefly exceed the bound, which is checked about every second."""
_LINGERING_SECONDS = 1.0
_PARTS: Final = web.RequestKey("parts", Mapping)


class BodyUnreadable(ValueError):
    """A body that is not what its headers say."""


@asynccontextmanager
async def arriving() -> AsyncIterator[None]:
    """Read a request's body in this block; 408 answers a late one, BodyUnreadable a broken one."""
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
        access_log=None,  # addresses hold tokens, and it would log them
        keepalive_timeout=HEADER_SECONDS,  # it also limits how long the first request takes
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


async def _stranger(_: web.Request) -> Collection[Role]:
    return (Role.STRANGER,)


async def _forbidden(_: web.Request) -> web.Response:
    return web.Response(status=403)


@dataclass(frozen=True, slots=True, eq=False)
class HttpRoute:
    """What answers which requests: methods, a pattern of the whole path, bytes of a body.

    `caller` tells in which roles somebody asks; whoever may not do the `action` gets what `refused`
    says. A `fallback` is tried after everything else; the pattern's groups are `parts_of` a
    request.
    """

    methods: frozenset[str]
    pattern: re.Pattern[str]
    action: Action
    handler: Handler
    caller: Callable[[web.Request], Awaitable[Collection[Role]]] = _stranger
    refused: Callable[[web.Request], Awaitable[web.Response]] = _forbidden
    largest: int = 1 << 20
    fallback: bool = False


def parts_of(request: web.Request) -> Mapping[str, str]:
    """Return what the path's pattern found; an empty string where a part is missing."""
    parts: Mapping[str, str] = request[_PARTS]
    return parts


class Addresses:
    """What listens where: several services may share a host and a port."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], list[HttpRoute]] = {}

    @asynccontextmanager
    async def serving(
        self, routes: Sequence[HttpRoute], host: str, port: int, setting: str
    ) -> AsyncIterator[int]:
        """Serve these routes while the block lasts and yield the port.

        Where the address is listened on already, they join what is served there.
        """
        place = (host, port)
        if port and place in self._open:
            served = self._open[place]
            served.extend(routes)
            try:
                yield port
            finally:
                for route in routes:
                    served.remove(route)
            return
        served = list(routes)
        app = web.Application()
        app.router.add_route("*", "/{anything:.*}", dispatcher(served))
        async with serving(app, host, port, setting) as bound:
            self._open[place] = served
            try:
                yield bound
            finally:
                del self._open[place]


def dispatcher(served: Sequence[HttpRoute]) -> Handler:
    """Return what answers a request by the first of these routes, if its caller may."""

    async def dispatch(request: web.Request) -> web.StreamResponse:
        path, known = request.path, False
        for route in sorted(served, key=_is_fallback):
            found = route.pattern.fullmatch(path)
            if found is None:
                continue
            known = True
            if request.method in route.methods:
                if not may(route.action, *await route.caller(request)):
                    return await route.refused(request)
                if request.can_read_body:
                    request = request.clone(client_max_size=route.largest)
                request[_PARTS] = found.groupdict("")
                return await route.handler(request)
        return web.Response(status=405 if known else 404)

    return dispatch


def _is_fallback(route: HttpRoute) -> bool:
    return route.fallback


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
