"""Two replicas on one PostgreSQL server, while people answer and a broadcast goes out.

Either is killed at random and started again, the one that leads is frozen past its lease and woken,
and the server is killed and started. The journal is then compared with the database, as where one
program is killed.
"""

import asyncio
import contextlib
import os
import random
import signal
import time
import warnings
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from subprocess import SubprocessError

from sqlalchemy import select

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import run as run_sandbox
from storage.database import Database, open_reading
from storage.errors import StorageError
from storage.replicas import lease
from storage.tables.replicas import replicas
from tests.postgres import PostgresServer, running
from tests.prove.company import START, invite
from tests.prove.crowd import Crowd
from tests.prove.guards import FENCE
from tests.prove.lines import Line, Lines, none, some
from tests.prove.lives import Life, environment, life
from tests.prove.oracle import Verdict, judge
from tests.prove.proofs.killing import ANSWERS, PATIENCE, until_quiet

PACE = 30
TAKEN_OVER, FROM_FROZEN = 7.0, 12.0
"""Seconds within which another leads: longer where a frozen one has a transaction open."""
_LONGEST_REST = 10.0
_A_KILL = 12
"""So many customers a kill."""
_A_FREEZE = 6
"""So many kills a freeze, and a kill of the server."""
_SLOW, _MANY = 10, 400
_HARM = 3.0
"""Seconds in which a woken one might do harm."""


@dataclass(frozen=True, slots=True)
class Survived:
    """What a trial showed; `killed` and `frozen` are the seconds until another led."""

    verdict: Verdict
    most_in_a_second: int
    killed: Sequence[float]
    frozen: Sequence[float]


class Replica:
    """One of the two, in one life after another."""

    def __init__(self, settings: Mapping[str, str], log: Path, without: Sequence[str]) -> None:
        self._living = partial(life, settings, log, without)
        self._life = self._living()
        self.now: Life

    async def start(self) -> None:
        """Begin a new life."""
        self._life = self._living()
        self.now = await self._life.__aenter__()

    async def end(self) -> None:
        """End it as a power cut would."""
        await self._life.__aexit__(None, None, None)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process."""
        os.kill(self.now.pid, number)


@dataclass(frozen=True, slots=True)
class Trial:
    """Two replicas, their server, and who uses them."""

    server: PostgresServer
    url: str
    sandbox: Sandbox
    database: Database
    crowd: Crowd
    pair: tuple[Replica, Replica]
    chance: random.Random

    async def kill(self) -> float | None:
        """Kill either and start it again; where it led, return after how long another did."""
        chosen = self.chance.choice(self.pair)
        led = await self._leads(chosen)
        dead, begun = chosen.now.pid, time.monotonic()
        await chosen.end()
        await chosen.start()
        return await self._led_by_another(dead, begun) if led else None

    async def freeze(self) -> float:
        """Stop the one that leads until another does, and wake it."""
        frozen = await self._leader()
        frozen.send(signal.SIGSTOP)
        try:
            seconds = await self._led_by_another(frozen.now.pid, time.monotonic())
            await asyncio.sleep(self.chance.uniform(1.5, 3.0))
        finally:
            frozen.send(signal.SIGCONT)
        return seconds

    async def kill_server(self) -> None:
        """Kill the server, and start it a moment later."""
        await asyncio.to_thread(self.server.stop)
        await asyncio.sleep(self.chance.uniform(0.0, 2.0))
        await asyncio.to_thread(self.server.start)
        await self._leader()

    async def go_on(self, left: int, people: int) -> None:
        """Let as much happen as leaves something for the faults that are left."""
        to_come = max(0, (1 + ANSWERS) * people - self._happened())
        goal = self._happened() + self.chance.randint(1, max(1, 2 * to_come // (left + 1)))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_REST):
                while self._happened() < goal:
                    await asyncio.sleep(0.005)

    def _happened(self) -> int:
        return self.sandbox.rates.total + len(self.crowd.taps)

    async def _leader(self) -> Replica:
        async with asyncio.timeout(PATIENCE):
            while True:
                for one in self.pair:
                    if await self._leads(one):
                        return one
                await asyncio.sleep(0.02)

    async def _leads(self, one: Replica) -> bool:
        return await self._pid() == one.now.pid

    async def _led_by_another(self, pid: int, begun: float) -> float:
        async with asyncio.timeout(PATIENCE):
            while await self._pid() in {pid, None}:
                await asyncio.sleep(0.02)
        return time.monotonic() - begun

    async def both_are_heard_of(self) -> None:
        """Wait until both have begun: one that was just started would die of being asked to end."""
        async with asyncio.timeout(PATIENCE):
            while not {one.now.pid for one in self.pair} <= await self._known():
                await asyncio.sleep(0.02)

    async def _known(self) -> set[int]:
        async with self.database.reading() as reader:
            names = await reader.scalars(select(replicas.c.name))
        return {int(name.rpartition(":")[2]) for name in names}

    async def _pid(self) -> int | None:
        """Return the process that leads; None where none does, or the server is down."""
        try:
            async with self.database.reading() as reader:
                found = await lease.standing(reader)
        except StorageError:
            return None
        return int(found.leader.rpartition(":")[2]) if found and found.leader else None


async def survived(folder: Path, kills: int, seed: int) -> Lines:
    """Yield the figures with the fence, then without it."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(_server())
        except (ImportError, OSError, RuntimeError, SubprocessError) as error:
            why = f"PostgreSQL does not start here: {type(error).__name__}"
            yield Line("two replicas", "", why, "", None)
            return
        found = await _endure(folder, server, seed, kills)
        for line in _lines(found, kills):
            yield line
        for without in ((), (FENCE,)):
            within = folder / ("unfenced" if without else "fenced")
            within.mkdir()
            most = await _woken(within, server, seed, without)
            over, behind = max(0, most - _SLOW - 1), f"{most} in a second at a pace of {_SLOW}"
            if without:
                yield some("without the fence: sent too fast", over, behind)
            else:
                yield none("sent too fast beside one that was woken", over, behind)


