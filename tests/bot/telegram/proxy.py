"""A proxy that speaks HTTP's CONNECT and SOCKS5, and can be out of order in every way."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

Mood = Literal["works", "refuses", "silent", "babbles", "hangs up"]
"""`refuses` says so in its protocol; `silent`: it takes the connection and says nothing."""
_BABBLE = b"220 mail.example.org ESMTP\r\n"
_SOCKS_REFUSAL = b"\x05\x02\x00\x01\0\0\0\0\0\0"
_SOCKS_CONSENT = b"\x05\x00\x00\x01\0\0\0\0\0\0"


class Proxy:
    """Passes bytes on as long as it is in the mood; `asked` counts who wanted to be connected."""

    def __init__(self) -> None:
        self.mood: Mood = "works"
        self.asked = 0
        self.passed = 0
        self.port = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._open: set[asyncio.StreamWriter] = set()

    def url(self, scheme: str, who: str = "") -> str:
        """Return the address, with name and password where given."""
        return f"{scheme}://{who}127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen, at the same address as before."""
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Break every connection and refuse new ones."""
        if self._server is not None:
            self._server.close()
        for writer in self._open:
            writer.transport.abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._answer(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        self.asked += 1
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._serve(reader, writer)
        finally:
            self._open.discard(writer)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        match self.mood:
            case "silent":
                await asyncio.Event().wait()
            case "hangs up":
                return
            case "babbles":
                writer.write(_BABBLE)
                await reader.read(1)
                return
        first = await reader.readexactly(1)
        wanted = await (_socks(reader, writer) if first == b"\x05" else _http(reader))
        refusal = _SOCKS_REFUSAL if first == b"\x05" else b"HTTP/1.1 407 Who are you\r\n\r\n"
        consent = _SOCKS_CONSENT if first == b"\x05" else b"HTTP/1.1 200 Connected\r\n\r\n"
        writer.write(refusal if self.mood == "refuses" else consent)
        await writer.drain()
        if self.mood == "refuses":
            return
        there, back = await asyncio.open_connection(*wanted)
        self._open.add(back)
        try:
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        finally:
            self._open.discard(back)
            back.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            self.passed += len(data)
            writer.write(data)
            await writer.drain()
        writer.close()


async def _http(reader: asyncio.StreamReader) -> tuple[str, int]:
    head = await reader.readuntil(b"\r\n\r\n")
    host, _, port = head.split()[1].decode().rpartition(":")
    return host, int(port)


async def _socks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
    (count,) = await reader.readexactly(1)
    offered = await reader.readexactly(count)
    writer.write(b"\x05\x02" if 2 in offered else b"\x05\x00")
    if 2 in offered:
        await reader.readexactly(1)
        for _ in ("name", "password"):
            await reader.readexactly((await reader.readexactly(1))[0])
        writer.write(b"\x01\x00")
    _, _, _, kind = await reader.readexactly(4)
    size = 4 if kind == 1 else (await reader.readexactly(1))[0]
    told = await reader.readexactly(size)
    host = ".".join(map(str, told)) if kind == 1 else told.decode()
    return host, int.from_bytes(await reader.readexactly(2))


@asynccontextmanager
async def proxy(mood: Mood = "works") -> AsyncIterator[Proxy]:
    """Run a proxy while the block lasts."""
    one = Proxy()
    one.mood = mood
    await one.start()
    try:
        yield one
    finally:
        await one.stop()
