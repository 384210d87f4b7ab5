"""What a page and a posted answer cost: against bare aiohttp with Jinja, and against a tap."""

import asyncio
import itertools
import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from bot.operations.campaigns.launching import launch
from bot.operations.campaigns.outside import links_of_wave
from bot.operations.campaigns.preparing import prepare_all
from bot.operations.surveys import save_catalog
from storage.database import open_database
from storage.people import people, workspace
from storage.people.workspace import Workspace
from surveys.campaign.plan import Plan
from tests.bench import taps
from tests.bench.bots import PATIENCE, cpu_seconds, free_port, listening, process, telegram
from tests.bench.scale import Scale
from tests.bench.timing import Ratio, of_rounds

IN_FLIGHT = 32
"""Visitors who ask at once, as taps come at once; each has a connection."""
SURVEY = "service_quality"
Measure = Callable[[int], tuple[float, float]]
"""How often → seconds of CPU and of time, each."""
_NOW = datetime(2026, 9, 15, 9, tzinfo=UTC)
_FORM = re.compile(r'name="form" value="([^"]+)"')
_SCALE = re.compile(r'name="do" value="(1:a:\d+:\d+:\d+)"')
_DO = re.compile(r'name="do" value="([^"]+)"')


def bench(scale: Scale) -> Iterator[Ratio]:
    """Compare pages with bare ones, and a posted answer with a tap, all in turns."""
    with (
        TemporaryDirectory() as folder,
        TemporaryDirectory() as beside,
        _pages(Path(folder), scale.chats) as (show, post),
        _bare(scale.chats) as bare,
        taps.product(taps.sqlite(Path(beside) / "otklik.db"), scale) as tapped,
    ):
        rounds = [(show(scale.pages), bare(scale.pages)) for _ in range(scale.rounds)]
        answers = [(post(scale.posts), tapped(scale.taps)) for _ in range(scale.rounds)]
    mine, base = zip(*rounds, strict=True)
    what, against = f"a page, nothing written, {IN_FLIGHT} in flight", "bare aiohttp and Jinja"
    for name, place in (("CPU of", 0), ("time for", 1)):
        found = [[one[place] for one in side] for side in (mine, base)]
        yield of_rounds(f"{name} {what}", found[0], against, found[1], "≤ 2.0")
    posts, tap = zip(*answers, strict=True)
    what = f"CPU of a posted answer and the page after it, {IN_FLIGHT} in flight"
    yield of_rounds(what, [cpu for cpu, _ in posts], "a tap", tap, "≤ 1.0")


class _Visitor:
    """A caller over one connection, each time from another address.

    `cookies` are those of everybody's browsers, by the page that they are of.
    """

    def __init__(self, port: int, number: int, cookies: dict[str, str]) -> None:
        self._cookies = cookies
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._numbers = itertools.count(number * 509)

    def leave(self) -> None:
        """Close the connection, which the bot does where it is idle; the next request connects."""
        self._connection.close()

    def get(self, path: str) -> str:
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> str:
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        number = next(self._numbers) % 65_536
        headers = {"X-Forwarded-For": f"10.0.{number // 256}.{number % 256}"}
        if path in self._cookies:
            headers["Cookie"] = self._cookies[path]
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        said = answer.read().decode()
        if kept := answer.getheader("Set-Cookie"):
            self._cookies[path] = kept.partition(";")[0]
        assert answer.status in {200, 303}, answer.status
        return said


def _waiting(port: int) -> list[_Visitor]:
    """Return the visitors as soon as somebody listens."""
    listening(port)
    cookies: dict[str, str] = {}
    return [_Visitor(port, number, cookies) for number in range(IN_FLIGHT)]


def _measured(
    pid: int, visitors: Sequence[_Visitor], each: Callable[[_Visitor, int], None], first: int
) -> Measure:
    """Return what measures so many visits, once the first have been made."""

    def lane(place: int, count: int) -> None:
        for number in range(place, count, IN_FLIGHT):
            each(visitors[place], number)

    def measure(count: int) -> tuple[float, float]:
        _all_leave(visitors)
        begun, started = cpu_seconds(pid), time.monotonic()
        with ThreadPoolExecutor(IN_FLIGHT) as pool:
            list(pool.map(lane, range(IN_FLIGHT), itertools.repeat(count)))
        taken = (cpu_seconds(pid) - begun) / count, (time.monotonic() - started) / count
        _all_leave(visitors)
        return taken

    measure(first)
    return measure


def _all_leave(visitors: Sequence[_Visitor]) -> None:
    for visitor in visitors:
        visitor.leave()


@contextmanager
def _bare(first: int) -> Iterator[Measure]:
    port = free_port()
    with process("tests.bench.bare.page", str(port)) as pid:
        visitors = _waiting(port)

        def show(visitor: _Visitor, _: int) -> None:
            visitor.get("/")

        yield _measured(pid, visitors, show, first)


@contextmanager
def _pages(folder: Path, people: int) -> Iterator[tuple[Measure, Measure]]:
    """Run `otklik run` with people who have begun; give what measures a page, and a post."""
    path_of_file = folder / "otklik.db"
    url = f"sqlite:///{path_of_file}"
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    paths = [link.removeprefix(public) for link in asyncio.run(_asked(url, public, people))]
    settings = {
        "OTKLIK_WEB_URL": public,
        "OTKLIK_WEB_PORT": str(port),
        "OTKLIK_TRUSTED_PROXIES": "127.0.0.1",
    }
    with telegram() as service, taps.running(service, url, **settings) as pid:
        visitors = _waiting(port)
        forms = []
        for path in paths:
            form = _FORM.findall(visitors[0].get(path))[0]
            visitors[0].post(path, form=form, do="1:m:consent:yes")
            forms.append(form)

        def show(visitor: _Visitor, _: int) -> None:
            visitor.get(paths[0])

        following = [visitors[0].get(path) for path in paths]

        def post(visitor: _Visitor, number: int) -> None:
            who = number % people
            page = following[who]
            scale, others = _SCALE.findall(page), _DO.findall(page)
            do = scale[number % len(scale)] if scale else _next(others)
            visitor.post(paths[who], form=forms[who], do=do, words="Хорошо")
            following[who] = visitor.get(paths[who])

        yield (
            _measured(pid, visitors, show, people),
            _measured(pid, visitors, post, people),
        )


def _next(buttons: Sequence[str]) -> str:
    """Return the button that leads on where there is no scale: words, a skip, a change."""
    return next(one for one in buttons if one.startswith("1:") and not one.startswith("1:m:"))


async def _asked(url: str, public: str, count: int) -> list[str]:
    """Make a company whose customers got links by letter; return the links."""
    async with open_database(url) as database:
        await save_catalog(database, _NOW)
        async with database.transaction() as tx:
            space = Workspace(
                company="Ромашка", bot_username="bot", quiet_from=0, quiet_until=0, web_url=public
            )
            await workspace.save(tx, space)
            for number in range(count):
                await people.add(tx, _NOW, name=f"Клиент {number}", is_customer=True)
        now = datetime.now(UTC)
        async with database.transaction() as tx:
            await launch(tx, Plan(survey=SURVEY), None, now)
        await prepare_all(database, now)
        found = [row["link"] async for _, rows in links_of_wave(database, 1, now) for row in rows]
    assert len(found) == count
    return found
