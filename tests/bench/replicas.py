"""Two replicas on PostgreSQL against one: taps, and how long a webhook waits at which of two."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, chdir, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.database import open_reading
from storage.replicas import lease
from tests.bench import taps
from tests.bench.bots import PATIENCE, cpu_seconds, free_port, listening, telegram
from tests.bench.postgresql import BenchEngine, on_server
from tests.bench.scale import Scale
from tests.bench.timing import Ratio, of_rounds
from tests.bench.webhook import PACE, pushed, webhook_at
from tests.postgres import running


def bench(scale: Scale) -> Iterator[Ratio]:
    """Compare two replicas with one, and who stands by with who leads."""
    with TemporaryDirectory() as name, chdir(name), running() as server:  # the keys are here
        engine = on_server(Path(name), server)
        yield _of_taps(engine, scale)
        yield _of_webhooks(engine, scale)


def _of_taps(engine: BenchEngine, scale: Scale) -> Ratio:
    with ExitStack() as stack:
        alone, pair = (stack.enter_context(_several(engine, scale, of)) for of in (1, 2))
        rounds = [(pair(), alone()) for _ in range(scale.rounds)]
    two, one = zip(*rounds, strict=True)
    what = "CPU of a tap with the server's: two replicas, one of which stands by"
    return of_rounds(what, two, "one replica", one, "≤ 1.1")


def _of_webhooks(engine: BenchEngine, scale: Scale) -> Ratio:
    with telegram() as service:
        url, leads, stands_by = engine.new(), free_port(), free_port()
        taps.asked(url, scale.chats)
        with ExitStack() as stack:
            for port in (leads, stands_by):
                settings = webhook_at(port) | engine.settings
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
    return of_rounds(what, beside, "by who leads", leading)


@contextmanager
def _several(engine: BenchEngine, scale: Scale, replicas: int) -> Iterator[Callable[[], float]]:
    """Run replicas on one database; give what measures the CPU a tap of all and the server."""
    url = engine.new()
    taps.asked(url, scale.chats)
    with telegram() as service, ExitStack() as stack:
        running = partial(taps.running, service, url, **engine.settings)
        pids = [stack.enter_context(running())]
        service.wait_for_chats(scale.chats)
        pids += [stack.enter_context(running()) for _ in range(1, replicas)]

        def seconds() -> float:
            return sum(map(cpu_seconds, pids)) + engine.server_seconds()

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