def _faults(kills: int) -> list[str]:
    others = max(1, kills // _A_FREEZE)
    return ["kill"] * kills + ["freeze"] * others + ["server"] * others


def _lines(found: Survived, kills: int) -> list[Line]:
    verdict, others = found.verdict, len(found.frozen)
    behind = f"{kills} kills, {others} freezes, the server's {others}"
    answers = f"{behind}, {verdict.confirmed} answers"
    lines = [
        none("two replicas: answers lost", verdict.lost + verdict.unhandled, answers),
        none("two replicas: sent twice", verdict.duplicates, f"{behind}; {verdict.states}"),
        none("two replicas: sends unaccounted for", verdict.unaccounted, behind),
        Line(
            "messages of both in any one second",
            f"≤ {PACE}",
            f"{found.most_in_a_second}",
            behind,
            found.most_in_a_second <= PACE,
        ),
    ]
    for name, seconds, most in (
        ("killed", found.killed, TAKEN_OVER),
        ("frozen", found.frozen, FROM_FROZEN),
    ):
        figure, target = f"another leads after one is {name}, at most", f"≤ {most:.0f} s"
        if seconds:
            longest, times = max(seconds), f"{len(seconds)} times"
            lines.append(Line(figure, target, f"{longest:.1f} s", times, longest <= most))
        else:
            lines.append(Line(figure, target, "not tried", "no one that led", None))
    return lines


@contextmanager
def _server() -> Iterator[PostgresServer]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with running() as server:
            yield server


async def _endure(folder: Path, server: PostgresServer, seed: int, kills: int) -> Survived:
    """Let two replicas suffer the faults in a random order, then finish; compare."""
    chance, people = random.Random(seed), _A_KILL * kills
    order = _faults(kills)
    chance.shuffle(order)
    killed: list[float] = []
    frozen: list[float] = []
    async with _two(folder, server, chance, people) as trial:
        answering = asyncio.create_task(trial.crowd.run())
        for left, fault in zip(count(len(order), -1), order, strict=False):
            await trial.go_on(left, people)
            if fault == "freeze":
                frozen.append(await trial.freeze())
            elif fault == "server":
                await trial.kill_server()
            elif (seconds := await trial.kill()) is not None:
                killed.append(seconds)
        await until_quiet(trial.sandbox, trial.database, trial.crowd)
        answering.cancel()
        await trial.both_are_heard_of()
        for one in trial.pair:
            await one.now.stop()
            assert one.now.exit_code == 0, one.now.exit_code
        verdict = await judge(trial.sandbox, trial.url, trial.crowd.taps)
        return Survived(verdict, trial.sandbox.rates.most_in_a_second, killed, frozen)


async def _woken(folder: Path, server: PostgresServer, seed: int, without: Sequence[str]) -> int:
    """Freeze and wake who leads in mid-broadcast; return the most messages in any one second.

    The pace is slow, so that a busy machine keeps it too.
    """
    async with _two(folder, server, random.Random(seed), _MANY, without, _SLOW) as trial:
        rates = trial.sandbox.rates
        async with asyncio.timeout(PATIENCE):
            while rates.total < 2 * _SLOW:
                await asyncio.sleep(0.02)
        await trial.freeze()
        await asyncio.sleep(_HARM)
        return rates.most_in_a_second


@asynccontextmanager
async def _two(
    folder: Path,
    server: PostgresServer,
    chance: random.Random,
    people: int,
    without: Sequence[str] = (),
    pace: int = PACE - 1,
) -> AsyncIterator[Trial]:
    """Run two replicas with a broadcast to so many, at a pace, until the block is left."""
    async with (
        server.database() as url,
        run_sandbox(now=START, journal=folder / "journal.jsonl") as sandbox,
    ):
        with contextlib.chdir(folder):  # where the keys of all programs are
            await invite(sandbox, folder, people, url)
            sandbox.rates.reset()
            settings = environment(sandbox, url) | {"OTKLIK_MESSAGES_PER_SECOND": f"{pace}"}
            pair = (
                Replica(settings, folder / "a.log", without),
                Replica(settings, folder / "b.log", without),
            )
            async with open_reading(url) as database, AsyncExitStack() as stack:
                for one in pair:
                    await one.start()
                    stack.push_async_callback(one.end)
                yield Trial(server, url, sandbox, database, Crowd(sandbox), pair, chance)
