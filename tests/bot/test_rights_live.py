"""Every port of the running bot, called as everybody: without a right nothing is got or done."""

import asyncio
import json
import stat
from itertools import product

import aiohttp

from bot.operations.sockets import sockets
from tests.bot.web.browser import free_port, with_pages
from tests.bot.web.test_answering import everything
from tests.bot.world import World

EVENTS_TOKEN = "the-events-own-token"
SECRETS = ("Анна", "Мария", "Ромашка", "otklik_messages")
METHODS = ("GET", "HEAD", "POST", "PUT", "OPTIONS")


async def test_live_ports_give_and_do_nothing_without_the_right_to(world: World) -> None:
    health, events = free_port(), free_port()
    own = {"events_port": events, "events_token": EVENTS_TOKEN, "health_port": health}
    pages = with_pages(world, **own)
    web = pages.settings.web_port
    page = pages.tokens["C1"]
    tokens = ("", "wrong", page, pages.sandbox.token, EVENTS_TOKEN)
    paths = (
        "/",
        "/a/wrong",
        f"/a/{EVENTS_TOKEN}",
        "/telegram",
        "/events/deal-closed?customer=C1&deal=D-1",
        "/healthz/../metrics",
        "/otklik.db",
        "/%2e%2e/otklik.db",
        "/..%2fotklik.env",
    )
    got = []
    async with pages.bot(), aiohttp.ClientSession() as session:
        before = everything(pages)
        for port, method, path, token in product((web, events, health), METHODS, paths, tokens):
            if (port, token) == (events, EVENTS_TOKEN) and path.startswith("/events"):
                continue  # this is the CRM itself
            joint = "&" if "?" in path else "?"
            url = f"http://127.0.0.1:{port}{path}{joint}token={token}"
            headers = {
                "Authorization": f"Bearer {token}",
                "X-Telegram-Bot-Api-Secret-Token": token,
                "X-Forwarded-For": "127.0.0.1",
            }
            async with session.request(method, url, headers=headers, data=b"") as answer:
                said = await answer.text()
                is_health = port == health and answer.url.path == "/metrics"
                if answer.status < 300 or any(secret in said for secret in SECRETS):
                    got += [] if is_health else [f"{method} {url}: {answer.status}"]
        assert everything(pages) == before
    assert got == []


async def test_the_socket_is_its_owners_and_takes_only_what_is_offered(world: World) -> None:
    async with world.bot():
        (path,) = sockets(world.settings)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        before = everything(world)
        for asked in (
            b"{}\n",
            b"[]\n",
            b'{"operation": "__import__", "arguments": {}}\n',
            b'{"operation": "forget"}\n',
            b"\xff\xfe\n",
            b"x" * 100_000 + b"\n",
        ):
            reader, writer = await asyncio.open_unix_connection(str(path))
            writer.write(asked)
            answer = await asyncio.wait_for(reader.readline(), 5)
            writer.close()
            assert not answer or "error" in json.loads(answer)
        assert everything(world) == before
