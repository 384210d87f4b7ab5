"""The chat page in the browser: its files, and what it is told as things happen."""

import asyncio
import json
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.sandbox import Sandbox

FILES = Path(__file__).parent
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
GATHER = 0.1
"""Seconds in which changes are gathered into one event."""
HEARTBEAT = 1.0
"""Seconds after which the page hears of clock and connection even if nothing happened."""
NEWEST_LOG = 200


def policy(pages_at: str) -> str:
    """Return the content security policy; pages below an address may be shown in a frame."""
    return f"{POLICY}; frame-src {pages_at}/" if pages_at else POLICY


def add_page(app: web.Application, sandbox: Sandbox, base: str) -> None:
    """Add the page's routes."""
    for file in sorted(FILES.iterdir()):
        if file.suffix in TYPES:
            name = "" if file.name == "index.html" else file.name
            app.router.add_get(f"{base}/page/{name}", _served(file, sandbox))
    app.router.add_get(f"{base}/events", _Events(sandbox).stream)


def _served(file: Path, sandbox: Sandbox) -> Any:
    async def serve(_: web.Request) -> web.Response:
        headers = {**HEADERS, "Content-Security-Policy": policy(sandbox.pages_at)}
        return web.Response(text=_read(file), content_type=TYPES[file.suffix], headers=headers)

    return serve


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


class _Events:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Tell the page by server-sent events what has changed, until it goes away."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        version, seq = -1, max(0, self._sandbox.journal.seq - NEWEST_LOG)
        while True:
            told = self._told(version, seq)
            version, seq = told["state"]["version"], told["state"]["seq"]
            await response.write(f"data: {json.dumps(told)}\n\n".encode())
            await self._next(version)

    def _told(self, version: int, seq: int) -> dict[str, Any]:
        world = self._sandbox.world
        changed = [
            self._sandbox.user_view(user)
            for user in world.users.values()
            if world.changed_at.get(user.id, 0) > version
        ]
        seen = max(seq, world.journal.seq - NEWEST_LOG)
        return {
            "state": self._sandbox.state(),
            "people": changed,
            "log": world.journal.since(seen, NEWEST_LOG),
        }

    async def _next(self, version: int) -> None:
        try:
            await self._sandbox.changed(None, version, HEARTBEAT)
        except TimeoutError:
            return
        await asyncio.sleep(GATHER)
