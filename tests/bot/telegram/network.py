"""A network between the bot and the local Telegram that can be cut, and drip."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from bot.settings import Settings
from tests.bot.world import World


class Network:
    """Passes bytes on; `drips`: what Telegram says arrives byte by byte.

    `left`: so many bytes of it still arrive, and then none until the network is cut.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None]] = set()
        self.port = 0
        self.drips = False
        self.passed = 0
        self.left: int | None = None

    async def restore(self) -> None:
        """Let connections through, at the same address as before."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Break every connection and refuse new ones."""
        if self._server is not None:
            self._server.close()
        for writer in self._open:
            writer.transport.abort()
        for task in self._passing:
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)
        self.left = None

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._host, self._port)
        self._open |= {writer, back}
        for passing in (self._pass(reader, back), self._answer(there, writer)):
            task = asyncio.create_task(passing)
            self._passing.add(task)
            task.add_done_callback(self._passing.discard)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
            writer.close()
        self._open.discard(writer)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                for piece in self._pieces(data):
                    writer.write(piece)
                    await writer.drain()
                    self.passed += len(piece)
                if self.left == 0:
                    await asyncio.Event().wait()
            writer.close()
        self._open.discard(writer)

    def _pieces(self, data: bytes) -> list[bytes]:
        if self.left is not None:
            data = data[: self.left]
            self.left -= len(data)
        return [data[place : place + 1] for place in range(len(data))] if self.drips else [data]


@asynccontextmanager
async def network(world: World) -> AsyncIterator[Network]:
    """Put a network before the world's Telegram."""
    between = Network(world.settings.api_url)
    await between.restore()
    url = f"http://127.0.0.1:{between.port}"
    world.settings = Settings(_env_file=None, **world.settings.model_dump() | {"api_url": url})
    try:
        yield between
    finally:
        await between.cut()
