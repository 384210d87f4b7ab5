"""Half-open calls, bodies that do not come, and more connections than there is room for."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import pytest
import structlog
from aiohttp import web

from bot import logs, serving
from bot.errors import BotError
from bot.telegram.webhook import SECRET_HEADER
from tests.bot.campaigns.test_events import TOKEN, endpoint
from tests.bot.telegram.test_webhook import SECRET, _serving
from tests.bot.world import PATIENCE, World

HALF = b"GET /events/deal HTTP/1.1\r\nHost: x\r\nX-Long: "
BROKEN = b"\x1f\x8bno such thing"
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Serve a page that reads the request's body."""

    async def page(request: web.Request) -> web.Response:
        async with serving.arriving():
            return web.Response(body=await request.read())

    app = web.Application()
    app.router.add_route("*", "/", page)
    async with serving.serving(app, "127.0.0.1", 0, "OTKLIK_X_PORT") as bound:
        yield bound


@asynccontextmanager
async def half_open(port: int, count: int, sent: bytes = HALF) -> AsyncIterator[list[Connection]]:
    """Open connections and send only the beginning of a request in each."""
    async with AsyncExitStack() as stack:
        opened = []
        for _ in range(count):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            stack.callback(writer.close)
            writer.write(sent)
            opened.append((reader, writer))
        yield opened


async def _ended(reader: asyncio.StreamReader) -> bytes:
    """Return what still came until the server closed the connection."""
    async with asyncio.timeout(PATIENCE):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


async def _answer(port: int) -> int:
    url = f"http://127.0.0.1:{port}/"
    async with (
        asyncio.timeout(PATIENCE),
        aiohttp.ClientSession() as session,
        session.post(url, data=b"x") as answer,
    ):
        return answer.status


@pytest.fixture
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "HEADER_SECONDS", 0.1)
    monkeypatch.setattr(serving, "BODY_SECONDS", 0.1)


@pytest.mark.usefixtures("_hasty")
@pytest.mark.parametrize("sent", [b"", b"P", HALF], ids=["nothing", "a byte", "half the headers"])
async def test_a_request_that_does_not_come_is_closed(port: int, sent: bytes) -> None:
    async with half_open(port, 3, sent) as opened:
        assert [await _ended(reader) for reader, _ in opened] == [b""] * 3
    assert await _answer(port) == 200


@pytest.mark.usefixtures("_hasty")
async def test_a_body_that_does_not_come_is_answered_and_closed(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx"
    async with half_open(port, 1, head) as ((reader, _),):
        assert b" 408 " in await _ended(reader)


async def test_half_open_calls_take_the_place_of_each_other_and_of_nobody_else(
    monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    monkeypatch.setattr(serving, "MOST_CONNECTIONS", 8)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\n"
    async with half_open(port, 1, head) as ((busy, its),), half_open(port, 40) as opened:
        assert await _answer(port) == 200
        assert [await _ended(reader) for reader, _ in opened[:32]] == [b""] * 32
        its.write(b"y")
        assert (await _ended(busy)).endswith(b"y"), "its request was under way"


async def test_a_port_in_use_is_named(port: int) -> None:
    with pytest.raises(BotError, match="OTKLIK_X_PORT"):
        async with serving.serving(web.Application(), "127.0.0.1", port, "OTKLIK_X_PORT"):
            pass


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "nonsense"])
async def test_a_broken_encoding_is_a_bad_request(world: World, encoding: str) -> None:
    told = {"Content-Encoding": encoding, "Content-Type": "application/json"}
    told |= {"Authorization": f"Bearer {TOKEN}"}
    async with (
        endpoint(world) as url,
        aiohttp.ClientSession() as session,
        session.post(f"{url}/x", data=BROKEN, headers=told) as answer,
    ):
        assert answer.status == 400


async def test_a_broken_encoding_is_a_bad_request_at_the_webhook_too(world: World) -> None:
    told = {"Content-Encoding": "gzip", SECRET_HEADER: SECRET, "Connection": "close"}
    async with _serving(world) as url, aiohttp.ClientSession() as session:
        status = 503  # until the bot has looked for room
        async with asyncio.timeout(PATIENCE):
            while status == 503:
                async with session.post(url, data=BROKEN, headers=told) as answer:
                    status = answer.status
    assert status == 400


@pytest.mark.parametrize("token", [TOKEN, "wrong"])
async def test_a_broken_encoding_is_one_line_in_the_log(
    world: World, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    told |= {"Authorization": f"Bearer {token}"}
    logs.configure("INFO")
    try:
        async with endpoint(world) as url:
            for _ in range(3):
                async with (
                    aiohttp.ClientSession() as session,
                    session.post(f"{url}/x", data=BROKEN, headers=told) as answer,
                ):
                    assert answer.status in {400, 401, 403}
    finally:
        structlog.reset_defaults()
        logging.basicConfig(force=True)
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert said.count("is not what its headers say") == 1


def test_an_error_repeated_word_for_word_is_logged_once_a_minute(
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = 0.0
    seldom = logs.Seldom(lambda: now)
    assert [seldom.kept_back("a"), seldom.kept_back("b"), seldom.kept_back("a")] == [0, 0, None]
    now = 61.0
    assert seldom.kept_back("a") == 1
    logs.configure("INFO")
    try:
        for number in range(5):
            logging.getLogger("asyncio").error("socket.accept() out of %s", "system resource")
            structlog.get_logger().error("inbox_not_writable", error="DiskFull")
            structlog.get_logger().info("serving", bot="b")
            structlog.get_logger().error("update_failed", update_id=number)
    finally:
        structlog.reset_defaults()
        logging.basicConfig(force=True)
    said = capsys.readouterr().err
    counts = {word: said.count(word) for word in ("accept", "inbox_", "serving", "update_failed")}
    assert counts == {"accept": 1, "inbox_": 1, "serving": 5, "update_failed": 5}
