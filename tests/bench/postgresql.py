"""The same work on PostgreSQL and on SQLite, in turns.

What the program takes and what the server takes are told apart: on SQLite the program does both.
The server is the one of the tests; it waits for the disk here, as SQLite does.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, chdir, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.bench import broadcast, company, taps
from tests.bench.bots import family_seconds, telegram
from tests.bench.people import empty, write
from tests.bench.report import digest_of
from tests.bench.scale import Scale
from tests.bench.sizes import moved
from tests.bench.timing import Ratio, Spent, of_rounds
from tests.postgres import PostgresServer, running

_SHARE_LISTED, _SHARE_SENT = 5, 2
"""The list is a fifth of the one that is read on SQLite alone, the broadcast a half."""


class Taken(NamedTuple):
    """CPU seconds of the program, and of its server."""

    program: float
    server: float = 0.0


Measure = Callable[[], Taken]


class BenchEngine(NamedTuple):
    """An engine: what makes a new database, and what its server has taken so far."""

    folder: Path
    new: Callable[[], str]
    server_seconds: Callable[[], float] = float

    @property
    def settings(self) -> dict[str, str]:
        """What each program is told: to work where the keys are."""
        return {"PWD": str(self.folder)}


def bench(scale: Scale) -> Iterator[Ratio]:
    """Compare taps, a broadcast, a digest and a list of people."""
    with TemporaryDirectory() as name, chdir(name), running() as server:  # the keys are here
        both = on_server(Path(name), server), _on_files(Path(name))
        with ExitStack() as stack:
            bots = [stack.enter_context(_tapped(engine, scale)) for engine in both]
            what = "CPU of a tap, polling, 64 in flight"
            yield from _compared(what, bots, scale.rounds)
        sending = [partial(_sent, engine, scale) for engine in both]
        what = "CPU of a message of a broadcast"
        yield from _compared(what, sending, scale.rounds, at_once=len(sending))
        making = _digests(server, both, scale)
        what = f"a month's digest of {scale.moved.people:,} customers, nothing kept"
        yield from _compared(what, making, scale.rounds)
        file, rows = Path(name) / "people.csv", scale.listed // _SHARE_LISTED
        write(file, rows)
        importing = [partial(_imported, engine, file, scale) for engine in both]
        yield from _compared(f"people, {rows:,} rows CSV", importing, 1)


def _on_files(folder: Path) -> BenchEngine:
    names = count()
    return BenchEngine(folder, lambda: taps.sqlite(folder / f"{next(names)}.db"))


def on_server(folder: Path, server: PostgresServer) -> BenchEngine:
    """Return the server's engine, which waits for the disk."""

    def new() -> str:
        url = server.url(asyncio.run(server.create()))
        asyncio.run(server.execute("ALTER SYSTEM SET fsync = on", "SELECT pg_reload_conf()"))
        return url

    pid = int((server.folder / "postmaster.pid").read_text(encoding="ascii").split()[0])
    return BenchEngine(folder, new, partial(family_seconds, pid))


def _compared(what: str, both: Sequence[Measure], rounds: int, at_once: int = 1) -> Iterator[Ratio]:
    """Measure PostgreSQL and SQLite in turns; yield the program's ratio, and with the server's.

    `at_once`: so many at the same time, of those that mostly wait.
    """
    with ThreadPoolExecutor(at_once) as pool:
        found = [list(pool.map(lambda measure: measure(), both)) for _ in range(rounds)]
    base = [one.program for _, one in found]
    programs, whole = [one.program for one, _ in found], [sum(one) for one, _ in found]
    yield of_rounds(f"{what}: the program on PostgreSQL", programs, "on SQLite", base, "≤ 2.0")
    yield of_rounds(f"{what}: with the server's", whole, "on SQLite", base, "≤ 2.0")


@contextmanager
def _tapped(engine: BenchEngine, scale: Scale) -> Iterator[Measure]:
    def measured() -> Taken:
        before = engine.server_seconds()
        program = tapped(scale.taps)
        return Taken(program, (engine.server_seconds() - before) / scale.taps)

    with taps.product(engine.new(), scale, **engine.settings) as tapped:
        yield measured


def _sent(engine: BenchEngine, scale: Scale) -> Taken:
    url, messages = engine.new(), scale.messages // _SHARE_SENT
    taps.asked(url, messages)
    with telegram() as service, taps.running(service, url, **engine.settings) as pid:
        return Taken(*broadcast.each(service, pid, messages, engine.server_seconds))


def _digests(
    server: PostgresServer, both: Sequence[BenchEngine], scale: Scale
) -> Sequence[Measure]:
    """Give both engines one company; return what makes its digest on each."""
    there, here = both
    path = company.copied(here.folder, scale.moved)
    url = server.url(asyncio.run(server.create(None)))
    asyncio.run(moved(server, path, url))
    page = here.folder / "digest.html"
    return [
        partial(_made, engine, partial(digest_of, scale, address, page, **engine.settings))
        for engine, address in ((there, url), (here, taps.sqlite(path)))
    ]


def _made(engine: BenchEngine, make: Callable[[], Spent]) -> Taken:
    before = engine.server_seconds()
    return Taken(make().seconds, engine.server_seconds() - before)


def _imported(engine: BenchEngine, file: Path, scale: Scale) -> Taken:
    settings = empty(engine.new()) | engine.settings
    command = ("bot.cli.main", "import", "people", str(file), "--yes", "--column", "city=attribute")
    return _made(engine, partial(scale.spent, *command, **settings))
