"""A browser without JavaScript: it opens addresses, keeps cookies and presses buttons."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import aiohttp

from bot.settings import Settings
from tests.bot.world import World


@dataclass
class Form:
    """One form of a page: where it goes, what it carries, its buttons by their label."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """What of a page matters to who reads and presses."""

    def __init__(self, html: str, status: int, headers: Mapping[str, str]) -> None:
        super().__init__()
        self.html = html
        self.status = status
        self.headers = headers
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.heading = ""
        self.note = ""
        self.text = ""
        self.chosen: list[str] = []
        self.pressed: list[str] = []
        self._inside: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append(Form(given["action"] or ""))
        if tag == "input" and given.get("type") == "hidden":
            self.forms[-1].fields[given["name"] or ""] = given["value"] or ""
        if tag not in {"input", "meta", "br", "link"}:
            self._inside.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._inside]
        if "style" in tags or "script" in tags:
            return
        self.text += data
        if "h1" in tags:
            self.heading += data
        if any(given.get("class") == "note" for _, given in self._inside):
            self.note += data.strip()
        for tag, given in self._inside:
            if tag == "button":
                self.forms[-1].buttons[data] = given.get("value") or ""
                self.chosen += [data] * (given.get("aria-current") == "true")
                self.pressed += [data] * (given.get("aria-pressed") == "true")
            if tag == "a":
                self.links[data] = given["href"] or ""

    @property
    def buttons(self) -> list[str]:
        """The labels of all buttons, in order."""
        return [label for form in self.forms for label in form.buttons]


class Browser:
    """One device: its cookies, the page before it."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url
        self.page = Page("", 0, {})
        self.place = ""
        self.ways: list[int] = []
        """The statuses of the redirects that the last form led through."""

    async def open(self, path: str, **headers: str) -> Page:
        """Open an address below the pages'."""
        async with self.session.get(f"{self.url}{path}", headers=headers) as answer:
            self.page = Page(await answer.text(), answer.status, answer.headers)
        return self.page

    async def post(self, path: str, data: object, **headers: str) -> Page:
        """Send a form, whatever is in it."""
        async with self.session.post(f"{self.url}{path}", data=data, headers=headers) as answer:
            self.page = Page(await answer.text(), answer.status, answer.headers)
            self.place = answer.url.path
            self.ways = [one.status for one in answer.history]
        return self.page

    async def press(self, label: str, words: str | None = None, page: Page | None = None) -> Page:
        """Press a button of the page that is shown, or of one that was."""
        form = next(one for one in (page or self.page).forms if label in one.buttons)
        data = {**form.fields, "do": form.buttons[label]}
        if words is not None:
            data["words"] = words
        return await self.post(form.action, data)


@asynccontextmanager
async def browser(world: World) -> AsyncIterator[Browser]:
    """Yield a device that has never been here."""
    jar = aiohttp.CookieJar(unsafe=True)  # the pages' host is an address
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        yield Browser(session, (world.settings.web_url or ""))


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def with_pages(world: World, **changed: Any) -> World:
    """Open the pages from the bot's next start on."""
    port = free_port()
    changed = {"web_url": f"http://127.0.0.1:{port}", "web_port": port} | changed
    world.settings = Settings(_env_file=None, **{**world.settings.model_dump(), **changed})
    return world


async def all_at_once(*waits: Any) -> list[Any]:
    """Wait for all of them, side by side."""
    return list(await asyncio.gather(*waits))
