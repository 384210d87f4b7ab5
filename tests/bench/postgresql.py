"""The same work on PostgreSQL and on SQLite, in turns; and two replicas against one.

What the program takes and what the server takes are told apart: on SQLite the program does both.
The server is the one of the tests; it waits for the disk here, as SQLite does.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, chdir, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from storage.database import open_reading
from storage.replicas import lease
from tests.bench import broadcast, company, taps
from tests.bench.bots import PATIENCE, cpu_seconds, family_seconds, free_port, listening, telegram
from tests.bench.people import empty, write
from tests.bench.report import digest_of
from tests.bench.scale import Scale
from tests.bench.sizes import moved
from tests.bench.timing import Ratio, Spent, of_rounds
from tests.bench.webhook import PACE, pushed, webhook_at
from tests.postgres import PostgresServer, running

_SHARE_LISTED = 5
"""The list is a fifth of the one that is read on SQLite alone."""


class Taken(NamedTuple):
    """CPU seconds of the program, and of its server."""

    program: float
    server: float = 0.0


Measure = Callable[[], Taken]


class Place(NamedTuple):
    """An engine: what makes a new database, and what its server has taken so far."""

    folder: Path
    new: Callable[[], str]
    server_seconds: Callable[[], float] = float

    @property
    def settings(self) -> dict[str, str]:
        """What each program is told: to work where the keys are."""
        return {"PWD": str(self.folder)}


def bench(scale: Scale) -> Iterator[Ratio]:
    """Compare taps, a broadcast, a digest, a list of people, and replicas."""
    with TemporaryDirectory() as name, chdir(name), running() as server:  # the keys are here
        both = _on_server(Path(name), server), _on_files(Path(name))
        with ExitStack() as stack:
            bots = [stack.enter_context(_tapped(place, scale)) for place in both]
            what = "CPU of a tap, polling, 64 in flight"
            yield from _compared(what, bots, scale.rounds)
        sending = [partial(_sent, place, scale) for place in both]
        yield from _compared("CPU of a message of a broadcast", sending, scale.rounds)
        making = _digests(server, both, scale)
        what = f"a month's digest of {scale.moved.people:,} customers, nothing kept"
        yield from _compared(what, making, scale.rounds)
        file, rows = Path(name) / "people.csv", scale.listed // _SHARE_LISTED
        write(file, rows)
        importing = [partial(_imported, place, file, scale) for place in both]
        yield from _compared(f"people, {rows:,} rows CSV", importing, 1)
        yield from _replicas(both[0], scale)


def _on_files(folder: Path) -> Place:
    names = count()
    return Place(folder, lambda: taps.sqlite(folder / f"{next(names)}.db"))


def _on_server(folder: Path, server: PostgresServer) -> Place:
    def new() -> str:
        url = server.url(asyncio.run(server.create()))
        asyncio.run(server.execute("ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()"))
        return url

    pid = int((server.folder / "postmaster.pid").read_text(encoding="ascii").split()[0])
    return Place(folder, new, partial(family_seconds, pid))


def _compared(what: str, both: Sequence[Measure], rounds: int) -> Iterator[Ratio]:
    """Measure PostgreSQL and SQLite in turns; yield the program's ratio, and with the server's."""
    found = [[measure() for measure in both] for _ in range(rounds)]
    base = [one.program for _, one in found]
    programs, whole = [one.program for one, _ in found], [sum(one) for one, _ in found]
    yield of_rounds(f"{what}: the program on PostgreSQL", programs, "on SQLite", base, "≤ 2.0")
    yield of_rounds(f"{what}: with the server's", whole, "on SQLite", base, "≤ 2.0")


@contextmanager
def _tapped(place: Place, scale: Scale) -> Iterator[Measure]:
    def measured() -> Taken:
        before = place.server_seconds()
        program = tapped(scale.taps)
        return Taken(program, (place.server_seconds() - before) / scale.taps)

    with taps.product(place.new(), scale, **place.settings) as tapped:
        yield measured


def _sent(place: Place, scale: Scale) -> Taken:
    url = place.new()
    taps.asked(url, scale.messages)
    with telegram() as service, taps.running(service, url, **place.settings) as pid:
        return Taken(*broadcast.each(service, pid, scale.messages, place.server_seconds))


def _digests(server: PostgresServer, both: Sequence[Place], scale: Scale) -> Sequence[Measure]:
    """Give both engines one company; return what makes its digest on each."""
    there, here = both
    path = company.copied(here.folder, scale.moved)
    url = server.url(asyncio.run(server.create(None)))
    asyncio.run(moved(server, path, url))
    page = here.folder / "digest.html"
    return [
        partial(_made, place, partial(digest_of, scale, address, page, **place.settings))
        for place, address in ((there, url), (here, taps.sqlite(path)))
    ]


def _made(place: Place, make: Callable[[], Spent]) -> Taken:
    before = place.server_seconds()
    return Taken(make().seconds, place.server_seconds() - before)


def _imported(place: Place, file: Path, scale: Scale) -> Taken:
    settings = empty(place.new()) | place.settings
    command = ("bot.cli.main", "import", "people", str(file), "--yes", "--column", "city=attribute")
    return _made(place, partial(scale.spent, *command, **settings))


def _replicas(place: Place, scale: Scale) -> Iterator[Ratio]:
    """Compare two replicas with one: taps, and how long a webhook waits at which of two."""
    with ExitStack() as stack:
        alone, pair = (stack.enter_context(_several(place, scale, of)) for of in (1, 2))
        rounds = [(pair(), alone()) for _ in range(scale.rounds)]
    two, one = zip(*rounds, strict=True)
    what = "CPU of a tap with the server's: two replicas, one of which stands by"
    yield of_rounds(what, two, "one replica", one, "≤ 1.1")
    with telegram() as service:
        url, leads, stands_by = place.new(), free_port(), free_port()
        taps.asked(url, scale.chats)
        with ExitStack() as stack:
            for port in (leads, stands_by):
                settings = webhook_at(port) | place.settings
                stack.enter_context(taps.running(service, url, **settings))
                service.wait_for_chats(scale.chats)
                listening(port)
            ids = count(1)
            found = [
                [asyncio.run(pushed(service, one, scale.pushed, ids)) for one in (stands_by, leads)]
                for _ in range(scale.rounds)
            ]
    beside, leading = zip(*found, strict=True)
    what = f"p99 of the webhook's 200, {PACE:.0f} a second, 64 connections: by who stands by"
    yield of_rounds(what, beside, "by who leads", leading)


@contextmanager
def _several(place: Place, scale: Scale, replicas: int) -> Iterator[Callable[[], float]]:
    """Run replicas on one database; give what measures the CPU a tap of all and the server."""
    url = place.new()
    taps.asked(url, scale.chats)
    with telegram() as service, ExitStack() as stack:
        running = partial(taps.running, service, url, **place.settings)
        pids = [stack.enter_context(running())]
        service.wait_for_chats(scale.chats)
        pids += [stack.enter_context(running()) for _ in range(1, replicas)]

        def seconds() -> float:
            return sum(map(cpu_seconds, pids)) + place.server_seconds()

        def each() -> float:
            before = seconds()
            service.tap(scale.taps)
            return (seconds() - before) / scale.taps

        if replicas > 1:
            _wait_for(url, replicas)
        service.tap(scale.chats if scale.smoke else taps.WARM_UP)
        yield each


def _wait_for(url: str, replicas: int) -> None:
    """Wait until all of them are heard of."""
    end = time.monotonic() + PATIENCE
    while len(asyncio.run(_heard_of(url))) < replicas:
        if time.monotonic() > end:
            raise TimeoutError(url)
        time.sleep(0.05)


async def _heard_of(url: str) -> Sequence[str]:
    async with open_reading(url) as database, database.reading() as reader:
        found = await lease.standing(reader)
    return found.names if found else ()
